// SPDX-License-Identifier: Apache-2.0
// `drop value …` and what another list of values means for the columns of an enum.
#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/enum_values.h"
#include "compiler/kinds/type_change.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

namespace {

/// Does the file use a new value anywhere but in the declaration of an enum? PostgreSQL takes one that was added in
/// place only after the commit.
bool uses_value(const ast::File& file, const std::string& value, const Declaring& d) {
  const Source& source = d.sources[file.source];
  const std::string_view text = source.text();
  const std::string quoted_value = literal(value);
  const auto is_no_use = [&](std::size_t at) {
    const auto covers = [&](const Span& span) { return at >= span.begin && at < span.end; };
    return std::any_of(file.comments.begin(), file.comments.end(), [&](const auto& x) { return covers(x.span); }) ||
           std::any_of(file.declarations.begin(), file.declarations.end(), [&](const ast::Declaration& x) {
             const auto* item = std::get_if<ast::Enum>(&x);
             return item != nullptr && covers(item->span);
           });
  };
  for (std::size_t at = text.find(quoted_value); at != std::string_view::npos; at = text.find(quoted_value, at + 1)) {
    if (!is_no_use(at)) return true;
  }
  return false;
}

const Column* column_before(const ObjectKey& key, const Declaring& d) {
  const auto renamed = std::find_if(d.renamed_keys.begin(), d.renamed_keys.end(),
                                    [&](const auto& entry) { return entry.second == key; });
  const ObjectPtr before = d.catalog.before(renamed == d.renamed_keys.end() ? key : renamed->first);
  return before ? std::get_if<Column>(before.get()) : nullptr;
}

bool is_hidden(const ObjectKey& key, const Declaring& d) {
  return std::any_of(d.hidden_columns.begin(), d.hidden_columns.end(),
                     [&](const auto& entry) { return key_of(entry.second) == key; });
}

/// What stands in the way of writing the columns of the type anew, in words; empty when nothing does.
std::string obstacle(const ValueChange& change, const Declaring& d) {
  const ObjectKey type = key(change.to);
  for (const ObjectKey& dependent : d.catalog.dependents(type)) {
    const Object& object = *d.catalog.find(dependent);
    const auto* column = std::get_if<Column>(&object);
    if (dependent.kind == Kind::domain) return describe(dependent) + " is made of it";
    if (column == nullptr) continue;
    if (column->generated) return describe(dependent) + " is generated";
    if (is_hidden(dependent, d) && !change.replaced.empty())
      return describe(dependent) + " is dropped by the same file";
    for (const ObjectKey& reader : d.catalog.dependents(dependent)) {
      const auto* other = d.catalog.get<Column>(reader);
      if (other != nullptr && other->generated) return describe(reader) + " is generated from it";
    }
    const Column* before = column_before(dependent, d);
    if (before != nullptr && before->type != column->type)
      return describe(dependent) + " gets this type in the same file";
  }
  for (const ObjectKey& dependent : d.catalog.dependents_before(type)) {
    if (dependent.kind != Kind::column) continue;
    const ObjectKey now = renamed_key(dependent, d.renamed_keys);
    const Column* column = d.catalog.get<Column>(now);
    const bool hidden = d.hidden_columns.contains(now);
    const bool archived = std::any_of(d.drops.begin(), d.drops.end(),
                                      [&](const DropIntent& drop) { return drop.key == now && drop.archive; });
    if (column == nullptr && !hidden && !archived) return describe(now) + " is dropped by the same file";
    if (column != nullptr && column->type.declared != type)
      return describe(now) + " gets another type in the same file";
  }
  return {};
}

/// What still names a dropped value is declared anew, or it could not be created again. A plain default follows.
void check_mentions(const ValueChange& change, const std::string& value, Declaring& d) {
  const std::string text = literal(value);
  std::set<ObjectKey> users;
  for (const ObjectKey& dependent : d.catalog.dependents(key(change.to))) {
    users.insert(dependent);
    if (dependent.kind != Kind::column) continue;
    for (const ObjectKey& reader : d.catalog.dependents(dependent)) users.insert(reader);
  }
  for (const ObjectKey& user : users) {
    const Object& object = *d.catalog.find(user);
    const Statements made = create_object(object, {});
    const bool mentions = std::any_of(made.begin(), made.end(), [&](const Statement& statement) {
      return statement.sql.find(text) != std::string::npos;
    });
    if (!mentions) continue;
    if (const auto* column = std::get_if<Column>(&object); column != nullptr && column->default_value) {
      const auto replacement = change.replaced.find(value);
      const std::string type_name = quoted(change.to.schema, change.to.name);
      const std::string& written = column->default_value->text;
      if (replacement != change.replaced.end() && (written == text || written == text + "::" + type_name)) {
        Column follows = *column;
        follows.default_value =
            sql::analyze(Form::expression, literal(replacement->second) + written.substr(text.size()), d.world, {})
                .fragment;
        d.catalog.put(std::move(follows));
        continue;
      }
    }
    if (user.kind == Kind::function) {
      d.diagnostics.add(codes::dynamic_mention, change.span, "the body of {} names the dropped value {}",
                        describe(user), text);
      continue;
    }
    d.diagnostics.add(codes::value_in_use, change.span, "{} still names the dropped value {}", describe(user), text)
        .hint("declare it anew in this file, without the value");
  }
}

/// The expression by which a column's values become those of after, over its names as text.
std::string replacing(const Column& column, const std::map<std::string, std::string>& replaced) {
  const std::string name = quoted(column.name);
  if (column.type.text.ends_with("[]")) {
    std::string sql = name + "::text[]";
    for (const auto& [value, by] : replaced)
      sql = fmt::format("array_replace({}, {}, {})", sql, literal(value), literal(by));
    return sql + "::" + column.type.text;
  }
  std::string sql = "case " + name + "::text";
  for (const auto& [value, by] : replaced) sql += fmt::format(" when {} then {}", literal(value), literal(by));
  return fmt::format("({} else {}::text end)::{}", sql, name, column.type.text);
}

/// Rows give their values up for others: each column keeps what it held.
void convert_columns(const ValueChange& change, Declaring& d) {
  for (const ObjectKey& dependent : d.catalog.dependents(key(change.to))) {
    const Column* before = dependent.kind == Kind::column ? column_before(dependent, d) : nullptr;
    if (before == nullptr) continue;
    Column to = *d.catalog.get<Column>(dependent);
    Column from = *before;
    from.schema = to.schema;
    from.table = to.table;
    from.name = to.name;
    to.using_expression = sql::analyze(Form::expression, replacing(to, change.replaced), d.world,
                                       {{to.table, d.relation(table_of(dependent))}})
                              .fragment;
    d.conversions.insert_or_assign(dependent, keep_beside(from, to, d));
    d.catalog.put(std::move(to));
  }
}

}  // namespace

void declare(const ast::DropValue& item, Declaring& d, Pass pass) {
  if (pass == Pass::drops) {
    ast::ObjectName name{{"enum", item.type.name.span}, {}, {}, {}, item.type.span};
    if (item.type.schema) name.path.push_back(*item.type.schema);
    name.path.push_back(item.type.name);
    const auto type = d.existing_object(name);
    if (!type) return;
    EnumType rest = *d.catalog.get<EnumType>(*type);
    if (std::erase(rest.values, item.value.value) == 0) {
      d.diagnostics.add(codes::no_effect, item.value.span, "{} has no value {}", describe(*type),
                        literal(item.value.value));
      return;
    }
    rest.origin.span = item.span;
    d.catalog.put(std::move(rest));
    d.dropped_values[*type].emplace(item.value.value, &item);
  }
  if (pass != Pass::relations || !item.replacement) return;
  for (const auto& [type, dropped] : d.dropped_values) {
    const auto own = dropped.find(item.value.value);
    if (own == dropped.end() || own->second != &item) continue;
    if (has_value(*d.catalog.get<EnumType>(type), item.replacement->value)) continue;
    d.diagnostics.add(codes::unknown_object, item.replacement->span, "{} has no value {}", describe(type),
                      literal(item.replacement->value));
  }
}

void carry_values(const ast::File& file, Declaring& d) {
  std::vector<ValueChange> changes;
  for (const auto& [key, before] : d.catalog.touched()) {
    if (!before || key.kind != Kind::enum_type) continue;
    const Object renamed = renamed_object(*before, d.renamed_keys, RenamedBy::server);
    const auto& from = std::get<EnumType>(renamed);
    const auto* to = d.catalog.get<EnumType>(key_of(renamed));
    if (to == nullptr || from.values == to->values) continue;
    ValueChange change{from, *to, {}, to->origin.span};
    for (const auto& [value, item] : d.dropped_values[key_of(renamed)]) {
      if (item->replacement) change.replaced.emplace(value, item->replacement->value);
    }
    change.in_place =
        only_adds(from, *to) && std::none_of(to->values.begin(), to->values.end(), [&](const auto& value) {
          return !has_value(from, value) && uses_value(file, value, d);
        });
    changes.push_back(std::move(change));
  }
  for (ValueChange& change : changes) {
    const ObjectKey type = key(change.to);
    if (const std::string reason = obstacle(change, d); !reason.empty()) {
      d.later(change.span, fmt::format("changing the values of {} where {}", describe(type), reason));
      continue;
    }
    for (const auto& [value, item] : d.dropped_values[type]) check_mentions(change, value, d);
    if (!change.replaced.empty()) convert_columns(change, d);
    d.value_changes.emplace(type, std::move(change));
  }
}

}  // namespace godwit::kinds
