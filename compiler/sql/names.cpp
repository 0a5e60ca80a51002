// SPDX-License-Identifier: Apache-2.0
// Columns, relations, types and functions by name, in the scope where they stand.
#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/extensions.h"
#include "compiler/sql/type_rules.h"
#include "compiler/sql/types.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace godwit::sql {

namespace {

constexpr std::string_view system_columns[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};

std::string system_column_type(std::string_view name) {
  if (name == "ctid") return "tid";
  if (name == "tableoid") return "oid";
  return name.starts_with('c') ? "cid" : "xid";
}

bool is_system_column(std::string_view name) {
  return std::find(std::begin(system_columns), std::end(system_columns), name) != std::end(system_columns);
}

bool is_system_schema(std::string_view schema) {
  return schema == "pg_catalog" || schema == "information_schema" || schema.starts_with("pg_");
}

const ScopeColumn* column_named(const Source& source, const std::string& name) {
  for (const ScopeColumn& column : source.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

// The known name that looks most like the wanted one, whether either has its schema or not.
std::optional<std::string> nearest(const std::string& wanted, const std::vector<std::string>& known) {
  if (auto near = closest(wanted, known)) return near;
  const auto bare = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
  std::vector<std::string> names;
  for (const std::string& name : known) names.push_back(bare(name));
  const auto near = closest(bare(wanted), names);
  if (!near) return std::nullopt;
  return known[static_cast<std::size_t>(std::find(names.begin(), names.end(), *near) - names.begin())];
}

std::string written(const std::string& schema, const std::string& name) {
  return schema.empty() ? name : schema + "." + name;
}

}  // namespace

Analyzer::Analyzer(std::string_view text, const TokenList& tokens, const World& world,
                   const std::vector<Visible>& visible)
    : text_(text), tokens_(tokens), world_(world) {
  for (const Visible& one : visible) {
    Source source;
    const ObjectKey& key = one.relation.key;
    source.alias = one.alias.empty() ? key.name.str() : one.alias;
    source.named_by_relation = source.alias == key.name;
    if (!key.name.empty()) source.relation = key;
    source.columns_known = one.relation.columns_known;
    for (const OutputColumn& column : one.relation.columns) {
      std::optional<ObjectKey> origin;
      if (!key.name.empty()) origin = one.relation.column(column.name);
      source.columns.push_back({column.name, column.type, std::move(origin)});
    }
    root_.sources.push_back(std::move(source));
  }
}

void Analyzer::problem(const Code& code, std::size_t begin, std::size_t end, std::string message, std::string hint) {
  if (lenient) return;
  // One mistake, one problem: a place that is already reported stays silent.
  for (const Problem& known : problems) {
    if (known.begin == begin && known.code.id == code.id) return;
  }
  problems.push_back({code, begin, end, std::move(message), std::move(hint)});
}

std::string Analyzer::suggestion(const std::string& wanted, Kind kind) const {
  const auto near = nearest(wanted, world_.names_like(kind));
  return near ? fmt::format("`{}` is declared and has a similar name", *near) : std::string();
}

void Analyzer::reference(const ObjectKey& target, std::size_t first_token, std::size_t last_token, bool qualified) {
  if (last_token >= tokens_.size()) return;
  const auto begin = tokens_[first_token].begin;
  references.push_back({target, begin, tokens_[last_token].end, begin});
  if (!qualified && !lenient && !target.schema.empty()) {
    insertions.push_back({begin, godwit::quoted(target.schema) + "."});
  }
}

// The alias is the relation's own name: it follows the relation's renames, and takes no schema.
void Analyzer::refer_to_alias(const Source& source, std::size_t first_token, std::size_t last_token) {
  if (source.named_by_relation && source.relation && source.relation->kind != Kind::schema) {
    reference(*source.relation, first_token, last_token, true);
  }
}

const Source* Analyzer::find_source(const std::string& alias, Scope& scope) const {
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    if (at->masked) continue;
    for (const Source& source : at->sources) {
      if (source.alias == alias) return &source;
    }
  }
  return nullptr;
}

const Source* Analyzer::find_source(const std::string& schema, const std::string& table, Scope& scope) const {
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    if (at->masked) continue;
    for (const Source& source : at->sources) {
      if (source.alias == table && source.named_by_relation && source.relation && source.relation->schema == schema) {
        return &source;
      }
    }
  }
  return nullptr;
}

const QueryColumns* Analyzer::find_cte(const std::string& name, Scope& scope) const {
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    const auto found = at->ctes.find(name);
    if (found != at->ctes.end()) return &found->second;
  }
  return nullptr;
}

bool Analyzer::check_schema(const std::string& schema, std::size_t token) {
  if (is_system_schema(schema) || world_.schema_exists(schema)) return true;
  if (token < tokens_.size() && !world_.has_extensions()) {  // an extension may bring a schema of its own
    problem(codes::unknown_schema, tokens_[token].begin, tokens_[token].end,
            fmt::format("schema `{}` is not declared", schema), suggestion(schema, Kind::schema));
  }
  return false;
}

std::string Analyzer::source_column(const Source& source, const std::string& name, std::size_t token,
                                    std::size_t qualifier) {
  const ScopeColumn* column = column_named(source, name);
  if (column == nullptr) {
    if (!source.columns_known || token >= tokens_.size()) return {};
    if (is_system_column(name)) return system_column_type(name);
    std::vector<std::string> names;
    for (const ScopeColumn& one : source.columns) names.push_back(one.name);
    const auto near = closest(name, names);
    problem(codes::unknown_column, tokens_[token].begin, tokens_[token].end,
            fmt::format("`{}` has no column `{}`",
                        source.named_by_relation && source.relation ? sql_name(*source.relation) : source.alias, name),
            near ? fmt::format("it has a column `{}`", *near) : std::string());
    return {};
  }
  if (column->origin && token < tokens_.size()) {
    references.push_back({*column->origin, tokens_[token].begin, tokens_[token].end, tokens_[qualifier].begin});
  }
  return column->type;
}

void Analyzer::column_of(const Source& source, const std::string& name, std::size_t token) {
  source_column(source, name, token, token);
}

std::string Analyzer::resolve_column(const std::string& name, std::size_t token, Scope& scope) {
  bool all_known = true;
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    if (at->masked) continue;
    const Source* found = nullptr;
    std::size_t matches = 0;
    std::vector<std::string> aliases;
    for (const Source& source : at->sources) {
      if (source.merged.count(name) != 0) continue;
      if (column_named(source, name) == nullptr) {
        all_known = all_known && source.columns_known;
        continue;
      }
      // `old`, `new` and `excluded` have to be written out only where the name fits several.
      if (matches++ == 0) found = &source;
      aliases.push_back(source.alias);
    }
    if (matches > 1 && !lenient) {
      std::string all;
      for (const std::string& alias : aliases) all += (all.empty() ? "`" : " and `") + alias + "`";
      problem(codes::ambiguous_column, tokens_[token].begin, tokens_[token].end,
              fmt::format("column `{}` is ambiguous: {} have it", name, all),
              fmt::format("write `{}.{}`", godwit::quoted(aliases.front()), godwit::quoted(name)));
      return {};
    }
    if (found != nullptr) return source_column(*found, name, token, token);
  }
  if (variables.count(name) != 0) return {};
  if (const Source* source = find_source(name, scope)) {
    refer_to_alias(*source, token, token);
    return source->relation && source->relation->kind != Kind::schema ? sql_name(*source->relation) : std::string();
  }
  if (!all_known || lenient) return {};
  if (is_system_column(name)) return system_column_type(name);
  if (name == "system_user") return "text";  // a keyword from 16 on
  std::vector<std::string> names;
  std::size_t relations = 0;
  std::string only;
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    if (at->masked) continue;
    for (const Source& source : at->sources) {
      for (const ScopeColumn& column : source.columns) names.push_back(column.name);
      if (relations++ == 0)
        only = source.named_by_relation && source.relation ? sql_name(*source.relation) : source.alias;
    }
  }
  const auto near = closest(name, names);
  const std::string message = relations == 1 && !only.empty() ? fmt::format("`{}` has no column `{}`", only, name)
                                                              : fmt::format("there is no column `{}` here", name);
  problem(codes::unknown_column, tokens_[token].begin, tokens_[token].end, message,
          near ? fmt::format("there is a column `{}`", *near) : std::string());
  return {};
}

std::string Analyzer::resolve_qualified(const std::vector<std::string>& names, std::size_t token, Scope& scope) {
  const std::size_t last = token + 2 * (names.size() - 1);  // names and dots alternate
  if (names.size() == 2) {
    if (const Source* source = find_source(names[0], scope)) {
      refer_to_alias(*source, token, token);
      return source_column(*source, names[1], last, token);
    }
    if (lenient || variables.count(names[0]) != 0 || variables.count(names[1]) != 0) return {};
    std::vector<std::string> aliases;
    bool hidden = false;  // a neighbour in FROM that only a lateral item sees
    for (Scope* at = &scope; at != nullptr; at = at->parent) {
      for (const Source& source : at->sources) {
        hidden = hidden || (at->masked && source.alias == names[0]);
        if (!at->masked) aliases.push_back(source.alias);
      }
    }
    if (hidden) {
      problem(codes::unknown_table, tokens_[token].begin, tokens_[token].end,
              fmt::format("`{}` cannot be read in this part of FROM", names[0]), "write `lateral` before the subquery");
      return {};
    }
    const auto near = closest(names[0], aliases);
    problem(codes::unknown_table, tokens_[token].begin, tokens_[token].end,
            fmt::format("`{}` is no table or alias of this query", names[0]),
            near ? fmt::format("`{}` is one", *near) : std::string());
    return {};
  }
  if (names.size() == 3) {
    if (const Source* source = find_source(names[0], names[1], scope)) {
      refer_to_alias(*source, token, token + 2);
      return source_column(*source, names[2], last, token);
    }
    if (lenient) return {};
    problem(codes::unknown_table, tokens_[token].begin, tokens_[token + 2].end,
            fmt::format("`{}.{}` is no table of this query", names[0], names[1]));
  }
  return {};
}

std::string Analyzer::column_reference(const Json& body, Scope& scope) {
  constant = false;
  const std::size_t token = tokens_.at(location_of(body));
  std::vector<std::string> names;
  bool star = false;
  for (const Json& part : field(body, "fields")) {
    if (is(part, "A_Star")) {
      star = true;
    } else {
      names.push_back(string_value(part));
    }
  }
  if (token + 2 * (names.size() + (star ? 1 : 0)) > tokens_.size() + 1 || (names.empty() && !star)) return {};
  if (!star) return names.size() == 1 ? resolve_column(names[0], token, scope) : resolve_qualified(names, token, scope);
  if (names.size() == 1) {
    if (const Source* source = find_source(names[0], scope)) {
      refer_to_alias(*source, token, token);
    } else if (!lenient && variables.count(names[0]) == 0) {
      problem(codes::unknown_table, tokens_[token].begin, tokens_[token].end,
              fmt::format("`{}` is no table or alias of this query", names[0]));
    }
  } else if (names.size() == 2) {
    if (const Source* source = find_source(names[0], names[1], scope)) {
      refer_to_alias(*source, token, token + 2);
    } else {
      problem(codes::unknown_table, tokens_[token].begin, tokens_[token + 2].end,
              fmt::format("`{}.{}` is no table of this query", names[0], names[1]));
    }
  }
  return {};
}

std::string Analyzer::column_at(std::size_t token, Scope& scope) {
  if (!tokens_.is_name(token)) return {};
  constant = false;
  return resolve_column(tokens_.name(token), token, scope);
}

Source Analyzer::table_source(const Json& range_var, Scope& scope) {
  Source source;
  const std::string schema = text_of(range_var, "schemaname");
  const std::string name = text_of(range_var, "relname");
  const std::size_t token = tokens_.at(location_of(range_var));
  source.alias = name;
  source.named_by_relation = true;
  source.columns_known = false;
  if (schema.empty()) {
    if (const QueryColumns* cte = find_cte(name, scope)) {
      source.named_by_relation = false;
      source.columns = cte->columns;
      source.columns_known = cte->known;
      apply_alias(source, field(range_var, "alias"));
      return source;
    }
  }
  if (const auto relation = world_.relation(schema, name)) {
    source.relation = relation->key;
    source.columns_known = relation->columns_known;
    for (const OutputColumn& column : relation->columns) {
      source.columns.push_back({column.name, column.type, relation->column(column.name)});
    }
    reference(relation->key, token, schema.empty() ? token : token + 2, !schema.empty());
  } else if (!lenient && token < tokens_.size()) {
    const bool system = is_system_schema(schema) || (schema.empty() && name.starts_with("pg_"));
    if (!system && (schema.empty() || check_schema(schema, token))) {
      const std::size_t end = std::min(schema.empty() ? token : token + 2, tokens_.size() - 1);
      problem(codes::unknown_table, tokens_[token].begin, tokens_[end].end,
              fmt::format("table `{}` is not declared", written(schema, name)),
              suggestion(written(schema, name), Kind::table));
    }
  }
  apply_alias(source, field(range_var, "alias"));
  return source;
}

TypeName Analyzer::type_name(const Json& body) {
  TypeName type;
  const std::vector<std::string> names = string_values(field(body, "names"));
  if (names.empty()) return type;
  const std::size_t token = tokens_.at(location_of(body));
  const std::string array = field(body, "arrayBounds").empty() ? "" : "[]";
  const std::vector<long> modifiers = modifiers_of(body);

  if (flag(body, "pct_type")) {  // t.c%type, s.t.c%type
    if (names.size() < 2 || token + 2 * (names.size() - 1) >= tokens_.size()) return type;
    const std::string schema = names.size() > 2 ? names[names.size() - 3] : std::string();
    const std::string& table = names[names.size() - 2];
    if (const auto relation = world_.relation(schema, table)) {
      Source source;
      source.alias = table;
      source.relation = relation->key;
      source.named_by_relation = true;
      source.columns_known = relation->columns_known;
      for (const OutputColumn& column : relation->columns) {
        source.columns.push_back({column.name, column.type, relation->column(column.name)});
      }
      const std::size_t column = token + 2 * (names.size() - 1);
      reference(relation->key, token, column - 2, !schema.empty());
      type.text = source_column(source, names.back(), column, token) + array;
    } else if (!lenient) {
      problem(codes::unknown_table, tokens_[token].begin, tokens_[token + 2 * (names.size() - 2)].end,
              fmt::format("table `{}` is not declared", written(schema, table)), suggestion(table, Kind::table));
    }
    return type;
  }

  const std::string& name = names.back();
  const std::string schema = names.size() > 1 ? names[names.size() - 2] : std::string();
  if (schema.empty() || schema == "pg_catalog") {
    if (const std::string plain = with_modifiers(name, modifiers); !plain.empty()) {
      type.text = plain + array;
      if (const std::string wrong = wrong_modifiers(name, body); !wrong.empty() && token < tokens_.size()) {
        problem(codes::bad_option, tokens_[token].begin, tokens_[token].end, wrong);
      }
      return type;
    }
    if (name.starts_with('_') && !builtin_type(name.substr(1)).empty()) {
      type.text = std::string(builtin_type(name.substr(1))) + "[]";
      return type;
    }
  }
  const bool is_array_name = name.starts_with('_');
  std::optional<ObjectKey> key = world_.type(schema, name);
  if (!key && is_array_name) key = world_.type(schema, name.substr(1));
  const bool spelled = token < tokens_.size() && tokens_.is_name(token) && tokens_.name(token) == names.front();
  if (key) {
    type.declared = key;
    const bool multirange = key->kind == Kind::range_type && key->name != name && !is_array_name;
    type.text = (multirange ? godwit::quoted(key->schema, name) : sql_name(*key)) +
                (is_array_name && array.empty() ? "[]" : array);
    if (spelled) reference(*key, token, schema.empty() ? token : token + 2, !schema.empty());
    return type;
  }
  type.text = godwit::quoted(schema, name);
  const std::size_t open = token + 2 * (names.size() - 1) + 1;
  if (body.contains("typmods") && open < tokens_.size() && tokens_.closing(open) < tokens_.size()) {
    for (std::size_t i = open; i <= tokens_.closing(open); ++i)
      type.text += tokens_.spelling(i);  // geometry(point,4326)
  }
  type.text += array;
  if (lenient || !spelled || is_system_schema(schema)) return type;
  if (!schema.empty() && !check_schema(schema, token)) return type;
  if (world_.has_extensions()) return type;
  std::vector<std::string> known = builtin_type_names();
  for (std::string& one : world_.names_like(Kind::enum_type)) known.push_back(std::move(one));
  const auto near = nearest(written(schema, name), known);
  std::string hint = hint_of_extension_type(name);
  if (hint.empty() && near) hint = fmt::format("`{}` is a type with a similar name", *near);
  const std::size_t end = std::min(schema.empty() ? token : token + 2, tokens_.size() - 1);
  problem(codes::unknown_type, tokens_[token].begin, tokens_[end].end,
          fmt::format("type `{}` is not declared", written(schema, name)), hint);
  type.text.clear();
  return type;
}

std::string Analyzer::own_operator(const std::vector<std::string>& path, const std::string& left,
                                   const std::string& right, std::size_t token) {
  if (path.empty() || token >= tokens_.size()) return {};
  const std::string schema = path.size() > 1 ? path[path.size() - 2] : std::string();
  const std::vector<OwnOperator> all = world_.operators(schema, path.back());
  if (all.empty()) return {};
  std::vector<const OwnOperator*> taken;
  for (const OwnOperator& one : all) {
    if (one.left == left && one.right == right) taken = {&one};
  }
  // Names that PostgreSQL has too bind in their own way, and mean one of the catalog's only between its types.
  const bool shared = is_operator(path.back());
  if (taken.empty() && shared) return {};
  if (taken.empty()) {
    for (const OwnOperator& one : all) {
      if ((one.left == "none") == (left == "none")) taken.push_back(&one);
    }
  }
  std::size_t last = token;
  if (tokens_.is(token, "operator")) last = tokens_.closing(token + 1);
  for (const OwnOperator* one : taken) reference(one->key, token, last, true);
  if (schema.empty() && !shared && !lenient && !taken.empty() && last < tokens_.size()) {
    const std::size_t begin = tokens_[token].begin, end = tokens_[token].end;
    const auto is_space = [&](std::size_t at) { return at >= text_.size() || text_[at] == ' ' || text_[at] == '\n'; };
    const std::string before = begin == 0 || is_space(begin - 1) ? "" : " ", after = is_space(end) ? "" : " ";
    insertions.push_back({begin, before + "operator(" + godwit::quoted(taken.front()->key.schema) + "."});
    insertions.push_back({end, ")" + after});
  }
  return taken.size() == 1 ? taken.front()->result : std::string();
}

void Analyzer::collation(std::size_t word) {
  const std::size_t first = word + 1;
  if (!tokens_.is(word, "collate") || !tokens_.is_name(first)) return;
  const bool qualified = tokens_.spelling(first + 1) == "." && tokens_.is_name(first + 2);
  const std::size_t last = qualified ? first + 2 : first;
  const std::string schema = qualified ? tokens_.name(first) : std::string();
  const std::string name = tokens_.name(last);
  if (const auto key = world_.collation(schema, name)) {
    reference(*key, first, last, qualified);
    return;
  }
  // Which ones the server has of its own is not known.
  if (lenient || !qualified || is_system_schema(schema) || !check_schema(schema, first)) return;
  if (world_.has_extensions() || world_.has_unlisted()) return;
  problem(codes::unknown_object, tokens_[first].begin, tokens_[last].end,
          fmt::format("collation `{}` is not declared", written(schema, name)),
          suggestion(written(schema, name), Kind::collation));
}

void Analyzer::function_name(const std::vector<std::string>& path, std::size_t token) {
  if (path.empty()) return;
  const std::string schema = path.size() > 1 ? path[path.size() - 2] : std::string();
  const std::string& name = path.back();
  const std::vector<Routine> routines = world_.routines(schema, name);
  const Routine* found = nullptr;
  for (const Routine& routine : routines) {
    if (found == nullptr || routine.parameters == 0) found = &routine;
  }
  const std::size_t last = schema.empty() ? token : token + 2;
  if (found != nullptr) {
    reference(found->key, token, last, !schema.empty());
    return;
  }
  if (lenient || last >= tokens_.size() || !builtins(name).empty() || world_.has_extensions()) return;
  if (!schema.empty() && (is_system_schema(schema) || !check_schema(schema, token))) return;
  problem(codes::unknown_function, tokens_[token].begin, tokens_[last].end,
          fmt::format("function `{}` is not declared", written(schema, name)),
          suggestion(written(schema, name), Kind::function));
}

}  // namespace godwit::sql
