// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/extension.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"

namespace godwit::kinds {

namespace {

ObjectKey key(const Extension& x) {
  return {Kind::extension, {}, x.name, {}, Kind::schema, {}};
}

}  // namespace

std::optional<ObjectKey> parent(const Extension&) {
  return std::nullopt;
}

void needs(const Extension& x, std::vector<Need>& out) {
  if (!x.schema.empty()) need(schema_key(x.schema), out);
}

void rename(Extension& x, const Renames& renames, RenamedBy) {
  x.name = renamed_key(key(x), renames).name;
  if (!x.schema.empty()) x.schema = renamed_key(schema_key(x.schema), renames).name;
}

Statements create(const Extension& x, const Parts&) {
  const std::string name = "create extension " + quoted(x.name);
  std::string sql = name;
  if (!x.schema.empty()) sql += " schema " + quoted(x.schema);
  if (!x.version.empty()) sql += " version " + literal(x.version);
  return {{name, std::move(sql), {}, Work::instant}};
}

Statements drop(const Extension& x) {
  const std::string sql = "drop extension " + quoted(x.name);
  return {{sql, sql, {}, Work::instant}};
}

Alteration alter(const Extension& from, const Extension& to) {
  Alteration result;
  const std::string name = "alter extension " + quoted(to.name);
  if (from.version != to.version && !to.version.empty()) {
    const std::string sql = name + " update to " + literal(to.version);
    result.statements.push_back({sql, sql, {}, Work::instant});
  }
  if (from.schema != to.schema && !to.schema.empty()) {
    const std::string sql = name + " set schema " + quoted(to.schema);
    result.statements.push_back({sql, sql, {}, Work::instant});
  }
  return result;
}

std::optional<std::string> part(const Extension&) {
  return std::nullopt;
}

std::string verify(const Extension& x) {
  std::string sql = "exists (select from pg_catalog.pg_extension where extname = " + literal(x.name);
  if (!x.schema.empty()) sql += " and extnamespace = to_regnamespace(" + literal(quoted(x.schema)) + ")";
  if (!x.version.empty()) sql += " and extversion = " + literal(x.version);
  return sql + ")";
}

void declare(const ast::Extension& item, Declaring& d, Pass pass) {
  if (pass != Pass::schemas) return;
  Extension extension{
      item.name.text, item.schema ? item.schema->text : "", item.version ? item.version->value : "", {item.name.span}};
  if (const auto* existing = d.catalog.get<Extension>(key(extension))) {
    // What a later declaration leaves out stays as it is.
    if (extension.schema.empty()) extension.schema = existing->schema;
    if (extension.version.empty()) extension.version = existing->version;
    if (extension.version != existing->version) {
      d.later(item.version->span, "updating an extension");
      return;
    }
    if (extension.schema != existing->schema) {
      d.later(item.schema->span, "moving an extension to another schema");
      return;
    }
  }
  d.declare(std::move(extension), item.name.span);
}

}  // namespace godwit::kinds
