// SPDX-License-Identifier: Apache-2.0
// Values that have parts: fields of composite values and rows, bounds of ranges.
#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/types.h"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace godwit::sql {

namespace {

constexpr auto builtin_subtypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"int4range", "integer"},
    {"int8range", "bigint"},
    {"numrange", "numeric"},
    {"tsrange", "timestamp without time zone"},
    {"tstzrange", "timestamp with time zone"},
    {"daterange", "date"},
});

}  // namespace

NamedFunction function_named(const std::vector<std::string>& path, const std::string& types, const World& world) {
  const std::string schema = path.size() > 1 ? path[path.size() - 2] : std::string();
  NamedFunction found;
  if (schema != "pg_catalog") {
    int best = -1;
    for (const Routine& one : world.routines(schema, path.back())) {
      const std::string& part = one.key.part;
      const std::string first = types.substr(0, types.find(','));
      const int fit = part == types ? 2 : part.substr(0, part.find(',')) == first ? 1 : 0;
      if (one.kind == 'f' && fit > best) found = {one.key, one.result, true};
      best = std::max(best, fit);
    }
  }
  found.known = found.key || ((schema.empty() || schema == "pg_catalog") && !builtins(path.back()).empty()) ||
                world.has_extensions();
  return found;
}

std::optional<ObjectKey> Analyzer::declared(const std::string& type) const {
  const auto name = split_type(type);
  return name ? world_.type(name->first, name->second) : std::nullopt;
}

std::string Analyzer::field_of(const std::string& type, const std::string& name, const Json& body) {
  const auto key = declared(type);
  if (!key || name.empty()) return {};
  const std::vector<OutputColumn> fields = world_.fields(*key);
  std::vector<std::string> names;
  for (const OutputColumn& field : fields) {
    if (field.name == name) return field.type;
    names.push_back(field.name);
  }
  if (names.empty()) return {};
  const std::size_t begin = last_location(body);
  for (std::size_t i = tokens_.at(begin); i + 1 < tokens_.size(); ++i) {
    if (tokens_.spelling(i) != "." || !tokens_.is_name(i + 1) || tokens_.name(i + 1) != name) continue;
    const auto near = closest(name, names);
    problem(codes::unknown_column, tokens_[i + 1].begin, tokens_[i + 1].end,
            fmt::format("`{}` has no attribute `{}`", sql_name(*key), name),
            near ? fmt::format("it has `{}`", *near) : std::string());
    break;
  }
  return {};
}

bool Analyzer::expand_fields(const Json& value, Scope& scope, QueryColumns& out) {
  const Json& steps = field(body_of(value), "indirection");
  const Json& argument = field(body_of(value), "arg");
  if (steps.size() != 1 || !is(argument, "ColumnRef")) return false;
  const std::size_t token = tokens_.at(location_of(body_of(argument)));
  const auto key = declared(expression(argument, scope));
  if (!key || token == 0 || token >= tokens_.size() || tokens_.spelling(token - 1) != "(") return false;
  const std::size_t close = tokens_.closing(token - 1);
  if (close + 2 >= tokens_.size() || tokens_.spelling(close + 2) != "*") return false;
  const std::size_t begin = tokens_[token - 1].begin;
  const std::string base(text_.substr(begin, tokens_[close].end - begin));
  std::string spelled;
  for (const OutputColumn& field : world_.fields(*key)) {
    spelled += (spelled.empty() ? "" : ", ") + base + "." + godwit::quoted(field.name);
    out.columns.push_back({field.name, field.type, std::nullopt});
  }
  if (spelled.empty()) return false;
  stars.push_back({begin, tokens_[close + 2].end, std::move(spelled)});
  return true;
}

std::vector<std::string> Analyzer::told_ranges(const std::vector<std::string>& arguments) const {
  std::vector<std::string> told = arguments;
  for (std::string& type : told) {
    const auto key = declared(type);
    if (!key || key->kind != Kind::range_type) continue;
    type += type == sql_name(*key) ? " range" : " multirange";
  }
  return told;
}

std::string Analyzer::range_result(const std::string& function, const std::vector<std::string>& arguments) const {
  if ((function != "lower" && function != "upper") || arguments.size() != 1) return {};
  for (const auto& [range, subtype] : builtin_subtypes) {
    if (arguments.front() == range) return std::string(subtype);
  }
  const auto key = declared(arguments.front());
  return key && key->kind == Kind::range_type ? world_.subtype(*key) : std::string();
}

std::string Analyzer::constructed(const std::string& schema, const std::string& name, std::size_t arguments,
                                  std::size_t token, std::size_t last) {
  const auto key = world_.type(schema, name);
  if (!key || key->kind != Kind::range_type) return {};
  const bool multirange = key->name != name;
  if (!multirange && (arguments < 2 || arguments > 3)) return {};
  if (last < tokens_.size()) reference(*key, token, last, !schema.empty());
  return multirange ? godwit::quoted(key->schema, name) : sql_name(*key);
}

}  // namespace godwit::sql
