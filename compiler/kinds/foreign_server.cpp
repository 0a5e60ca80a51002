// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/foreign_server.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

std::string name_of(const ForeignServer& x) { return "server " + quoted(x.name); }

std::string option(const std::pair<std::string, std::string>& one) {
  return quoted(one.first) + ' ' + literal(one.second);
}

/// ` options (add a '1', set b '2', drop c)`; nothing where they are the same.
std::string changed_options(const Options& from, const Options& to) {
  const auto named = [](const Options& list, const std::string& name) {
    return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == name; });
  };
  std::vector<std::string> changes;
  for (const auto& one : from) {
    if (named(to, one.first) == to.end()) changes.push_back("drop " + quoted(one.first));
  }
  for (const auto& one : to) {
    const auto was = named(from, one.first);
    if (was == from.end()) changes.push_back("add " + option(one));
    if (was != from.end() && was->second != one.second) changes.push_back("set " + option(one));
  }
  return changes.empty() ? "" : "\n    options (" + joined(changes, ", ") + ")";
}

}  // namespace

std::optional<ObjectKey> parent(const ForeignServer&) { return std::nullopt; }

void needs(const ForeignServer& x, std::vector<Need>& out) {
  if (x.extension) need(*x.extension, out);
}

void rename(ForeignServer&, const Renames&, RenamedBy) {}

Statements create(const ForeignServer& x, const Parts&) {
  const std::string name = "create " + name_of(x);
  std::string sql = name;
  if (!x.type.empty()) sql += " type " + literal(x.type);
  if (!x.version.empty()) sql += " version " + literal(x.version);
  sql += "\n    foreign data wrapper " + quoted(x.wrapper);
  std::vector<std::string> options;
  for (const auto& one : x.options) options.push_back(option(one));
  if (!options.empty()) sql += "\n    options (" + joined(options, ", ") + ")";
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
  sql += changed_options(from.options, to.options);
  return {false, false, {{"change " + name_of(to), sql, {}, Work::instant}}};
}

std::optional<std::string> part(const ForeignServer&) { return std::nullopt; }

std::string verify(const ForeignServer& x) {
  std::vector<std::string> options;
  for (const auto& one : x.options) options.push_back(one.first + '=' + one.second);
  std::sort(options.begin(), options.end());
  return "exists (select from pg_catalog.pg_foreign_server s join pg_catalog.pg_foreign_data_wrapper w on w.oid = "
         "s.srvfdw where s.srvname = " +
         literal(x.name) + " and w.fdwname = " + literal(x.wrapper) +
         " and coalesce(s.srvtype, '') = " + literal(x.type) +
         " and coalesce(s.srvversion, '') = " + literal(x.version) +
         " and array(select o collate \"C\" from unnest(s.srvoptions) o order by 1) = " + text_array(options) + ")";
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
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  const auto twice = std::adjacent_find(text->options.begin(), text->options.end(), same);
  if (twice != text->options.end())
    d.diagnostics.add(codes::duplicate_name, item.text.span, "option `{}` stands twice", twice->first);
  if (!d.world.has_extensions() && !d.world.has_unlisted()) {
    d.diagnostics
        .add(codes::unknown_object, item.text.span, "foreign data wrapper `{}` is made by nothing in the specs",
             text->wrapper)
        .hint("declare the extension that has it: `extension {};`", quoted(text->wrapper));
  }
  ForeignServer server{item.name->name.text, text->type,       text->version, text->wrapper, {},
                       text->options,        {item.name->span}};
  const ObjectKey extension{Kind::extension, {}, text->wrapper, {}, Kind::schema, {}};
  if (d.catalog.find(extension) != nullptr) server.extension = extension;
  d.declare(std::move(server), item.name->span);
}

}  // namespace godwit::kinds
