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

/// The key of a partitioned table is valid, and can be referred to, once those of all partitions are attached to it.
void wait_for_valid_keys(Reading& reading) {
  std::vector<Item>& all = reading.items.all;
  std::multimap<std::size_t, std::size_t> attached;
  for (const auto& [from, to] : reading.late_needs) {
    const std::size_t parent = reading.items.find(to);
    const bool is_key =
        all[from].part == Part::primary_key || all[from].part == Part::unique || all[from].part == Part::index;
    if (is_key && parent != no_object && all[parent].part == all[from].part) attached.emplace(parent, from);
  }
  for (Item& item : all) {
    if (item.part != Part::foreign_key) continue;
    for (std::size_t i = 0; i < item.needs.size(); ++i) {
      for (auto [at, end] = attached.equal_range(item.needs[i]); at != end; ++at) item.needs.push_back(at->second);
    }
  }
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

/// What an extension brought along stands for the extension.
Result<std::map<Address, std::size_t>, ServerError> read_members(Reading& reading) {
  const auto rows = reading.session.exec(
      "select classid, objid, refclassid, refobjid from pg_depend where deptype = 'e' and objid >= 16384;");
  if (!rows) return unexpected(rows.error());
  std::map<Address, std::size_t> members;
  for (std::size_t i = 0; i < rows->rows.size(); ++i)
    members.emplace(address_in(*rows, i, 0), reading.items.find(address_in(*rows, i, 2)));
  return members;
}

Done read_needs(Reading& reading) {
  const auto members = read_members(reading);
  if (!members) return unexpected(members.error());
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
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const Address target = address_in(*rows, i, 2);
    const auto member = members->find(target);
    need(reading.items.find(address_in(*rows, i, 0)),
         member == members->end() ? reading.items.find(target) : member->second);
  }
  for (const auto& [from, to] : reading.late_needs) {
    const std::size_t found = reading.items.find(to);
    if (found != no_object && found != from && all[from].parent != found) all[from].needs.push_back(found);
  }
  wait_for_valid_keys(reading);
  for (Item& item : all) {
    std::sort(item.needs.begin(), item.needs.end());
    item.needs.erase(std::unique(item.needs.begin(), item.needs.end()), item.needs.end());
  }
  return {};
}

}  // namespace godwit::inspecting
