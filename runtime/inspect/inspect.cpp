// SPDX-License-Identifier: Apache-2.0
// One look at a database: every kind is read in one snapshot, with a search path that makes the server write each
// name with its schema.
#include <godwit/inspect.h>

#include "runtime/errors.h"
#include "runtime/inspect/reading.h"
#include "runtime/runner.h"

#include <array>

namespace godwit {

using namespace inspecting;

namespace {

Done begin(Reading& reading, Inspection& inspection) {
  const auto about = reading.session.exec(
      "select current_database(), current_user, current_setting('server_version_num'),\n"
      "  current_schemas(false)::text[] <> '{public}' and current_schemas(false) <> '{}',\n"
      "  array_to_string(array(select quote_ident(s) from unnest(current_schemas(false)) with ordinality u (s, i) "
      "order by i), ', ');");
  if (!about) return unexpected(about.error());
  inspection.database = about->text(0, 0);
  reading.user = about->text(0, 1);
  inspection.server_version = std::stoi(about->text(0, 2));
  reading.major = inspection.server_version / 10000;
  if (about->is_true(0, 3)) reading.items.search_path.push_back(about->text(0, 4));
  const auto begun = reading.session.exec(
      "begin transaction isolation level repeatable read read only;\n"
      "set local search_path = pg_catalog; set local jit = off; set local quote_all_identifiers = off;");
  if (!begun) return unexpected(begun.error());
  return {};
}

struct Reader {
  const char* what;
  Done (*read)(Reading&);
};

/// In an order in which each finds what it adds to.
constexpr std::array readers{Reader{"schemas", read_schemas},
                             Reader{"extensions", read_extensions},
                             Reader{"types", read_types},
                             Reader{"text search objects", read_text_search},
                             Reader{"tables", read_tables},
                             Reader{"foreign tables", read_foreign_tables},
                             Reader{"sequences", read_sequences},
                             Reader{"views", read_views},
                             Reader{"functions", read_functions},
                             Reader{"objects without a form in a spec", read_unexpressed},
                             Reader{"constraints", read_constraints},
                             Reader{"indexes", read_indexes},
                             Reader{"triggers", read_triggers},
                             Reader{"policies", read_policies},
                             Reader{"statistics", read_statistics},
                             Reader{"parts of partitions", read_partitions},
                             Reader{"publications", read_publications},
                             Reader{"parts of objects", read_parts},
                             Reader{"owners and privileges", read_rights},
                             Reader{"default privileges", read_default_privileges},
                             Reader{"comments", read_comments},
                             Reader{"dependencies", read_needs}};

std::string title_of(const Item& item) {
  if (!item.target.empty()) return item.target;
  if (!item.sql_target.empty()) return item.sql_target;
  const bool is_about = item.part == Part::grant || item.part == Part::owner || item.part == Part::comment;
  return item.kind + (is_about ? (item.part == Part::owner ? " of " : " on ") : " ") + item.name;
}

}  // namespace

Outcome<Inspection> inspect(const std::string& connection, const InspectOptions& options) {
  auto session = connect(ConnectionString(connection), options.application_name);
  if (!session) return session.error();
  Inspection inspection;
  Reading reading{*session, {}, 0, {}, {}, {}, {}};
  if (auto begun = begin(reading, inspection); !begun) return bookkeeping_error(begun.error(), "reading the catalog");
  for (const Reader& reader : readers) {
    const Done done = attempt(reading, [&] { return reader.read(reading); });
    if (done) continue;
    if (done.error().lost) return bookkeeping_error(done.error(), "reading the catalog");
    reading.items.not_carried.push_back(std::string("all ") + reader.what + ": " + done.error().message);
  }
  for (const Item& item : reading.items.all)
    inspection.objects.push_back({item.kind, item.schema, item.name, title_of(item), item.reason});
  inspection.not_carried = reading.items.not_carried;
  inspection.details = std::make_shared<const Inspection::Details>(Inspection::Details{std::move(reading.items)});
  return inspection;
}

}  // namespace godwit
