// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/emit.h"

#include "base/identifier.h"
#include "compiler/data/steps.h"
#include "compiler/kinds/planning.h"
#include "compiler/model/ledger.h"
#include "compiler/model/plan_json.h"
#include "compiler/model/script.h"
#include "compiler/stages/plan.h"
#include "compiler/stages/review.h"
#include "compiler/stages/transactions.h"

#include <algorithm>
#include <map>
#include <set>

namespace godwit::stages {

namespace {

constexpr std::size_t verify_rows_a_step = 400;

std::string closed(std::string sql) {
  if (sql.empty() || sql.back() != ';') sql += ';';
  return sql;
}

/// The statements of one step, each after the first under its own comment.
std::string text_of(const Statements& statements, const std::string& step_title) {
  std::string text;
  std::string last_title = step_title;
  for (const Statement& statement : statements) {
    if (!text.empty()) text += '\n';
    if (statement.title != last_title) text.append("-- ").append(statement.title) += '\n';
    last_title = statement.title;
    text += statement.sql;
    if (!text.ends_with(';')) text += ';';
  }
  return text;
}

std::string lock_remark(const Statements& statements) {
  std::map<ObjectKey, Lock> strongest;
  Work work = Work::instant;
  for (const Statement& statement : statements) {
    work = std::max(work, statement.work);
    for (const LockOn& lock : statement.locks) {
      Lock& held = strongest[lock.relation];
      held = std::max(held, lock.lock);
    }
  }
  std::string text;
  for (const auto& [relation, lock] : strongest) {
    if (lock == Lock::none) continue;
    text += (text.empty() ? "locks " : ", ") + sql_name(relation) + " (" + std::string(name_of(lock)) + ')';
  }
  if (text.empty()) return text;
  return text + "; " + std::string(name_of(work));
}

bool keeps_something(const Statements& statements) {
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& x) { return x.sql.find("godwit_kept.") != std::string::npos; });
}

/// An `unchanged` check: it only means something inside the migration that noted the value of before.
bool compares_with_before(const Step& step) {
  return std::any_of(step.up.begin(), step.up.end(),
                     [](const Statement& x) { return x.sql.find("godwit.unchanged") != std::string::npos; });
}

/// The worst that a step of the plan allows.
RollbackClass rollback_class(const Plan& plan) {
  RollbackClass worst = RollbackClass::exact;
  for (const Step& step : plan.steps) {
    if (step.irreversible) return RollbackClass::impossible;
    if (step.lossy) worst = RollbackClass::lossy;
    if (step.keeps && worst == RollbackClass::exact) worst = RollbackClass::exact_while_window_open;
  }
  return worst;
}

class Emitter {
 public:
  Emitter(const Plan& plan, const EmitContext& context) : plan_(plan), context_(context), d_(context.declared) {
    class_ = rollback_class(plan);
  }

  Script up(const std::string& down_sql, const std::string& finalize_sql, const std::string& verify_sql) {
    Script script = begin("up");
    script.facts.emplace_back("postgres", std::to_string(d_.oldest_postgres));
    if (!context_.required.empty()) {
      script.facts.emplace_back("requires", joined(context_.required, ", "));
    }
    const ledger::UpRecord record = record_of(down_sql, finalize_sql, verify_sql);
    if (plan_.in_parts) {
      script.facts.emplace_back("transactions", "several");
      up_in_parts(script, record);
      return script;
    }
    open(script);
    own(script, "the ledger", ledger::bootstrap_sql());
    own(script, "refuse when this has run already or comes too early",
        ledger::up_guard_sql(plan_.id, context_.required, d_.oldest_postgres));
    check_before(script);
    lock(script, forward(), Names::before);
    run_phases(script, [](const Step& step) { return step.phase != Phase::preflight; });
    analyze(script, [](const Step&) { return true; });
    own(script, "record the migration, with its way back", ledger::up_record_sql(record));
    notify(script, "migration_done", "applied");
    own(script, "commit", "commit");
    return script;
  }

  Script down() {
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

  Script finalize() {
    Script script = begin("finalize");
    open(script);
    own(script, "refuse when this is not applied", ledger::finalize_guard_sql(plan_.id));
    bool removes = false;
    for (const Step& step : plan_.steps) {
      if (step.finalize.empty()) continue;
      removes = true;
      ScriptStep printed;
      printed.title = step.finalize.front().title;
      printed.place = place_of(step.span, context_.sources);
      if (std::string locks = lock_remark(step.finalize); !locks.empty()) printed.remarks.push_back(std::move(locks));
      printed.sql = text_of(step.finalize, printed.title);
      script.steps.push_back(std::move(printed));
    }
    if (removes) own(script, "leave nothing empty behind", ledger::drop_empty_kept_schema_sql());
    own(script, "record that the window is closed", ledger::finalize_record_sql(plan_.id));
    notify(script, "migration_done", "finalized");
    own(script, "commit", "commit");
    return script;
  }

  Script verify() {
    Script script = begin("verify");
    std::map<Kind, std::vector<ObjectKey>> by_kind;
    for (const Step& step : plan_.steps) {
      for (const auto* keys : {&step.makes, &step.changes}) {
        for (const ObjectKey& key : *keys) {
          if (d_.catalog.find(key) != nullptr && !key.part.str().starts_with("_gw_")) by_kind[key.kind].push_back(key);
        }
      }
    }
    for (auto& [kind, keys] : by_kind) {
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      for (std::size_t from = 0; from < keys.size(); from += verify_rows_a_step) {
        const std::size_t to = std::min(keys.size(), from + verify_rows_a_step);
        own(script, std::string(name_of(kind)) + ": as declared",
            verify_query(kind, std::vector<ObjectKey>(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                                      keys.begin() + static_cast<std::ptrdiff_t>(to))));
      }
    }
    for (const Step& step : plan_.steps) {
      if (step.phase == Phase::after && step.title.starts_with("check after") && !compares_with_before(step))
        add(script, step, step.up);
    }
    compare(script);
    return script;
  }

  RollbackClass rollback() const { return class_; }

 private:
  /// What moves wrote, beside their source, as long as what they kept is there.
  void compare(Script& script) const {
    std::size_t number = 0;
    for (const Step& step : plan_.steps) {
      if (!step.comparison) continue;
      const std::string kept = step.comparison->record;
      script.steps.push_back(open_gate("where " + kept + " is still there", "kept_" + std::to_string(++number),
                                       "select to_regclass(" + literal(kept) + ") is not null"));
      const std::string path = quoted_list(d_.search_path);
      own(script, "as the migration read them",
          "set search_path = " + (path.empty() ? "''" : path) + ";\nset timezone = 'UTC';\nset row_security = off");
      ScriptStep printed;
      printed.place = place_of(step.span, context_.sources);
      printed.remarks = step.comparison->remarks;
      compare_in_ranges(printed, step.title, {step.comparison->table, step.comparison->columns});
      printed.sql = closed(step.comparison->sql);
      script.steps.push_back(std::move(printed));
      script.steps.push_back(close_gate());
    }
  }

  /// Rows of result, kind, object and detail. Objects of which the same is asked stand in one list of their facts.
  std::string verify_query(Kind kind, const std::vector<ObjectKey>& keys) const {
    std::map<std::pair<std::string, std::string>, std::string> rows;  // by condition and by the names of the facts
    for (const ObjectKey& key : keys) {
      const Object& object = *d_.catalog.find(key);
      kinds::Verification verification = kinds::verify_object(object);
      if (verification.facts.empty()) verification = {"d.passed", {{"passed", verification.condition}}};
      std::string names = "object, place";
      std::string row = literal(describe(key)) + ", " + literal(place_of(span_of(object), context_.sources));
      for (const auto& [name, value] : verification.facts) {
        names.append(", ").append(name);
        row.append(", ").append(value);
      }
      std::string& list = rows[{std::move(verification.condition), std::move(names)}];
      list.append(list.empty() ? "\n    (" : ",\n    (").append(row) += ')';
    }
    std::string sql;
    for (const auto& [asked, list] : rows) {
      sql += (sql.empty() ? "" : "\nunion all\n") + ("select case when " + asked.first) +
             "\n    then 'PASS' else 'FAIL' end as result, " + literal(name_of(kind)) +
             " as kind, d.object, 'declared at ' || d.place as detail\n  from (values" + list + "\n  ) as d (" +
             asked.second + ')';
    }
    return sql;
  }

  Script begin(const std::string& direction) const {
    Script script{direction, plan_.id, plan_.title, {}, {}};
    script.facts.emplace_back("spec", std::string(context_.sources[d_.migration_span.file].name()));
    script.facts.emplace_back("checksum", context_.checksum);
    script.facts.emplace_back(
        "rollback",
        std::string(name_of(class_)) +
            (class_ == RollbackClass::exact_while_window_open ? " (" + context_.rollback_window + ')' : ""));
    if (context_.baseline) script.facts.emplace_back("baseline", "yes");
    script.facts.emplace_back("lock timeout", context_.lock_timeout);
    script.facts.emplace_back("lock retries", std::to_string(context_.lock_retries));
    return script;
  }

  static void own(Script& script, const std::string& title, std::string sql) {
    script.steps.push_back({title, {}, {}, closed(std::move(sql))});
  }

  void add(Script& script, const Step& step, const Statements& statements, const std::string& title = {}) const {
    ScriptStep printed;
    printed.title = title.empty() ? step.title : title;
    if (step.span.end > 0) printed.place = place_of(step.span, context_.sources);
    if (std::string locks = lock_remark(statements); !locks.empty()) printed.remarks.push_back(std::move(locks));
    printed.remarks.insert(printed.remarks.end(), step.remarks.begin(), step.remarks.end());
    printed.sql = text_of(statements, printed.title);
    script.steps.push_back(std::move(printed));
  }

  /// `undoes_renames`: bodies of functions come back before the names in them do.
  /// `one_snapshot`: every statement sees the same rows.
  void open(Script& script, bool undoes_renames = false, bool one_snapshot = false) const {
    const std::string path = quoted_list(d_.search_path);
    std::string sql = "begin;\n";
    if (one_snapshot) sql += "set transaction isolation level repeatable read;\n";
    sql += "set local lock_timeout = " + literal(context_.lock_timeout) +
           ";\nset local search_path = " + (path.empty() ? "''" : path) +
           ";\nset local timezone = 'UTC';\nset local row_security = off;";
    if (plan_.checks_bodies_late) sql += "\nset local check_function_bodies = off;  -- functions here name each other";
    if (undoes_renames) sql += "\nset local check_function_bodies = off;  -- bodies come back before the old names do";
    own(script, "open the transaction", sql);
  }

  enum class Names { before, now };  // of tables that the migration renames

  /// Explicit locks on every table that will change, in one fixed order, before the first row is read.
  void lock(Script& script, const std::vector<const Statements*>& lists, Names names) const {
    std::map<ObjectKey, ObjectKey> old_names;
    if (names == Names::before) {
      for (const auto& [from, to] : d_.renamed_keys) old_names.emplace(to, from);
    }
    std::map<ObjectKey, Lock> locks;
    for (const Statements* statements : lists) {
      for (const Statement& statement : *statements) {
        for (const LockOn& wanted : statement.locks) {
          if (!kinds::is_lockable(wanted.relation.kind) || wanted.lock < Lock::share) continue;
          ObjectKey key = wanted.relation;
          if (names == Names::before) {
            if (const auto old = old_names.find(key); old != old_names.end()) key = old->second;
            if (d_.catalog.before(key) == nullptr) continue;
          } else if (d_.catalog.find(key) == nullptr) {
            continue;
          }
          Lock& held = locks[key];
          held = std::max(held, wanted.lock);
        }
      }
    }
    std::string sql;
    for (const auto& [key, mode] : locks) {
      sql += (sql.empty() ? "" : "\n") +
             ("lock table " + quoted(key.schema, key.name) + " in " + std::string(name_of(mode)) + " mode;");
    }
    if (!sql.empty()) own(script, std::string(lock_step_title), sql);
  }

  std::vector<const Statements*> forward() const {
    std::vector<const Statements*> lists;
    for (const Step& step : plan_.steps) lists.push_back(&step.up);
    return lists;
  }

  ledger::UpRecord record_of(const std::string& down_sql, const std::string& finalize_sql,
                             const std::string& verify_sql) const {
    ledger::UpRecord record;
    record.id = plan_.id;
    record.title = plan_.title;
    record.checksum = context_.checksum;
    record.rollback_window = context_.rollback_window;
    record.rollback_class = name_of(class_);
    record.baseline = context_.baseline;
    record.down_sql = down_sql;
    record.finalize_sql = finalize_sql;
    record.verify_sql = verify_sql;
    record.steps = plan_.steps.size();
    record.hides_columns = std::any_of(plan_.steps.begin(), plan_.steps.end(), [](const Step& hiding) {
      return std::any_of(hiding.makes.begin(), hiding.makes.end(),
                         [](const ObjectKey& made) { return made.part.str().starts_with("_gw_"); });
    });
    return record;
  }

  /// The checks that must hold before the first change, their verdict, and how many rows are to move.
  void check_before(Script& script) const {
    bool any = false;
    for (const Step& step : plan_.steps) {
      if (step.phase != Phase::preflight) break;
      add(script, step, step.up);
      any = true;
    }
    if (any) {
      const Step verdict = data::before_checks_verdict();
      add(script, verdict, verdict.up);
    }
    for (const Step& step : plan_.steps) {
      if (!step.forecast) continue;
      ScriptStep printed;
      printed.title = "go or no-go: " + step.title;
      printed.place = place_of(step.span, context_.sources);
      printed.remarks.push_back(step.forecast->title);
      printed.sql = closed(step.forecast->sql);
      script.steps.push_back(std::move(printed));
    }
  }

  /// The chosen steps in order, a savepoint before each phase.
  template <typename Chosen>
  void run_phases(Script& script, Chosen chosen) const {
    Phase phase = Phase::lock;
    for (const Step& step : plan_.steps) {
      if (!chosen(step) || step.up.empty()) continue;
      if (step.phase != phase) {
        phase = step.phase;
        own(script, "phase " + std::string(name_of(phase)), "savepoint godwit_" + std::string(name_of(phase)));
      }
      add(script, step, step.up);
    }
  }

  // ---- a migration in parts
  // -------------------------------------------------------------------------------------------

  void begin_part(Script& script, int part, const std::string& what) const {
    script.steps.push_back(open_gate("part " + std::to_string(part) + " of 4: " + what, "part_" + std::to_string(part),
                                     ledger::part_gate_sql(plan_.id, part)));
  }

  void end_part(Script& script, int part) const {
    own(script, "part " + std::to_string(part) + " is done", ledger::part_record_sql(plan_.id, part));
    own(script, "commit", "commit");
    script.steps.push_back(close_gate());
  }

  void guard_part(Script& script) const {
    own(script, "refuse when another version of the spec began this",
        ledger::part_guard_sql(plan_.id, context_.checksum));
  }

  void up_in_parts(Script& script, const ledger::UpRecord& record) const {
    open(script);
    own(script, "the ledger", ledger::bootstrap_sql());
    own(script, "commit", "commit");

    begin_part(script, 1, "what only adds, and what the batches need");
    open(script);
    own(script, "refuse when this has run already or comes too early",
        ledger::up_guard_sql(plan_.id, context_.required, d_.oldest_postgres));
    check_before(script);
    std::vector<const Statements*> first;
    for (const Step& step : plan_.steps) {
      if (step.part == Part::first) first.push_back(&step.up);
      if (step.batches) first.push_back(&step.batches->prepare);
    }
    lock(script, first, Names::before);
    run_phases(script, [](const Step& step) { return step.part == Part::first && step.phase != Phase::preflight; });
    for (const Step& step : plan_.steps) {
      if (step.batches) add(script, step, step.batches->prepare, "prepare " + step.title);
    }
    own(script, "record that it is begun, with its way back", ledger::begun_record_sql(record));
    notify(script, "migration_begun");
    own(script, "commit", "commit");
    script.steps.push_back(close_gate());

    begin_part(script, 2, "the rows, each batch a transaction");
    for (const Step& step : plan_.steps) {
      if (step.batches) run_batches(script, step);
    }
    open(script);
    guard_part(script);
    end_part(script, 2);

    begin_part(script, 3, "proof that nothing was lost, in one snapshot, and indexes of new tables");
    open(script, false, true);
    guard_part(script);
    run_phases(script, [](const Step& step) { return step.part == Part::proof; });
    for (const Step& step : plan_.steps) {
      if (step.batches) add(script, step, step.batches->prove, "prove " + step.title);
    }
    analyze(script, [](const Step& step) { return step.batches.has_value(); });
    own(script, "remember the catalog", "select godwit.remember()");
    end_part(script, 3);

    begin_part(script, 4, "what was written meanwhile, and what ends the old shape");
    open(script);
    guard_part(script);
    std::vector<const Statements*> last;
    for (const Step& step : plan_.steps) {
      if (step.part == Part::last || step.batches) last.push_back(&step.up);
    }
    lock(script, last, Names::now);
    run_phases(script, [](const Step& step) { return step.part == Part::last || step.batches; });
    analyze(script, [](const Step& step) { return !step.batches; });
    own(script, "record the migration, with its way back", ledger::completed_record_sql(record));
    notify(script, "migration_done", "applied");
    own(script, "commit", "commit");
    script.steps.push_back(close_gate());
  }

  void run_batches(Script& script, const Step& step) const {
    ScriptStep printed;
    printed.title = step.title;
    printed.place = place_of(step.span, context_.sources);
    printed.remarks = step.remarks;
    call_in_batches(printed, {step.batches->function, step.batches->rows});
    script.steps.push_back(std::move(printed));
  }

  // ---- the way back
  // ---------------------------------------------------------------------------------------------------

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

  static bool is_last(const Step& step) { return step.part == Part::last; }
  static bool is_not_last(const Step& step) { return !is_last(step); }

  /// What batches that are not all done leave: the way back of each expects them so.
  void settle(Script& script) const {
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      if (step->batches) add(script, *step, step->batches->settle, "settle " + step->title);
    }
  }

  /// What takes back the chosen steps, the last first.
  template <typename Chosen>
  void undo(Script& script, Chosen chosen) const {
    undo(script, chosen, [](const Step& step) { return step.down; });
  }

  template <typename Chosen, typename WayBack>
  void undo(Script& script, Chosen chosen, WayBack way_back) const {
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      if (!chosen(*step)) continue;
      add_back(script, *step, way_back(*step), "undo: " + step->title);
    }
  }

  void add_back(Script& script, const Step& step, Statements statements, const std::string& title) const {
    std::erase_if(statements, [](const Statement& x) { return x.sql == data::residue_table().sql; });
    if (statements.empty()) return;
    ScriptStep printed;
    printed.title = title;
    printed.place = place_of(step.span, context_.sources);
    if (std::string locks = lock_remark(statements); !locks.empty()) printed.remarks.push_back(std::move(locks));
    printed.sql = text_of(statements, printed.title);
    script.steps.push_back(std::move(printed));
  }

  /// Fresh statistics for tables that rows went into.
  template <typename Chosen>
  void analyze(Script& script, Chosen chosen) const {
    std::vector<ObjectKey> filled;
    for (const Step& step : plan_.steps) {
      if (chosen(step)) filled.insert(filled.end(), step.fills.begin(), step.fills.end());
    }
    std::sort(filled.begin(), filled.end());
    filled.erase(std::unique(filled.begin(), filled.end()), filled.end());
    std::string sql;
    for (const ObjectKey& key : filled) {
      if (d_.catalog.find(key) != nullptr)
        sql += (sql.empty() ? "" : "\n") + ("analyze " + quoted(key.schema, key.name) + ';');
    }
    if (!sql.empty()) own(script, "statistics for what was filled", sql);
  }

  /// Tables that come, go, change or get rows, under the names of before and after.
  std::vector<std::string> touched() const {
    std::map<ObjectKey, ObjectKey> old_names;
    for (const auto& [from, to] : d_.renamed_keys) old_names.emplace(to, from);
    std::set<std::string> names;
    const auto touch = [&](const ObjectKey& key) {
      if (!kinds::is_lockable(key.kind)) return;
      names.insert(quoted(key.schema, key.name));
      if (const auto old = old_names.find(key); old != old_names.end())
        names.insert(quoted(old->second.schema, old->second.name));
    };
    for (const Step& step : plan_.steps) {
      for (const auto* keys : {&step.makes, &step.changes, &step.unmakes, &step.fills})
        std::for_each(keys->begin(), keys->end(), touch);
      for (const Statement& statement : step.up) {
        for (const LockOn& on : statement.locks)
          if (on.lock >= Lock::row_exclusive) touch(on.relation);
      }
    }
    return {names.begin(), names.end()};
  }

  /// In the words of the runtime's events. A payload has less than 8000 bytes: without its tables all are meant.
  void notify(Script& script, const std::string& event, const std::string& message = {}) const {
    constexpr std::size_t room = 5000;
    std::string sql = "select pg_notify('godwit', json_build_object('event', " + literal(event) +
                      ", 'at', now(),\n  'migration', " + literal(plan_.id);
    if (!message.empty()) sql += ", 'message', " + literal(message);
    if (const std::string tables = text_array(touched()); tables.size() < room) sql += ",\n  'tables', " + tables;
    own(script, "tell listeners", sql + ")::text)");
  }

  const Plan& plan_;
  const EmitContext& context_;
  const kinds::Declaring& d_;
  RollbackClass class_ = RollbackClass::exact;
};

}  // namespace

std::string place_of(Span span, const SourceSet& sources) {
  const Source& source = sources[span.file];
  return source.name() + ':' + std::to_string(source.position(span.begin).line);
}

CompiledMigration emit(const Plan& plan, const EmitContext& context) {
  Emitter emitter(plan, context);
  CompiledMigration out;
  out.id = plan.id;
  out.title = plan.title;
  out.checksum = context.checksum;
  out.baseline = context.baseline;
  out.rollback_class = emitter.rollback();
  out.down_sql = print_script(emitter.down());
  out.finalize_sql = print_script(emitter.finalize());
  out.verify_sql = print_script(emitter.verify());
  out.up_sql = print_script(emitter.up(out.down_sql, out.finalize_sql, out.verify_sql));
  const PlanFacts facts{
      context.checksum, std::string(name_of(out.rollback_class)), context.rollback_window, context.lock_timeout,
      context.baseline, context.declared.oldest_postgres,         sha256(out.up_sql),      sha256(out.down_sql)};
  out.plan_json = plan_json(plan, facts, context.sources);
  out.review_md = review(plan, facts, context);
  return out;
}

}  // namespace godwit::stages
