// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/reject.h"

#include "base/identifier.h"
#include "compiler/model/ledger.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace godwit::data {

namespace {

// When more rows than allowed are refused, these many are looked at before the rest is given up.
constexpr int enough = 1000;

std::string row_of(const std::vector<std::string>& parts) {
  return parts.size() == 1 ? parts.front() : '(' + joined(parts, ", ") + ')';
}

std::vector<std::string> variables(std::string_view name, std::size_t count) {
  std::vector<std::string> parts;
  for (std::size_t i = 1; i <= count; ++i) parts.push_back(fmt::format("{}_{}", name, i));
  return parts;
}

std::vector<std::string> columns(const Names& key, const std::string& alias) {
  std::vector<std::string> parts;
  for (const std::string& column : key) parts.push_back(alias + quoted(column));
  return parts;
}

std::string is_of_step(const Fitting& fitting) {
  return fmt::format("(migration, step) = ({}, {})", literal(fitting.around.migration), literal(fitting.noted));
}

std::string too_many(const Fitting& fitting) {
  return fitting.limit.percent ? fmt::format("v_rejected * 100.0 > v_qualifying * {}", fitting.limit.value)
                               : fmt::format("v_rejected > {}", fitting.limit.value);
}

/// The first row's key from `where` on, into v_from.
std::string next_row(const Fitting& fitting, const std::string& condition) {
  const std::string list = joined(columns(fitting.key, fitting.alias), ", ");
  std::vector<std::string> conditions;
  if (!condition.empty()) conditions.push_back(condition);
  if (!fitting.where.empty()) conditions.push_back(condition.empty() ? fitting.where : '(' + fitting.where + ')');
  return fmt::format("select {} into {}\n  from {}{}\n order by {} limit 1;", list,
                     joined(variables("v_from", fitting.key.size()), ", "), fitting.from,
                     conditions.empty() ? "" : "\n where " + all_of(conditions, 3), list);
}

/// The key of the last row of a turn, into v_to.
std::string last_row(const Fitting& fitting) {
  const std::vector<std::string> list = columns(fitting.key, fitting.alias);
  std::vector<std::string> down;
  for (const std::string& column : fitting.key) down.push_back(quoted(column) + " desc");
  return fmt::format(
      "select {} into {}\n  from (select {} from {}\n         where {} >= {}{}\n         order by {} limit v_at_once) "
      "as next\n order by {} limit 1;",
      listed(fitting.key), joined(variables("v_to", fitting.key.size()), ", "), joined(list, ", "), fitting.from,
      row_of(list), row_of(variables("v_from", fitting.key.size())),
      fitting.where.empty() ? "" : fmt::format("\n           and ({})", fitting.where), joined(list, ", "),
      joined(down, ", "));
}

std::string set_aside(const Fitting& fitting) {
  std::vector<std::string> key;
  for (const std::string& column : fitting.key)
    key.push_back(fmt::format("{}, refused.{}", literal(column), quoted(column)));
  return fmt::format(
      "insert into godwit_kept.rejected (migration, step, table_name, key, row_data, sqlstate, reason)\n"
      "select {}, {}, {},\n"
      "       jsonb_build_object({}), to_jsonb(refused.*), v_state, v_reason\n"
      "  from {} as refused\n where {} = {};",
      literal(fitting.around.migration), literal(fitting.noted), literal(table_sql(fitting.table)), joined(key, ", "),
      table_sql(fitting.table), row_of(columns(fitting.key, "refused.")),
      row_of(variables("v_to", fitting.key.size())));
}

std::string said(const Fitting& fitting, const std::string& words) { return said_of(fitting.step, words); }

}  // namespace

std::string is_set_aside(const std::string& noted, const Names& key, const std::string& alias,
                         const Surroundings& around) {
  std::vector<std::string> parts;
  for (const std::string& column : key)
    parts.push_back(fmt::format("{}, {}{}", literal(column), alias, quoted(column)));
  return fmt::format(
      "exists (select from godwit_kept.rejected as refused where (refused.migration, refused.step, refused.key) =\n"
      "                      ({}, {}, jsonb_build_object({})))",
      literal(around.migration), literal(noted), joined(parts, ", "));
}

std::string in_range(const Names& key, const std::string& alias) {
  return fmt::format("{0} >= {1} and {0} <= {2}", row_of(columns(key, alias)), row_of(variables("v_from", key.size())),
                     row_of(variables("v_to", key.size())));
}

namespace {

std::string key_variables(const Fitting& fitting) {
  std::string text;
  for (std::size_t i = 0; i < fitting.key.size(); ++i) {
    for (const char* which : {"from", "to"}) {
      text += fmt::format("\n  v_{}_{} {}.{}%type;", which, i + 1, table_sql(fitting.table), quoted(fitting.key[i]));
    }
  }
  return text;
}

/// Goes through the rows, `start` of them in the first turn; `refused` is what is done with one that does not fit, in
/// v_to.
std::string turns(const Fitting& fitting, const std::string& comment, const std::string& start,
                  const std::string& refused) {
  const std::string behind = fmt::format("{} > {}", row_of(columns(fitting.key, fitting.alias)),
                                         row_of(variables("v_to", fitting.key.size())));
  return fmt::format(
      "{deferred}"
      "-- {comment}\n"
      "v_at_once := {start};\n"
      "{first}\n"
      "while v_from_1 is not null loop\n"
      "  {last}\n"
      "  begin\n"
      "    {write}\n"
      "    v_done := v_done + v_written;\n"
      "    v_at_once := least(v_at_once * 2, 10000);\n"
      "  exception when {refusals} then\n"
      "    if v_at_once > 1 then\n"
      "      v_at_once := least(v_at_once / 2, 5000);\n"
      "      continue;\n"
      "    end if;\n"
      "    get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = "
      "pg_exception_detail;\n"
      "    if v_state in ('23503', '23505', '23P01') and v_detail <> '' then\n"
      "      v_reason := v_reason || ': ' || v_detail;\n"
      "    end if;\n"
      "    v_rejected := v_rejected + 1;\n"
      "    {refused}\n"
      "  end;\n"
      "  {next}\n"
      "end loop;",
      fmt::arg("deferred", fitting.deferrable ? "-- a constraint that waits would be checked too late\n"
                                                "set constraints all immediate;\n"
                                              : ""),
      fmt::arg("comment", comment), fmt::arg("start", start), fmt::arg("first", next_row(fitting, {})),
      fmt::arg("last", indented(last_row(fitting), 2)), fmt::arg("write", indented(fitting.write, 4)),
      fmt::arg("refusals", refusals), fmt::arg("refused", indented(refused, 4)),
      fmt::arg("next", indented(next_row(fitting, behind), 2)));
}

}  // namespace

std::string fitting_variables(const Fitting& fitting) {
  return "  v_total bigint;\n  v_qualifying bigint;\n  v_at_once bigint;  -- rows that are tried in one turn\n"
         "  v_written bigint;\n  v_done bigint := 0;\n  v_rejected bigint := 0;\n  v_state text;\n  v_reason text;\n"
         "  v_detail text;\n  v_keys text;" +
         key_variables(fitting);
}

std::string go_through(const Fitting& fitting, std::string_view rows) {
  const std::string refused =
      fmt::format("{}\nexit when v_rejected >= {} and {};", set_aside(fitting), enough, too_many(fitting));
  return "  " +
         indented(turns(fitting, "all at once; where a row does not fit, fewer at a time, down to that row",
                        fmt::format("greatest({}, 1)", rows), refused),
                  2) +
         '\n';
}

std::string naming_variables(const Fitting& fitting) {
  return "  v_at_once bigint;\n  v_done bigint := 0;\n  v_rejected bigint := 0;\n  v_state text;\n  v_reason text;\n"
         "  v_detail text;\n  v_first_state text;\n  v_keys text;" +
         key_variables(fitting);
}

std::string naming_rows(const Fitting& fitting, const std::string& write, std::string_view rows,
                        const std::string& way_out) {
  const std::string refused = fmt::format(
      "v_first_state := coalesce(v_first_state, v_state);\n"
      "v_keys := concat_ws('; ', v_keys, concat_ws(' ', {}) || ': ' || left(v_reason, 200) || ' (' || v_state || "
      "')');\n"
      "exit when v_rejected = 10;",
      joined(variables("v_to", fitting.key.size()), ", "));
  return fmt::format(
      "begin\n  {write}\n{deferred}exception when {refusals} then\n"
      "  {turns}\n"
      "  if v_rejected = 0 then\n    raise;  -- none of them, alone\n  end if;\n"
      "  raise exception {said}, v_keys\n    using errcode = v_first_state, hint = {way_out};\nend",
      fmt::arg("write", indented(write, 2)),
      fmt::arg("deferred", fitting.deferrable ? "  set constraints all immediate;\n" : ""),
      fmt::arg("refusals", refusals),
      fmt::arg("turns", indented(turns(fitting, "which rows the server refuses",
                                       fmt::format("greatest(least({} / 2, 5000), 1)", rows), refused),
                                 2)),
      fmt::arg("said", said(fitting, "rows do not fit: %")), fmt::arg("way_out", literal(way_out)));
}

std::string count_rejected(const Fitting& fitting) {
  std::vector<std::string> shown;
  for (const std::string& column : fitting.key) shown.push_back(fmt::format("key ->> {}", literal(column)));
  const std::string key = shown.size() == 1 ? shown.front() : fmt::format("concat_ws(' ', {})", joined(shown, ", "));
  return fmt::format(
      "  if v_rejected > 0 then\n"
      "    select string_agg(row_key || ': ' || left(reason, 200) || ' (' || sqlstate || ')', '; ') into v_keys\n"
      "      from (select {key} as row_key, reason, sqlstate from godwit_kept.rejected\n"
      "             where {step} order by key limit 10) as refused;\n"
      "    if {many} then\n"
      "      raise exception {stops},\n"
      "        v_rejected || case when v_rejected >= {enough} then ' or more' else '' end, v_qualifying, v_keys\n"
      "        using errcode = 'GW003', hint = 'mend these rows, set columns to something else, or raise the limit; "
      "nothing was changed';\n"
      "    end if;\n"
      "    raise warning {warns}, v_rejected, v_qualifying, v_keys;\n"
      "  end if;\n",
      fmt::arg("key", key), fmt::arg("step", is_of_step(fitting)), fmt::arg("many", too_many(fitting)),
      fmt::arg("stops",
               said(fitting, fmt::format("% of % rows do not fit, more than {}: %", raise_format(fitting.limit.text)))),
      fmt::arg("enough", enough),
      fmt::arg("warns", said(fitting, "% of % rows do not fit and are in godwit_kept.rejected: %")));
}

namespace {

/// The migration adds these columns, and they are null until they are filled.
bool all_empty(const ObjectKey& table, const Names& columns, const Surroundings& around) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const ObjectKey key = column_key(table, name);
    const Column* column = column_now(key, around);
    return column != nullptr && !column->default_value && !column->generated && !column->identity &&
           !existed_before(key, around);
  });
}

/// It refuses rows of one of the tables, and holds as long as none has been written.
bool stands_first(const ObjectKey& key, const std::set<ObjectKey>& tables, const Surroundings& around) {
  if (const auto* index = around.catalog.get<Index>(key)) {
    if (!index->unique || !tables.contains(index->table)) return false;
    Names columns;
    for (const IndexElement& element : index->elements) columns.push_back(element.column);
    return !existed_before(index->table, around) ||
           (!index->nulls_not_distinct && all_empty(index->table, columns, around));
  }
  const ObjectKey table = table_of(key);
  if (!tables.contains(table)) return false;
  if (const auto* unique = around.catalog.get<Unique>(key))
    return !unique->nulls_not_distinct && all_empty(table, unique->columns, around);
  const auto* reference = around.catalog.get<ForeignKey>(key);
  return reference != nullptr && all_empty(table, reference->columns, around);
}

}  // namespace

void before_rejected_rows(std::vector<Step>& steps, const Surroundings& around) {
  std::set<ObjectKey> tables;
  for (const Step& step : steps) {
    if (step.rejects) tables.insert(step.fills.begin(), step.fills.end());
  }
  for (Step& step : steps) {
    if (step.phase != Phase::validate || step.makes.size() != 1) continue;
    if (stands_first(step.makes.front(), tables, around)) step.phase = Phase::expand;
  }
}

Statement rejected_table() {
  return {"make sure that godwit_kept.rejected exists", unclosed(ledger::rejected_table_sql()), {}, Work::instant};
}

Statement forget_rejected(const std::string& step, const Surroundings& around) {
  return {"forget which rows did not fit: they are as they were",
          unclosed(ledger::forget_rejected_sql(around.migration, step)),
          {},
          Work::instant};
}

Statement keep_rejected() {
  return {"rows that did not fit stay in godwit_kept.rejected; without any the table goes",
          unclosed(ledger::drop_empty_rejected_sql()),
          {},
          Work::instant};
}

}  // namespace godwit::data
