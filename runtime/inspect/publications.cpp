// SPDX-License-Identifier: Apache-2.0
// Publications, each with its tables and schemas.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

Done read_publications(Reading& reading) {
  // Columns, row filters and schemas came with 15, generated columns with 18.
  const bool filters = reading.major >= 15;
  const std::string member =
      filters
          ? "case when r.prattrs is not null then ' (' || (select string_agg(quote_ident(a.attname), ', ' order by i)"
            " from unnest(r.prattrs::int2[]) with ordinality u (n, i) join pg_attribute a on a.attrelid = r.prrelid "
            "and a.attnum = u.n) || ')' end,"
            " ' where (' || pg_get_expr(r.prqual, r.prrelid, true) || ')'"
          : "null";
  const std::string schemas =
      filters ? "(select string_agg(quote_ident(n.nspname), ', ' order by n.nspname) from pg_publication_namespace s"
                " join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid)"
              : "null";
  const std::string generated = reading.major >= 18 ? "p.pubgencols = 's'" : "false";
  const auto rows = reading.session.exec(
      "select p.oid, p.pubname, p.puballtables,\n"
      "  (select string_agg(c.oid::regclass::text || concat(" +
      member +
      "), ', ' order by c.oid::regclass::text)\n"
      "     from pg_publication_rel r join pg_class c on c.oid = r.prrelid where r.prpubid = p.oid),\n  " +
      schemas +
      ",\n  concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end,\n"
      "    case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end), pubviaroot, " +
      generated + "\nfrom pg_publication p where " + not_of_extension("pg_publication", "p.oid") + " order by 2;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    Item item;
    item.kind = "publication";
    item.name = text(1);
    item.group = Group::publications;
    item.target = "publication " + quoted(item.name);
    item.text = item.target;
    if (rows->is_true(i, 2)) item.text += " for all tables";
    std::string members;
    if (!text(3).empty()) members += "table " + lowered(text(3));
    if (!text(4).empty()) members += (members.empty() ? "" : ", ") + ("tables in schema " + text(4));
    if (!members.empty()) item.text += " for " + members;
    std::string options;
    if (text(5) != "insert, update, delete, truncate") options = "publish = " + literal(text(5));
    if (rows->is_true(i, 6)) options += std::string(options.empty() ? "" : ", ") + "publish_via_partition_root = true";
    if (rows->is_true(i, 7)) options += std::string(options.empty() ? "" : ", ") + "publish_generated_columns = stored";
    if (!options.empty()) item.text += " with (" + options + ")";
    item.up = "create " + item.text;
    item.down = "drop " + item.target;
    reading.items.add(std::move(item), address("pg_publication", text(0)));
  }
  return {};
}

}  // namespace godwit::inspecting
