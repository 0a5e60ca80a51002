// SPDX-License-Identifier: Apache-2.0
// Tables: the shell, its columns with the sequences that they bring along, and what else `alter table` can set.
#include "base/identifier.h"
#include "runtime/inspect/partitions.h"

#include <set>

namespace godwit::inspecting {

/// A part of a table that stands in its block, or is set by `alter table`.
Item part_of(const Item& table, std::size_t at, std::string kind, Part part) {
  Item item;
  item.kind = std::move(kind);
  item.schema = table.schema;
  item.name = quoted(table.schema, table.name);
  item.parent = at;
  item.part = part;
  item.in_block = true;
  return item;
}

void add_part(Reading& reading, std::size_t table, const char* kind, Part part, const std::string& text,
              const std::string& up, const std::string& down) {
  Item item = part_of(reading.items.all[table], table, kind, part);
  const std::string alter = "alter table " + item.name + ' ';
  item.text = text;
  item.up = alter + up;
  item.down = alter + down;
  if (text.empty()) item.reason = "a spec has no form for it";
  reading.items.add(std::move(item));
}

namespace {

void add_row_security(Reading& reading, std::size_t table, bool on, bool force) {
  if (force && !on) {
    add_part(reading, table, "forced row level security", Part::other, "", "force row level security",
             "no force row level security");
  } else if (on) {
    const std::string alter = "alter table " + quoted(reading.items.all[table].schema, reading.items.all[table].name);
    const std::string forced = force ? ";\n" + alter + " force row level security" : "";
    const std::string no_force = force ? ";\n" + alter + " no force row level security" : "";
    add_part(reading, table, "row level security", Part::row_security,
             force ? "row level security force" : "row level security", "enable row level security" + forced,
             "disable row level security" + no_force);
  }
}

std::map<std::string, Shell> add_shells(Reading& reading, const Rows& rows) {
  std::map<std::string, Shell> shells;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows.text(i, column); };
    Item item;
    item.kind = "table";
    item.schema = text(1);
    item.name = text(2);
    item.group = Group::tables;
    const std::string name = quoted(item.schema, item.name);
    item.target = "table " + name;
    item.text = "table " + name;
    item.down = "drop table " + name;
    Shell shell;
    shell.partition_key = text(13);
    shell.bound = text(14);
    shell.parents = text(15);
    shell.of_type = text(16);
    shell.is_partition = rows.is_true(i, 17);
    shell.parent = text(20);
    shell.tablespace = text(8);
    item.partition_key = lowered(shell.partition_key);
    if (shell.inherits() && rows.is_true(i, 21))
      item.reason = "a table that has columns or checks from its parent alone";
    const bool stated = item.reason.empty();
    if (!shell.of_type.empty()) item.reason = "a table of a composite type";
    if (!item.reason.empty()) item.text.clear();
    const std::size_t at = reading.items.add(std::move(item), address("pg_class", text(0)));
    shell.item = at;
    if (shell.is_partition) reading.partitions.emplace(address("pg_class", text(20)), address("pg_class", text(0)));
    if (shell.inherits() && stated) {
      add_part(reading, at, "inheritance", Part::inheritance, "inherits (" + shell.parents + ")",
               "inherit " + shell.parents, "no inherit " + shell.parents);
    }
    if (!text(6).empty())
      add_part(reading, at, "storage parameters", Part::storage, "with (" + text(6) + ")", "set (" + text(6) + ")",
               "reset (" + text(7) + ")");
    if (!text(8).empty() && !shell.is_partition)
      add_part(reading, at, "tablespace", Part::storage, "tablespace " + quoted(text(8)),
               "set tablespace " + quoted(text(8)), "set tablespace pg_default");
    if (text(3) == "u") add_part(reading, at, "unlogged", Part::storage, "unlogged", "set unlogged", "set logged");
    if (!text(9).empty())
      add_part(reading, at, "access method", Part::other, "", "set access method " + quoted(text(9)),
               "set access method heap");
    add_row_security(reading, at, rows.is_true(i, 4), rows.is_true(i, 5));
    const std::string& identity = text(10);
    if (identity == "f" || identity == "n") {
      const std::string words = std::string("replica identity ") + (identity == "f" ? "full" : "nothing");
      add_part(reading, at, "replica identity", Part::replica_identity, words, words, "replica identity default");
    } else if (identity == "i") {
      const std::string words = "replica identity using index " + quoted(text(11));
      add_part(reading, at, "replica identity", Part::replica_identity, words, words, "replica identity default");
      reading.late_needs.emplace_back(reading.items.all.size() - 1, address("pg_class", text(18)));
    }
    if (!text(12).empty()) {
      add_part(reading, at, "clustering", Part::other, "", "cluster on " + quoted(text(12)), "set without cluster");
      reading.late_needs.emplace_back(reading.items.all.size() - 1, address("pg_class", text(19)));
    }
    shells.emplace(text(0), std::move(shell));
  }
  return shells;
}

std::string collation_of(const Column& column) {
  return column.collation.empty() ? "" : " collate " + column.collation;
}

/// `serial` says all of it: the sequence has its default name and options, and nobody was given a right on it.
bool is_serial(const Column& column, const std::string& table) {
  if (column.owned != "a" || !column.not_null || !column.plain_sequence || !column.sequence_options.empty())
    return false;
  if (column.type != "integer" && column.type != "bigint" && column.type != "smallint") return false;
  return column.sequence_type == column.type && column.sequence == default_object_name(table, column.name, "seq") &&
         column.default_value == "nextval(" + literal(quoted(column.sequence_schema, column.sequence)) + "::regclass)";
}

ColumnText written(const Column& column, const std::string& table, bool& serial) {
  ColumnText out;
  out.name = column.name;
  serial = is_serial(column, table);
  if (serial) {
    out.type = quoted(column.name) + ' ' +
               (column.type == "integer"  ? "serial"
                : column.type == "bigint" ? "bigserial"
                                          : "smallserial");
    return out;
  }
  out.type = quoted(column.name) + ' ' + short_type(column.type) + collation_of(column);
  const bool own_identity = !column.identity.empty() && !column.sequence.empty();  // a partition has its table's
  out.not_null = column.not_null && !own_identity;
  if (!column.generated.empty()) {
    out.value +=
        " generated always as (" + compact(column.default_value) + (column.generated == "v" ? ") virtual" : ") stored");
  } else if (!column.default_value.empty()) {
    out.value += " default " + compact(short_default(column.default_value, column.plain_type));
  }
  if (own_identity) {
    out.value += column.identity == "a" ? " generated always as identity" : " generated by default as identity";
    if (!column.sequence_options.empty()) out.value += " (" + column.sequence_options + ")";
  }
  return out;
}

/// What `alter table` sets of a column and `create table` does not take.
void add_column_settings(Reading& reading, std::size_t table, const Rows& rows, std::size_t i, ColumnText& column) {
  const std::string name = quoted(column.name);
  const auto setting = [&](const char* kind, const std::string& up, const std::string& down) {
    add_part(reading, table, kind, Part::other, "", "alter column " + name + ' ' + up,
             "alter column " + name + ' ' + down);
    reading.items.all.back().name = name + " on " + reading.items.all.back().name;
  };
  // What a column has in a spec it has in `create table` only from some version on: the SQL sets it afterwards.
  const auto written_too = [&](const char* kind, const std::string& words, const std::string& up,
                               const std::string& down) {
    setting(kind, up, down);
    Item& item = reading.items.all.back();
    item.in_block = false;
    item.column = column.name;
    item.beside = words;
    item.part = Part::storage;
    item.reason.clear();
  };
  const std::string& storage = rows.text(i, 12);
  if (!storage.empty()) written_too("storage", "storage " + storage, "set storage " + storage, "set storage extended");
  const std::string& compression = rows.text(i, 13);
  if (!compression.empty())
    written_too("compression", "compression " + compression, "set compression " + compression,
                "set compression default");
  const std::string& statistics = rows.text(i, 14);
  if (!statistics.empty())
    written_too("statistics target", "statistics " + statistics, "set statistics " + statistics, "set statistics -1");
  const std::string& options = rows.text(i, 15);
  if (!options.empty()) setting("column options", "set (" + options + ")", "reset (" + rows.text(i, 16) + ")");
}

/// What differs from the defaults of the sequence's type and direction (manual 15, CREATE SEQUENCE).
std::string sequence_options() {
  const std::string largest =
      "case s.seqtypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647\n"
      "    else 9223372036854775807 end";
  return "concat_ws(' ',\n"
         "  case when s.seqstart <> case when s.seqincrement > 0 then s.seqmin else s.seqmax end then 'start with ' || "
         "s.seqstart end,\n"
         "  case when s.seqincrement <> 1 then 'increment by ' || s.seqincrement end,\n"
         "  case when s.seqmin <> case when s.seqincrement > 0 then 1 else -" +
         largest +
         " - 1 end then 'minvalue ' || s.seqmin end,\n"
         "  case when s.seqmax <> case when s.seqincrement > 0 then " +
         largest +
         " else -1 end then 'maxvalue ' || s.seqmax end,\n"
         "  case when s.seqcache <> 1 then 'cache ' || s.seqcache end,\n"
         "  case when s.seqcycle then 'cycle' end)";
}

Done read_shells(Reading& reading, std::map<std::string, Shell>& shells) {
  const std::string names = "(select string_agg(split_part(o, '=', 1), ', ') from unnest(c.reloptions) o)";
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect c.oid, n.nspname, c.relname, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,\n"
      "  nullif(concat_ws(', ', " +
      options_sql("c.reloptions") + ", " + options_sql("t.reloptions", "toast.") +
      "), ''),\n"
      "  nullif(concat_ws(', ', " +
      names +
      ", (select string_agg('toast.' || split_part(o, '=', 1), ', ') from unnest(t.reloptions) o)), ''),\n"
      "  s.spcname, nullif(am.amname, 'heap'), c.relreplident,\n"
      "  (select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and "
      "i.indisreplident limit 1),\n"
      "  (select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and "
      "i.indisclustered limit 1),\n"
      "  case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end, pg_get_expr(c.relpartbound, c.oid),\n"
      "  (select string_agg(inhparent::regclass::text, ', ' order by inhseqno) from pg_inherits where inhrelid = "
      "c.oid),\n"
      "  nullif(c.reloftype, 0)::regtype, c.relispartition,\n"
      "  (select i.indexrelid from pg_index i where i.indrelid = c.oid and i.indisreplident limit 1),\n"
      "  (select i.indexrelid from pg_index i where i.indrelid = c.oid and i.indisclustered limit 1),\n"
      "  (select inhparent from pg_inherits where inhrelid = c.oid and c.relispartition),\n"
      "  exists (select from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and not "
      "attislocal)\n"
      "    or exists (select from pg_constraint where conrelid = c.oid and contype = 'c' and not conislocal)\n"
      "from pg_class c join space n on n.oid = c.relnamespace left join pg_class t on t.oid = c.reltoastrelid\n"
      "  left join pg_tablespace s on s.oid = c.reltablespace left join pg_am am on am.oid = c.relam\n"
      "where c.relkind in ('r', 'p') and c.relpersistence <> 't' and " +
      not_of_extension("pg_class", "c.oid") + " order by 2, 3;");
  if (!rows) return unexpected(rows.error());
  shells = add_shells(reading, *rows);
  add_partitions(reading, shells);
  return {};
}

Column column_of(const Rows& rows, std::size_t i) {
  const auto text = [&](std::size_t at) { return rows.text(i, at); };
  Column column;
  column.name = text(1);
  column.type = text(2);
  column.plain_type = text(3);
  column.collation = text(4);
  column.not_null = rows.is_true(i, 5);
  column.default_value = text(6);
  column.generated = text(7);
  column.identity = text(8);
  column.inherited = rows.is_true(i, 9);
  column.owned = text(17);
  column.sequence_schema = text(19);
  column.sequence = text(20);
  column.sequence_type = text(21);
  column.sequence_options = text(22);
  column.plain_sequence = rows.is_true(i, 23);
  column.default_oid = text(24);
  return column;
}

/// `create table` as SQL, once all columns are known.
void finish_shell(Item& item, const Shell& shell, const std::vector<std::string>& checks) {
  const std::string name = quoted(item.schema, item.name);
  std::string list;
  for (const ColumnText& column : item.columns) {
    if (!column.own) continue;
    list += (list.empty() ? "\n    " : ",\n    ") + column.type + (column.not_null ? " not null" : "") + column.value;
  }
  for (const std::string& check : checks) list += (list.empty() ? "\n    " : ",\n    ") + check;
  item.up = "create table " + name;
  if (!shell.of_type.empty()) item.up += " of " + shell.of_type;
  item.up += shell.of_type.empty() ? " (" + list + (list.empty() ? ")" : "\n)") : "";
  if (shell.inherits()) item.up += " inherits (" + shell.parents + ")";
  if (!shell.partition_key.empty()) item.up += " partition by " + lowered(shell.partition_key);
}

void add_column(Reading& reading, const Rows& rows, std::size_t i, const Shell& shell,
                std::map<std::size_t, std::vector<Column>>& columns) {
  const Column column = column_of(rows, i);
  const std::string table = quoted(reading.items.all[shell.item].schema, reading.items.all[shell.item].name);
  if (column.name.starts_with("_gw_")) {
    reading.items.not_carried.push_back("column " + table + '.' + quoted(column.name) +
                                        ": godwit keeps it for a rollback; `godwit finalize` first");
    return;
  }
  bool serial = false;
  ColumnText text = written(column, reading.items.all[shell.item].name, serial);
  text.own = shell.is_partition || (!column.inherited && shell.of_type.empty());
  if (column.inherited && !shell.is_partition && !column.default_value.empty()) {
    add_part(reading, shell.item, "default", Part::other, "",
             "alter column " + quoted(column.name) + " set default " + column.default_value,
             "alter column " + quoted(column.name) + " drop default");
  }
  text.inherited = shell.inherits() && rows.is_true(i, 10);
  const bool own_sequence = serial || !column.identity.empty();
  if (own_sequence && !rows.text(i, 18).empty()) {
    const std::size_t sequence = shell.item;
    reading.items.at.emplace(address("pg_class", rows.text(i, 18)), sequence);
  }
  add_column_settings(reading, shell.item, rows, i, text);
  if (shell.is_partition || !shell.partition_key.empty()) columns[shell.item].push_back(column);
  const std::string derived = default_object_name(reading.items.all[shell.item].name, column.name, "seq");
  if (!column.identity.empty() && !column.sequence.empty() && column.sequence != derived) {
    Item item = part_of(reading.items.all[shell.item], shell.item, "sequence name", Part::other);
    item.in_block = false;
    item.name = quoted(column.sequence_schema, column.sequence);
    item.reason = "the sequence of an identity column has a name of its own";
    item.up = "alter sequence " + quoted(column.sequence_schema, derived) + " rename to " + quoted(column.sequence);
    item.down = "alter sequence " + item.name + " rename to " + quoted(derived);
    reading.items.add(std::move(item));
  }
  reading.items.all[shell.item].columns.push_back(std::move(text));
}

/// A partition has the checks of its parent before it becomes its partition.
Result<std::map<std::string, std::vector<std::string>>, ServerError> read_checks_of_parents(Reading& reading) {
  const auto rows = reading.session.exec(
      "select k.conrelid, k.conname, pg_get_constraintdef(k.oid, true) from pg_constraint k join pg_class c on c.oid = "
      "k.conrelid\n"
      "where c.relispartition and k.contype = 'c' and not k.conislocal order by 1, 2;");
  if (!rows) return unexpected(rows.error());
  std::map<std::string, std::vector<std::string>> checks;
  for (std::size_t i = 0; i < rows->rows.size(); ++i)
    checks[rows->text(i, 0)].push_back("constraint " + quoted(rows->text(i, 1)) + ' ' + compact(rows->text(i, 2)));
  return checks;
}

}  // namespace

Done read_tables(Reading& reading) {
  std::map<std::string, Shell> shells;
  if (auto done = read_shells(reading, shells); !done) return done;
  const std::string compression =
      reading.major >= 14 ? "case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end" : "null";
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, null),\n"
      "  case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end, a.attnotnull,\n"
      "  pg_get_expr(d.adbin, d.adrelid, true), a.attgenerated, a.attidentity,\n"
      "  not a.attislocal, a.attinhcount > 0, "
      "'',\n"
      "  case when a.attstorage <> t.typstorage then\n"
      "    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' when 'm' then "
      "'main' end end,\n  " +
      compression + ",\n  case when a.attstattarget >= 0 then a.attstattarget end,\n  " +
      options_sql(set_column_options) + ", (select string_agg(split_part(o, '=', 1), ', ') from unnest(" +
      set_column_options +
      ") o),\n"
      "  q.deptype, q.objid, qn.nspname, qc.relname, s.seqtypid::regtype, " +
      sequence_options() +
      ",\n  qc.relacl is null and qc.relpersistence = c.relpersistence and not exists (select from pg_description "
      "where classoid = 'pg_class'::regclass and objoid = q.objid),\n"
      "  d.oid\n"
      "from pg_class c join space n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid\n"
      "  join pg_type t on t.oid = a.atttypid left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)\n"
      "  left join pg_depend q on q.refclassid = 'pg_class'::regclass and q.refobjid = c.oid and q.refobjsubid = "
      "a.attnum\n"
      "    and q.classid = 'pg_class'::regclass and q.deptype in ('a', 'i')\n"
      "    and exists (select from pg_sequence where seqrelid = q.objid)\n"
      "  left join pg_sequence s on s.seqrelid = q.objid left join pg_class qc on qc.oid = q.objid\n"
      "  left join pg_namespace qn on qn.oid = qc.relnamespace\n"
      "where c.relkind in ('r', 'p') and c.relpersistence <> 't' and a.attnum > 0 and not a.attisdropped\n"
      "order by a.attrelid, a.attnum, q.deptype desc, q.objid;");
  if (!rows) return unexpected(rows.error());
  std::map<std::size_t, std::vector<Column>> columns;  // of what is partitioned, and of partitions
  std::pair<std::string, std::string> last;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto shell = shells.find(rows->text(i, 0));
    std::pair<std::string, std::string> here{rows->text(i, 0), rows->text(i, 1)};
    if (shell == shells.end() || here == last) continue;  // a second sequence that the column owns
    last = std::move(here);
    add_column(reading, *rows, i, shell->second, columns);
  }
  compare_columns(reading, columns);
  const auto checks = read_checks_of_parents(reading);
  if (!checks) return unexpected(checks.error());
  for (const auto& [oid, shell] : shells) {
    const auto found = checks->find(oid);
    finish_shell(reading.items.all[shell.item], shell,
                 found == checks->end() ? std::vector<std::string>() : found->second);
  }
  return {};
}

Done read_sequences(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces + "\nselect c.oid, n.nspname, c.relname, s.seqtypid::regtype, " +
      sequence_options() +
      ",\n  q.refobjid::regclass, quote_ident(a.attname), c.relpersistence, q.refobjid\n"
      "from pg_class c join space n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid\n"
      "  left join pg_depend q on q.classid = 'pg_class'::regclass and q.objid = c.oid and q.deptype = 'a'\n"
      "    and q.refclassid = 'pg_class'::regclass and q.refobjsubid > 0\n"
      "  left join pg_attribute a on a.attrelid = q.refobjid and a.attnum = q.refobjsubid\n"
      "where c.relkind = 'S' and c.relpersistence <> 't' and " +
      not_of_extension("pg_class", "c.oid") + " order by 2, 3;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const Address at = address("pg_class", rows->text(i, 0));
    if (reading.items.find(at) != no_object) continue;  // an identity or serial column brings it along
    Item item;
    item.kind = "sequence";
    item.schema = rows->text(i, 1);
    item.name = rows->text(i, 2);
    item.group = Group::sequences;
    const std::string name = quoted(item.schema, item.name);
    item.target = "sequence " + name;
    std::string definition;
    if (rows->text(i, 3) != "bigint") definition += " as " + rows->text(i, 3);
    if (!rows->text(i, 4).empty()) definition += ' ' + rows->text(i, 4);
    item.up = "create sequence " + name + definition;
    item.text = "sequence " + name + definition;
    if (!rows->text(i, 6).empty()) item.text += " owned by " + rows->text(i, 5) + '.' + rows->text(i, 6);
    if (rows->text(i, 7) == "u") {
      item.text.clear();
      item.reason = "an unlogged sequence";
      item.up = "create unlogged sequence " + name + definition;
    }
    item.down = "drop sequence " + name;
    const std::string owner = rows->text(i, 6).empty() ? "" : rows->text(i, 5) + '.' + rows->text(i, 6);
    const std::size_t sequence = reading.items.add(std::move(item), at);
    if (owner.empty()) continue;
    // As SQL it comes apart: a table's default may need the sequence that the table's column owns.
    Item owned;
    owned.kind = "owner column";
    owned.schema = reading.items.all[sequence].schema;
    owned.name = name;
    owned.parent = sequence;
    owned.part = Part::other;
    owned.with_parent = true;
    owned.words = owner;
    reading.late_needs.emplace_back(reading.items.all.size(), address("pg_class", rows->text(i, 8)));
    owned.up = "alter sequence " + name + " owned by " + owner;
    owned.down = "alter sequence " + name + " owned by none";
    reading.items.add(std::move(owned));
  }
  return {};
}

}  // namespace godwit::inspecting
