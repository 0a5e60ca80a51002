// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/fast_path.h"

#include "base/identifier.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/plain_expression.h"
#include "compiler/sql/tree.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace godwit::sql {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_lower_word(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; }

std::size_t word_length(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return 0;
  std::size_t length = 0;
  while (length < text.size() && is_lower_word(text[length])) ++length;
  return length;
}

std::string_view skip_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

// 'x', with quotes doubled inside and nothing that depends on settings.
std::size_t string_length(std::string_view text) {
  if (text.empty() || text.front() != '\'') return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' || c == '\0' || c == '\n' || c == '\r') return 0;
    if (c != '\'') continue;
    if (i + 1 < text.size() && text[i + 1] == '\'') {
      ++i;
      continue;
    }
    return i + 1;
  }
  return 0;
}

struct NiladicValue {
  std::string_view name, type;
};

constexpr std::array<NiladicValue, 5> niladic{{{"current_date", "date"},
                                               {"current_timestamp", "timestamp with time zone"},
                                               {"current_user", "name"},
                                               {"localtimestamp", "timestamp without time zone"},
                                               {"session_user", "name"}}};

// Types whose spelling is the same in every normal form.
constexpr std::array<std::string_view, 6> cast_types{"text", "jsonb", "json", "uuid", "date", "text[]"};

std::optional<Analysis> plain_value(std::string_view text) {
  Analysis analysis;
  analysis.fragment.normal = std::string(text);
  if (const std::size_t length = string_length(text); length > 0) {
    analysis.constant = true;
    if (length == text.size()) return analysis;
    if (!text.substr(length).starts_with("::")) return std::nullopt;
    const std::string_view type = text.substr(length + 2);
    if (std::find(cast_types.begin(), cast_types.end(), type) == cast_types.end()) return std::nullopt;
    analysis.type = std::string(type);
    return analysis;
  }
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (!digits.empty() && digits.size() < 10 && is_digit(digits.front()) && is_digit(digits.back())) {
    const auto dots = std::count(digits.begin(), digits.end(), '.');
    if (std::all_of(digits.begin(), digits.end(), [](char c) { return is_digit(c) || c == '.'; }) && dots <= 1) {
      if (dots == 0 && digits.size() > 1 && digits.front() == '0') return std::nullopt;
      analysis.constant = true;
      analysis.type = dots == 0 ? "integer" : "numeric";
      return analysis;
    }
    return std::nullopt;
  }
  if (text.size() > 64) return std::nullopt;
  const std::string lower = folded(text);
  if (lower == "true" || lower == "false") {
    analysis.constant = true;
    analysis.type = "boolean";
    analysis.fragment.normal = lower;
    return analysis;
  }
  if (lower == "null") {
    analysis.constant = true;
    analysis.fragment.normal = "NULL";
    return analysis;
  }
  for (const NiladicValue& value : niladic) {
    if (lower != value.name) continue;
    analysis.fragment.normal = lower;
    analysis.type = std::string(value.type);
    analysis.calls.push_back({lower, 0, text.size(), 's'});
    return analysis;
  }
  const std::size_t length = word_length(text);
  if (length > 0 && text.substr(length) == "()" && godwit::quoted(text.substr(0, length)) == text.substr(0, length)) {
    const BuiltinCall call = call_builtin(text.substr(0, length), {});
    if (!call.found || call.kind != 'f' || call.returns_set || builtin_since(text.substr(0, length)) > 13)
      return std::nullopt;
    analysis.type = call.result;
    if (call.volatility != 'i')
      analysis.calls.push_back({std::string(text.substr(0, length)), 0, length, call.volatility});
    return analysis;
  }
  return std::nullopt;
}

// `a`, `a desc`, `a desc nulls last`: a column of the one relation around it.
std::optional<Analysis> plain_column(Form form, std::string_view text, const std::vector<Visible>& visible) {
  if (visible.size() != 1 || visible.front().relation.key.name.empty()) return std::nullopt;
  const std::size_t length = word_length(text);
  if (length == 0 || length > max_identifier_bytes) return std::nullopt;
  const std::string_view name = text.substr(0, length);
  const Relation& relation = visible.front().relation;
  const auto column = std::find_if(relation.columns.begin(), relation.columns.end(),
                                   [name](const OutputColumn& one) { return one.name == name; });
  if (column == relation.columns.end() || godwit::quoted(name) != name) return std::nullopt;

  std::string normal(name);
  std::string_view rest = skip_spaces(text.substr(length));
  if (!rest.empty() && form != Form::index_element) return std::nullopt;
  const auto take = [&rest](std::string_view word) {
    if (word_length(rest) != word.size() || !rest.starts_with(word)) return false;
    rest = skip_spaces(rest.substr(word.size()));
    return true;
  };
  if (take("desc")) {
    normal += " DESC";
  } else if (take("asc")) {
    normal += " ASC";
  }
  if (take("nulls")) {
    if (take("last")) {
      normal += " NULLS LAST";
    } else if (take("first")) {
      normal += " NULLS FIRST";
    } else {
      return std::nullopt;
    }
  }
  if (!rest.empty()) return std::nullopt;

  Analysis analysis;
  analysis.fragment.normal = form == Form::index_element ? "CREATE INDEX ON t USING btree (" + normal + ")" : normal;
  analysis.type = column->type;
  analysis.ordered = normal.size() > name.size();
  const ObjectKey target = relation.column(std::string(name));
  analysis.fragment.references.push_back({target, 0, static_cast<std::uint32_t>(length), 0});
  return analysis;
}

}  // namespace

std::optional<Analysis> plain_analysis(Form form, std::string_view text, const World& world,
                                       const std::vector<Visible>& visible) {
  if ((form != Form::expression && form != Form::index_element) || text.empty()) return std::nullopt;
  if (is_space(text.front()) || is_space(text.back())) return std::nullopt;
  std::optional<Analysis> analysis;
  if (form == Form::expression) analysis = plain_value(text);
  if (!analysis) analysis = plain_column(form, text, visible);
  if (!analysis && text.size() < 400) {
    const bool element = form == Form::index_element;
    analysis = plain_expression(text, world, visible, element);
    if (analysis && element) {
      analysis->fragment.normal = "CREATE INDEX ON t USING btree (" + analysis->fragment.normal + ")";
      analysis->constant = false;
    }
  }
  if (analysis) {
    analysis->fragment.form = form;
    analysis->fragment.text = std::string(text);
  }
  return analysis;
}

}  // namespace godwit::sql
