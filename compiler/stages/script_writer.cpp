// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/script_writer.h"

#include "base/identifier.h"
#include "compiler/kinds/planning.h"

#include <algorithm>
#include <map>
#include <set>

namespace godwit::stages {

namespace {

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

}  // namespace

RollbackClass rollback_class(const Plan& plan) {
  RollbackClass worst = RollbackClass::exact;
  for (const Step& step : plan.steps) {
    if (step.irreversible) return RollbackClass::impossible;
    if (step.lossy) worst = RollbackClass::lossy;
    if (step.keeps && worst == RollbackClass::exact) worst = RollbackClass::exact_while_window_open;
  }
  return worst;
}

std::string closed(std::string sql) {
  if (sql.empty() || sql.back() != ';') sql += ';';
  return sql;
}

Script ScriptWriter::begin(const std::string& direction) const {
  Script script{direction, plan_.id, plan_.title, {}, {}};
  script.facts.emplace_back("spec", std::string(context_.sources[d_.migration_span.file].name()));
  script.facts.emplace_back("checksum", context_.checksum);
  script.facts.emplace_back(
      "rollback", std::string(name_of(class_)) +
                      (class_ == RollbackClass::exact_while_window_open ? " (" + context_.rollback_window + ')' : ""));
  if (context_.baseline) script.facts.emplace_back("baseline", "yes");
  script.facts.emplace_back("lock timeout", context_.lock_timeout);
  script.facts.emplace_back("lock retries", std::to_string(context_.lock_retries));
  return script;
}

void ScriptWriter::own(Script& script, const std::string& title, std::string sql) {
  script.steps.push_back({title, {}, {}, closed(std::move(sql))});
}

void ScriptWriter::add(Script& script, const Step& step, const Statements& statements, const std::string& title) const {
  ScriptStep printed;
  printed.title = title.empty() ? step.title : title;
  if (step.span.end > 0) printed.place = place_of(step.span, context_.sources);
  if (std::string locks = lock_remark(statements); !locks.empty()) printed.remarks.push_back(std::move(locks));
  printed.remarks.insert(printed.remarks.end(), step.remarks.begin(), step.remarks.end());
  printed.sql = text_of(statements, printed.title);
  script.steps.push_back(std::move(printed));
}

void ScriptWriter::add_later(Script& script, const Step& step, const Statements& statements,
                             const std::string& title) const {
  ScriptStep printed;
  printed.title = title;
  printed.place = place_of(step.span, context_.sources);
  if (std::string locks = lock_remark(statements); !locks.empty()) printed.remarks.push_back(std::move(locks));
  printed.sql = text_of(statements, printed.title);
  script.steps.push_back(std::move(printed));
}

void ScriptWriter::open(Script& script, bool undoes_renames, bool one_snapshot) const {
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

void ScriptWriter::lock(Script& script, const std::vector<const Statements*>& lists, Names names) const {
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

std::vector<std::string> ScriptWriter::touched() const {
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

void ScriptWriter::notify(Script& script, const std::string& event, const std::string& message) const {
  constexpr std::size_t room = 5000;
  std::string sql = "select pg_notify('godwit', json_build_object('event', " + literal(event) +
                    ", 'at', now(),\n  'migration', " + literal(plan_.id);
  if (!message.empty()) sql += ", 'message', " + literal(message);
  if (const std::string tables = text_array(touched()); tables.size() < room) sql += ",\n  'tables', " + tables;
  own(script, "tell listeners", sql + ")::text)");
}

}  // namespace godwit::stages
