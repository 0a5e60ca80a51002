// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/review.h"

#include "compiler/kinds/planning.h"

#include <algorithm>
#include <map>
#include <set>

namespace godwit::stages {

namespace {

/// A name Mermaid takes as an entity.
std::string entity(const ObjectKey& table) { return '"' + table.schema.str() + '.' + table.name.str() + '"'; }

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string locks_of(const Statements& statements) {
  std::set<std::string> seen;
  std::string text;
  for (const Statement& statement : statements) {
    for (const LockOn& lock : statement.locks) {
      const std::string one = sql_name(lock.relation) + ": " + std::string(name_of(lock.lock));
      if (lock.lock != Lock::none && seen.insert(one).second) text += (text.empty() ? "" : ", ") + one;
    }
  }
  return text;
}

std::string work_of(const Statements& statements) {
  Work work = Work::instant;
  for (const Statement& statement : statements) work = std::max(work, statement.work);
  return std::string(name_of(work));
}

/// Tables that the plan makes, removes or changes, with their references among each other.
std::string diagram(const Plan& plan, const Catalog& catalog) {
  constexpr std::size_t largest = 40;
  std::set<ObjectKey> tables;
  for (const Step& step : plan.steps) {
    for (const auto* keys : {&step.makes, &step.changes, &step.unmakes, &step.fills}) {
      for (const ObjectKey& key : *keys) {
        const ObjectKey table = kinds::is_lockable(key.kind) ? key : table_of(key);
        const bool is_part = kinds::is_lockable(key.kind) || !key.part.empty();
        if (is_part && catalog.find(table) != nullptr) tables.insert(table);
      }
    }
  }
  if (tables.empty()) return {};
  if (tables.size() > largest)
    return "The plan touches " + std::to_string(tables.size()) + " tables, too many to draw here.\n";
  std::string text = "```mermaid\nerDiagram\n";
  for (const ObjectKey& table : tables) text += "    " + entity(table) + "\n";
  for (const ObjectKey& table : tables) {
    for (const ObjectKey& child : catalog.children(table)) {
      for (const Need& need : kinds::needs_of(*catalog.find(child))) {
        if (kinds::is_lockable(need.target.kind) && need.target != table && tables.contains(need.target)) {
          text += "    " + entity(need.target) + " ||--o{ " + entity(table) + " : " + '"' + child.part + "\"\n";
        }
      }
    }
  }
  return text + "```\n";
}

}  // namespace

std::string review(const Plan& plan, const PlanFacts& facts, const EmitContext& context) {
  std::string text = "# " + plan.id + "\n\n";
  if (!plan.title.empty()) text += plan.title + "\n\n";
  text += "| | |\n| --- | --- |\n| checksum | `" + facts.checksum + "` |\n| runs on | PostgreSQL " +
          std::to_string(facts.oldest_postgres) + " and newer |\n| transaction | " +
          (plan.in_parts ? "several: what only adds, each batch, proof, the rest" : "one, a savepoint between phases") +
          " |\n| lock timeout | " + facts.lock_timeout + " |\n| rollback | " + facts.rollback +
          " |\n| rollback window | " + facts.rollback_window + " |\n\n";

  text +=
      "## What changes, in order\n\n| # | phase | step | spec | locks | work |\n| --- | --- | --- | --- | --- | --- "
      "|\n";
  std::size_t number = 0;
  for (const Step& step : plan.steps) {
    ++number;
    if (step.up.empty()) continue;
    text += "| " + std::to_string(number) + " | " + std::string(name_of(step.phase)) + " | " + one_line(step.title) +
            " | " + place_of(step.span, context.sources) + " | " + one_line(locks_of(step.up)) + " | " +
            work_of(step.up) + " |\n";
  }

  std::string kept, lost, notes;
  for (const Step& step : plan.steps) {
    for (const std::string& remark : step.remarks) {
      std::string& list = step.irreversible || step.lossy ? lost : step.keeps ? kept : notes;
      list += "- " + step.title + ": " + remark + "\n";
    }
    if (step.irreversible && step.remarks.empty()) lost += "- " + step.title + "\n";
  }
  if (!kept.empty()) text += "\n## What is kept until finalize\n\n" + kept;
  if (!lost.empty()) text += "\n## What a rollback cannot bring back\n\n" + lost;
  if (!notes.empty()) text += "\n## Remarks\n\n" + notes;

  text += "\n## What a rollback does\n\n";
  if (facts.rollback == "impossible") {
    text += "It is refused: the migration holds an irreversible step.\n";
  } else {
    number = 0;
    for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
      for (const Statement& statement : step->down)
        text += std::to_string(++number) + ". " + one_line(statement.title) + "\n";
    }
    if (number == 0) text += "Nothing but the ledger's entry.\n";
    text +=
        "\nRows written in between stay. A row that has no place in the old shape is kept in "
        "`godwit_kept.residue`;\n`godwit rollback --dry-run` lists them beforehand.\n";
  }
  if (const std::string tables = diagram(plan, context.declared.catalog); !tables.empty())
    text += "\n## Tables it touches\n\n" + tables;
  return text;
}

}  // namespace godwit::stages
