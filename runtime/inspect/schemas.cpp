// SPDX-License-Identifier: Apache-2.0
// Schemas and extensions.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

Done read_schemas(Reading& reading) {
  const auto rows = reading.session.exec(std::string("with ") + spaces + "\nselect oid, nspname from space where " +
                                         not_of_extension("pg_namespace", "oid") + " order by nspname;");
  if (!rows) return unexpected(rows.error());
  bool has_public = false;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = "schema";
    item.name = rows->text(i, 1);
    item.schema = item.name;
    item.group = Group::schemas;
    item.target = "schema " + quoted(item.name);
    item.text = item.target;
    item.up = "create " + item.target;
    item.down = "drop " + item.target;
    has_public = has_public || item.name == "public";
    reading.items.add(std::move(item), address("pg_namespace", rows->text(i, 0)));
  }
  if (has_public) return {};
  Item gone;
  gone.kind = "missing schema";
  gone.name = "public";
  gone.reason = "a spec never drops schema public";
  gone.up = "drop schema public";
  gone.down = "create schema public";
  reading.items.add(std::move(gone));
  return {};
}

Done read_extensions(Reading& reading) {
  // An extension whose schema is its own or the system's has it from its control file.
  const auto rows = reading.session.exec(
      "select e.oid, e.extname, e.extversion, n.nspname,\n"
      "  n.nspname = 'pg_catalog' or exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass\n"
      "    and d.objid = n.oid and d.deptype = 'e'),\n"
      "  e.extversion is not distinct from a.default_version, a.name is not null\n"
      "from pg_extension e join pg_namespace n on n.oid = e.extnamespace\n"
      "left join pg_available_extensions a on a.name = e.extname\n"
      "where e.extname <> 'plpgsql' order by 2;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = "extension";
    item.name = rows->text(i, 1);
    item.schema = rows->is_true(i, 4) ? "" : rows->text(i, 3);
    item.group = Group::extensions;
    item.target = "extension " + quoted(item.name);
    const bool has_place = !rows->is_true(i, 4), in_public = rows->text(i, 3) == "public";
    const std::string place = has_place ? " schema " + quoted(rows->text(i, 3)) : "";
    const std::string version = rows->is_true(i, 5) ? "" : " version " + literal(rows->text(i, 2));
    item.text = item.target + (in_public ? "" : place) + version;
    item.named = item.target + place + version;
    item.up = "create " + item.text;
    item.down = "drop " + item.target;
    if (!rows->is_true(i, 6)) {
      reading.items.not_carried.push_back(item.target +
                                          ": its files are not installed on this server, so only its "
                                          "name and version " +
                                          rows->text(i, 2) + " are written down");
    }
    reading.items.add(std::move(item), address("pg_extension", rows->text(i, 0)));
  }
  return {};
}

}  // namespace godwit::inspecting
