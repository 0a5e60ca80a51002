// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/schema.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"

#include <variant>

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Schema&) { return std::nullopt; }

void needs(const Schema&, std::vector<Need>&) {}

void rename(Schema& x, const Renames& renames, RenamedBy) { x.name = renamed_key(schema_key(x.name), renames).name; }

Statements create(const Schema& x, const Parts&) {
  const std::string sql = "create schema " + quoted(x.name);
  return {{sql, sql, {}, Work::instant}};
}

Statements drop(const Schema& x) {
  const std::string sql = "drop schema " + quoted(x.name);
  return {{sql, sql, {}, Work::instant}};
}

// A schema has nothing but its name.
Alteration alter(const Schema&, const Schema&) { return {}; }

std::optional<std::string> part(const Schema&) { return std::nullopt; }

std::string verify(const Schema& x) { return "to_regnamespace(" + literal(quoted(x.name)) + ") is not null"; }

void declare(const ast::Schema& item, Declaring& d, Pass pass) {
  const ObjectKey key = schema_key(item.name.text);
  if (pass == Pass::schemas) {
    if (item.name.text == "godwit" || item.name.text == "godwit_kept" || item.name.text.starts_with("godwit_kept_") ||
        item.name.text.starts_with("pg_")) {
      d.diagnostics.add(codes::reserved_name, item.name.span, "the schema name `{}` is reserved", item.name.text)
          .note(
              "`godwit`, `godwit_kept` and `godwit_kept_…` hold what godwit itself records and keeps, `pg_…` belongs "
              "to PostgreSQL");
      return;
    }
    if (item.name.text == "public") return;  // always there, never made or dropped
    d.declare(Schema{item.name.text, {item.name.span}}, item.name.span);
  }
  if (pass != Pass::satellites || (d.catalog.find(key) == nullptr && key.name != "public")) return;
  for (const ast::TableItem& part : item.items) {
    if (const auto* owner = std::get_if<ast::OwnerClause>(&part)) declare_owner(*owner, key, d);
    if (const auto* comment = std::get_if<ast::CommentClause>(&part))
      declare_comment(comment->text, comment->span, key, d);
    if (const auto* grant = std::get_if<ast::GrantClause>(&part)) declare_grant(*grant, key, d);
  }
}

}  // namespace godwit::kinds
