// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/foreign_options.h"

#include "base/identifier.h"
#include "compiler/sql/statements.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

using Option = Options::value_type;

std::string spelled(const Option& option) { return quoted(option.first) + ' ' + literal(option.second); }

bool has(const Options& options, const std::string& name) {
  return std::any_of(options.begin(), options.end(), [&](const Option& option) { return option.first == name; });
}

std::string in_words(const std::vector<std::string>& parts) {
  return parts.empty() ? "" : "options (" + joined(parts, ", ") + ')';
}

}  // namespace

std::string foreign_options(const Options& options) {
  std::vector<std::string> parts;
  for (const Option& option : options) parts.push_back(spelled(option));
  return in_words(parts);
}

std::string changed_foreign_options(const Options& from, const Options& to) {
  Options kept;
  std::vector<std::string> changes;
  for (const Option& option : from) {
    if (has(to, option.first)) {
      kept.push_back(option);
    } else {
      changes.push_back("drop " + quoted(option.first));
    }
  }
  std::size_t same = 0;
  while (same < kept.size() && kept[same].first == to[same].first) ++same;
  for (std::size_t i = same; i < kept.size(); ++i) changes.push_back("drop " + quoted(kept[i].first));
  for (std::size_t i = 0; i < same; ++i) {
    if (kept[i].second != to[i].second) changes.push_back("set " + spelled(to[i]));
  }
  for (std::size_t i = same; i < to.size(); ++i) changes.push_back("add " + spelled(to[i]));
  return in_words(changes);
}

std::string stored_options(const Options& options) {
  std::vector<std::string> stored;
  for (const Option& option : options) stored.push_back(option.first + '=' + option.second);
  return text_array(stored);
}

void check_options(const Options& options, Span span, Declaring& d) {
  std::set<std::string> seen;
  for (const Option& option : options) {
    if (seen.insert(option.first).second) continue;
    d.diagnostics.add(codes::duplicate_name, span, "option `{}` stands twice", option.first);
    return;
  }
}

Options declared_options(const ast::Sql& text, Declaring& d) {
  auto options = sql::parse_foreign_options(text.text);
  if (!options) {
    d.syntax_error(text, options.error().offset, options.error().message);
    return {};
  }
  check_options(*options, text.span, d);
  return std::move(*options);
}

}  // namespace godwit::kinds
