// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/operator.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/routine.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/kinds/types.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

std::string name_sql(const ObjectKey& key) { return quoted(key.schema) + '.' + key.name; }

Span span_of_part(const ast::Definition& item, const sql::Part& part) {
  return Declaring::span_in(item.text, part.begin, part.begin + part.text.size());
}

const sql::OptionText* option(const std::vector<sql::OptionText>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const auto& one) { return one.name == name; });
  return found == options.end() ? nullptr : &*found;
}

/// The type an option names; reported in the pass that knows all types.
TypeName type_of(const sql::OptionText* option, const ast::Definition& item, Declaring& d, Pass pass) {
  if (option == nullptr) return {};
  TypeName type = pass == Pass::keys ? d.type_name_part(item.text, option->value.begin, option->value.text)
                                     : sql::analyze_type(option->value.text, d.world).type;
  type.text = without_modifier(type.text);
  return type;
}

/// An operator of the same or exchanged operands, itself perhaps.
ObjectKey link_of(const sql::OptionText& option, const Operator& x, bool exchanged) {
  const auto name = [](const TypeName& type) { return type.text.empty() ? "none" : type.text; };
  const std::vector<std::string>& path = option.path;
  ObjectKey linked = key(x);
  linked.name = path.empty() ? option.value.text : path.back();
  if (path.size() > 1) linked.schema = path[path.size() - 2];
  if (exchanged) linked.part = name(x.right) + ", " + name(x.left);
  return linked;
}

void declare_options(const ast::Definition& item, const std::vector<sql::OptionText>& options, Operator& x,
                     Declaring& d) {
  const std::string types = x.left.text.empty() ? x.right.text : x.left.text + ", " + x.right.text;
  for (const sql::OptionText& one : options) {
    const Span span = Declaring::span_in(item.text, one.begin, one.begin + one.name.size());
    if (one.name == "function" || one.name == "procedure") {
      const OptionFunction function = option_function(one, types, item, x.references, d);
      x.result = function.result;
      x.options.insert(x.options.begin(), {"function", function.sql});
    } else if (one.name == "restrict" || one.name == "join") {
      x.options.emplace_back(one.name,
                             one.path.size() > 1 ? quoted(one.path.front(), one.path.back()) : quoted(one.plain));
    } else if (one.name == "commutator") {
      x.commutator = link_of(one, x, true);
    } else if (one.name == "negator") {
      x.negator = link_of(one, x, false);
    } else if (one.name == "hashes" || one.name == "merges") {
      x.options.emplace_back(one.name, "");
    } else if (one.name != "leftarg" && one.name != "rightarg") {
      d.diagnostics.add(codes::bad_option, span, "an operator has no option `{}`", one.name)
          .hint(
              "it takes `function`, `leftarg`, `rightarg`, `commutator`, `negator`, `restrict`, `join`, `hashes` "
              "and `merges`");
    }
  }
  std::sort(x.options.begin(), x.options.end());
  if (option(options, "function") == nullptr && option(options, "procedure") == nullptr)
    d.diagnostics.add(codes::bad_option, item.name->span, "an operator needs its `function`");
}

/// PostgreSQL keeps links in both operators, whichever of the two names the other.
void check_link(const Operator& x, const ObjectKey& linked, const char* what, Rare<ObjectKey> Operator::*back,
                Declaring& d) {
  if (linked == key(x)) return;
  const auto* other = d.catalog.get<Operator>(linked);
  if (other == nullptr) {
    d.diagnostics
        .add(codes::unknown_object, x.origin.span, "operator `{}`, the {} of `{}`, is not declared", sql_name(linked),
             what, sql_name(key(x)))
        .hint("declare it too: PostgreSQL would leave an empty shell of it behind");
  } else if (!(other->*back) || *(other->*back) != key(x)) {
    d.diagnostics
        .add(codes::bad_option, x.origin.span, "`{}` is to be the {} of `{}`, which does not say so", sql_name(linked),
             what, sql_name(key(x)))
        .note(other->origin.span, "it is declared here")
        .hint("PostgreSQL links both: say `{}` in each of the two", what);
  }
}

}  // namespace

std::optional<ObjectKey> parent(const Operator&) { return std::nullopt; }

void needs(const Operator& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  if (!x.left.text.empty()) need(x.left, out);
  need(x.right, out);
  for (const ObjectKey& reference : x.references) need(reference, out);
}

void rename(Operator& x, const Renames& renames, RenamedBy) {
  for (ObjectKey& reference : x.references) {
    const ObjectKey to = renamed_key(reference, renames);
    for (auto& [name, value] : x.options) {
      if (name == "function")
        value = with_name(value, quoted(reference.schema, reference.name), quoted(to.schema, to.name));
    }
    reference = to;
  }
}

Statements create(const Operator& x, const Parts&) {
  std::string sql = "create operator " + name_sql(key(x)) + " (";
  std::string list;
  const auto add = [&](const std::string& name, const std::string& value) {
    list += (list.empty() ? "\n    " : ",\n    ") + name + (value.empty() ? "" : " = " + value);
  };
  if (!x.left.text.empty()) add("leftarg", x.left.text);
  add("rightarg", x.right.text);
  for (const auto& [name, value] : x.options) add(name, value);
  if (x.commutator) add("commutator", "operator(" + name_sql(*x.commutator) + ")");
  if (x.negator) add("negator", "operator(" + name_sql(*x.negator) + ")");
  return {{"create operator " + sql_name(key(x)), sql + list + "\n)", {}, Work::instant}};
}

Statements drop(const Operator& x) {
  const std::string sql = "drop operator " + sql_name(key(x));
  return {{sql, sql, {}, Work::instant}};
}

// Its estimators alone can change in place, and only since some version the rest.
Alteration alter(const Operator&, const Operator&) { return {true, false, {}}; }

std::optional<std::string> part(const Operator&) { return std::nullopt; }

std::string verify(const Operator& x) {
  const auto has = [&](const char* name) {
    return std::any_of(x.options.begin(), x.options.end(), [&](const auto& one) { return one.first == name; });
  };
  const auto yes = [](bool value) { return std::string(value ? "" : "not "); };
  return "exists (select from pg_catalog.pg_operator o where o.oid = " + address_of(key(x)).oid +
         " and o.oprcode <> 0 and " + yes(has("hashes")) + "o.oprcanhash and " + yes(has("merges")) +
         "o.oprcanmerge and (o.oprcom <> 0) = " + (x.commutator ? "true" : "false") +
         " and (o.oprnegate <> 0) = " + (x.negator ? "true" : "false") + ")";
}

void declare_operator(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name || (pass != Pass::routines && pass != Pass::keys)) return;
  const auto options = sql::parse_options("operator " + item.name->name.text, item.text.text);
  if (!options) {
    if (pass == Pass::routines) d.syntax_error(item.text, options.error().offset, options.error().message);
    return;
  }
  Operator x;
  x.schema = d.schema_for_new(*item.name);
  x.name = item.name->name.text;
  x.origin.span = item.name->span;
  const sql::OptionText *left = option(*options, "leftarg"), *right = option(*options, "rightarg");
  if (right == nullptr) {
    if (pass == Pass::routines)
      d.diagnostics.add(codes::bad_option, item.name->span, "an operator needs its `rightarg`");
    return;
  }
  x.left = type_of(left, item, d, pass);
  x.right = type_of(right, item, d, pass);
  if (pass == Pass::routines) {
    for (const sql::OptionText* one : {left, right}) {
      if (one != nullptr &&
          !takes_type(one == left ? x.left : x.right, span_of_part(item, one->value), "an operator", d))
        return;
    }
    d.declare(std::move(x), item.name->span);
    return;
  }
  const auto* there = d.catalog.get<Operator>(key(x));
  if (there == nullptr || there->origin.span != item.name->span) return;
  declare_options(item, *options, x, d);
  d.catalog.put(std::move(x));
}

void check_operators(Declaring& d) {
  const std::vector<ObjectKey> all = d.catalog.keys(Kind::operator_);
  for (const ObjectKey& one : all) {
    const auto* x = d.catalog.get<Operator>(one);
    if (x == nullptr) continue;
    if (x->commutator) check_link(*x, *x->commutator, "commutator", &Operator::commutator, d);
    if (x->negator) check_link(*x, *x->negator, "negator", &Operator::negator, d);
  }
}

std::vector<sql::OwnOperator> CatalogWorld::operators(const std::string& schema, const std::string& name) const {
  std::vector<sql::OwnOperator> found;
  for (const std::string& where : schema.empty() ? search_path_ : std::vector<std::string>{schema}) {
    for (const ObjectKey& key : catalog_.keys(Kind::operator_)) {
      const ObjectPtr object = key.schema == where && key.name == name ? find(key) : nullptr;
      if (!object) continue;
      const auto& one = std::get<Operator>(*object);
      found.push_back({key, one.left.text.empty() ? "none" : one.left.text, one.right.text, one.result});
    }
  }
  return found;
}

std::optional<ObjectKey> CatalogWorld::cast(const std::string& from, const std::string& to) const {
  const ObjectKey key{Kind::cast, {}, from, to, Kind::schema, {}};
  return find(key) ? std::optional(key) : std::nullopt;
}

bool CatalogWorld::has_own_operators() const { return catalog_.has(Kind::operator_) || catalog_.has(Kind::cast); }

std::optional<ObjectKey> existing_operator(const ast::ObjectName& name, Declaring& d) {
  if (name.path.empty()) return std::nullopt;
  const std::string schema = name.path.size() > 1 ? name.path.front().text : std::string();
  const std::vector<sql::OwnOperator> all = d.world.operators(schema, name.path.back().text);
  if (!name.arguments) return all.size() == 1 ? std::optional(all.front().key) : std::nullopt;
  const std::string& written = name.arguments->text;
  const bool prefix = folded(written).starts_with("none");
  const std::size_t comma = written.find(',');
  const ast::Sql rest{prefix && comma != std::string::npos ? written.substr(comma + 1) : written, name.arguments->span};
  const std::string wanted = (prefix ? "none, " : "") + d.signature_of(rest);
  for (const sql::OwnOperator& one : all) {
    if (one.key.part == wanted) return one.key;
  }
  return std::nullopt;
}

}  // namespace godwit::kinds
