// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/transactions.h"

#include "base/codes.h"
#include "compiler/kinds/planning.h"

#include <algorithm>
#include <vector>

namespace godwit::stages {

namespace {

bool compares_later(const Step& step) { return step.phase == Phase::keep && step.title.starts_with("check before"); }

/// The steps that a step in batches waits for, directly or through others.
std::vector<bool> awaited_by_batches(const Plan& plan) {
  std::vector<bool> awaited(plan.steps.size(), false);
  for (std::size_t i = plan.steps.size(); i-- > 0;) {
    if (!plan.steps[i].batches && !awaited[i]) continue;
    for (const std::size_t before : plan.steps[i].after) awaited[before] = true;
  }
  return awaited;
}

/// An index on a table that this migration made, which goes with its table.
bool builds_index(const Step& step, const Catalog& catalog) {
  if (step.phase != Phase::validate || step.makes.empty() || !step.down.empty()) return false;
  return std::all_of(step.makes.begin(), step.makes.end(), [&](const ObjectKey& key) {
    return kinds::builds_index(key.kind) && catalog.before(table_of(key)) == nullptr;
  });
}

/// Nobody but its own batches may write to the rows that a step goes over.
void refuse_other_writers(const Plan& plan, kinds::Declaring& declared) {
  for (const Step& step : plan.steps) {
    if (!step.batches) continue;
    for (const Step& other : plan.steps) {
      const bool writes = std::find(other.fills.begin(), other.fills.end(), step.batches->table) != other.fills.end();
      if (&other == &step || !writes) continue;
      declared.diagnostics
          .add(codes::bad_batch, step.span, "the rows that `{}` goes over in batches are changed by `{}` as well",
               step.title, other.title)
          .note(other.span, "this changes them")
          .hint("leave `batch` out here, or make it a migration of its own");
      break;
    }
  }
}

bool contains(const std::vector<ObjectKey>& keys, const ObjectKey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Another step's rows are, or may be, taken for those of this one.
bool shares_rows(const Step& step, const Step& other) {
  if (contains(other.fills, step.batches->table)) return true;
  const bool same_target = std::any_of(other.fills.begin(), other.fills.end(),
                                       [&](const ObjectKey& key) { return contains(step.fills, key); });
  const bool told_apart =
      other.batches && other.batches->back && other.batches->back->knows_its_rows && step.batches->back->knows_its_rows;
  return same_target && !told_apart;
}

/// Values of the rows, or what expressions over them use, are not the same before the turn and behind it.
bool changes_values(const Step& step, const Step& batched, const Catalog& catalog) {
  if (step.leaves_values || step.part != Part::last) return false;
  const auto is_value = [&](const ObjectKey& key) {
    return kinds::is_column(key.kind) &&
           (table_of(key) == batched.batches->table || contains(batched.fills, table_of(key)));
  };
  const auto is_used = [&](const ObjectKey& key) {
    return contains(batched.uses_old, key) || std::any_of(batched.needs.begin(), batched.needs.end(),
                                                          [&](const Need& need) { return need.target == key; });
  };
  return std::any_of(step.changes.begin(), step.changes.end(), [&](const ObjectKey& key) {
    if (kinds::is_lockable(key.kind)) return false;
    const std::vector<ObjectKey> users = catalog.dependents(key);
    return is_value(key) || is_used(key) || std::any_of(users.begin(), users.end(), is_value);
  });
}

}  // namespace

bool goes_back_in_parts(const Plan& plan, const Catalog& catalog) {
  bool any = false;
  for (const Step& step : plan.steps) {
    if (!step.batches) continue;
    any = true;
    if (!step.batches->back) return false;
    for (const Step& other : plan.steps) {
      if (&other != &step && (shares_rows(step, other) || changes_values(other, step, catalog))) return false;
    }
  }
  return any;
}

void divide(Plan& plan, kinds::Declaring& declared) {
  plan.in_parts =
      declared.transaction == ast::Transaction::phased ||
      std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& x) { return x.batches.has_value(); });
  if (!plan.in_parts) return;
  refuse_other_writers(plan, declared);
  const std::vector<bool> awaited = awaited_by_batches(plan);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    Step& step = plan.steps[i];
    const auto early = [&](std::size_t before) { return plan.steps[before].part != Part::last; };
    if (step.batches) {
      step.part = Part::batches;
    } else if ((step.phase < Phase::move && !compares_later(step)) || awaited[i]) {
      step.part = Part::first;
    } else if (builds_index(step, declared.catalog) && std::all_of(step.after.begin(), step.after.end(), early)) {
      step.part = Part::proof;
    } else {
      step.part = Part::last;
    }
    if (step.part != Part::first || (!step.reads_rows && step.phase <= Phase::move)) continue;
    for (const Step& waiting : plan.steps) {
      if (!waiting.batches) continue;
      if (step.phase < Phase::move) break;
      declared.diagnostics
          .add(codes::bad_batch, waiting.span, "`{}` runs in batches, and waits for `{}`, which runs in one statement",
               waiting.title, step.title)
          .note(step.span, "this must run in the last transaction")
          .hint("give both `batch`, or neither; or make two migrations of them");
      break;
    }
  }
}

}  // namespace godwit::stages
