// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/owner.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Owner& x) { return x.target; }

void needs(const Owner&, std::vector<Need>&) {}

void rename(Owner& x, const Renames& renames, RenamedBy) { x.target = renamed_key(x.target, renames); }

Statements create(const Owner& x, const Parts&) {
  Statement statement{"owner of " + describe(x.target),
                      "alter " + target_sql(x.target) + " owner to " + role_sql(x.role),
                      {},
                      Work::instant};
  if (const auto relation = locked_relation(x.target)) statement.locks.push_back({*relation, Lock::access_exclusive});
  return {statement};
}

// Only an object made by the same migration gets its first declared owner (see `declare_owner`): taking that back means
// taking the object back.
Statements drop(const Owner&) { return {}; }

Alteration alter(const Owner&, const Owner& to) { return {false, false, create(to, {})}; }

std::optional<std::string> part(const Owner&) { return std::nullopt; }

std::string verify(const Owner& x) {
  const Address at = address_of(x.target);
  return "exists (select from pg_catalog." + at.catalog + " where oid = " + at.oid + " and " + at.prefix +
         "owner = to_regrole(" + literal(role_sql(x.role)) + "))";
}

void declare_owner(const ast::OwnerClause& item, const ObjectKey& target, Declaring& d) {
  Owner owner{target, item.role.text, {item.span}};
  const ObjectKey key = satellite_of(Kind::owner, target);
  if (target == schema_key("public") && d.catalog.find(key) == nullptr) {
    d.diagnostics.add(codes::no_way_back, item.span, "who owns schema public differs between servers")
        .note("the database's owner since PostgreSQL 15, a superuser before; a rollback could not give it back")
        .hint("write it for your server: `sql '…' {{ up $$alter schema public owner to …$$; down $$…$$; }}`");
    return;
  }
  bool existed = d.catalog.before(target) != nullptr;
  for (const auto& [from, to] : d.renamed_keys) existed = existed || to == target;
  if (existed && d.catalog.find(key) == nullptr) {
    d.diagnostics
        .add(codes::no_way_back, item.span, "`{}` exists, and the specs do not say who owns it now", describe(target))
        .note("without the present owner a rollback cannot give it back")
        .hint("declare the present owner where `{}` is first declared", describe(target));
    return;
  }
  const ObjectKey grant = satellite_of(Kind::grant, target, item.role.text);
  if (const auto* held = d.catalog.get<Grant>(grant); held != nullptr && held->received == held->privileges)
    d.catalog.erase(grant);  // an owner holds every privilege
  d.declare(std::move(owner), item.span);
}

void declare(const ast::Owner& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;  // triggers, policies and the like are known by now
  const auto target = d.existing_object(item.object);
  if (!target) return;
  switch (target->kind) {
    case Kind::schema:
    case Kind::collation:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::foreign_data_wrapper:
    case Kind::foreign_server:
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration:
    case Kind::sequence:
    case Kind::table:
    case Kind::foreign_table:
    case Kind::function:
    case Kind::aggregate:
    case Kind::operator_:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::statistics:
    case Kind::event_trigger:
    case Kind::publication: declare_owner({item.role, item.span}, *target, d); return;
    case Kind::extension:
    case Kind::column:
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
    case Kind::replica_identity:
    case Kind::inheritance:
    case Kind::index:
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
    case Kind::cast:
    case Kind::publication_table:
    case Kind::default_privileges:
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: break;
  }
  d.diagnostics.add(codes::bad_option, item.object.span, "PostgreSQL gives no owner to a {}", name_of(target->kind));
}

}  // namespace godwit::kinds
