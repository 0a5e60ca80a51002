// SPDX-License-Identifier: Apache-2.0
// Enums and domains.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// The values of each enum by its oid, quoted, in their order.
Result<std::map<std::string, std::vector<std::string>>, ServerError> read_values(Reading& reading) {
  const auto rows = reading.session.exec("select enumtypid, enumlabel from pg_enum order by enumtypid, enumsortorder;");
  if (!rows) return unexpected(rows.error());
  std::map<std::string, std::vector<std::string>> values;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) values[rows->text(i, 0)].push_back(literal(rows->text(i, 1)));
  return values;
}

Done read_enums(Reading& reading) {
  auto values = read_values(reading);
  if (!values) return unexpected(values.error());
  const auto rows =
      reading.session.exec(std::string("with ") + spaces +
                           "\nselect t.oid, n.nspname, t.typname\n"
                           "from pg_type t join space n on n.oid = t.typnamespace where t.typtype = 'e' and " +
                           not_of_extension("pg_type", "t.oid") + " order by 2, 3;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = "enum";
    item.schema = rows->text(i, 1);
    item.name = rows->text(i, 2);
    item.group = Group::types;
    item.values = std::move((*values)[rows->text(i, 0)]);
    const std::string name = quoted(item.schema, item.name), list = " (" + joined(item.values, ", ") + ")";
    item.target = "type " + name;
    item.text = "enum " + name + list;
    item.up = "create type " + name + " as enum" + list;
    item.down = "drop type " + name;
    reading.items.add(std::move(item), address("pg_type", rows->text(i, 0)));
  }
  return {};
}

struct DomainChecks {
  std::string inside, behind, not_valid;
};

/// The checks of a domain by its oid.
Result<std::map<std::string, DomainChecks>, ServerError> read_checks(Reading& reading) {
  const auto rows = reading.session.exec(
      "select contypid, conname, pg_get_constraintdef(k.oid, true), convalidated, quote_ident(nspname), "
      "quote_ident(typname)\n"
      "from pg_constraint k join pg_type t on t.oid = contypid join pg_namespace n on n.oid = typnamespace\n"
      "where contypid <> 0 and contype = 'c' order by contypid, conname;");
  if (!rows) return unexpected(rows.error());
  std::map<std::string, DomainChecks> checks;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    DomainChecks& of = checks[rows->text(i, 0)];
    const std::string check = "constraint " + quoted(rows->text(i, 1)) + ' ' + lowered(rows->text(i, 2));
    if (rows->is_true(i, 3)) {
      of.inside += ' ' + check;
    } else {
      of.behind += ";\nalter domain " + rows->text(i, 4) + '.' + rows->text(i, 5) + " add " + check;
    }
  }
  return checks;
}

Done read_domains(Reading& reading) {
  const auto checks = read_checks(reading);
  if (!checks) return unexpected(checks.error());
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect t.oid, n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), format_type(t.typbasetype, "
      "null),\n"
      "  (select c.oid::regcollation::text from pg_collation c where c.oid = t.typcollation\n"
      "     and t.typcollation <> b.typcollation),\n"
      "  pg_get_expr(t.typdefaultbin, 0, true), t.typnotnull\n"
      "from pg_type t join space n on n.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype\n"
      "where t.typtype = 'd' and " +
      not_of_extension("pg_type", "t.oid") + " order by 2, 3;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = "domain";
    item.schema = rows->text(i, 1);
    item.name = rows->text(i, 2);
    item.group = Group::types;
    const std::string name = quoted(item.schema, item.name);
    item.target = "domain " + name;
    std::string definition = short_type(rows->text(i, 3));
    if (!rows->text(i, 5).empty()) definition += " collate " + rows->text(i, 5);
    if (!rows->text(i, 6).empty())
      definition += " default " + lowered(short_default(rows->text(i, 6), rows->text(i, 4)));
    if (rows->is_true(i, 7)) definition += " not null";
    std::string behind;
    if (const auto found = checks->find(rows->text(i, 0)); found != checks->end()) {
      definition += found->second.inside;
      behind = found->second.behind;
    }
    item.up = "create domain " + name + " as " + definition + behind;
    item.down = "drop domain " + name;
    if (behind.empty()) {
      item.text = "domain " + name + ' ' + definition;
    } else {
      item.reason = "a check of it is not valid";
    }
    reading.items.add(std::move(item), address("pg_type", rows->text(i, 0)));
  }
  return {};
}

}  // namespace

Done read_types(Reading& reading) {
  if (auto done = read_enums(reading); !done) return done;
  return read_domains(reading);
}

}  // namespace godwit::inspecting
