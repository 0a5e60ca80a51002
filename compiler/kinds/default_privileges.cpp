// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/default_privileges.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/planning.h"
#include "compiler/kinds/privileges.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/sql/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace godwit::kinds {

namespace {

/// The words behind `on`, with a kind that has the same privileges and the letter of pg_default_acl.
struct ObjectWord {
  std::string_view word;
  Kind kind;
  char letter;
};
constexpr std::array object_words{ObjectWord{"tables", Kind::table, 'r'}, ObjectWord{"sequences", Kind::sequence, 'S'},
                                  ObjectWord{"functions", Kind::function, 'f'}, ObjectWord{"types", Kind::domain, 'T'},
                                  ObjectWord{"schemas", Kind::schema, 'n'}};

const ObjectWord& word_of(const std::string& objects) {
  return *std::find_if(object_words.begin(), object_words.end(),
                       [&](const ObjectWord& each) { return each.word == objects; });
}

/// The word for what an object of the kind is; empty for one that has no privileges.
std::string_view objects_of(Kind kind) {
  if (has_arguments(kind)) return "functions";
  if (is_type(kind)) return "types";
  if (kind == Kind::sequence) return "sequences";
  if (kind == Kind::schema) return "schemas";
  if (kind == Kind::foreign_server || kind == Kind::foreign_data_wrapper) return "";
  return all_privileges(kind).empty() ? "" : "tables";
}

/// What the role gets without any of this. In one schema they are only added to what is given in all.
PrivilegeSet usual(const DefaultPrivileges& x) {
  if (!x.schema.str().empty()) return {};
  return default_privileges(word_of(x.objects).kind, x.role);
}

std::string in_words(const DefaultPrivileges& x) { return describe(key(x)); }

/// The row of pg_default_acl, for the role that runs the statement or for any.
std::string entry(const DefaultPrivileges& x, bool of_anybody) {
  const std::string schema =
      x.schema.str().empty() ? "0" : "coalesce(to_regnamespace(" + literal(quoted(x.schema)) + "), 0)";
  std::string of;
  if (!x.maker.empty()) of = " and e.defaclrole = to_regrole(" + literal(role_sql(x.maker)) + ")";
  if (x.maker.empty() && !of_anybody)
    of = "\n      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)";
  return fmt::format("pg_catalog.pg_default_acl e where e.defaclobjtype = '{}' and e.defaclnamespace = {}{}",
                     word_of(x.objects).letter, schema, of);
}

/// Stops where the role that runs the statements would change what is another's.
std::string guard(const std::string& condition, const std::string& message, const std::string& hint) {
  return fmt::format(
      "do $godwit$\nbegin\n  if {} then\n    raise exception using errcode = 'GW001',\n      message = {},\n"
      "      hint = {};\n  end if;\nend\n$godwit$",
      condition, literal(message), literal(hint));
}

/// Those of a role that is named are another's than of the one that goes on: what that one makes would get them unseen.
std::string by_another(const DefaultPrivileges& x) {
  if (x.maker.empty()) return {};
  const std::string who = quoted(x.maker);
  return guard("current_user = " + literal(x.maker),
               who + " applies this migration: what godwit makes would get these default privileges unseen",
               "leave `for role " + who + "` out: then they are those of the role that applies migrations");
}

/// Without a role they are those of the one that applied the migration, and nobody else's can be changed so.
std::string by_their_maker(const DefaultPrivileges& x) {
  if (!x.maker.empty()) return {};
  return guard("not exists (select from " + entry(x, false) + ")", "the " + in_words(x) + " are not those of this role",
               "go on as the role that applied the migration which set them");
}

Statements statements_between(const DefaultPrivileges& x, std::string first, const PrivilegeSet& from,
                              const PrivilegeSet& to) {
  std::string head = "alter default privileges";
  if (!x.maker.empty()) head += " for role " + role_sql(x.maker);
  if (!x.schema.str().empty()) head += " in schema " + quoted(x.schema);
  if (!first.empty()) first += ";\n";
  Statements out;
  for (const PrivilegeClause& clause : clauses_between(x.role, from, to, x.objects)) {
    out.push_back({"change " + in_words(x), first + head + "\n    " + clause.sql, {}, Work::instant});
    first.clear();
  }
  return out;
}

// ---- declaring ----

PrivilegeSet facts_of(const sql::DefaultPrivilegesText& text, const ast::Sql& sql, Declaring& d) {
  const std::vector<std::string>& possible = all_privileges(word_of(text.objects).kind);
  PrivilegeSet set;
  for (const std::string& name : text.privileges.empty() ? possible : text.privileges) {
    if (std::find(possible.begin(), possible.end(), name) == possible.end()) {
      d.diagnostics.add(codes::bad_option, sql.span, "`{}` is not a privilege on {}", name, text.objects)
          .hint("there are {}", joined(possible, ", "));
      continue;
    }
    set[{name, {}}] = text.grant_option;
  }
  return set;
}

/// The roles whose objects the clause is about; empty text: the one that applies the migrations.
std::vector<std::string> makers_of(const sql::DefaultPrivilegesText& text, const ast::Sql& sql, Declaring& d) {
  if (text.makers.empty()) return {""};
  std::vector<std::string> makers;
  for (const std::string& maker : text.makers) {
    if (maker == "session_user" || maker == "current_user" || maker == "current_role") {
      d.diagnostics.add(codes::bad_option, sql.span, "`for role {}` is whoever applies the migration", maker)
          .hint("leave `for role` out");
      continue;
    }
    makers.push_back(maker);
  }
  return makers;
}

std::vector<std::string> schemas_of(const sql::DefaultPrivilegesText& text, const ast::Sql& sql, Declaring& d) {
  if (text.schemas.empty()) return {""};
  if (text.objects == "schemas") {
    d.diagnostics.add(codes::bad_option, sql.span, "a schema lies in no schema").hint("leave `in schema` out");
    return {};
  }
  std::vector<std::string> schemas;
  for (const std::string& schema : text.schemas) {
    ast::QualifiedName name;
    name.schema = ast::Name{schema, sql.span};
    schemas.push_back(d.schema_for_new(name));
  }
  return schemas;
}

/// What the clause makes of what the role gets; false when it takes away what is not there.
bool apply(const sql::DefaultPrivilegesText& text, const PrivilegeSet& facts, PrivilegeSet& now) {
  bool effect = !text.revoke;
  for (const auto& [what, grantable] : facts) {
    const auto there = now.find(what);
    if (!text.revoke) {
      now[what] = grantable || (there != now.end() && there->second);
    } else if (there != now.end()) {
      effect = true;
      if (text.grant_option) {
        there->second = false;
      } else {
        now.erase(there);
      }
    }
  }
  return effect;
}

void state(DefaultPrivileges x, const sql::DefaultPrivilegesText& text, const PrivilegeSet& facts, Declaring& d) {
  const Span span = x.origin.span;
  if (x.role == "public" && text.grant_option && !text.revoke) {
    d.diagnostics.add(codes::bad_option, span, "PUBLIC cannot be given the right to grant")
        .hint("name the roles that may");
    return;
  }
  if (x.role == x.maker) {
    d.diagnostics.add(codes::bad_option, span, "`{}` owns what it makes and holds every privilege on it", x.role);
    return;
  }
  const DefaultPrivileges* there = d.catalog.get<DefaultPrivileges>(key(x));
  PrivilegeSet now = there == nullptr ? usual(x) : set_of(there->privileges);
  const bool is_state = x.role == "public" && x.schema.str().empty();  // that everybody gets nothing may be stated
  if (!apply(text, facts, now) && !is_state) {
    auto report = d.diagnostics.add(codes::no_effect, span, "the {} are nothing of this", in_words(x));
    if (!x.schema.str().empty())
      report.note("what is given in every schema is not taken away in one: PostgreSQL adds both up");
    return;
  }
  x.privileges = privileges_of(now);
  if (now == usual(x)) {
    d.catalog.erase(key(x));
  } else {
    d.catalog.put(std::move(x));
  }
}

}  // namespace

// It goes with its schema, by statements of its own: PostgreSQL would take away those of all roles.
std::optional<ObjectKey> parent(const DefaultPrivileges&) { return std::nullopt; }

void needs(const DefaultPrivileges& x, std::vector<Need>& out) {
  if (!x.schema.str().empty()) need(schema_key(x.schema), out);
}

void rename(DefaultPrivileges&, const Renames&, RenamedBy) {}

Statements create(const DefaultPrivileges& x, const Parts&) {
  return statements_between(x, by_another(x), usual(x), set_of(x.privileges));
}

Statements drop(const DefaultPrivileges& x) {
  return statements_between(x, by_their_maker(x), set_of(x.privileges), usual(x));
}

Alteration alter(const DefaultPrivileges& from, const DefaultPrivileges& to) {
  return {false, false, statements_between(to, by_their_maker(to), set_of(from.privileges), set_of(to.privileges))};
}

std::optional<std::string> part(const DefaultPrivileges&) { return std::nullopt; }

std::string verify(const DefaultPrivileges& x) {
  std::vector<std::string> held;
  for (const Privilege& privilege : x.privileges) {
    std::string name = privilege.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    held.push_back(name + (privilege.grantable ? "*" : ""));
  }
  std::sort(held.begin(), held.end());
  const std::string grantee = x.role == "public" ? "0" : "to_regrole(" + literal(role_sql(x.role)) + ")";
  return "exists (select from " + entry(x, true) +
         " and array(select (a.privilege_type || case when a.is_grantable then '*' else '' end) collate \"C\""
         " from aclexplode(e.defaclacl) a where a.grantee = " +
         grantee + " order by 1) = " + text_array(held) + ")";
}

void declare_default_privileges(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass != Pass::satellites) return;
  const auto text = sql::parse_default_privileges(item.text.text);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  const PrivilegeSet facts = facts_of(*text, item.text, d);
  if (facts.empty()) return;
  for (const std::string& maker : makers_of(*text, item.text, d)) {
    for (const std::string& schema : schemas_of(*text, item.text, d)) {
      for (const std::string& role : text->roles)
        state({schema, text->objects, maker, role, {}, {item.span}}, *text, facts, d);
    }
  }
}

// ---- what they give to new objects ----

std::vector<ObjectPtr> privileges_in_force(const Catalog& catalog) {
  std::vector<ObjectPtr> all;
  for (const ObjectKey& key : catalog.keys(Kind::default_privileges)) {
    if (const ObjectPtr before = catalog.before(key)) all.push_back(before);
  }
  for (const auto& [key, before] : catalog.touched()) {
    if (key.kind == Kind::default_privileges && before && catalog.find(key) == nullptr) all.push_back(before);
  }
  return all;
}

namespace {

/// By role, what a new object gets where it is not what it has without them. Other makers' objects are not godwit's.
std::map<std::string, PrivilegeSet> given_to(const ObjectKey& object, const std::vector<ObjectPtr>& in_force) {
  std::map<std::string, PrivilegeSet> given;
  const std::string_view objects = objects_of(object.kind);
  for (const bool everywhere : {true, false}) {
    for (const ObjectPtr& each : in_force) {
      const auto& x = std::get<DefaultPrivileges>(*each);
      if (!x.maker.empty() || x.objects != objects || x.schema.str().empty() != everywhere) continue;
      if (!everywhere && x.schema != object.schema) continue;
      const auto [at, is_new] = given.try_emplace(x.role);
      if (is_new && !everywhere) at->second = default_privileges(object.kind, x.role);
      for (const auto& [what, grantable] : set_of(x.privileges)) at->second[what] |= grantable;
    }
  }
  return given;
}

}  // namespace

void receive_privileges(const ObjectKey& object, Declaring& d) {
  if (!d.in_force) d.in_force = privileges_in_force(d.catalog);
  if (d.in_force->empty() || d.catalog.before(object)) return;
  const auto renamed = [&](const auto& entry) { return entry.second == object; };
  if (std::any_of(d.renamed_keys.begin(), d.renamed_keys.end(), renamed)) return;
  for (const auto& [role, set] : given_to(object, *d.in_force)) {
    if (set == default_privileges(object.kind, role)) continue;
    const std::vector<Privilege> privileges = privileges_of(set);
    d.catalog.put(Grant{object, role, privileges, privileges, {d.declared_here.at(object)}});
  }
}

void drop_default_privileges(const ObjectKey& schema, Declaring& d) {
  for (const ObjectKey& key : d.catalog.keys(Kind::default_privileges)) {
    if (key.schema == schema.name) d.catalog.erase(key);
  }
}

namespace {

template <typename Held>
Statements settle(const ObjectKey& object, const std::vector<ObjectPtr>& in_force, Held held_by) {
  Statements out;
  for (const auto& [role, given] : given_to(object, in_force)) {
    const PrivilegeSet held = default_privileges(object.kind, role);
    const ObjectPtr grant = held_by(role);
    PrivilegeSet wanted = grant ? set_of(std::get<Grant>(*grant).privileges) : held;
    // What it holds beyond what it has from the first, its own statement gives.
    std::erase_if(wanted, [&](const auto& one) { return !given.contains(one.first) && !held.contains(one.first); });
    for (auto& [what, grantable] : wanted) grantable = grantable && given.contains(what) && given.at(what);
    for (const PrivilegeClause& clause : clauses_between(role, given, wanted, grant_target_sql(object))) {
      out.push_back(
          {clause.title + " on " + describe(object) + ", against default privileges", clause.sql, {}, Work::instant});
    }
  }
  return out;
}

}  // namespace

Statements settled_privileges(const ObjectKey& object, const Catalog& catalog, const std::vector<ObjectPtr>& in_force) {
  return settle(object, in_force,
                [&](const std::string& role) { return catalog.pointer(satellite_of(Kind::grant, object, role)); });
}

Statements settled_privileges_before(const ObjectKey& object, const ObjectKey& before, const Catalog& catalog,
                                     const std::vector<ObjectPtr>& in_force) {
  return settle(object, in_force,
                [&](const std::string& role) { return catalog.before(satellite_of(Kind::grant, before, role)); });
}

Statements guard_return(const Object& object, const std::string& migration) {
  const auto* x = std::get_if<DefaultPrivileges>(&object);
  if (x == nullptr || !x->maker.empty()) return {};
  const std::string condition =
      "session_user <> (select m.applied_by from godwit.migration m where m.id = " + literal(migration) + ")";
  return {{"find the role whose the " + in_words(*x) + " were",
           guard(condition, "the " + in_words(*x) + " were those of the role that applied this migration",
                 "roll it back as that role"),
           {},
           Work::instant}};
}

}  // namespace godwit::kinds
