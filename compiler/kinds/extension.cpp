// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/extension.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"
#include "compiler/model/ledger.h"

namespace godwit::kinds {

namespace {}  // namespace

std::string made_extension_mark(const Extension& x) {
  return quoted("godwit_kept", std::string(truncated("made_extension_" + x.name, max_identifier_bytes)));
}

std::optional<ObjectKey> parent(const Extension&) { return std::nullopt; }

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
  if (x.required) {
    const std::string absent =
        "do $$ begin\n  if not exists (select from pg_catalog.pg_extension where extname = " + literal(x.name) +
        ") then\n    " + sql + ";\n    create table " + made_extension_mark(x) + " ();\n  end if;\nend $$";
    return {{"make room for what is kept", ledger::kept_schema_sql(), {}, Work::instant},
            {name + " when it is absent", absent, {}, Work::instant}};
  }
  return {{name, std::move(sql), {}, Work::instant}};
}

Statements drop(const Extension& x) {
  const std::string sql = "drop extension " + quoted(x.name);
  if (x.required) {
    const std::string made = "do $$ begin\n  if to_regclass(" + literal(made_extension_mark(x)) +
                             ") is not null then\n    " + sql + ";\n    drop table " + made_extension_mark(x) +
                             ";\n  end if;\nend $$";
    return {{sql + " when this migration made it", made, {}, Work::instant}};
  }
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

std::optional<std::string> part(const Extension&) { return std::nullopt; }

std::string verify(const Extension& x) {
  std::string sql = "exists (select from pg_catalog.pg_extension where extname = " + literal(x.name);
  if (!x.schema.empty()) sql += " and extnamespace = to_regnamespace(" + literal(quoted(x.schema)) + ")";
  if (!x.version.empty()) sql += " and extversion = " + literal(x.version);
  return sql + ")";
}

void declare_required_extensions(const ast::Header& header, Declaring& d) {
  for (const ast::RequiredExtension& required : header.required_extensions) {
    Extension extension{required.name.text, {}, {}, true, {required.span}};
    if (d.catalog.find(key(extension)) == nullptr) d.declare(std::move(extension), required.name.span);
  }
}

void declare(const ast::Extension& item, Declaring& d, Pass pass) {
  if (pass != Pass::schemas) return;
  Extension extension{item.name.text,
                      item.schema ? item.schema->text : "",
                      item.version ? item.version->value : "",
                      false,
                      {item.name.span}};
  if (const auto* existing = d.catalog.get<Extension>(key(extension))) {
    // What a later declaration leaves out stays as it is.
    if (extension.schema.empty()) extension.schema = existing->schema;
    if (extension.version.empty()) extension.version = existing->version;
  }
  d.declare(std::move(extension), item.name.span);
}

}  // namespace godwit::kinds
