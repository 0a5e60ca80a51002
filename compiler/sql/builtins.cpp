// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/builtins.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace godwit::sql {

namespace {

constexpr auto functions = std::to_array<Builtin>({
#include "compiler/sql/builtins.inc"
});

static_assert(std::is_sorted(functions.begin(), functions.end(),
                             [](const Builtin& a, const Builtin& b) { return a.name < b.name; }));

constexpr auto newer_names = std::to_array<std::pair<std::string_view, int>>({
#include "compiler/sql/builtins_since.inc"
});

static_assert(std::is_sorted(newer_names.begin(), newer_names.end()));

// pg_type of PostgreSQL 15, schema pg_catalog: name and what format_type prints.
constexpr auto types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"aclitem", "aclitem"},
    {"any", "\"any\""},
    {"anyarray", "anyarray"},
    {"anycompatible", "anycompatible"},
    {"anycompatiblearray", "anycompatiblearray"},
    {"anycompatiblemultirange", "anycompatiblemultirange"},
    {"anycompatiblenonarray", "anycompatiblenonarray"},
    {"anycompatiblerange", "anycompatiblerange"},
    {"anyelement", "anyelement"},
    {"anyenum", "anyenum"},
    {"anymultirange", "anymultirange"},
    {"anynonarray", "anynonarray"},
    {"anyrange", "anyrange"},
    {"bit", "bit"},
    {"bool", "boolean"},
    {"box", "box"},
    {"bpchar", "bpchar"},
    {"bytea", "bytea"},
    {"char", "\"char\""},
    {"cid", "cid"},
    {"cidr", "cidr"},
    {"circle", "circle"},
    {"cstring", "cstring"},
    {"date", "date"},
    {"datemultirange", "datemultirange"},
    {"daterange", "daterange"},
    {"event_trigger", "event_trigger"},
    {"fdw_handler", "fdw_handler"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"gtsvector", "gtsvector"},
    {"index_am_handler", "index_am_handler"},
    {"inet", "inet"},
    {"int2", "smallint"},
    {"int2vector", "int2vector"},
    {"int4", "integer"},
    {"int4multirange", "int4multirange"},
    {"int4range", "int4range"},
    {"int8", "bigint"},
    {"int8multirange", "int8multirange"},
    {"int8range", "int8range"},
    {"internal", "internal"},
    {"interval", "interval"},
    {"json", "json"},
    {"jsonb", "jsonb"},
    {"jsonpath", "jsonpath"},
    {"language_handler", "language_handler"},
    {"line", "line"},
    {"lseg", "lseg"},
    {"macaddr", "macaddr"},
    {"macaddr8", "macaddr8"},
    {"money", "money"},
    {"name", "name"},
    {"numeric", "numeric"},
    {"nummultirange", "nummultirange"},
    {"numrange", "numrange"},
    {"oid", "oid"},
    {"oidvector", "oidvector"},
    {"path", "path"},
    {"pg_brin_bloom_summary", "pg_brin_bloom_summary"},
    {"pg_brin_minmax_multi_summary", "pg_brin_minmax_multi_summary"},
    {"pg_ddl_command", "pg_ddl_command"},
    {"pg_dependencies", "pg_dependencies"},
    {"pg_lsn", "pg_lsn"},
    {"pg_mcv_list", "pg_mcv_list"},
    {"pg_ndistinct", "pg_ndistinct"},
    {"pg_node_tree", "pg_node_tree"},
    {"pg_snapshot", "pg_snapshot"},
    {"point", "point"},
    {"polygon", "polygon"},
    {"record", "record"},
    {"refcursor", "refcursor"},
    {"regclass", "regclass"},
    {"regcollation", "regcollation"},
    {"regconfig", "regconfig"},
    {"regdictionary", "regdictionary"},
    {"regnamespace", "regnamespace"},
    {"regoper", "regoper"},
    {"regoperator", "regoperator"},
    {"regproc", "regproc"},
    {"regprocedure", "regprocedure"},
    {"regrole", "regrole"},
    {"regtype", "regtype"},
    {"table_am_handler", "table_am_handler"},
    {"text", "text"},
    {"tid", "tid"},
    {"time", "time without time zone"},
    {"timestamp", "timestamp without time zone"},
    {"timestamptz", "timestamp with time zone"},
    {"timetz", "time with time zone"},
    {"trigger", "trigger"},
    {"tsm_handler", "tsm_handler"},
    {"tsmultirange", "tsmultirange"},
    {"tsquery", "tsquery"},
    {"tsrange", "tsrange"},
    {"tstzmultirange", "tstzmultirange"},
    {"tstzrange", "tstzrange"},
    {"tsvector", "tsvector"},
    {"txid_snapshot", "txid_snapshot"},
    {"unknown", "unknown"},
    {"uuid", "uuid"},
    {"varbit", "bit varying"},
    {"varchar", "character varying"},
    {"void", "void"},
    {"xid", "xid"},
    {"xid8", "xid8"},
    {"xml", "xml"},
});

static_assert(std::is_sorted(types.begin(), types.end()));

std::vector<std::string_view> split(std::string_view arguments) {
  std::vector<std::string_view> parts;
  while (!arguments.empty()) {
    const std::size_t comma = arguments.find(", ");
    parts.push_back(arguments.substr(0, comma));
    if (comma == std::string_view::npos) break;
    arguments.remove_prefix(comma + 2);
  }
  return parts;
}

std::string_view without_modifier(std::string_view type, std::string& storage) {
  const std::size_t open = type.find('(');
  if (open == std::string_view::npos) return type;
  const std::size_t close = type.find(')', open);
  storage = std::string(type.substr(0, open));
  if (close != std::string_view::npos) storage += type.substr(close + 1);
  return storage;
}

// How well an argument fits a parameter: 3 the same type, 2 by PostgreSQL's implicit casts, 1 it may, -1 it cannot.
int fit(std::string_view parameter, std::string_view argument) {
  if (argument.empty()) return 1;
  const bool is_array = argument.ends_with("[]");
  if (argument == "unknown") return parameter == "text" ? 2 : 1;
  std::string storage;
  const std::string_view plain = without_modifier(argument, storage);
  if (parameter == plain) return 3;
  if (parameter == "\"any\"" || parameter == "any") return 2;
  if (parameter == "anyarray" || parameter == "anycompatiblearray") return is_array ? 2 : -1;
  if (parameter == "anynonarray" || parameter == "anycompatiblenonarray") return is_array ? -1 : 2;
  if (parameter == "anymultirange" || parameter == "anycompatiblemultirange")
    return plain.ends_with("multirange") ? 2 : -1;
  if (parameter == "anyrange" || parameter == "anycompatiblerange") {
    return plain.ends_with("range") && !plain.ends_with("multirange") ? 2 : -1;
  }
  if (parameter == "anyenum") return builtin_type(plain).empty() && plain.find('.') != std::string_view::npos ? 1 : -1;
  if (parameter.starts_with("any")) return 2;
  if (is_array || parameter.ends_with("[]")) return -1;
  const auto rank = [](std::string_view type) -> int {
    if (type == "smallint") return 1;
    if (type == "integer") return 2;
    if (type == "bigint") return 3;
    if (type == "numeric") return 4;
    if (type == "real") return 5;
    if (type == "double precision") return 6;
    return 0;
  };
  if (rank(plain) > 0 && rank(parameter) > 0)
    return rank(plain) < rank(parameter) ? (parameter == "double precision" ? 2 : 1) : -1;
  if ((plain == "character varying" || plain == "character" || plain == "bpchar" || plain == "name") &&
      parameter == "text")
    return 2;
  if (plain == "date" && parameter.starts_with("timestamp")) return parameter.ends_with("with time zone") ? 2 : 1;
  if (plain == "timestamp without time zone" && parameter == "timestamp with time zone") return 2;
  if (plain == "time without time zone" && (parameter == "time with time zone" || parameter == "interval")) return 1;
  if (plain == "cidr" && parameter == "inet") return 2;
  if (plain.find('.') != std::string_view::npos)
    return 1;  // a domain or enum of the catalog: its base type is not known here
  const bool both_known = rank(plain) > 0 || plain == "text" || plain == "boolean" || plain == "uuid" ||
                          plain == "json" || plain == "jsonb" || plain == "bytea" || plain == "date" ||
                          plain.starts_with("timestamp") || plain == "interval" || plain.ends_with("range");
  return both_known ? -1 : 1;
}

std::string polymorphic(std::string_view result, const std::vector<std::string_view>& parameters,
                        const std::vector<std::string>& arguments) {
  if (!result.starts_with("any")) return std::string(result);
  for (std::size_t i = 0; i < arguments.size() && !parameters.empty(); ++i) {
    const std::string_view parameter = parameters[std::min(i, parameters.size() - 1)];
    const std::string& argument = arguments[i];
    if (!parameter.starts_with("any") || argument.empty() || argument == "unknown") continue;
    const bool array_parameter = parameter.ends_with("array") && !parameter.ends_with("nonarray");
    const bool array_result = result.ends_with("array") && !result.ends_with("nonarray");
    const bool range = parameter.ends_with("range") || result.ends_with("range");
    if (range && parameter != result) return {};
    if (range && argument.find(' ') != std::string::npos) return argument.substr(0, argument.rfind(' '));
    if (array_parameter == array_result) return argument;
    if (array_result) return argument + "[]";
    return argument.ends_with("[]") ? argument.substr(0, argument.size() - 2) : std::string();
  }
  return {};
}

}  // namespace

std::span<const Builtin> builtins(std::string_view name) {
  const auto before = [](const Builtin& function, std::string_view wanted) { return function.name < wanted; };
  const auto first = std::lower_bound(functions.begin(), functions.end(), name, before);
  auto last = first;
  while (last != functions.end() && last->name == name) ++last;
  return {first, last};
}

BuiltinCall call_builtin(std::string_view name, const std::vector<std::string>& arguments) {
  BuiltinCall call;
  int best = -1;
  std::optional<std::string> result;
  for (const Builtin& function : builtins(name)) {
    const auto parameters = split(function.arguments);
    const bool by_count = function.variadic ? arguments.size() + 1 >= parameters.size()
                                            : arguments.size() <= parameters.size() &&
                                                  arguments.size() + function.defaults >= parameters.size();
    if (!by_count) continue;
    int score = 0;
    for (std::size_t i = 0; i < arguments.size() && score >= 0 && !parameters.empty(); ++i) {
      std::string_view parameter = parameters[std::min(i, parameters.size() - 1)];
      if (function.variadic && i + 1 >= parameters.size() && parameter.ends_with("[]")) parameter.remove_suffix(2);
      const int one = function.variadic && i + 1 >= parameters.size() ? std::max(1, fit(parameter, arguments[i]))
                                                                      : fit(parameter, arguments[i]);
      score = one < 0 ? -1 : score + one;
    }
    // An overload that does not fit still makes the name known: our idea of the types may be wrong, PostgreSQL's is
    // not.
    if (call.found && score < best) continue;
    const std::string type = score < 0 ? std::string() : polymorphic(function.result, parameters, arguments);
    if (!call.found || score > best) {
      call = {true, function.volatility, function.kind, function.returns_set, type};
      best = score;
      continue;
    }
    if (call.volatility != function.volatility) call.volatility = 'm';
    if (call.kind != function.kind) call.kind = 'f';
    call.returns_set = call.returns_set || function.returns_set;
    if (call.result != type) call.result.clear();
  }
  return call;
}

int builtin_since(std::string_view name) {
  const auto found = std::lower_bound(newer_names.begin(), newer_names.end(), name,
                                      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found == newer_names.end() || found->first != name ? 13 : found->second;
}

std::vector<std::string> builtin_names_like(std::string_view name) {
  std::vector<std::string> names;
  for (const Builtin& function : functions) {
    if (function.name.substr(0, 1) == name.substr(0, 1) && (names.empty() || names.back() != function.name)) {
      names.emplace_back(function.name);
    }
  }
  return names;
}

std::string_view builtin_type(std::string_view name) {
  const auto found = std::lower_bound(types.begin(), types.end(), name,
                                      [](const auto& type, std::string_view wanted) { return type.first < wanted; });
  return found != types.end() && found->first == name ? found->second : std::string_view();
}

bool is_builtin_type(std::string_view type) {
  return std::any_of(types.begin(), types.end(), [type](const auto& one) { return one.second == type; });
}

std::vector<std::string> builtin_type_names() {
  std::vector<std::string> names;
  for (const auto& type : types) names.emplace_back(type.first);
  names.insert(names.end(), {"bigint", "integer", "smallint", "boolean", "serial", "bigserial", "smallserial"});
  return names;
}

}  // namespace godwit::sql
