// SPDX-License-Identifier: Apache-2.0
// SQL that the user wrote for a step of its own, with the way back the user wrote for it.
#include "compiler/data/shape.h"

#include <fmt/core.h>

#include <cctype>

namespace godwit::data {

namespace {

// Statements are emitted without the closing semicolon.
std::string without_end(std::string text) {
  const auto trims = [](char c) { return c == ';' || std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && trims(text.back())) text.pop_back();
  std::size_t begin = 0;
  while (begin < text.size() && std::isspace(static_cast<unsigned char>(text[begin])) != 0) ++begin;
  return text.substr(begin);
}

}  // namespace

std::vector<Step> steps(const Escape& escape, const Surroundings&) {
  Step step;
  step.phase = Phase::move;
  step.title = "sql " + escape.title;
  step.span = escape.span;
  const std::string up = without_end(escape.up);
  if (!up.empty()) step.up.push_back({step.title, up, {}, Work::scan});
  if (escape.down) {
    const std::string down = without_end(*escape.down);
    if (!down.empty()) step.down.push_back({fmt::format("take back sql {}", escape.title), down, {}, Work::scan});
  }
  step.irreversible = !escape.down.has_value();
  for (const ObjectKey& key : escape.after) step.needs.push_back({key, false});
  step.precedes = escape.before;
  step.remarks.push_back("written by hand: godwit does not know what it locks or changes");
  return {std::move(step)};
}

}  // namespace godwit::data
