// SPDX-License-Identifier: Apache-2.0
// The way back: one transaction, or, of a migration whose rows went in batches, five parts.
#include "compiler/stages/emit_down.h"

#include "compiler/data/steps.h"
#include "compiler/model/ledger.h"
#include "compiler/stages/script_writer.h"
#include "compiler/stages/transactions.h"

#include <fmt/format.h>

#include <algorithm>

namespace godwit::stages {

namespace {

bool keeps_something(const Statements& statements) {
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& x) { return x.sql.find("godwit_kept.") != std::string::npos; });
}

class WayBack : public ScriptWriter {
 public:
  using ScriptWriter::ScriptWriter;

  Script down() const {
    Script script = begin("down");
    if (class_ == RollbackClass::impossible) {
      own(script, "refuse",
          "do $$ begin\n  raise exception 'migration " + plan_.id +
              " cannot be rolled back: it holds an irreversible step'\n    using errcode = 'GW003', hint = 'restore a "
              "backup, or write a migration that goes forward';\nend $$");
      return script;
    }
    const bool in_parts = goes_back_in_parts(plan_, d_.catalog);
    if (in_parts) script.facts.emplace_back("transactions", "several");
    open(script, undoes_renames());
    own(script, "refuse when this is not the last migration, is final, or its window is closed",
        ledger::down_guard_sql(plan_.id));
    if (in_parts) {
      own(script, "commit", "commit");
      down_in_parts(script);
    } else {
      down_at_once(script);
    }
    return script;
  }

 private:
  static bool is_last(const Step& step) { return step.part == Part::last; }
  static bool is_not_last(const Step& step) { return !is_last(step); }

  bool undoes_renames() const {
    return std::any_of(plan_.steps.begin(), plan_.steps.end(), [](const Step& x) { return x.phase == Phase::rename; });
  }

  bool keeps_on_the_way_back() const {
    return std::any_of(plan_.steps.begin(), plan_.steps.end(), [](const Step& x) { return keeps_something(x.down); });
  }

  void place_for_residue(Script& script) const {
    if (keeps_on_the_way_back())
      own(script, "a place for what has none in the old shape",
          closed(ledger::kept_schema_sql()) + '\n' + ledger::residue_table_sql());
  }

  void end_way_back(Script& script) const {
    if (keeps_on_the_way_back()) own(script, "leave nothing empty behind", ledger::drop_empty_kept_schema_sql());
    own(script, "record the rollback", ledger::down_record_sql(plan_.id));
    notify(script, "migration_done", "rolled back");
    own(script, "commit", "commit");
  }

  /// One transaction, behind its guard.
  void down_at_once(Script& script) const {
    std::vector<const Statements*> backward;
    for (const Step& step : plan_.steps) {
      backward.push_back(&step.down);
      if (step.batches) backward.push_back(&step.batches->settle);
    }
    lock(script, backward, Names::now);
    place_for_residue(script);
    if (plan_.in_parts) {
      script.steps.push_back(
          open_gate("what only the last part did", "is_applied", ledger::state_gate_sql(plan_.id, "applied")));
      undo(script, is_last);
      script.steps.push_back(close_gate());
      script.steps.push_back(open_gate("what has only begun", "is_begun", ledger::state_gate_sql(plan_.id, "begun")));
      settle(script);
      script.steps.push_back(close_gate());
      undo(script, is_not_last);
    } else {
      undo(script, [](const Step&) { return true; });
    }
    end_way_back(script);
  }

  // ---- in parts
  // -------------------------------------------------------------------------------------------------------

  void begin_back_part(Script& script, int part, const std::string& what) const {
    script.steps.push_back(open_gate(fmt::format("part {} of 5: {}", part, what), fmt::format("part_{}", part),
                                     ledger::back_gate_sql(plan_.id, part)));
  }

  void open_back_part(Script& script, int part) const {
    open(script, undoes_renames());
    own(script, "refuse when this part is not what comes next", ledger::back_guard_sql(plan_.id, part));
  }

  void end_back_part(Script& script, int part, bool changes_catalog) const {
    own(script, fmt::format("part {} is done", part), ledger::back_record_sql(plan_.id, part));
    if (changes_catalog) own(script, "remember the catalog", "select godwit.remember()");
    own(script, "commit", "commit");
    script.steps.push_back(close_gate());
  }

  /// Steps in batches, the last first.
  std::vector<const Step*> batched_backward() const {
    std::vector<const Step*> steps;
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      if (step->batches) steps.push_back(&*step);
    }
    return steps;
  }

  void down_in_parts(Script& script) const {
    const std::vector<const Step*> batched = batched_backward();
    const auto run = [&](const Step& step, const BatchesBack::Run& batches) {
      if (batches.function.empty()) return;
      ScriptStep printed;
      printed.title = batches.title;
      printed.place = place_of(step.span, context_.sources);
      call_in_batches(printed, {batches.function, step.batches->rows});
      script.steps.push_back(std::move(printed));
    };

    script.steps.push_back(open_gate("what has only begun", "is_begun", ledger::state_gate_sql(plan_.id, "begun")));
    open(script, undoes_renames());
    own(script, "refuse when this is not the last migration, is final, or its window is closed",
        ledger::down_guard_sql(plan_.id));
    std::vector<const Statements*> begun;
    for (const Step& step : plan_.steps) {
      if (step.batches) begun.push_back(&step.batches->settle);
      if (is_not_last(step)) begun.push_back(&step.down);
    }
    lock(script, begun, Names::now);
    place_for_residue(script);
    settle(script);
    undo(script, is_not_last);
    end_way_back(script);
    script.steps.push_back(close_gate());

    begin_back_part(script, 1, "what the batches need");
    open_back_part(script, 1);
    std::vector<const Statements*> prepared;
    for (const Step* step : batched) prepared.push_back(&step->batches->back->prepare);
    lock(script, prepared, Names::now);
    for (const Step* step : batched)
      add_back(script, *step, step->batches->back->prepare, "prepare the way back of " + step->title);
    end_back_part(script, 1, true);

    begin_back_part(script, 2, "where each row goes back to, each batch a transaction");
    for (const Step* step : batched) run(*step, step->batches->back->find);
    open_back_part(script, 2);
    end_back_part(script, 2, false);

    begin_back_part(script, 3, "the turn: the old shape, with what was written since");
    open_back_part(script, 3);
    std::vector<const Statements*> turned;
    for (const Step& step : plan_.steps) {
      if (is_last(step)) turned.push_back(&step.down);
    }
    for (const Step* step : batched) turned.push_back(&step->batches->back->turn);
    lock(script, turned, Names::now);
    place_for_residue(script);
    for (const Step* step : batched)
      add_back(script, *step, step->batches->back->found, "what found the places of " + step->title + " goes");
    undo(script, is_last);
    for (const Step* step : batched) add_back(script, *step, step->batches->back->turn, "carry back: " + step->title);
    end_back_part(script, 3, true);

    begin_back_part(script, 4, "what is back goes from where it was, each batch a transaction");
    for (const Step* step : batched) run(*step, step->batches->back->remove);
    open_back_part(script, 4);
    end_back_part(script, 4, false);

    begin_back_part(script, 5, "the rest");
    open_back_part(script, 5);
    std::vector<const Statements*> rest;
    for (const Step& step : plan_.steps) {
      if (is_not_last(step)) rest.push_back(step.batches ? &step.batches->back->rest : &step.down);
    }
    lock(script, rest, Names::now);
    place_for_residue(script);
    undo(script, is_not_last, [](const Step& step) { return step.batches ? step.batches->back->rest : step.down; });
    end_way_back(script);
    script.steps.push_back(close_gate());
  }

  /// What batches that are not all done leave: the way back of each expects them so.
  void settle(Script& script) const {
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      if (step->batches) add(script, *step, step->batches->settle, "settle " + step->title);
    }
  }

  // ---- steps
  // ----------------------------------------------------------------------------------------------------------

  /// What takes back the chosen steps, the last first.
  template <typename Chosen>
  void undo(Script& script, Chosen chosen) const {
    undo(script, chosen, [](const Step& step) { return step.down; });
  }

  template <typename Chosen, typename Taken>
  void undo(Script& script, Chosen chosen, Taken way_back) const {
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      if (!chosen(*step)) continue;
      add_back(script, *step, way_back(*step), "undo: " + step->title);
    }
  }

  void add_back(Script& script, const Step& step, Statements statements, const std::string& title) const {
    std::erase_if(statements, [](const Statement& x) { return x.sql == data::residue_table().sql; });
    if (statements.empty()) return;
    add_later(script, step, statements, title);
  }
};

}  // namespace

Script down_script(const Plan& plan, const EmitContext& context) { return WayBack(plan, context).down(); }

}  // namespace godwit::stages
