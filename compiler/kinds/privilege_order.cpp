// SPDX-License-Identifier: Apache-2.0
// The order in which privileges were given. PostgreSQL keeps it (relacl and its like), a dump shows it, and a privilege
// that is taken and given again comes last: so it is noted before a migration takes one away.
#include "base/identifier.h"
#include "compiler/kinds/planning.h"
#include "compiler/kinds/privileges.h"
#include "compiler/kinds/target.h"

#include <algorithm>
#include <map>

namespace godwit::kinds {

namespace {

/// A privilege may be gone once the step has run, or is with its object.
bool takes_away(const Step& step) {
  return step.up.empty() || std::any_of(step.up.begin(), step.up.end(), [](const Statement& statement) {
           return !statement.sql.starts_with("grant ");
         });
}

Step note_order(const ObjectKey& target, const std::string& migration, Span span) {
  const Address at = address_of(target);
  const std::string object = literal(grant_target_sql(target)), id = literal(migration);
  const std::string acl = at.prefix + "acl";
  std::string note = "insert into godwit.noted_privileges (migration, object, column_name, acl)\nselect " + id + ", " +
                     object + ", null, " + acl + "\n  from pg_catalog." + at.catalog + " where oid = " + at.oid +
                     " and " + acl + " is not null";
  if (at.catalog == "pg_class") {
    note += "\nunion all\nselect " + id + ", " + object +
            ", attname, attacl\n  from pg_catalog.pg_attribute where attrelid = " + at.oid + " and attacl is not null";
  }
  const std::string relation = at.catalog == "pg_class" ? "oid" : "null";
  Step step;
  step.phase = Phase::keep;
  step.title = "note the order of privileges on " + describe(target);
  step.span = span;
  step.subject = target;
  step.up = {{step.title, std::move(note), {}, Work::instant}};
  step.down = {{"privileges on " + describe(target) + " in the order in which they were given",
                "do $godwit$\nbegin\n  perform godwit.order_privileges(" + id + ", " + object + ", " + relation + ", " +
                    acl + ")\n    from pg_catalog." + at.catalog + " where oid = " + at.oid + ";\nend\n$godwit$",
                {},
                Work::instant}};
  step.finalize = {{"forget the order of privileges on " + describe(target),
                    "delete from godwit.noted_privileges where migration = " + id + " and object = " + object,
                    {},
                    Work::instant}};
  return step;
}

}  // namespace

std::vector<Step> note_privilege_order(const std::vector<Step>& steps, const std::string& migration,
                                       const std::function<std::vector<ObjectKey>(const ObjectKey&)>& children_before) {
  std::map<ObjectKey, std::pair<Span, std::vector<ObjectKey>>> targets;  // with the grants that are touched
  for (const Step& step : steps) {
    if (!takes_away(step)) continue;
    for (const auto* keys : {&step.makes, &step.unmakes, &step.changes}) {
      for (const ObjectKey& key : *keys) {
        if (key.kind != Kind::grant) continue;
        auto& [span, grants] = targets[target_of(key)];
        span = step.span;
        grants.push_back(key);
      }
    }
  }
  std::vector<Step> notes;
  for (auto& [target, touched] : targets) {
    const std::vector<ObjectKey> there = children_before(target);
    const auto grants =
        std::count_if(there.begin(), there.end(), [](const ObjectKey& key) { return key.kind == Kind::grant; });
    const bool public_holds =
        std::none_of(there.begin(), there.end(),
                     [](const ObjectKey& key) { return key.kind == Kind::grant && key.role == "public"; }) &&
        !default_privileges(target.kind, "public").empty();
    if (grants + (public_holds ? 1 : 0) < 2) continue;  // the owner's own come first in any case
    Step step = note_order(target, migration, touched.first);
    step.uses_old = std::move(touched.second);
    step.precedes = step.uses_old;
    step.uses_old.push_back(target);
    notes.push_back(std::move(step));
  }
  return notes;
}

}  // namespace godwit::kinds
