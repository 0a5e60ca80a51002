// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/in_step.h"

#include "base/identifier.h"
#include "compiler/kinds/planning.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace godwit::stages {

namespace {

bool concerns(const Step& step, const ObjectKey& table) {
  const auto any = [&](const std::vector<ObjectKey>& keys, auto matters) {
    return std::any_of(keys.begin(), keys.end(), [&](const ObjectKey& key) { return matters(key, table); });
  };
  if (step.phase == Phase::rename) return kinds::shapes_rows(step.subject, table);
  return any(step.changes, kinds::shapes_rows) || any(step.unmakes, kinds::shapes_rows) ||
         any(step.fills, kinds::shapes_rows) || any(step.makes, kinds::writes_rows);
}

Step question(const TableInStep& kept, const Step& first) {
  const std::string name = quoted(kept.table.schema, kept.table.name);
  Step step;
  step.phase = Phase::lock;
  step.title = fmt::format("refuse while {} is kept in step", name);
  step.span = first.span;
  step.subject = kept.table;
  step.up.push_back(
      {step.title,
       "do " + dollar_quoted(fmt::format("\nbegin\n"
                                         "  if exists (select from pg_trigger\n"
                                         "              where tgrelid = {}::regclass and starts_with(tgname, "
                                         "'_gw_step_')) then\n"
                                         "    raise exception using errcode = 'GW001', message = {},\n"
                                         "      hint = {};\n  end if;\nend ",
                                         literal(name),
                                         literal(fmt::format("migration {} keeps {} in step until it is final, and "
                                                             "its triggers name what would change",
                                                             kept.migration, name)),
                                         literal(fmt::format("when no old version of the application is left: "
                                                             "`godwit finalize {}`",
                                                             kept.migration)))),
       {},
       Work::instant});
  return step;
}

// Before all but the checks that come first of all; what waits for a step knows it by its position.
void put_first(std::vector<Step>& steps, std::vector<Step> more) {
  const auto place =
      std::find_if(steps.begin(), steps.end(), [](const Step& step) { return step.phase != Phase::preflight; });
  const auto begin = static_cast<std::size_t>(place - steps.begin());
  for (Step& step : steps) {
    for (std::size_t& position : step.after) position += position < begin ? 0 : more.size();
  }
  steps.insert(place, more.begin(), more.end());
}

}  // namespace

void guard_in_step(Plan& plan, const kinds::Declaring& declared, std::vector<TableInStep>& tables) {
  std::vector<Step> questions;
  std::erase_if(tables, [&](const TableInStep& kept) {
    const ObjectKey& present = kinds::renamed_key(kept.table, declared.renamed_keys);
    const auto found = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
      return concerns(step, present) || concerns(step, kept.table);
    });
    if (found == plan.steps.end()) return false;
    questions.push_back(question(kept, *found));
    return true;
  });
  put_first(plan.steps, std::move(questions));
  for (const data::Intent& intent : declared.intents) {
    const auto add = [&](const ObjectKey& table) { tables.push_back({table, plan.id}); };
    if (const auto* backfill = std::get_if<data::Backfill>(&intent); backfill != nullptr && backfill->in_step)
      add(backfill->table);
    if (const auto* move = std::get_if<data::Move>(&intent); move != nullptr && move->in_step) {
      add(kinds::renamed_key(*move->source, declared.renamed_keys));
      add(move->target);
    }
  }
}

}  // namespace godwit::stages
