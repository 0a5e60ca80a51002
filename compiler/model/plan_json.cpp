// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/plan_json.h"

#include <nlohmann/json.hpp>

namespace godwit {

namespace {

using Json = nlohmann::ordered_json;

Json statements(const Statements& list) {
  Json out = Json::array();
  for (const Statement& statement : list) {
    Json locks = Json::array();
    for (const LockOn& lock : statement.locks) {
      Json& one = locks.emplace_back();
      one["relation"] = sql_name(lock.relation);
      one["lock"] = name_of(lock.lock);
    }
    Json& one = out.emplace_back();
    one["title"] = statement.title;
    one["sql"] = statement.sql;
    one["locks"] = std::move(locks);
    one["work"] = name_of(statement.work);
  }
  return out;
}

Json objects(const std::vector<ObjectKey>& keys) {
  Json out = Json::array();
  for (const ObjectKey& key : keys) out.push_back(describe(key));
  return out;
}

std::string printed(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string plan_json(const Plan& plan, const PlanFacts& facts, const SourceSet& sources) {
  std::string steps;  // one line each: a document of all steps would be large, and a change is seen step by step
  std::size_t number = 0;
  for (const Step& step : plan.steps) {
    const Source& source = sources[step.span.file];
    const Position at = source.position(step.span.begin);
    Json after = Json::array();
    for (const std::size_t position : step.after) after.push_back(position + 1);
    Json line;  // by assignment: an initializer list would copy every part
    line["number"] = ++number;
    line["phase"] = name_of(step.phase);
    line["title"] = step.title;
    line["spec"] = Json{{"file", source.name()}, {"line", at.line}, {"column", at.column}};
    line["makes"] = objects(step.makes);
    line["removes"] = objects(step.unmakes);
    line["after"] = std::move(after);
    line["keeps"] = step.keeps;
    line["irreversible"] = step.irreversible;
    line["remarks"] = step.remarks;
    line["up"] = statements(step.up);
    line["down"] = statements(step.down);
    line["finalize"] = statements(step.finalize);
    steps += (steps.empty() ? "\n  " : ",\n  ") + printed(line);
  }
  const Json head{{"format", 1},
                  {"id", plan.id},
                  {"title", plan.title},
                  {"checksum", facts.checksum},
                  {"baseline", facts.baseline},
                  {"transaction", "single"},
                  {"rollback", facts.rollback},
                  {"rollback_window", facts.rollback_window},
                  {"lock_timeout", facts.lock_timeout},
                  {"oldest_postgres", facts.oldest_postgres},
                  {"artifacts", Json{{"up", facts.up_sha256}, {"down", facts.down_sha256}}}};
  std::string text = printed(head, 1);
  text.resize(text.rfind('\n'));
  text += ",\n \"steps\": [";
  text.reserve(text.size() + steps.size() + 8);
  text += steps;
  text += steps.empty() ? "]\n}\n" : "\n ]\n}\n";
  return text;
}

}  // namespace godwit
