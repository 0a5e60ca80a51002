// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/grant.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/privileges.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"

#include <algorithm>
#include <cctype>

namespace godwit::kinds {

namespace {

Statements statements_for(const ObjectKey& target, const std::string& role, const PrivilegeSet& from,
                          const PrivilegeSet& to, const char* why = "") {
  Statements out;
  for (const PrivilegeClause& clause : clauses_between(role, from, to, grant_target_sql(target)))
    out.push_back({clause.title + " on " + describe(target) + why, clause.sql, {}, Work::instant});
  return out;
}

/// The type of the object for acldefault().
char acl_type(Kind kind) {
  if (kind == Kind::schema) return 'n';
  if (has_arguments(kind)) return 'f';
  if (is_type(kind)) return 'T';
  if (kind == Kind::foreign_server) return 'S';
  if (kind == Kind::foreign_data_wrapper) return 'F';
  return kind == Kind::sequence ? 's' : 'r';
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Reports what PostgreSQL would refuse; the facts that the clause is about.
PrivilegeSet facts_of(const ast::GrantClause& clause, const ObjectKey& target, Declaring& d) {
  PrivilegeSet set;
  const std::vector<std::string>& known = all_privileges(target.kind);
  for (const ast::Privilege& privilege : clause.privileges) {
    const bool all = privilege.name.text == "all";
    const bool on_columns = !privilege.columns.empty();
    const std::vector<std::string>& possible = on_columns ? column_privileges() : known;
    if (!all && std::find(possible.begin(), possible.end(), privilege.name.text) == possible.end()) {
      std::string list;
      for (const std::string& name : possible) list += (list.empty() ? "`" : ", `") + name + "`";
      d.diagnostics
          .add(codes::bad_option, privilege.name.span, "`{}` is not a privilege on a {}", privilege.name.text,
               on_columns ? "column" : name_of(target.kind))
          .hint("there are {}", list);
      continue;
    }
    if (on_columns && locked_relation(target) != target) {
      d.diagnostics.add(codes::bad_option, privilege.columns.front().span, "a {} has no columns", name_of(target.kind));
      continue;
    }
    const std::vector<std::string> names = all ? possible : std::vector<std::string>{privilege.name.text};
    for (const std::string& name : names) {
      if (!on_columns) set[{name, {}}] = clause.grant_option;
      for (const ast::Name& column : privilege.columns) set[{name, column.text}] = clause.grant_option;
    }
    if (!on_columns) continue;
    const sql::Relation relation = d.relation(target);
    for (const ast::Name& column : privilege.columns) {
      const auto is_it = [&](const OutputColumn& other) { return other.name == column.text; };
      if (!relation.columns_known || std::any_of(relation.columns.begin(), relation.columns.end(), is_it)) continue;
      d.diagnostics.add(codes::unknown_column, column.span, "`{}` has no column `{}`",
                        quoted(target.schema, target.name), column.text);
    }
  }
  return set;
}

/// What the role holds before this clause. A whole table states all grants on it, so there it begins with nothing.
PrivilegeSet held(const ObjectKey& key, const ObjectKey& target, const Declaring& d) {
  const bool stated_anew =
      (target.kind == Kind::table || target.kind == Kind::foreign_table) && d.declared_here.contains(target);
  const bool first_clause = !d.declared_here.contains(key);
  const Grant* grant = d.catalog.get<Grant>(key);
  if (grant == nullptr) return default_privileges(target.kind, key.role);
  if (!stated_anew || !first_clause) return set_of(grant->privileges);
  return grant->received.empty() ? default_privileges(target.kind, key.role) : set_of(grant->received);
}

}  // namespace

std::optional<ObjectKey> parent(const Grant& x) { return x.target; }

void needs(const Grant& x, std::vector<Need>& out) {
  if (x.target.kind != Kind::table && x.target.kind != Kind::foreign_table) return;
  for (const Privilege& privilege : x.privileges) {
    // It is given anew around a change of the columns, which a foreign table holds itself.
    if (!privilege.columns.empty() && x.target.kind == Kind::foreign_table) need(x.target, out);
    for (const std::string& column : privilege.columns) need(column_key(x.target, column), out);
  }
}

void rename(Grant& x, const Renames& renames, RenamedBy) {
  for (Privilege& privilege : x.privileges) {
    for (std::string& column : privilege.columns) column = renamed_key(column_key(x.target, column), renames).part;
    std::sort(privilege.columns.begin(), privilege.columns.end());
  }
  std::sort(x.privileges.begin(), x.privileges.end());
  x.target = renamed_key(x.target, renames);
}

Statements create(const Grant& x, const Parts&) {
  const bool as_received = !x.received.empty() && x.received == x.privileges;
  return statements_for(x.target, x.role, default_privileges(x.target.kind, x.role), set_of(x.privileges),
                        as_received ? ", as default privileges say" : "");
}

Statements drop(const Grant& x) {
  return statements_for(x.target, x.role, set_of(x.privileges), default_privileges(x.target.kind, x.role));
}

Alteration alter(const Grant& from, const Grant& to) {
  return {false, false, statements_for(to.target, to.role, set_of(from.privileges), set_of(to.privileges))};
}

std::optional<std::string> part(const Grant&) { return std::nullopt; }

std::string verify(const Grant& x) {
  const Address at = address_of(x.target);
  const bool is_public = x.role == "public";
  const std::string grantee = is_public ? "a.grantee = 0" : "a.grantee = to_regrole(" + literal(role_sql(x.role)) + ")";
  std::vector<std::string> whole;
  std::string columns;
  for (const Privilege& privilege : x.privileges) {
    if (privilege.columns.empty()) {
      whole.push_back(upper(privilege.name) + (privilege.grantable ? "*" : ""));
      continue;
    }
    columns +=
        " and (select count(distinct c.attname) from pg_catalog.pg_attribute c, aclexplode(c.attacl) a where "
        "c.attrelid = o.oid"
        " and c.attname in (" +
        literal_list(privilege.columns) + ") and " + grantee +
        " and a.privilege_type = " + literal(upper(privilege.name)) +
        (privilege.grantable ? " and a.is_grantable" : "") + ") = " + std::to_string(privilege.columns.size());
  }
  std::sort(whole.begin(), whole.end());
  std::string sql = "exists (select from pg_catalog." + at.catalog + " o where o.oid = " + at.oid;
  // The owner holds more than the specs say, PUBLIC exactly what they say.
  if (!whole.empty() || is_public) {
    sql +=
        " and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate \"C\""
        " from aclexplode(coalesce(o." +
        at.prefix + "acl, acldefault('" + acl_type(x.target.kind) + "', o." + at.prefix + "owner))) a where " +
        grantee + " order by 1) " + (is_public ? "= " : "@> ") + text_array(whole);
  }
  return sql + columns + ")";
}

void declare_grant(const ast::GrantClause& item, const ObjectKey& target, Declaring& d) {
  if (all_privileges(target.kind).empty()) {
    d.diagnostics.add(codes::bad_option, item.span, "PostgreSQL grants nothing on a {}", name_of(target.kind));
    return;
  }
  const PrivilegeSet facts = facts_of(item, target, d);
  if (facts.empty()) return;
  for (const ast::Name& role : item.roles) {
    if (item.grant_option && !item.revoke && role.text == "public") {
      d.diagnostics.add(codes::bad_option, role.span, "PUBLIC cannot be given the right to grant")
          .hint("name the roles that may");
    }
    const ObjectKey key = satellite_of(Kind::grant, target, role.text);
    PrivilegeSet now = held(key, target, d);
    bool effect = false;
    for (const auto& [what, grantable] : facts) {
      const auto there = now.find(what);
      if (!item.revoke) {
        now[what] = grantable || (there != now.end() && there->second);
        effect = true;
      } else if (there != now.end()) {
        effect = true;
        if (item.grant_option) {
          there->second = false;
        } else {
          now.erase(there);
        }
      }
      // Revoked from the whole, revoked from each column.
      if (item.revoke && !item.grant_option && what.second.empty()) {
        effect = std::erase_if(now, [&](const auto& one) { return one.first.first == what.first; }) > 0 || effect;
      }
    }
    if (target == schema_key("public") && role.text == "public") {
      d.diagnostics.add(codes::no_way_back, item.span, "what `public` holds on schema public differs between servers")
          .note("`create` and `usage` before PostgreSQL 15, `usage` since; a rollback could not give it back")
          .hint("write it for your server: `sql '…' {{ up $$revoke …$$; down $$grant …$$; }}`");
      continue;
    }
    if (!effect && role.text != "public") {  // that everybody holds nothing is a state, and may be stated
      d.diagnostics
          .add(codes::no_effect, item.span, "the specs grant `{}` nothing of this on {}", role.text, describe(target))
          .hint("a right that comes from elsewhere is taken away with `sql '…' {{ up $$…$$ down $$…$$ }}`");
      continue;
    }
    d.declared_here.emplace(key, item.span);
    std::vector<Privilege> privileges = privileges_of(now);
    const Grant* there = d.catalog.get<Grant>(key);
    std::vector<Privilege> received = there == nullptr ? std::vector<Privilege>() : there->received;
    if (received.empty() && now == default_privileges(target.kind, role.text)) {
      d.catalog.erase(key);
    } else {
      d.catalog.put(Grant{target, role.text, std::move(privileges), std::move(received), {item.span}});
    }
  }
}

void declare(const ast::Grant& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;  // triggers, policies and the like are known by now
  for (const ast::ObjectName& object : item.objects) {
    if (const auto target = d.existing_object(object)) declare_grant(item.clause, *target, d);
  }
}

}  // namespace godwit::kinds
