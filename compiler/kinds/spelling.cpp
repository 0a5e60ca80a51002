// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/spelling.h"

#include "base/identifier.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

template <typename Items, typename Spell>
std::string joined(const Items& items, const Spell& spell) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ", ";
    text += spell(item);
  }
  return text;
}

}  // namespace

std::string quoted_list(const std::vector<std::string>& names) {
  return joined(names, [](const std::string& name) { return quoted(name); });
}

std::string literal_list(const std::vector<std::string>& texts) {
  return joined(texts, [](const std::string& text) { return literal(text); });
}

std::string text_array(const std::vector<std::string>& texts) { return "array[" + literal_list(texts) + "]::text[]"; }

std::string option_list(const Options& options) {
  return joined(options, [](const auto& option) {
    return option.second.empty() ? option.first : option.first + " = " + option.second;
  });
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

ObjectKey schema_key(const std::string& name) { return {Kind::schema, {}, name, {}, Kind::schema, {}}; }

ObjectKey column_key(const ObjectKey& relation, const std::string& name) {
  return {Kind::column, relation.schema, relation.name, name, Kind::schema, {}};
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
  if (type.text.starts_with(old_name)) type.text = quoted(to.schema, to.name) + type.text.substr(old_name.size());
  type.declared = to;
}

}  // namespace godwit::kinds
