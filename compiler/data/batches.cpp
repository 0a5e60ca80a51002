// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/batches.h"

#include "compiler/data/reject.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <set>

namespace godwit::data {

namespace {

// What a batch must not depend on: the caller's settings.
constexpr const char* settings =
    "set search_path from current set timezone from current set row_security from current\n"
    "set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB'";

// Into so many a large table is cut, for as many at work at once at the most.
constexpr int most_ranges = 8;

const Names& range_of(const Watch& watch, Names& room) {
  if (watch.batch.by.empty()) return watch.key;
  room = {watch.batch.by};
  return room;
}

std::string row_of(const std::vector<std::string>& parts) {
  return parts.size() == 1 ? parts.front() : '(' + joined(parts, ", ") + ')';
}

std::string variables(std::string_view name, std::size_t count) {
  std::vector<std::string> parts;
  for (std::size_t i = 1; i <= count; ++i) parts.push_back(fmt::format("{}_{}", name, i));
  return row_of(parts);
}

std::string columns_of(const Names& names, const std::string& prefix) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(prefix + quoted(name));
  return row_of(parts);
}

std::string as_texts(const Names& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(quoted(name) + "::text");
  return fmt::format("array[{}]", joined(parts, ", "));
}

std::string downwards(const Names& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(quoted(name) + " desc");
  return joined(parts, ", ");
}

// The last part of `godwit_kept.note_x`, as the name of a trigger.
std::string trigger_name(const std::string& function, std::string_view what) {
  std::string name = function.substr(function.find('.') + 1);
  if (name.starts_with('"')) name = name.substr(1, name.size() - 2);
  return quoted(truncated("_gw_" + std::string(what) + name, max_identifier_bytes));
}

std::string checkpoint_is(const Watch& watch) {
  return fmt::format("(migration, step) = ({}, {})", literal(watch.around.migration), literal(watch.step));
}

std::string function_sql(const std::string& name, const std::string& arguments, const std::string& declarations,
                         const std::string& body) {
  return fmt::format(
      "create function {}({}) returns bigint language plpgsql\n{} as {}", name, arguments, settings,
      dollar_quoted("\n#variable_conflict use_column\ndeclare\n" + declarations + "\nbegin\n" + body + "\nend ",
                    "godwit"));
}

constexpr const char* all_rows = "all_";  // of the trigger that notes that every row is concerned

// What a function notes of each row: its key, which stands in `columns`.
Statement note_function(const Watch& watch, const std::string& function, const Names& columns, bool may_be_null) {
  std::vector<std::string> olds, news, nulls, old_known, new_known;
  for (const std::string& column : columns) {
    olds.push_back("old." + quoted(column));
    news.push_back("new." + quoted(column));
    nulls.emplace_back("null");
    old_known.push_back(olds.back() + " is not null");
    new_known.push_back(news.back() + " is not null");
  }
  const auto known = [&](const std::vector<std::string>& parts) {
    return may_be_null ? " and " + joined(parts, " and ") : std::string{};
  };
  const std::string into = fmt::format("insert into {} ({}) values", watch.late, joined(key_labels(watch, {}), ", "));
  const std::string body = fmt::format(
      "\nbegin\n"
      "  if current_setting('godwit.batch', true) = 'on' then\n"
      "    return null;  -- a batch of godwit's own, whose turn came before\n"
      "  elsif tg_level = 'STATEMENT' then\n"
      "    {0} ({1});  -- every row is concerned\n"
      "  elsif tg_op = 'UPDATE' and old *= new then\n"
      "    return null;\n"
      "  else\n"
      "    if tg_op <> 'INSERT'{4} then\n      {0} ({2});\n    end if;\n"
      "    if tg_op <> 'DELETE'{5} then\n      {0} ({3});\n    end if;\n"
      "  end if;\n"
      "  return null;\nend ",
      into, joined(nulls, ", "), joined(olds, ", "), joined(news, ", "), known(old_known), known(new_known));
  return {{},
          fmt::format("create function {}() returns trigger language plpgsql security definer\n"
                      "set search_path = pg_catalog as {}",
                      function, dollar_quoted(body, "godwit")),
          {},
          Work::instant};
}

Statement note_trigger(const std::string& function, const ObjectKey& table, std::string_view events,
                       std::string_view level, std::string_view what = {}) {
  return {{},
          fmt::format("create trigger {0} after {1} on {2}\n  for each {3} execute function {4}();\n"
                      "alter table {2} enable always trigger {0}",
                      trigger_name(function, what), events, table_sql(table), level, function),
          {{table, Lock::share_row_exclusive}},
          Work::instant};
}

Statements titled(const std::string& title, Statements statements) {
  for (Statement& statement : statements) statement.title = title;
  return statements;
}

// The batches go over the table from one end to the other.
std::string one_range(const Watch& watch) {
  Names room;
  const Names& range = range_of(watch, room);
  return fmt::format(
      "insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)\n"
      "select {0}, {1},\n"
      "       (select {2} from {3} order by {4} limit 1),\n"
      "       (select {2} from {3} order by {5} limit 1),\n"
      "       (select greatest(reltuples, 0)::bigint from pg_class where oid = {6}::regclass)",
      literal(watch.around.migration), literal(watch.step), as_texts(range), table_sql(watch.table), listed(range),
      downwards(range), literal(table_sql(watch.table)));
}

// Several may be at work at once, each in a range of its own: what the server's statistics say about the values of a
// large table cuts it into parts of about the same size.
std::string ranges(const Watch& watch) {
  Names room;
  const Names& range = range_of(watch, room);
  const std::string leading = quoted(range.front());
  return fmt::format(
      "insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)\n"
      "with size as (\n"
      "  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = {name}::regclass\n"
      "), bounds as (                      -- the values between which there are about as many rows each\n"
      "  select histogram_bounds::text::{type}[] as bound from pg_stats, size\n"
      "   where (schemaname, tablename, attname) = ({schema}, {of_name}, {column})\n"
      "     and of_table >= {worth}          -- a smaller table is one range\n"
      "   order by inherited desc limit 1\n"
      "), cuts as (\n"
      "  select (select {leading} from {table} order by {leading} limit 1) as low\n"
      "  union\n"
      "  select bound[1 + (cardinality(bound) - 1) * part / {parts}]\n"
      "    from bounds, generate_series(1, {cuts}) as part\n"
      "), ranges as (\n"
      "  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,\n"
      "         count(*) over () as parts\n"
      "    from cuts\n"
      ")\n"
      "select {migration}, {step}, range,\n"
      "       (select {texts} from {table} where {leading} >= low order by {list} limit 1),\n"
      "       case when high is null then (select {texts} from {table} order by {down} limit 1)\n"
      "            else (select {texts} from {table} where {leading} < high order by {down} limit 1) end,\n"
      "       of_table / parts\n"
      "  from ranges, size",
      fmt::arg("name", literal(table_sql(watch.table))), fmt::arg("type", watch.cut_type),
      fmt::arg("schema", literal(watch.table.schema)), fmt::arg("of_name", literal(watch.table.name)),
      fmt::arg("column", literal(range.front())), fmt::arg("worth", 2 * most_ranges * watch.batch.rows),
      fmt::arg("leading", leading), fmt::arg("table", table_sql(watch.table)), fmt::arg("parts", most_ranges),
      fmt::arg("cuts", most_ranges - 1), fmt::arg("migration", literal(watch.around.migration)),
      fmt::arg("step", literal(watch.step)), fmt::arg("texts", as_texts(range)), fmt::arg("list", listed(range)),
      fmt::arg("down", downwards(range)));
}

std::string record_index(const Watch& watch) {
  const std::string table = watch.kept.substr(watch.kept.find('.') + 1);
  return quoted(
      truncated("by_row_" + (table.front() == '"' ? table.substr(1, table.size() - 2) : table), max_identifier_bytes));
}

}  // namespace

void name_parts(Watch& watch, const std::string& name, std::string_view salt) {
  watch.late = kept_table("late", name, watch.around, salt);
  watch.again = kept_table("again", name, watch.around, salt);
  watch.note = kept_table("note", name, watch.around, salt);
  watch.run = kept_table("batch", name, watch.around, salt);
  watch.catch_up = kept_table("catch_up", name, watch.around, salt);
}

std::string cut_type(const ObjectKey& leading, const Surroundings& around) {
  // Types without a collation: statistics and index agree about their order, whoever made them.
  static const std::set<std::string, std::less<>> plain{"smallint",
                                                        "integer",
                                                        "bigint",
                                                        "numeric",
                                                        "uuid",
                                                        "oid",
                                                        "date",
                                                        "timestamp without time zone",
                                                        "timestamp with time zone"};
  const Column* column = column_then(leading, around);
  return column != nullptr && plain.contains(column->type.text) ? column->type.text : std::string{};
}

std::string is_untouched(const Watch& watch, std::string_view of) {
  std::vector<std::string> parts;
  for (const std::string& column : watch.key) {
    const std::string label = labelled(watch.label, column);
    parts.push_back(fmt::format("late.{} = {}", label,
                                of.empty() ? watch.alias + quoted(column) : fmt::format("{}.{}", of, label)));
  }
  return fmt::format(
      "not exists (select from {0} as late where {1})\n   and not exists (select from {0} as late where late.{2} is "
      "null)",
      watch.late, joined(parts, " and "), labelled(watch.label, watch.key.front()));
}

std::string in_batch(const Watch& watch) {
  Names room;
  const Names& range = range_of(watch, room);
  const std::string columns = columns_of(range, watch.alias);
  return fmt::format("{0} >= {1} and {0} <= {2}", columns, variables("v_low", range.size()),
                     variables("v_high", range.size()));
}

std::string in_batch(const Watch& watch, std::string_view of) {
  return fmt::format("{0} >= {1} and {0} <= {2}", row_of(key_labels(watch, of)), variables("v_low", watch.key.size()),
                     variables("v_high", watch.key.size()));
}

std::vector<std::string> key_labels(const Watch& watch, std::string_view alias) {
  std::vector<std::string> labels;
  for (const std::string& column : watch.key) {
    const std::string label = labelled(watch.label, column);
    labels.push_back(alias.empty() ? label : fmt::format("{}.{}", alias, label));
  }
  return labels;
}

std::string same_row(const Watch& watch, std::string_view a, std::string_view b) {
  std::vector<std::string> parts;
  for (const std::string& label : key_labels(watch, {})) parts.push_back(fmt::format("{0}.{2} = {1}.{2}", a, b, label));
  return joined(parts, " and ");
}

Statements note_writes(const Watch& watch) {
  std::vector<std::string> key;
  for (const std::string& column : watch.key) key.push_back(quoted(column) + " as " + labelled(watch.label, column));
  Statements all{{{},
                  fmt::format("create table {0} as\nselect {1}\n  from {2}\n  with no data;\n"
                              "alter table {0} replica identity full",
                              watch.late, joined(key, ", "), table_sql(watch.table)),
                  {},
                  Work::instant},
                 note_function(watch, watch.note, watch.key, false),
                 note_trigger(watch.note, watch.table, "insert or update or delete", "row"),
                 note_trigger(watch.note, watch.table, "truncate", "statement", all_rows)};
  for (const ObjectKey& other : watch.others) {
    all.push_back(note_trigger(watch.note, other, "insert or update or delete or truncate", "statement", all_rows));
  }
  return titled(fmt::format("note which rows of {} applications write from here on", table_sql(watch.table)),
                std::move(all));
}

Statements note_writes(const Watch& watch, const std::string& function, const ObjectKey& table, const Names& columns) {
  return titled(fmt::format("and which are written to {}", table_sql(table)),
                {note_function(watch, function, columns, true),
                 note_trigger(function, table, "insert or update or delete", "row"),
                 note_trigger(function, table, "truncate", "statement", all_rows)});
}

Statements end_notes(const std::string& function, const ObjectKey& table) {
  Statements all;
  for (const std::string_view what : {"", all_rows}) {
    all.push_back({"nothing is noted any more",
                   fmt::format("drop trigger {} on {}", trigger_name(function, what), table_sql(table)),
                   {{table, Lock::access_exclusive}},
                   Work::instant});
  }
  return all;
}

Statement set_bounds(const Watch& watch) {
  return reads("where the batches begin and end", watch.cut_type.empty() ? one_range(watch) : ranges(watch),
               watch.table);
}

Statements begin_watch(const Watch& watch, const std::string& again_query) {
  Statements all = note_writes(watch);
  all.push_back({"a place for each such row, once",
                 fmt::format("create table {0} as\n{1}\n  with no data;\nalter table {0} add primary key ({2})",
                             watch.again, again_query, joined(key_labels(watch, {}), ", ")),
                 {},
                 Work::instant});
  all.push_back(set_bounds(watch));
  return all;
}

Statement batch_function(const Watch& watch, const std::string& declarations, const Statements& write) {
  Names room;
  const Names& range = range_of(watch, room);
  const std::string table = table_sql(watch.table);
  const std::string columns = columns_of(range, ""), last = variables("v_last", range.size());
  std::string declared =
      "  v_range integer;\n  v_next text[];\n"
      "  v_read bigint := batch_rows;\n  v_written bigint := 0;";
  std::vector<std::string> froms, intos, highs, lasts;
  for (std::size_t i = 1; i <= range.size(); ++i) {
    const std::string type = fmt::format("{}.{}%type", table, quoted(range[i - 1]));
    for (const char* which : {"low", "high", "last"}) declared += fmt::format("\n  v_{}_{} {};", which, i, type);
    froms.push_back(fmt::format("next_key[{0}], last_key[{0}]", i));
    intos.push_back(fmt::format("v_low_{0}, v_last_{0}", i));
    highs.push_back(fmt::format("v_high_{}", i));
    lasts.push_back(fmt::format("v_high_{0} := v_last_{0};", i));
  }
  if (!declarations.empty()) declared += "\n" + declarations;
  const std::string choose = fmt::format(
      "select range, {} into v_range, {}\n    from godwit.checkpoint where {} and next_key is not null\n"
      "   order by range limit 1 for update",
      joined(froms, ", "), joined(intos, ", "), checkpoint_is(watch));
  const std::string body = fmt::format(
      "  perform set_config('godwit.batch', 'on', true);\n"
      "  -- a range that is not done: one in which nobody else is at work, if there is any\n"
      "  {choose} skip locked;\n"
      "  if v_range is null then\n    {choose_any};\n  end if;\n"
      "  if v_range is null then\n    return null;\n  end if;\n"
      "  select {list} into {highs}\n    from {table} where {columns} >= {low} and {columns} <= {last}\n"
      "   order by {list} offset batch_rows - 1 limit 1;\n"
      "  if not found then  -- the last ones\n    {lasts}\n"
      "    select count(*) into v_read from {table} where {columns} >= {low} and {columns} <= {last};\n  end if;\n\n"
      "{write}\n"
      "  select {texts} into v_next\n    from {table} where {columns} > {high} and {columns} <= {last}\n"
      "   order by {list} limit 1;\n"
      "  update godwit.checkpoint\n"
      "     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,\n"
      "         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end\n"
      "   where {here} and range = v_range;\n"
      "  return v_read;",
      fmt::arg("choose", choose), fmt::arg("choose_any", indented(choose, 2)), fmt::arg("list", listed(range)),
      fmt::arg("highs", joined(highs, ", ")), fmt::arg("table", table), fmt::arg("columns", columns),
      fmt::arg("low", variables("v_low", range.size())), fmt::arg("last", last), fmt::arg("lasts", joined(lasts, " ")),
      fmt::arg("write", body_of(write)), fmt::arg("texts", as_texts(range)),
      fmt::arg("high", variables("v_high", range.size())), fmt::arg("here", checkpoint_is(watch)));
  return {"one batch: the next rows by key, with their record and the place to go on from; null: none is left",
          function_sql(watch.run, "batch_rows integer", declared, body),
          {},
          Work::instant};
}

Statement catch_up_function(const Watch& watch, const std::string& declarations, const std::string& collect,
                            const std::string& body) {
  const std::vector<std::string> labels = key_labels(watch, {});
  std::string declared = "  v_late bigint;";
  if (!declarations.empty()) declared += "\n" + declarations;
  const std::string all = fmt::format(
      "  if exists (select from {late} where {first} is null) then  -- every row is concerned\n"
      "    insert into {late} select {list} from {kept} union select {keys} from {table};\n"
      "    delete from {late} where {first} is null;\n"
      "  end if;\n"
      "  analyze {late};\n"
      "  insert into {again}\n  {collect};\n"
      "  get diagnostics v_late = row_count;\n"
      "  if v_late = 0 then\n    return 0;\n  end if;\n"
      "  analyze {again};\n"
      "  if to_regclass({name}) is null then  -- taken back before all batches were done\n"
      "    {index};\n  end if;\n\n"
      "{body}\n"
      "  return v_late;",
      fmt::arg("late", watch.late), fmt::arg("again", watch.again), fmt::arg("first", labels.front()),
      fmt::arg("list", joined(labels, ", ")), fmt::arg("kept", watch.kept), fmt::arg("keys", listed(watch.key)),
      fmt::arg("table", table_sql(watch.table)), fmt::arg("collect", indented(collect, 2)),
      fmt::arg("index", indented(index_record(watch).sql, 4)),
      fmt::arg("name", literal("godwit_kept." + record_index(watch))), fmt::arg("body", body));
  return {"what was written meanwhile, looked at again",
          function_sql(watch.catch_up, "", declared, all),
          {},
          Work::instant};
}

Statements end_watch(const Watch& watch, const ObjectKey& target) {
  Statement late = writes("what was written meanwhile", fmt::format("select {}()", watch.catch_up), target);
  late.locks.push_back({watch.table, Lock::share_row_exclusive});
  Statements all{std::move(late)};
  for (Statement& statement : end_notes(watch.note, watch.table)) all.push_back(std::move(statement));
  for (const ObjectKey& other : watch.others) {
    all.push_back(end_notes(watch.note, other).back());
  }
  all.push_back({all.back().title,
                 fmt::format("drop function {}(), {}(integer), {}();\ndrop table {}, {}", watch.note, watch.run,
                             watch.catch_up, watch.late, watch.again),
                 {},
                 Work::instant});
  return all;
}

std::string is_late(const Watch& watch) {
  return fmt::format("exists (select from {} as late where {})", watch.late, same_row(watch, "late", "kept"));
}

Statement settle_late(const Watch& watch, const ObjectKey& target, const Statements& apart) {
  const std::vector<std::string> labels = key_labels(watch, {});
  const std::string body = fmt::format(
      "  perform {0}();\n"
      "exception when {1} then\n"
      "  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes\n"
      "  if exists (select from {2} where {3} is null) then  -- every row is concerned\n"
      "    insert into {2} select {4} from {5};\n  end if;\n{6}",
      watch.catch_up, refusals, watch.late, labels.front(), joined(labels, ", "), watch.kept, body_of(apart));
  Statement statement = writes("what was written meanwhile", block("", body), target);
  statement.locks.push_back({watch.table, Lock::share_row_exclusive});
  return statement;
}

Statement index_record(const Watch& watch) {
  return {"each row has one record, and is found by it",
          fmt::format("create unique index {} on {} ({});\nanalyze {}", record_index(watch), watch.kept,
                      joined(key_labels(watch, {}), ", "), watch.kept),
          {},
          Work::instant};
}

ObjectKey kept_key(const std::string& kept) {
  std::string name = kept.substr(kept.find('.') + 1);
  if (name.starts_with('"')) {
    name = name.substr(1, name.size() - 2);
    for (std::size_t at = name.find("\"\""); at != std::string::npos; at = name.find("\"\"", at + 1)) name.erase(at, 1);
  }
  ObjectKey key;
  key.kind = Kind::table;
  key.schema = "godwit_kept";
  key.name = name;
  return key;
}

bool keeps_types(const ObjectKey& table, const Surroundings& around) {
  for (const ObjectKey& child : around.catalog.children(table)) {
    const Column* column = around.catalog.get<Column>(child);
    const Column* before = column == nullptr ? nullptr : column_then(child, around);
    if (before != nullptr && !(before->type == column->type)) return false;
  }
  return true;
}

std::string body_of(const Statements& statements) {
  std::string text;
  for (const Statement& statement : statements) {
    text += "  -- " + statement.title + "\n  " + indented(statement.sql, 2) + ";\n";
  }
  return text;
}

}  // namespace godwit::data
