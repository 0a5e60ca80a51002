// SPDX-License-Identifier: Apache-2.0
// What needs what, as the server's own record of dependencies says it.
#include "runtime/inspect/reading.h"

#include <algorithm>

namespace godwit::inspecting {

namespace {

Address address_in(const Rows& rows, std::size_t row, std::size_t column) {
  return {static_cast<std::uint32_t>(std::stoul(rows.text(row, column))),
          static_cast<std::uint32_t>(std::stoul(rows.text(row, column + 1)))};
}

}  // namespace

/// Rows of the catalog that are a part of what was found: the default of a column, the row type of a table.
Done read_parts(Reading& reading) {
  const auto rows = reading.session.exec(
      "select 'pg_attrdef'::regclass::oid, oid, 'pg_class'::regclass::oid, adrelid from pg_attrdef where oid >= 16384\n"
      "union all select 'pg_rewrite'::regclass::oid, oid, 'pg_class'::regclass::oid, ev_class from pg_rewrite\n"
      "  where oid >= 16384 and rulename = '_RETURN'\n"
      "union all select 'pg_type'::regclass::oid, oid, 'pg_class'::regclass::oid, typrelid from pg_type\n"
      "  where oid >= 16384 and typrelid <> 0\n"
      "union all select 'pg_publication_rel'::regclass::oid, oid, 'pg_publication'::regclass::oid, prpubid from "
      "pg_publication_rel;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t whole = reading.items.find(address_in(*rows, i, 2));
    if (whole != no_object) reading.items.at.emplace(address_in(*rows, i, 0), whole);
  }
  // The multirange of a range comes before its array: both are found when they are looked for in this order.
  const auto arrays = reading.session.exec(
      std::string(reading.major >= 14 ? "select 'pg_type'::regclass::oid, rngmultitypid, 'pg_type'::regclass::oid, "
                                        "rngtypid, 1 from pg_range where rngtypid >= 16384\nunion all "
                                      : "") +
      "select 'pg_type'::regclass::oid, a.oid, 'pg_type'::regclass::oid, t.oid, 2 from pg_type t\n"
      "join pg_type a on a.oid = t.typarray where t.oid >= 16384 order by 5;");
  if (!arrays) return unexpected(arrays.error());
  for (std::size_t i = 0; i < arrays->rows.size(); ++i) {
    const std::size_t whole = reading.items.find(address_in(*arrays, i, 2));
    if (whole != no_object) reading.items.at.emplace(address_in(*arrays, i, 0), whole);
  }
  return {};
}

namespace {

/// What needs a member of an extension needs the extension.
Done read_members(Reading& reading) {
  const auto rows = reading.session.exec(
      "select classid, objid, refclassid, refobjid from pg_depend where deptype = 'e'\n"
      "union all select d.classid, t.typarray, d.refclassid, d.refobjid from pg_depend d join pg_type t on t.oid = "
      "d.objid\n"
      "where d.deptype = 'e' and d.classid = 'pg_type'::regclass and t.typarray <> 0;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t whole = reading.items.find(address_in(*rows, i, 2));
    if (whole != no_object) reading.items.at.emplace(address_in(*rows, i, 0), whole);
  }
  return {};
}

}  // namespace

Done read_needs(Reading& reading) {
  if (auto done = read_members(reading); !done) return done;
  const auto rows = reading.session.exec(
      "select distinct classid, objid, refclassid, refobjid from pg_depend\n"
      "where objid >= 16384 and deptype in ('n', 'a', 'i', 'P', 'S') and (refobjid >= 16384 or refobjid = 2200);");
  if (!rows) return unexpected(rows.error());
  std::vector<Item>& all = reading.items.all;
  const auto need = [&](std::size_t from, std::size_t to) {
    if (from == no_object || to == no_object || from == to || all[from].parent == to || all[to].parent == from) return;
    // A column's sequence comes first; that the column owns it is said later.
    if (all[from].kind == "sequence" && all[to].kind == "table") return;
    all[from].needs.push_back(to);
  };
  for (std::size_t i = 0; i < rows->rows.size(); ++i)
    need(reading.items.find(address_in(*rows, i, 0)), reading.items.find(address_in(*rows, i, 2)));
  for (const auto& [from, to] : reading.late_needs) {
    const std::size_t found = reading.items.find(to);
    if (found != no_object && found != from && all[from].parent != found) all[from].needs.push_back(found);
  }
  for (Item& item : all) {
    std::sort(item.needs.begin(), item.needs.end());
    item.needs.erase(std::unique(item.needs.begin(), item.needs.end()), item.needs.end());
  }
  return {};
}

}  // namespace godwit::inspecting
