// SPDX-License-Identifier: Apache-2.0
// Checks: blocks that count, compare with a limit, and say what they found. Those of `before` all run before one
// verdict.
#include "compiler/data/shape.h"

#include "base/identifier.h"
#include "compiler/model/script.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

enum class Side { before, after };

struct Counting {
  std::string from, where, key, order;
};

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

Names key_columns(const std::vector<ObjectKey>& children, const Surroundings& around, Side side) {
  for (const ObjectKey& key : children) {
    if (key.kind != Kind::primary_key) continue;
    const ObjectPtr object = side == Side::before ? around.catalog.before(key) : around.catalog.pointer(key);
    if (object) return std::get<PrimaryKey>(*object).columns;
  }
  return {};
}

// Before the migration names are the old ones: nothing is renamed yet.
Counting counting_of(const Check& check, const Surroundings& around, Side side) {
  Counting counting;
  if (check.where) counting.where = check.where->text;
  if (check.query) {
    counting.from = fmt::format("({}) as {}", check.query->text, quoted(check.alias));
    counting.key = quoted(check.alias) + "::text";
    counting.order = "1";
    return counting;
  }
  const ObjectKey& table = *check.table;
  counting.from = table_sql(table);
  std::string alias = quoted(table.name);
  if (!check.alias.empty() && check.alias != table.name) {
    alias = quoted(check.alias);
    counting.from += " as " + alias;
  }
  const Names key = key_columns(
      side == Side::before ? around.catalog.children_before(table) : around.catalog.children(table), around, side);
  std::vector<std::string> shown, order;
  for (const std::string& column : key) {
    shown.push_back(fmt::format("{}.{}::text", alias, quoted(column)));
    order.push_back(fmt::format("{}.{}", alias, quoted(column)));
  }
  // A view has neither a key nor a place of its rows.
  if (shown.empty()) shown.push_back(table.kind == Kind::table ? alias + ".ctid::text" : alias + "::text");
  if (order.empty()) order.push_back("1");
  counting.key = shown.size() == 1 ? shown.front() : fmt::format("concat_ws(' ', {})", joined(shown, ", "));
  counting.order = joined(order, ", ");
  return counting;
}

std::string exceeded(const Check& check) {
  if (check.condition == Check::Condition::none || !check.amount) return "v_found > 0";
  const std::string sign = check.condition == Check::Condition::at_most ? ">" : "<";
  if (!check.amount->percent) return fmt::format("v_found {} {}", sign, check.amount->value);
  return fmt::format("v_found * 100.0 {} v_total * {}", sign, check.amount->value);
}

std::string format_with(const std::string& title, const std::string& words) {
  return literal(raise_format(fmt::format("check \"{}\" ", title)) + words);
}

// What a check that does not hold does: a warning of its own, a stop, or a note for the verdict.
std::string failure(const Check& check, Side side, const std::string& words, const std::string& values) {
  const std::string raised = format_with(check.title, words) + values;
  if (check.warn) return fmt::format("    raise warning {};\n", raised);
  if (side == Side::after) return fmt::format("    raise exception {} using errcode = 'GW002';\n", raised);
  return fmt::format(
      "    raise warning {};\n"
      "    perform set_config('godwit.failed_checks',\n"
      "      concat_ws(', ', nullif(current_setting('godwit.failed_checks', true), ''), {}), true);\n",
      raised, literal('"' + check.title + '"'));
}

std::string count_block(const Check& check, const Surroundings& around, Side side) {
  const Counting counting = counting_of(check, around, side);
  const std::string where = counting.where.empty() ? "" : "\n   where " + indented(counting.where);
  const bool percent = check.amount && check.amount->percent;
  const bool few = check.condition == Check::Condition::at_least;
  const std::string limit = few ? "at least " + check.amount->text : check.amount ? check.amount->text : "0";
  const std::string limit_text = [&] {
    const std::string raised = raise_text(limit);
    return raised.substr(1, raised.size() - 2);
  }();
  std::string body = fmt::format("  select count(*) into v_found from {}{};\n", indented(counting.from), where);
  if (percent) body += fmt::format("  select count(*) into v_total from {};\n", indented(counting.from));
  body += fmt::format("  if {} then\n", exceeded(check));
  const std::string of = percent ? " of %" : "";
  const std::string values = percent ? ", v_found, v_total" : ", v_found";
  if (!few) {
    body += fmt::format(
        "    select string_agg(k, ', ') into v_keys\n"
        "      from (select {} as k\n              from {}{}\n             order by {} limit 10) as offending;\n",
        counting.key, indented(counting.from), where, counting.order);
    body +=
        failure(check, side,
                fmt::format("{}: found %{}, limit {}; keys %", check.warn ? "does not hold" : "failed", of, limit_text),
                values + ", v_keys");
  } else {
    body += failure(check, side,
                    fmt::format("{}: found %{}, limit {}", check.warn ? "does not hold" : "failed", of, limit_text),
                    values);
  }
  body += fmt::format("  else\n    raise notice {}{};\n  end if;",
                      format_with(check.title, fmt::format("passed: found %{}, limit {}", of, limit_text)), values);
  return block("  v_found bigint;\n  v_total bigint;\n  v_keys text;", body);
}

std::string that_block(const Check& check, Side side) {
  const std::string body = fmt::format("  if ({}) is true then\n    raise notice {};\n  else\n{}  end if;",
                                       check.where->text, format_with(check.title, "passed"),
                                       failure(check, side, check.warn ? "does not hold" : "failed", ""));
  return block("", body);
}

std::string setting_of(const Check& check) { return "godwit.unchanged_" + sha256(check.title).substr(0, 8); }

std::string value_of(const Fragment& query) {
  return fmt::format("(select coalesce(string_agg(rows::text, ' ' order by rows::text), '')\n    from ({}) as rows)",
                     indented(indented(query.text)));
}

std::string compare_block(const Check& check, const Fragment& query) {
  const std::string body = fmt::format(
      "  v_before := current_setting({}, true);\n"
      "  v_after := {};\n"
      "  if v_after is distinct from v_before then\n{}"
      "  else\n    raise notice {}, v_after;\n  end if;",
      literal(setting_of(check)), value_of(query),
      failure(check, Side::after, fmt::format("{}: it was %, now it is %", check.warn ? "does not hold" : "failed"),
              ", v_before, v_after"),
      format_with(check.title, "passed: unchanged, %"));
  return block("  v_before text;\n  v_after text;", body);
}

void note(const std::optional<Fragment>& fragment, std::vector<ObjectKey>& keys) {
  if (!fragment) return;
  for (const Reference& reference : fragment->references) keys.push_back(reference.target);
}

Step empty_step(const Check& check, Phase phase, std::string_view side) {
  Step step;
  step.phase = phase;
  step.title = fmt::format("check {}: {}", side, check.title);
  step.span = check.span;
  return step;
}

Statement statement_of(const Step& step, std::string sql, const std::vector<ObjectKey>& read) {
  Statement statement{step.title, std::move(sql), {}, Work::scan};
  for (const ObjectKey& key : read) {
    if (is_relation(key.kind)) statement.locks.push_back({key, Lock::access_share});
  }
  std::sort(statement.locks.begin(), statement.locks.end(),
            [](const LockOn& a, const LockOn& b) { return a.relation < b.relation; });
  statement.locks.erase(std::unique(statement.locks.begin(), statement.locks.end()), statement.locks.end());
  return statement;
}

Step one_sided(const Check& check, const Surroundings& around, Side side) {
  Step step = empty_step(check, side == Side::before ? Phase::preflight : Phase::after,
                         side == Side::before ? "before" : "after");
  std::vector<ObjectKey> read;
  if (check.table) read.push_back(*check.table);
  note(check.query, read);
  note(check.where, read);
  step.up = {statement_of(
      step, check.condition == Check::Condition::that ? that_block(check, side) : count_block(check, around, side),
      read)};
  if (side == Side::before) {
    step.uses_old = read;
  } else {
    for (const ObjectKey& key : read) step.needs.push_back({key, false});
  }
  return step;
}

}  // namespace

std::vector<Step> steps(const Check& check, const Surroundings& around) {
  if (check.condition == Check::Condition::unchanged) {
    const Fragment query = sql::renamed(*check.query, around.renames);
    Step capture = empty_step(check, Phase::keep, "before");
    note(check.query, capture.uses_old);
    std::vector<ObjectKey> read;
    note(query, read);
    capture.up = {statement_of(
        capture, fmt::format("select set_config({}, {}, true)", literal(setting_of(check)), value_of(query)), read)};
    capture.remarks.push_back("the value is compared with the one after the migration");
    Step compare = empty_step(check, Phase::after, "after");
    for (const ObjectKey& key : read) compare.needs.push_back({key, false});
    compare.up = {statement_of(compare, compare_block(check, query), read)};
    return {std::move(capture), std::move(compare)};
  }
  switch (check.when) {
    case Check::When::before: return {one_sided(check, around, Side::before)};
    case Check::When::after: return {one_sided(check, around, Side::after)};
    case Check::When::both: return {one_sided(check, around, Side::before), one_sided(check, around, Side::after)};
  }
  return {};
}

Step before_checks_verdict(Span span) {
  Step step;
  step.phase = Phase::preflight;
  step.title = "go or no-go: every check before the first change has run";
  step.span = span;
  step.up = {
      {step.title,
       block("",
             "  if coalesce(current_setting('godwit.failed_checks', true), '') <> '' then\n"
             "    raise exception 'checks failed: %; nothing was changed', current_setting('godwit.failed_checks')\n"
             "      using errcode = 'GW002', hint = 'the warnings above say what each of them found';\n"
             "  end if;"),
       {},
       Work::instant}};
  return step;
}

}  // namespace godwit::data
