// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/plan_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace godwit {

namespace {

using Json = nlohmann::ordered_json;

std::string printed(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// Steps are written without a document of the library in between: a large project has tens of thousands of them. What
/// is not plain ASCII is left to the library all the same.
void append_string(std::string& out, std::string_view text) {
  const auto is_rare = [](char c) { return static_cast<signed char>(c) < ' ' && c != '\n'; };
  if (std::any_of(text.begin(), text.end(), is_rare)) {
    out += printed(text);
    return;
  }
  const auto is_escaped = [](char c) { return c == '"' || c == '\\' || c == '\n'; };
  out += '"';
  for (auto done = text.begin();;) {
    const auto end = std::find_if(done, text.end(), is_escaped);
    out.append(done, end);
    if (end == text.end()) break;
    (out += '\\') += *end == '\n' ? 'n' : *end;
    done = end + 1;
  }
  out += '"';
}

/// `"name":`
void append_name(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  out.append("\"").append(name).append("\":");
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  append_name(out, name);
  append_string(out, value);
}

void append_member(std::string& out, std::string_view name, std::size_t value) {
  append_name(out, name);
  out += std::to_string(value);
}

void append_flag(std::string& out, std::string_view name, bool value) {
  append_name(out, name);
  out += value ? "true" : "false";
}

/// A list whose items `append_item` writes.
template <typename Items, typename AppendItem>
void append_list(std::string& out, std::string_view name, const Items& items, AppendItem append_item) {
  append_name(out, name);
  out += '[';
  for (const auto& item : items) {
    if (&item != &items.front()) out += ',';
    append_item(item);
  }
  out += ']';
}

void append_objects(std::string& out, std::string_view name, const std::vector<ObjectKey>& keys) {
  append_list(out, name, keys, [&](const ObjectKey& key) { append_string(out, describe(key)); });
}

void append_statements(std::string& out, std::string_view name, const Statements& list) {
  append_list(out, name, list, [&](const Statement& statement) {
    out += '{';
    append_member(out, "title", statement.title);
    append_member(out, "sql", statement.sql);
    append_list(out, "locks", statement.locks, [&](const LockOn& lock) {
      out += '{';
      append_member(out, "relation", sql_name(lock.relation));
      append_member(out, "lock", name_of(lock.lock));
      out += '}';
    });
    append_member(out, "work", name_of(statement.work));
    out += '}';
  });
}

void append_step(std::string& out, const Step& step, std::size_t number, bool in_parts, const SourceSet& sources) {
  const Source& source = sources[step.span.file];
  const Position at = source.position(step.span.begin);
  out += '{';
  append_member(out, "number", number);
  append_member(out, "phase", name_of(step.phase));
  append_member(out, "title", step.title);
  append_name(out, "spec");
  out += '{';
  append_member(out, "file", source.name());
  append_member(out, "line", at.line);
  append_member(out, "column", at.column);
  out += '}';
  append_objects(out, "makes", step.makes);
  append_objects(out, "removes", step.unmakes);
  append_list(out, "after", step.after, [&](std::size_t position) { out += std::to_string(position + 1); });
  append_flag(out, "keeps", step.keeps);
  append_flag(out, "irreversible", step.irreversible);
  append_list(out, "remarks", step.remarks, [&](const std::string& remark) { append_string(out, remark); });
  if (step.batches) {
    append_name(out, "batches");
    out += '{';
    append_member(out, "function", step.batches->function);
    append_member(out, "rows", static_cast<std::size_t>(step.batches->rows));
    append_statements(out, "prepare", step.batches->prepare);
    append_statements(out, "prove", step.batches->prove);
    out += '}';
  }
  if (in_parts) append_member(out, "part", static_cast<std::size_t>(step.part) + 1);
  append_statements(out, "up", step.up);
  append_statements(out, "down", step.down);
  append_statements(out, "finalize", step.finalize);
  out += '}';
}

}  // namespace

std::string plan_json(const Plan& plan, const PlanFacts& facts, const SourceSet& sources) {
  const Json head{{"format", 1},
                  {"id", plan.id},
                  {"title", plan.title},
                  {"checksum", facts.checksum},
                  {"baseline", facts.baseline},
                  {"transaction", plan.in_parts ? "phased" : "single"},
                  {"rollback", facts.rollback},
                  {"rollback_window", facts.rollback_window},
                  {"lock_timeout", facts.lock_timeout},
                  {"oldest_postgres", facts.oldest_postgres},
                  {"artifacts", Json{{"up", facts.up_sha256}, {"down", facts.down_sha256}}}};
  std::string text = printed(head, 1);
  text.resize(text.rfind('\n'));
  text += ",\n \"steps\": [";
  std::size_t number = 0;
  for (const Step& step : plan.steps) {  // one line each: a change is seen step by step
    text += number == 0 ? "\n  " : ",\n  ";
    append_step(text, step, ++number, plan.in_parts, sources);
  }
  text += plan.steps.empty() ? "]\n}\n" : "\n ]\n}\n";
  return text;
}

}  // namespace godwit
