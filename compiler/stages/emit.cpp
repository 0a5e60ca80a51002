// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/emit.h"

#include "base/identifier.h"
#include "compiler/data/steps.h"
#include "compiler/kinds/planning.h"
#include "compiler/model/ledger.h"
#include "compiler/model/plan_json.h"
#include "compiler/stages/emit_down.h"
#include "compiler/stages/review.h"
#include "compiler/stages/script_writer.h"

#include <algorithm>
#include <map>
#include <utility>

namespace godwit::stages {

namespace {

constexpr std::size_t verify_rows_a_step = 400;

/// An `unchanged` check: it only means something inside the migration that noted the value of before.
bool compares_with_before(const Step& step) {
  return std::any_of(step.up.begin(), step.up.end(),
                     [](const Statement& x) { return x.sql.find("godwit.unchanged") != std::string::npos; });
}

class Emitter : public ScriptWriter {
 public:
  using ScriptWriter::ScriptWriter;

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

  Script finalize() {
    Script script = begin("finalize");
    open(script);
    own(script, "refuse when this is not applied", ledger::finalize_guard_sql(plan_.id));
    bool removes = false;
    for (const Step& step : plan_.steps) {
      if (step.finalize.empty()) continue;
      removes = true;
      add_later(script, step, step.finalize, step.finalize.front().title);
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
  out.rollback_class = rollback_class(plan);
  out.down_sql = print_script(down_script(plan, context));
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
