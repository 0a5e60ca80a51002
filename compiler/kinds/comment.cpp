// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/comment.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/target.h"

namespace godwit::kinds {

namespace {

Statements commented(const Comment& x, const std::string& value) {
  Statement statement{
      "comment on " + describe(x.target), "comment on " + target_sql(x.target) + " is " + value, {}, Work::instant};
  if (const auto relation = locked_relation(x.target))
    statement.locks.push_back({*relation, Lock::share_update_exclusive});
  return {statement};
}

}  // namespace

std::optional<ObjectKey> parent(const Comment& x) {
  if (x.relation) return *x.relation;
  return x.target;
}

void needs(const Comment&, std::vector<Need>&) {}

void rename(Comment& x, const Renames& renames, RenamedBy) {
  x.target = renamed_key(x.target, renames);
  if (x.relation) x.relation = renamed_key(*x.relation, renames);
}

Statements create(const Comment& x, const Parts&) { return commented(x, literal(x.text)); }

// A new database has one comment already (PostgreSQL 13 to 18).
Statements drop(const Comment& x) {
  return commented(x, x.target == schema_key("public") ? "'standard public schema'" : "null");
}

Alteration alter(const Comment&, const Comment& to) { return {false, false, commented(to, literal(to.text))}; }

std::optional<std::string> part(const Comment&) { return std::nullopt; }

std::string verify(const Comment& x) {
  if (x.target.kind == Kind::column) {
    return "exists (select from pg_catalog.pg_attribute where attrelid = " + address_of(x.target).oid +
           " and attname = " + literal(x.target.part) + " and col_description(attrelid, attnum) = " + literal(x.text) +
           ")";
  }
  const Address at = address_of(x.target);
  return "obj_description(" + at.oid + ", '" + at.catalog + "') is not distinct from " + literal(x.text);
}

void declare_comment(const ast::Text& text, Span span, const ObjectKey& target, Declaring& d) {
  // PostgreSQL takes an empty comment for none.
  if (text.value.empty()) {
    d.catalog.erase(satellite_of(Kind::comment, target));
    return;
  }
  Comment comment{target, text.value, {span}, {}};
  if (target.kind == Kind::column && d.catalog.find(target) == nullptr) {
    if (const auto relation = d.world.relation_named(target.schema, target.name)) comment.relation = *relation;
  }
  d.declare(std::move(comment), span);
}

void declare(const ast::Comment& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;  // triggers, policies and the like are known by now
  if (const auto target = d.existing_object(item.object)) declare_comment(item.text, item.span, *target, d);
}

}  // namespace godwit::kinds
