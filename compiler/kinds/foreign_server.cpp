// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/foreign_server.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/foreign_options.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {

std::string name_of(const ForeignServer& x) { return "server " + quoted(x.name); }

}  // namespace

std::optional<ObjectKey> parent(const ForeignServer&) { return std::nullopt; }

void needs(const ForeignServer& x, std::vector<Need>& out) {
  if (x.wrapper_object) need(*x.wrapper_object, out);
}

void rename(ForeignServer&, const Renames&, RenamedBy) {}

Statements create(const ForeignServer& x, const Parts&) {
  const std::string name = "create " + name_of(x);
  std::string sql = name;
  if (!x.type.empty()) sql += " type " + literal(x.type);
  if (!x.version.empty()) sql += " version " + literal(x.version);
  sql += "\n    foreign data wrapper " + quoted(x.wrapper);
  if (!x.options.empty()) sql += "\n    " + foreign_options(x.options);
  return {{name, sql, {}, Work::instant}};
}

Statements drop(const ForeignServer& x) {
  const std::string sql = "drop " + name_of(x);
  return {{sql, sql, {}, Work::instant}};
}

// PostgreSQL gives a server no other type or wrapper, and takes no version away.
Alteration alter(const ForeignServer& from, const ForeignServer& to) {
  if (from.type != to.type || from.wrapper != to.wrapper || (!from.version.empty() && to.version.empty()))
    return {true, false, {}};
  std::string sql = "alter " + name_of(to);
  if (from.version != to.version) sql += " version " + literal(to.version);
  if (from.options != to.options) sql += "\n    " + changed_foreign_options(from.options, to.options);
  return {false, false, {{"change " + name_of(to), sql, {}, Work::instant}}};
}

std::optional<std::string> part(const ForeignServer&) { return std::nullopt; }

std::string verify(const ForeignServer& x) {
  return "exists (select from pg_catalog.pg_foreign_server s join pg_catalog.pg_foreign_data_wrapper w on w.oid = "
         "s.srvfdw where s.srvname = " +
         literal(x.name) + " and w.fdwname = " + literal(x.wrapper) +
         " and coalesce(s.srvtype, '') = " + literal(x.type) +
         " and coalesce(s.srvversion, '') = " + literal(x.version) +
         " and coalesce(s.srvoptions, '{}') = " + stored_options(x.options) + ")";
}

void declare_foreign_server(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name || pass != Pass::types) return;
  const auto text = sql::parse_foreign_server(item.text.text);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  if (item.name->schema) {
    d.diagnostics.add(codes::bad_option, item.name->span, "a server belongs to the database, to no schema");
    return;
  }
  check_options(text->options, item.text.span, d);
  const ObjectKey wrapper{Kind::foreign_data_wrapper, {}, text->wrapper, {}, Kind::schema, {}};
  const ObjectKey extension{Kind::extension, {}, text->wrapper, {}, Kind::schema, {}};
  const bool declared = d.catalog.find(wrapper) != nullptr;
  if (!declared && !d.world.has_extensions() && !d.world.has_unlisted()) {
    d.diagnostics
        .add(codes::unknown_object, item.text.span, "foreign data wrapper `{}` is made by nothing in the specs",
             text->wrapper)
        .hint("declare it, `foreign data wrapper {};`, or the extension that has it", quoted(text->wrapper));
  }
  ForeignServer server{item.name->name.text, text->type,       text->version, text->wrapper, {},
                       text->options,        {item.name->span}};
  if (declared) {
    server.wrapper_object = wrapper;
  } else if (d.catalog.find(extension) != nullptr) {
    server.wrapper_object = extension;
  }
  d.declare(std::move(server), item.name->span);
}

}  // namespace godwit::kinds
