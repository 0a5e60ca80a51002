// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/declaring.h"

#include "base/identifier.h"
#include "compiler/kinds/cast.h"
#include "compiler/kinds/default_privileges.h"
#include "compiler/kinds/later.h"
#include "compiler/kinds/operator.h"
#include "compiler/kinds/routine.h"

#include <algorithm>
#include <array>

namespace godwit::kinds {

namespace {

ObjectKey keyed(Kind kind, const std::string& schema, const std::string& name, const std::string& part = {}) {
  return {kind, schema, name, part, Kind::schema, {}};
}

constexpr std::array relation_kinds{Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view};

/// The kinds a word in `grant … on`, `comment on`, `drop` can mean.
std::vector<Kind> kinds_called(const std::string& word) {
  if (word == "table") return {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view};
  if (word == "foreign table") return {Kind::foreign_table};
  if (word == "foreign data wrapper") return {Kind::foreign_data_wrapper};
  if (word == "column") return {Kind::column};
  if (word == "schema") return {Kind::schema};
  if (word == "extension") return {Kind::extension};
  if (word == "collation") return {Kind::collation};
  if (word == "type") return {Kind::enum_type, Kind::domain, Kind::composite_type, Kind::range_type};
  if (word == "enum") return {Kind::enum_type};
  if (word == "domain") return {Kind::domain};
  if (word == "foreign server" || word == "server") return {Kind::foreign_server};
  if (word == "text search dictionary") return {Kind::text_search_dictionary};
  if (word == "text search configuration") return {Kind::text_search_configuration};
  if (word == "sequence") return {Kind::sequence};
  if (word == "view") return {Kind::view};
  if (word == "materialized view") return {Kind::materialized_view};
  if (word == "function" || word == "routine" || word == "procedure") return {Kind::function};
  if (word == "aggregate") return {Kind::aggregate};
  if (word == "index") return {Kind::index};
  if (word == "statistics") return {Kind::statistics};
  if (word == "publication") return {Kind::publication};
  if (word == "event trigger") return {Kind::event_trigger};
  if (word == "trigger") return {Kind::trigger};
  if (word == "policy") return {Kind::policy};
  if (word == "rule") return {Kind::rule};
  if (word == "operator") return {Kind::operator_};
  if (word == "cast") return {Kind::cast};
  if (word == "constraint") return {Kind::primary_key, Kind::unique, Kind::check, Kind::foreign_key, Kind::exclude};
  return {};
}

/// The name as it was written: `app.t.c`.
std::string path_text(const ast::ObjectName& name) {
  std::string text;
  for (const ast::Name& part : name.path) text += (text.empty() ? "" : ".") + quoted(part.text);
  return text;
}

}  // namespace

// ---- name resolution ------------------------------------------------------------------------------------------------

ObjectPtr CatalogWorld::find(const ObjectKey& key) const {
  return before_ ? catalog_.before(key) : catalog_.pointer(key);
}

ObjectKey CatalogWorld::root_of(ObjectKey table) const {
  for (;;) {
    const ObjectPtr object = find(table);
    const auto* shell = object ? std::get_if<Table>(object.get()) : nullptr;
    if (shell == nullptr || !shell->partition_of) return table;
    table = shell->partition_of->table;
  }
}

std::optional<ObjectKey> CatalogWorld::relation_named(const std::string& schema, const std::string& name) const {
  const auto in_schema = [&](const std::string& where) -> std::optional<ObjectKey> {
    if (on_demand) on_demand(where, name);
    ObjectKey key = keyed(Kind::table, where, name);
    for (const Kind kind : relation_kinds) {
      key.kind = kind;
      if (find(key)) return key;
    }
    return std::nullopt;
  };
  if (!schema.empty()) return in_schema(schema);
  for (const std::string& where : search_path_) {
    if (auto found = in_schema(where)) return found;
  }
  return std::nullopt;
}

std::optional<sql::Relation> CatalogWorld::relation(const std::string& schema, const std::string& name) const {
  const auto key = relation_named(schema, name);
  if (!key) return std::nullopt;
  const ObjectPtr object = find(*key);
  sql::Relation relation{*key, {}, true};
  if (const auto* view = std::get_if<View>(object.get())) relation.columns = view->output;
  if (const auto* view = std::get_if<MaterializedView>(object.get())) relation.columns = view->output;
  if (const auto* table = std::get_if<ForeignTable>(object.get())) {
    for (const ForeignColumn& each : table->columns)
      relation.columns.push_back({each.column.name, each.column.type.text});
  }
  if (key->kind == Kind::table) {
    const ObjectKey root = root_of(*key);
    if (root != *key) relation.columns_of = root;
    for (const ObjectKey& child : before_ ? catalog_.children_before(root) : catalog_.children(root)) {
      if (child.kind != Kind::column) continue;
      const ObjectPtr object_of_child = find(child);
      const auto& column = std::get<Column>(*object_of_child);
      if (!column.hidden) relation.columns.push_back({column.name, column.type.text});
    }
  }
  relation.columns_known = key->kind == Kind::table || key->kind == Kind::foreign_table || !relation.columns.empty();
  return relation;
}

std::vector<sql::Routine> CatalogWorld::routines(const std::string& schema, const std::string& name) const {
  std::vector<sql::Routine> found;
  const auto in_schema = [&](const std::string& where) {
    for (const ObjectKey& key : catalog_.routines_named(where, name, before_)) {
      const ObjectPtr object = find(key);
      if (!object) continue;
      if (const auto* aggregate = std::get_if<Aggregate>(object.get())) {
        const auto commas = std::count(key.part.str().begin(), key.part.str().end(), ',');
        const std::size_t parameters = key.part.empty() ? 0 : static_cast<std::size_t>(commas) + 1;
        const bool variadic = aggregate->arguments.find("variadic ") != std::string::npos;
        found.push_back({key, aggregate->result, parameters, parameters - (variadic ? 1 : 0), variadic, 'a', 'i'});
        continue;
      }
      const auto& function = std::get<Function>(*object);
      sql::Routine routine{key, function.result, 0, 0, false, function.procedure ? 'p' : 'f', function.volatility};
      routine.parameters = function.parameters;
      routine.required = function.required_parameters;
      routine.variadic = function.variadic;
      found.push_back(std::move(routine));
    }
  };
  if (!schema.empty()) {
    in_schema(schema);
  } else {
    for (const std::string& where : search_path_) in_schema(where);
  }
  return found;
}

std::optional<ObjectKey> CatalogWorld::type(const std::string& schema, const std::string& name) const {
  const auto in_schema = [&](const std::string& where) -> std::optional<ObjectKey> {
    for (const Kind kind : {Kind::enum_type, Kind::domain, Kind::composite_type, Kind::range_type, Kind::table,
                            Kind::foreign_table, Kind::view, Kind::materialized_view}) {
      if (find(keyed(kind, where, name))) return keyed(kind, where, name);
    }
    return range_of(where, name);
  };
  if (!schema.empty()) return in_schema(schema);
  for (const std::string& where : search_path_) {
    if (auto found = in_schema(where)) return found;
  }
  return std::nullopt;
}

std::optional<ObjectKey> CatalogWorld::collation(const std::string& schema, const std::string& name) const {
  for (const std::string& where : schema.empty() ? search_path_ : std::vector<std::string>{schema}) {
    if (find(keyed(Kind::collation, where, name))) return keyed(Kind::collation, where, name);
  }
  return std::nullopt;
}

std::optional<ObjectKey> CatalogWorld::range_of(const std::string& schema, const std::string& multirange) const {
  for (const ObjectKey& key : catalog_.keys(Kind::range_type)) {
    const ObjectPtr object = key.schema == schema ? find(key) : nullptr;
    if (object && std::get<RangeType>(*object).multirange == multirange) return key;
  }
  return std::nullopt;
}

std::vector<OutputColumn> CatalogWorld::fields(const ObjectKey& type) const {
  const ObjectPtr object = find(type);
  std::vector<OutputColumn> fields;
  if (const auto* composite = object ? std::get_if<CompositeType>(object.get()) : nullptr) {
    for (const Attribute& attribute : composite->attributes) fields.push_back({attribute.name, attribute.type.text});
  } else if (object && !is_type(type.kind)) {
    if (auto row = relation(type.schema, type.name)) fields = std::move(row->columns);
  }
  return fields;
}

std::string CatalogWorld::subtype(const ObjectKey& type) const {
  const ObjectPtr object = find(type);
  const auto* range = object ? std::get_if<RangeType>(object.get()) : nullptr;
  return range == nullptr ? std::string{} : range->subtype.text;
}

std::string CatalogWorld::base_type(const ObjectKey& type) const {
  const ObjectPtr object = find(type);
  const auto* domain = object ? std::get_if<Domain>(object.get()) : nullptr;
  return domain == nullptr ? std::string{} : domain->type.text;
}

std::vector<std::string> CatalogWorld::values(const ObjectKey& type) const {
  const ObjectPtr object = find(type);
  const auto* enumeration = object ? std::get_if<EnumType>(object.get()) : nullptr;
  return enumeration == nullptr ? std::vector<std::string>{} : enumeration->values;
}

bool CatalogWorld::schema_exists(const std::string& schema) const {
  return schema == "public" || schema == "pg_catalog" || schema == "information_schema" || schema == "pg_temp" ||
         find(keyed(Kind::schema, {}, schema)) != nullptr;
}

bool CatalogWorld::has_extensions() const { return catalog_.has(Kind::extension) || catalog_.expects_unlisted(); }

std::vector<std::string> CatalogWorld::names_like(Kind kind) const {
  std::vector<std::string> names;
  const auto add = [&](Kind of) {
    for (const ObjectKey& key : catalog_.keys(of)) {
      names.push_back(quoted(key.schema, key.name));
      names.push_back(quoted(key.name));
    }
  };
  if (kind == Kind::table) {
    for (const Kind of : relation_kinds) add(of);
  } else if (kind == Kind::enum_type) {
    for (const Kind of : {Kind::enum_type, Kind::domain, Kind::composite_type, Kind::range_type}) add(of);
  } else {
    add(kind);
  }
  return names;
}

// ---- declaring ------------------------------------------------------------------------------------------------------

Declaring::Declaring(const SourceSet& all_sources, Catalog& growing, Diagnostics& sink)
    : sources(all_sources),
      catalog(growing),
      diagnostics(sink),
      world(growing, search_path, false),
      old_world(growing, search_path, true) {
  declared_here.max_load_factor(0.25F);  // asked for names that are free, mostly: an empty bucket answers at once
  world.on_demand = [this](const std::string& schema, const std::string& name) {
    const auto pending = pending_views.find({schema, name});
    if (pending == pending_views.end()) return;
    const std::function<void()> declare_it = pending->second;
    pending_views.erase(pending);
    declare_it();
  };
}

Span Declaring::span_in(const ast::Sql& text, std::size_t begin, std::size_t end) {
  const auto size = static_cast<std::size_t>(text.span.end - text.span.begin);
  const auto written = [&](std::size_t at) {
    return at > text.added_at ? std::max(text.added_at, at - text.added) : at;
  };
  begin = written(begin);
  end = written(end);
  begin = std::min(begin, size);
  end = std::clamp(end, begin, size);
  return {text.span.file, text.span.begin + static_cast<std::uint32_t>(begin),
          text.span.begin + static_cast<std::uint32_t>(end)};
}

sql::Analysis Declaring::analyze(Form form, const ast::Sql& text, const std::vector<sql::Visible>& visible,
                                 bool use_old_world) {
  sql::Analysis analysis = sql::analyze(form, text.text, use_old_world ? old_world : world, visible);
  for (const sql::Problem& problem : analysis.problems) {
    auto report = diagnostics.add(problem.code, span_in(text, problem.begin, problem.end), "{}", problem.message);
    if (!problem.hint.empty()) report.hint("{}", problem.hint);
  }
  for (const sql::NewerCall& call : analysis.newer)
    needs_postgres(call.version, span_in(text, call.begin, call.end), "`" + call.name + "()`", "");
  return analysis;
}

sql::Analysis Declaring::analyze_part(Form form, const ast::Sql& whole, std::size_t begin, const std::string& text,
                                      const std::vector<sql::Visible>& visible) {
  ast::Sql part{text, span_in(whole, begin, begin + text.size())};
  return analyze(form, part, visible);
}

TypeName Declaring::type_name(const ast::Sql& text, bool* is_serial) {
  sql::TypeAnalysis analysis = sql::analyze_type(text.text, world);
  for (const sql::Problem& problem : analysis.problems) {
    auto report = diagnostics.add(problem.code, span_in(text, problem.begin, problem.end), "{}", problem.message);
    if (!problem.hint.empty()) report.hint("{}", problem.hint);
  }
  if (is_serial != nullptr) *is_serial = analysis.is_serial;
  if (!analysis.type.declared && analysis.type.text.find("multirange") != std::string::npos)
    needs_postgres(14, text.span, "a multirange type", "use an array of the range type");
  if (const auto* range = analysis.type.declared ? catalog.get<RangeType>(*analysis.type.declared) : nullptr) {
    const bool multirange = !analysis.type.text.starts_with(quoted(range->schema, range->name)) ||
                            range->multirange.starts_with(range->name);
    if (multirange && analysis.type.text.starts_with(quoted(range->schema, range->multirange)))
      needs_postgres(14, text.span, "a multirange type", "use an array of the range type");
  }
  return analysis.type;
}

TypeName Declaring::type_name_part(const ast::Sql& whole, std::size_t begin, const std::string& text) {
  return type_name({text, span_in(whole, begin, begin + text.size())});
}

void Declaring::syntax_error(const ast::Sql& text, std::size_t offset, const std::string& message) {
  std::size_t end = offset;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  while (end < text.text.size() && is_word(text.text[end])) ++end;
  if (end == offset) end = std::min(offset + 1, text.text.size());
  diagnostics.add(codes::sql_syntax, span_in(text, offset, end), "{}", message);
}

std::string Declaring::schema_for_new(const ast::QualifiedName& name) {
  if (!name.schema) return search_path.empty() ? "public" : search_path.front();
  const std::string& schema = name.schema->text;
  if (!world.schema_exists(schema) && unknown_schemas.insert(schema).second) {
    std::vector<std::string> known{"public"};
    for (const ObjectKey& key : catalog.keys(Kind::schema)) known.push_back(key.name);
    auto report = diagnostics.add(codes::unknown_schema, name.schema->span, "schema `{}` is not declared", schema);
    if (const auto near = closest(schema, known)) {
      report.hint("`{}` is declared and has a similar name", *near);
    } else {
      report.hint("declare it with `schema {};`", quoted(schema));
    }
  }
  return schema;
}

std::optional<ObjectKey> Declaring::existing_relation(const ast::QualifiedName& name, std::initializer_list<Kind> kinds,
                                                      bool use_old_world) {
  const CatalogWorld& where = use_old_world ? old_world : world;
  const auto relation = where.relation_named(name.schema ? name.schema->text : std::string{}, name.name.text);
  const std::string written = name.schema ? quoted(name.schema->text, name.name.text) : quoted(name.name.text);
  if (!relation) {
    if (name.schema && !world.schema_exists(name.schema->text) && !old_world.schema_exists(name.schema->text)) {
      schema_for_new(name);
      return std::nullopt;
    }
    if (use_old_world && world.relation_named(name.schema ? name.schema->text : std::string{}, name.name.text)) {
      diagnostics.add(codes::unknown_table, name.span, "table `{}` is not there before this migration", written);
      return std::nullopt;
    }
    auto report = diagnostics.add(codes::unknown_table, name.span, "table `{}` is not declared", written);
    if (const auto near = closest(written, where.names_like(Kind::table))) {
      report.hint("`{}` is declared and has a similar name", *near);
    }
    return std::nullopt;
  }
  if (std::find(kinds.begin(), kinds.end(), relation->kind) == kinds.end()) {
    diagnostics.add(codes::bad_option, name.span, "`{}` is a {}, which does not fit here", written,
                    name_of(relation->kind));
    return std::nullopt;
  }
  return *relation;
}

std::optional<ObjectKey> Declaring::existing_table(const ast::QualifiedName& name, bool use_old_world) {
  const auto key = existing_relation(name, {Kind::table}, use_old_world);
  if (!key) return std::nullopt;
  const ObjectKey root = (use_old_world ? old_world : world).root_of(*key);
  if (root == *key) return key;
  is_partition(*key, root, name.span);
  return std::nullopt;
}

void Declaring::is_partition(const ObjectKey& partition, const ObjectKey& table, Span span) {
  diagnostics
      .add(codes::bad_option, span, "`{}` is a partition: it has the columns, the rules and the rows of `{}`",
           quoted(partition.schema, partition.name), quoted(table.schema, table.name))
      .hint("name `{}` here", quoted(table.schema, table.name));
}

std::optional<ObjectKey> Declaring::existing_object(const ast::ObjectName& name) {
  const std::vector<Kind> kinds = kinds_called(name.kind.text);
  if (kinds.empty()) {
    later(name.span, std::string(later_construct(name.kind.text)));
    return std::nullopt;
  }
  if (kinds.front() == Kind::cast || kinds.front() == Kind::operator_) {
    const auto found = kinds.front() == Kind::cast ? existing_cast(name, *this) : existing_operator(name, *this);
    return found ? found : not_declared(name);
  }
  if (name.path.empty()) return not_declared(name);
  const bool is_part = std::any_of(kinds.begin(), kinds.end(), [](Kind kind) {
    return kind == Kind::column || kind == Kind::trigger || kind == Kind::policy || kind == Kind::rule ||
           kind == Kind::check;
  });
  if (is_part) return existing_part(name, kinds);

  const std::vector<std::string> schemas =
      name.path.size() > 1 ? std::vector<std::string>{name.path.front().text} : search_path;
  const std::string& last = name.path.back().text;
  for (const Kind kind : kinds) {
    if (has_arguments(kind)) return existing_routine(name, schemas);
    if (kind == Kind::schema || kind == Kind::extension || kind == Kind::publication || kind == Kind::event_trigger ||
        kind == Kind::foreign_server || kind == Kind::foreign_data_wrapper) {
      const ObjectKey key = keyed(kind, {}, last);
      if (catalog.find(key) != nullptr || (kind == Kind::schema && last == "public")) return key;
      continue;
    }
    for (const std::string& schema : schemas) {
      const ObjectKey key = keyed(kind, schema, last);
      if (catalog.find(key) != nullptr) return key;
    }
  }
  return not_declared(name);
}

std::nullopt_t Declaring::not_declared(const ast::ObjectName& name) {
  diagnostics.add(codes::unknown_object, name.span, "{} `{}` is not declared", name.kind.text,
                  path_text(name) + (name.arguments ? "(" + name.arguments->text + ")" : ""));
  return std::nullopt;
}

std::optional<ObjectKey> Declaring::existing_part(const ast::ObjectName& name, const std::vector<Kind>& kinds) {
  ast::QualifiedName table;
  if (name.on) {
    table = *name.on;
  } else {
    if (name.path.size() < 2) {
      const std::string path = path_text(name);
      diagnostics.add(codes::unknown_object, name.span, "{} `{}` needs its table: `{} on table` or `table.{}`",
                      name.kind.text, path, path, path);
      return std::nullopt;
    }
    table.name = name.path[name.path.size() - 2];
    if (name.path.size() > 2) table.schema = name.path[name.path.size() - 3];
    table.span = {name.span.file, name.path.front().span.begin, table.name.span.end};
  }
  const auto relation =
      existing_relation(table, {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view});
  if (!relation) return std::nullopt;
  if (const ObjectKey root = world.root_of(*relation); root != *relation) {
    is_partition(*relation, root, table.span);
    return std::nullopt;
  }
  const ast::Name& last = name.path.back();
  for (const Kind kind : kinds) {
    const ObjectKey key = keyed(kind, relation->schema, relation->name, last.text);
    if (catalog.find(key) != nullptr) return key;
  }
  if (kinds.front() != Kind::column) return not_declared(name);
  std::vector<std::string> columns;
  for (const OutputColumn& column : this->relation(*relation).columns) columns.push_back(column.name);
  if (relation->kind != Kind::table && std::find(columns.begin(), columns.end(), last.text) != columns.end()) {
    return keyed(Kind::column, relation->schema, relation->name, last.text);
  }
  auto report = diagnostics.add(codes::unknown_column, last.span, "`{}` has no column `{}`",
                                quoted(relation->schema, relation->name), last.text);
  if (const auto near = closest(last.text, columns)) report.hint("it has `{}`", *near);
  return std::nullopt;
}

bool Declaring::is_called(const ObjectKey& routine, const std::string& word) const {
  if (word == "routine" || routine.kind == Kind::aggregate) return word == "routine" || word == "aggregate";
  const auto* function = catalog.get<Function>(routine);
  return (function != nullptr && function->procedure == (word == "procedure"));
}

std::optional<ObjectKey> Declaring::existing_routine(const ast::ObjectName& name,
                                                     const std::vector<std::string>& schemas) {
  for (const std::string& schema : schemas) {
    std::vector<ObjectKey> all = catalog.routines_named(schema, name.path.back().text, false);
    std::erase_if(all, [&](const ObjectKey& one) { return !is_called(one, name.kind.text); });
    if (name.arguments) {
      const std::string wanted = signature_of(*name.arguments);
      for (const ObjectKey& one : all) {
        if (one.part == wanted) return one;
      }
    } else if (all.size() == 1) {
      return all.front();
    } else if (all.size() > 1) {
      auto report =
          diagnostics.add(codes::unknown_object, name.span, "{} `{}` is ambiguous", name.kind.text, path_text(name));
      for (const ObjectKey& one : all) report.note("there is `{}`", sql_name(one));
      return std::nullopt;
    }
  }
  return not_declared(name);
}

namespace {

/// `text` without its first word.
std::string_view without_word(std::string_view text) {
  const std::size_t end = text.find_first_of(" \t\r\n");
  const std::size_t next = end == std::string_view::npos ? end : text.find_first_not_of(" \t\r\n", end);
  return next == std::string_view::npos ? std::string_view() : text.substr(next);
}

}  // namespace

/// The type of one argument, which may stand behind a mode and a name (manual 15, DROP FUNCTION); nothing for one that
/// is only a result. A type that this file drops is still known by its name.
std::optional<std::string> Declaring::argument_type(std::string_view argument) {
  const std::string mode = folded(argument.substr(0, argument.find_first_of(" \t\r\n")));
  if (mode == "out" && !without_word(argument).empty()) return std::nullopt;
  if (mode == "in" || mode == "inout" || mode == "variadic") {
    if (const std::string_view rest = without_word(argument); !rest.empty()) argument = rest;
  }
  const std::string_view unnamed = without_word(argument);
  for (const std::string_view text : {argument, unnamed}) {
    if (text.empty()) continue;
    for (const CatalogWorld* where : {&world, &old_world}) {
      const sql::TypeAnalysis found = sql::analyze_type(text, *where);
      if (found.problems.empty()) return without_modifier(found.type.text);
    }
  }
  return without_modifier(sql::analyze_type(argument, world).type.text);
}

std::string Declaring::signature_of(const ast::Sql& arguments) {
  std::string signature;
  const std::string text = folded(arguments.text);  // as long as the text; only for looking words up
  std::size_t begin = 0;
  int depth = 0;
  const auto take = [&](std::size_t end) {
    std::size_t first = text.find_first_not_of(" \t\r\n", begin);
    if (first == std::string::npos || first >= end) return;
    std::size_t last = end;
    while (last > first && (text[last - 1] == ' ' || text[last - 1] == '\n')) --last;
    const std::string_view argument = std::string_view(arguments.text).substr(first, last - first);
    if (argument == "*") return;  // of an aggregate
    if (const auto type = argument_type(argument)) signature += (signature.empty() ? "" : ", ") + *type;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    constexpr std::string_view order = " order by ";
    if (c == ',' && depth == 0) {
      take(i);
      begin = i + 1;
    } else if (depth == 0 && text.compare(i, order.size(), order) == 0) {
      take(i);
      begin = i + order.size();
    }
  }
  take(text.size());
  return signature;
}

sql::Relation Declaring::relation(const ObjectKey& key, bool use_old_world) const {
  const CatalogWorld& where = use_old_world ? old_world : world;
  if (auto relation = where.relation(key.schema, key.name)) return std::move(*relation);
  return {key, {}, false};
}

bool Declaring::declare(Object object, Span name_span) {
  const ObjectKey key = key_of(object);
  const auto [earlier, is_new] = declared_here.emplace(key, name_span);
  if (!is_new) {
    diagnostics.add(codes::duplicate_name, name_span, "{} is declared twice", describe(key))
        .note(earlier->second, "declared here first");
    return false;
  }
  catalog.put(std::move(object));
  receive_privileges(key, *this);
  return true;
}

bool Declaring::needs_postgres(int version, Span span, const std::string& feature, const std::string& alternative) {
  if (oldest_postgres >= version) return true;
  auto report =
      diagnostics.add(codes::needs_newer_postgres, span, "{} needs PostgreSQL {}, and this migration must run on {}",
                      feature, version, oldest_postgres);
  if (alternative.empty()) {
    report.hint("raise the target with `requires postgres >= {};`", version);
  } else {
    report.hint("{}; or raise the target with `requires postgres >= {};`", alternative, version);
  }
  return false;
}

void Declaring::later(Span span, const std::string& construct) {
  diagnostics.add(codes::later_construct, span, "{} is not planned by this version of godwit", construct)
      .hint("write it as SQL: `sql 'title' {{ up $$ … $$; down $$ … $$; }}`");
}

std::string Declaring::free_relation_name(const std::string& schema, const std::string& table,
                                          const std::string& columns, const std::string& suffix) const {
  for (int number = 0;; ++number) {
    const std::string name =
        default_object_name(table, columns, number == 0 ? suffix : suffix + std::to_string(number));
    const auto taken = [&](const ObjectKey& key) { return declared_here.contains(key); };
    if (!taken(keyed(Kind::index, schema, name)) && !taken(keyed(Kind::unique, schema, table, name)) &&
        !taken(keyed(Kind::primary_key, schema, table, name)) && !taken(keyed(Kind::exclude, schema, table, name)) &&
        !taken(keyed(Kind::check, schema, table, name)) && !taken(keyed(Kind::foreign_key, schema, table, name))) {
      return name;
    }
  }
}

}  // namespace godwit::kinds
