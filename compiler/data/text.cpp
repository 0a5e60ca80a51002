// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/text.h"

#include "base/identifier.h"
#include "compiler/model/ledger.h"
#include "compiler/model/script.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace godwit::data {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

template <std::size_t n>
bool among(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return folded(text.substr(at, end - at));
}

// The end of the type name that starts at `at`, its modifier included: `numeric(5,2)[]`, `timestamp with time zone`.
std::size_t past_type(std::string_view text, std::size_t at) {
  static constexpr auto going_on =
      std::to_array<std::string_view>({"with", "without", "time", "zone", "precision", "varying"});
  while (at < text.size()) {
    if (is_word(text[at]) || text[at] == '.' || text[at] == '[' || text[at] == ']') {
      ++at;
    } else if (text[at] == '"' || text[at] == '(') {
      const std::size_t close = text.find(text[at] == '"' ? '"' : ')', at + 1);
      if (close == std::string_view::npos) return text.size();
      at = close + 1;
    } else if (text[at] == ' ' && among(going_on, word_at(text, at + 1))) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

// Words that an expression of literals alone may hold; the rest may be columns, functions, or values of the moment. The
// name of a type (`interval '1 day'`) or of a prefix (`e'\n'`) is one only before its literal.
bool fixed_word(std::string_view text, std::size_t at, std::string_view word) {
  static constexpr auto values = std::to_array<std::string_view>({"array", "false", "null", "true"});
  static constexpr auto prefixes = std::to_array<std::string_view>(
      {"b", "date", "e", "interval", "time", "timestamp", "timestamptz", "with", "without", "x", "zone"});
  if (among(values, word) || std::isdigit(static_cast<unsigned char>(word.front())) != 0) return true;
  const std::size_t next = text.find_first_not_of(' ', at + word.size());
  return among(prefixes, word) && next != std::string_view::npos && (text[next] == '\'' || is_word(text[next]));
}

// Types of PostgreSQL without an equality operator, or with one that does not mean the same value.
bool lacks_equality(std::string_view type) {
  static constexpr auto types = std::to_array<std::string_view>(
      {"json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "txid_snapshot", "pg_snapshot"});
  if (type.ends_with("[]")) type = type.substr(0, type.find('['));
  return std::find(types.begin(), types.end(), type) != types.end();
}

// `character varying(12)[]` to `character varying[]`: an explicit cast to the former cuts longer values in silence, an
// assignment refuses them.
std::string uncut(const std::string& type) {
  static constexpr auto cutting =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"character varying", "character varying"},
                                                                    {"character", "bpchar"},
                                                                    {"bit varying", "bit varying"},
                                                                    {"bit", "bit varying"}});
  for (const auto& [name, without] : cutting) {
    std::string_view rest = type;
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    if (!rest.empty() && rest.front() != '(' && rest.front() != '[') continue;
    if (!rest.empty() && rest.front() == '(') rest.remove_prefix(rest.find(')') + 1);
    return std::string(without) + std::string(rest);
  }
  return type;
}

Names named_now(const ObjectKey& table_then, const Names& columns, const Surroundings& around) {
  Names names;
  for (const std::string& column : columns) names.push_back(now(column_key(table_then, column), around).part);
  return names;
}

// `get` finds an object of the catalog before or after by its key.
template <typename Get>
Names row_key(const std::vector<ObjectKey>& children, const Get& get) {
  for (const ObjectKey& key : children) {
    if (key.kind != Kind::primary_key) continue;
    if (const auto* primary = std::get_if<PrimaryKey>(get(key).get())) return primary->columns;
  }
  for (const ObjectKey& key : children) {
    if (key.kind != Kind::unique) continue;
    const ObjectPtr object = get(key);
    const auto* unique = std::get_if<Unique>(object.get());
    if (unique == nullptr || unique->deferrable) continue;
    const bool never_null = std::all_of(unique->columns.begin(), unique->columns.end(), [&](const std::string& name) {
      const ObjectPtr column = get(column_key(table_of(key), name));
      return column != nullptr && std::get<Column>(*column).not_null;
    });
    if (never_null) return unique->columns;
  }
  return {};
}

bool deferrable(const Object* object) {
  if (object == nullptr) return false;
  if (const auto* key = std::get_if<ForeignKey>(object)) return key->deferrable;
  if (const auto* key = std::get_if<Unique>(object)) return key->deferrable;
  if (const auto* key = std::get_if<PrimaryKey>(object)) return key->deferrable;
  if (const auto* exclude = std::get_if<Exclude>(object)) return exclude->deferrable;
  return false;
}

std::string with_word(const std::vector<std::string>& parts, int indent, std::string_view word) {
  return joined(parts, '\n' + std::string(static_cast<std::size_t>(indent), ' ') + std::string(word) + ' ');
}

}  // namespace

// ---- names ----------------------------------------------------------------------------------------------------------

std::string table_sql(const ObjectKey& table) { return quoted(table.schema, table.name); }

std::string listed(const Names& names, std::string_view prefix) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(std::string(prefix) + quoted(name));
  return joined(parts, ", ");
}

std::string label_of(std::string_view label, const std::string& column) {
  std::string name = std::string(label) + '_' + column;
  if (name.size() > max_identifier_bytes) {
    name = std::string(truncated(name, max_identifier_bytes - 9)) + '_' + sha256(column).substr(0, 8);
  }
  return name;
}

std::string labelled(std::string_view label, const std::string& column) { return quoted(label_of(label, column)); }

std::string kept_table(std::string_view what, const std::string& name, const Surroundings& around,
                       std::string_view salt) {
  const std::string full = std::string(what) + '_' + name;
  const std::string front(truncated(full, max_identifier_bytes - 9));
  std::string told_apart = around.migration;
  if (front != full) told_apart += '\n' + full;  // what two long names have in common
  if (!salt.empty()) told_apart += '\n' + std::string(salt);
  return quoted("godwit_kept", front + '_' + sha256(told_apart).substr(0, 8));
}

// ---- what was, what is ----------------------------------------------------------------------------------------------

ObjectKey now(const ObjectKey& old, const Surroundings& around) {
  const auto found = around.renames.find(old);
  return found == around.renames.end() ? old : found->second;
}

ObjectKey then(const ObjectKey& current, const Surroundings& around) {
  for (const auto& [old, key] : around.renames) {
    if (key == current) return old;
  }
  return current;
}

bool existed_before(const ObjectKey& current, const Surroundings& around) {
  const ObjectKey old = then(current, around);
  if (old == current && around.renames.contains(current)) return false;
  return around.catalog.before(old) != nullptr;
}

const Column* column_then(const ObjectKey& current, const Surroundings& around) {
  const ObjectKey old = then(current, around);
  if (old == current && around.renames.contains(current)) return nullptr;
  // The catalog keeps what its journal remembers, so the pointer outlives the handle.
  const ObjectPtr object = around.catalog.before(old);
  return object == nullptr ? nullptr : std::get_if<Column>(object.get());
}

const Column* column_now(const ObjectKey& current, const Surroundings& around) {
  const auto* column = around.catalog.get<Column>(current);
  return column == nullptr || column->hidden ? nullptr : column;
}

Names columns_then(const ObjectKey& table, const Surroundings& around) {
  Names names;
  for (const ObjectKey& key : around.catalog.children_before(then(table, around))) {
    if (key.kind != Kind::column) continue;
    const ObjectPtr object = around.catalog.before(key);
    if (object && !std::get<Column>(*object).hidden) names.push_back(now(key, around).part);
  }
  return names;
}

Names columns_now(const ObjectKey& table, const Surroundings& around) {
  Names names;
  for (const ObjectKey& key : around.catalog.children(table)) {
    if (key.kind == Kind::column && column_now(key, around) != nullptr) names.push_back(key.part);
  }
  return names;
}

Names row_key_then(const ObjectKey& table, const Surroundings& around) {
  if (const ObjectPtr shell = around.catalog.before(then(table, around))) {  // a partition has the key of its root
    const auto* partition = std::get_if<Table>(shell.get());
    if (partition != nullptr && partition->partition_of)
      return row_key_then(now(partition->partition_of->table, around), around);
  }
  const ObjectKey old = then(table, around);
  const auto get = [&](const ObjectKey& key) { return around.catalog.before(key); };
  return named_now(old, row_key(around.catalog.children_before(old), get), around);
}

Names row_key_now(const ObjectKey& table, const Surroundings& around) {
  const ObjectKey root = around.catalog.root_of(table);
  return row_key(around.catalog.children(root), [&](const ObjectKey& key) { return around.catalog.pointer(key); });
}

bool constant_text(const Fragment& value) {
  if (!value.references.empty()) return false;
  const std::string& text = value.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') {
      i = text.find('\'', i + 1);
      if (i == std::string::npos) return false;
    } else if (text.compare(i, 2, "::") == 0) {
      i = past_type(text, i + 2) - 1;
    } else if (is_word(text[i])) {
      const std::string word = word_at(text, i);
      if (!fixed_word(text, i, word)) return false;
      i += word.size() - 1;
    } else if (text[i] == '(' || text[i] == '$' || text[i] == '"') {
      return false;
    }
  }
  return true;
}

std::optional<std::string> plain_default(const Column& column) {
  if (column.generated || column.identity) return std::nullopt;
  if (column.default_value) {
    if (!constant_text(*column.default_value)) return std::nullopt;
    const bool composite = column.type.declared && column.type.declared->kind == Kind::composite_type;
    // A row beside a literal without a type is compared as `record`, which cannot be read from text.
    return composite ? fmt::format("({})::{}", column.default_value->text, column.type.text)
                     : column.default_value->text;
  }
  if (column.type.declared && column.type.declared->kind == Kind::domain) return std::nullopt;
  return "null";
}

std::vector<const ForeignKey*> references_to(const ObjectKey& table, const Surroundings& around) {
  std::vector<const ForeignKey*> found;
  for (const ObjectKey& key : around.catalog.dependents(table)) {
    const auto* foreign = around.catalog.get<ForeignKey>(key);
    if (foreign != nullptr && foreign->target == table) found.push_back(foreign);
  }
  return found;
}

bool has_deferrable(const ObjectKey& table, const Surroundings& around) {
  const ObjectKey old = then(table, around);
  for (const ObjectKey& key : around.catalog.children_before(old)) {
    if (deferrable(around.catalog.before(key).get())) return true;
  }
  for (const ObjectKey& key : around.catalog.children(table)) {
    if (deferrable(around.catalog.find(key))) return true;
  }
  const auto references = references_to(table, around);
  return std::any_of(references.begin(), references.end(), [](const ForeignKey* key) { return key->deferrable; });
}

// ---- expressions ----------------------------------------------------------------------------------------------------

std::string as_type(const std::string& expression, const std::string& type, const Column& column,
                    const Surroundings& around) {
  if (type == column.type.text) return expression;
  std::string wanted = column.type.text;
  if (column.type.declared && column.type.declared->kind == Kind::domain) {
    if (const auto* domain = around.catalog.get<Domain>(*column.type.declared)) wanted = domain->type.text;
  }
  // A name or a literal needs no brackets before a cast.
  const bool name = std::all_of(expression.begin(), expression.end(), [](char c) { return is_word(c) || c == '.'; });
  const bool text =
      expression.size() > 1 && expression.front() == '\'' && expression.find('\'', 1) == expression.size() - 1;
  return name || text ? fmt::format("{}::{}", expression, uncut(wanted))
                      : fmt::format("({})::{}", expression, uncut(wanted));
}

std::string differs(const std::string& a, const std::string& b, const std::string& type) {
  if (!lacks_equality(type)) return fmt::format("{} is distinct from {}", a, b);
  return fmt::format("({})::text is distinct from ({})::text", a, b);
}

std::string same(const std::string& a, const std::string& b, const std::string& type) {
  if (!lacks_equality(type)) return fmt::format("{} is not distinct from {}", a, b);
  return fmt::format("({})::text is not distinct from ({})::text", a, b);
}

std::string matches(const std::string& a, const std::string& b, bool never_null) {
  return fmt::format("{} {} {}", a, never_null ? "=" : "is not distinct from", b);
}

std::string all_of(const std::vector<std::string>& parts, int indent) {
  return parts.empty() ? "true" : with_word(parts, indent, "and");
}

std::string any_of(const std::vector<std::string>& parts, int indent) {
  return parts.empty() ? "false" : with_word(parts, indent, "or");
}

std::string indented(const std::string& text, std::size_t spaces) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out.append(spaces, ' ');
  }
  return out;
}

std::string lines_of(const std::vector<std::string>& parts, int indent) {
  return joined(parts, ",\n" + std::string(static_cast<std::size_t>(indent), ' '));
}

// ---- statements -----------------------------------------------------------------------------------------------------

std::string block(const std::string& declarations, const std::string& body) {
  std::string text = "\n#variable_conflict use_column\n";
  if (!declarations.empty()) text += "declare\n" + declarations + "\n";
  text += "begin\n" + body + "\nend ";
  return "do " + dollar_quoted(text);
}

std::string raise_format(std::string_view text) {
  std::string doubled;
  for (const char c : text) doubled.append(c == '%' ? 2U : 1U, c);
  return doubled;
}

std::string raise_text(std::string_view text) { return literal(raise_format(text)); }

std::string said_of(std::string_view step, std::string_view words) {
  return literal(fmt::format("{}: {}", raise_format(step), words));
}

Statement reads(std::string title, std::string sql, const ObjectKey& table) {
  return {std::move(title), std::move(sql), {{table, Lock::access_share}}, Work::scan};
}

Statement writes(std::string title, std::string sql, const ObjectKey& table, Work work) {
  return {std::move(title), std::move(sql), {{table, Lock::row_exclusive}}, work};
}

// Bookkeeping comes with its semicolon, statements stand without one.
std::string unclosed(std::string sql) {
  while (!sql.empty() && (sql.back() == ';' || sql.back() == '\n')) sql.pop_back();
  return sql;
}

Statement kept_schema() {
  return {"make sure that schema godwit_kept exists", unclosed(ledger::kept_schema_sql()), {}, Work::instant};
}

Statement residue_table() {
  return {"make sure that godwit_kept.residue exists", unclosed(ledger::residue_table_sql()), {}, Work::instant};
}

Statement drop_kept(const std::string& table) { return {"drop " + table, "drop table " + table, {}, Work::instant}; }

namespace {

/// It does something in the session of a migration, which is no replica's.
bool is_on(const std::string& enabled) { return enabled.empty() || enabled == "always"; }

const char* always(const std::string& enabled) { return enabled == "always" ? "always " : ""; }

void hold_back_rules(const ObjectKey& table, Writes what, const Surroundings& around, const std::set<ObjectKey>& absent,
                     Statements& before, Statements& after) {
  for (const ObjectKey& key : around.catalog.children_before(then(table, around))) {
    const ObjectPtr object = around.catalog.before(key);
    const auto* rule = object ? std::get_if<Rule>(object.get()) : nullptr;
    if (rule == nullptr || absent.contains(now(key, around))) continue;
    const bool applies = (what.inserts && rule->event == "insert") || (what.updates && rule->event == "update") ||
                         (what.deletes && rule->event == "delete");
    if (!applies || !is_on(rule->enabled)) continue;
    const std::string name = quoted(now(key, around).part), on = table_sql(table);
    const std::vector<LockOn> locks{{table, Lock::access_exclusive}};
    before.push_back({fmt::format("hold back rule {} on {}: it must not change what is written", name, on),
                      fmt::format("alter table {} disable rule {}", on, name), locks, Work::instant});
    after.push_back({fmt::format("let rule {} on {} apply again", name, on),
                     fmt::format("alter table {} enable {}rule {}", on, always(rule->enabled), name), locks,
                     Work::instant});
  }
}

}  // namespace

Statements without_triggers(Statements inner, const ObjectKey& table, Writes what, const Surroundings& around,
                            const std::set<ObjectKey>& absent) {
  Statements before, after;
  const ObjectKey old = then(table, around);
  if (has_deferrable(table, around)) {
    after.push_back({"check deferred constraints now: a table with pending checks cannot be altered",
                     "set constraints all immediate",
                     {},
                     Work::instant});
  }
  for (const ObjectKey& key : around.catalog.children_before(old)) {
    const ObjectPtr object = around.catalog.before(key);
    const auto* trigger = object ? std::get_if<Trigger>(object.get()) : nullptr;
    if (trigger == nullptr || absent.contains(now(key, around))) continue;
    const bool fires = (what.inserts && trigger->fires_on_insert) || (what.updates && trigger->fires_on_update) ||
                       (what.deletes && trigger->fires_on_delete);
    if (!fires || !is_on(trigger->enabled)) continue;
    const std::string name = quoted(now(key, around).part), on = table_sql(table);
    const std::vector<LockOn> locks{{table, Lock::share_row_exclusive}};
    before.push_back({fmt::format("hold back trigger {} on {}: it must not change rows that are only moved", name, on),
                      fmt::format("alter table {} disable trigger {}", on, name), locks, Work::instant});
    after.push_back({fmt::format("let trigger {} on {} fire again", name, on),
                     fmt::format("alter table {} enable {}trigger {}", on, always(trigger->enabled), name), locks,
                     Work::instant});
  }
  hold_back_rules(table, what, around, absent, before, after);
  Statements all = std::move(before);
  for (Statement& statement : inner) all.push_back(std::move(statement));
  for (Statement& statement : after) all.push_back(std::move(statement));
  return all;
}

std::string refers(const ForeignKey& key, const ObjectKey& child, std::string_view alias) {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < key.columns.size() && i < key.target_columns.size(); ++i)
    columns.push_back(fmt::format("child.{} = {}.{}", quoted(key.columns[i]), alias, quoted(key.target_columns[i])));
  return fmt::format("exists (select from {} as child where {})", table_sql(child), joined(columns, " and "));
}

std::vector<std::string> not_referenced(const ObjectKey& table, std::string_view alias, const Surroundings& around,
                                        Referring referring) {
  std::vector<std::string> conditions;
  for (const ForeignKey* key : references_to(table, around)) {
    if (key->schema == table.schema && key->table == table.name) continue;
    const ObjectKey child = table_of(godwit::key(*key));
    const bool old_table = existed_before(child, around);
    if (referring == Referring::old_tables && !old_table) continue;
    // A reference of a new column is gone by then: its constraint is added last, and goes first.
    const auto is_new = [&](const std::string& column) { return !existed_before(column_key(child, column), around); };
    if (old_table && std::any_of(key->columns.begin(), key->columns.end(), is_new)) continue;
    conditions.push_back("not " + refers(*key, child, alias));
  }
  return conditions;
}

std::string to_residue(const ObjectKey& table, std::string_view alias, const Names& key, const std::string& step,
                       const std::string& reason, const std::string& from_and_where, const Surroundings& around) {
  std::vector<std::string> parts;
  for (const std::string& column : key)
    parts.push_back(fmt::format("{}, {}.{}", literal(column), alias, quoted(column)));
  if (key.empty()) parts.push_back(fmt::format("'ctid', {}.ctid::text", alias));
  return fmt::format(
      "insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)\n"
      "select {}, {}, {},\n"
      "       jsonb_build_object({}), to_jsonb({}),\n"
      "       {}\n"
      "  from {}",
      literal(around.migration), literal(step), literal(table_sql(table)), joined(parts, ", "), alias, reason,
      from_and_where);
}

}  // namespace godwit::data
