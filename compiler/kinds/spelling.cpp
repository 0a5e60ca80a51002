// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/spelling.h"

#include "base/identifier.h"

#include <algorithm>
#include <cctype>

namespace godwit::kinds {

std::string option_list(const Options& options) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : options) parts.push_back(value.empty() ? name : name + " = " + value);
  return joined(parts, ", ");
}

std::string role_sql(const std::string& role) {
  for (const char* word : {"public", "current_user", "session_user", "current_role"}) {
    if (role == word) return role;
  }
  return quoted(role);
}

OptionChange option_change(const Options& from, const Options& to) {
  OptionChange change;
  for (const auto& option : to) {
    if (std::find(from.begin(), from.end(), option) == from.end()) change.set.push_back(option);
  }
  for (const auto& option : from) {
    const auto same = [&](const auto& other) { return other.first == option.first; };
    if (std::none_of(to.begin(), to.end(), same)) change.reset.push_back(option.first);
  }
  return change;
}

bool has_word(const std::string& text, const std::string& word) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; };
  const std::string lower = folded(text), wanted = folded(word);
  for (std::size_t at = lower.find(wanted); at != std::string::npos; at = lower.find(wanted, at + 1)) {
    const std::size_t after = at + wanted.size();
    if ((at == 0 || !in_word(lower[at - 1])) && (after == lower.size() || !in_word(lower[after]))) return true;
  }
  return false;
}

void need(const ObjectKey& target, std::vector<Need>& out) { out.push_back({target, false}); }

void need(const Fragment& fragment, std::vector<Need>& out) {
  for (const Reference& reference : fragment.references) out.push_back({reference.target, false});
}

void need(const TypeName& type, std::vector<Need>& out) {
  if (type.declared) out.push_back({*type.declared, false});
}

void rename(TypeName& type, const Renames& renames) {
  if (!type.declared) return;
  const ObjectKey to = renamed_key(*type.declared, renames);
  const std::string old_name = quoted(type.declared->schema, type.declared->name);
  // A multirange type has a name of its own, which PostgreSQL leaves alone.
  const bool same =
      type.text.starts_with(old_name) && (type.text.size() == old_name.size() || type.text[old_name.size()] == '[');
  if (same) type.text = quoted(to.schema, to.name) + type.text.substr(old_name.size());
  type.declared = to;
}

}  // namespace godwit::kinds
