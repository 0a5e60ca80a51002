// SPDX-License-Identifier: Apache-2.0
#include "runtime/diff/compare.h"

#include "base/identifier.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace godwit::diffing {

using inspecting::Part;

namespace {

/// Kind and name tell an object; a role may hold several sets of privileges on one object, so those are told by all
/// that they say. An extension stays the same in another schema.
using Identity = std::tuple<std::string, std::string, std::string, std::string>;

Identity identity_of(const Item& item) {
  const bool in_schema = item.kind != "extension";
  return {item.kind, in_schema ? item.schema : std::string(), item.name,
          item.part == Part::grant ? item.up : std::string()};
}

/// At its commas; `select (a, b), insert` as `select (a)`, `select (b)`, `insert`.
std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> items;
  std::string word;
  int depth = 0;
  bool quoted = false;
  for (const char c : list + ',') {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '(' || c == ')')) depth += c == '(' ? 1 : -1;
    if (quoted || depth > 0 || c != ',') {
      if (!word.empty() || c != ' ') word += c;
      continue;
    }
    const std::size_t open = word.find(" (");
    if (open == std::string::npos) {
      items.push_back(word);
    } else {
      const std::string columns = word.substr(open + 2, word.size() - open - 3);
      for (const std::string& column : split_list(columns)) items.push_back(word.substr(0, open) + " (" + column + ")");
    }
    word.clear();
  }
  return items;
}

}  // namespace

Pairs pairs_of(const Items& from, const Items& to) {
  Pairs pairs{std::vector<std::size_t>(to.all.size(), no_object), std::vector<std::size_t>(from.all.size(), no_object)};
  std::map<Identity, std::size_t> known;
  for (std::size_t i = 0; i < from.all.size(); ++i) known.emplace(identity_of(from.all[i]), i);
  for (std::size_t i = 0; i < to.all.size(); ++i) {
    const auto found = known.find(identity_of(to.all[i]));
    if (found == known.end() || pairs.in_to[found->second] != no_object) continue;
    pairs.in_from[i] = found->second;
    pairs.in_to[found->second] = i;
  }
  return pairs;
}

bool are_alike(const Item& a, const Item& b) { return a.column == b.column && (a.kind == "table" || a.up == b.up); }

const ColumnText* column_named(const Item& table, const std::string& name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const ColumnText& column) { return column.name == name; });
  return found == table.columns.end() ? nullptr : &*found;
}

bool columns_change_places(const Item& from, const Item& to) {
  std::vector<std::string> wanted, given;
  for (const ColumnText& column : from.columns) {
    if (column_named(to, column.name) != nullptr) wanted.push_back(column.name);
  }
  for (const ColumnText& column : to.columns) {
    given.push_back(column.name);
    if (column_named(from, column.name) == nullptr) wanted.push_back(column.name);
  }
  return wanted != given;
}

std::vector<std::string> parents_in(const Item& inheritance) {
  const std::string& text = inheritance.text;
  const std::size_t open = text.find('(') + 1;
  return split_list(text.substr(open, text.size() - open - 1));
}

bool all_in(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  return std::all_of(from.begin(), from.end(),
                     [&](const std::string& one) { return std::find(to.begin(), to.end(), one) != to.end(); });
}

bool only_adds_behind(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::vector<std::string> wanted;
  std::copy_if(from.begin(), from.end(), std::back_inserter(wanted),
               [&](const std::string& one) { return all_in({one}, to); });
  return wanted.size() <= to.size() && std::equal(wanted.begin(), wanted.end(), to.begin());
}

namespace {

void add_rights(const inspecting::Privileges& privileges, std::vector<Right>& rights) {
  for (const std::string& role : split_list(privileges.roles)) {
    for (const std::string& privilege : split_list(privileges.list))
      rights.push_back({role, privilege, privileges.taken, privileges.with_option});
  }
}

/// The word behind `on` in default privileges.
std::string_view objects_of(const Item& object) {
  if (object.kind == "sequence" || object.kind == "schema") return object.kind == "schema" ? "schemas" : "sequences";
  if (object.target.starts_with("type ") || object.kind == "domain") return "types";
  if (object.kind == "function" || object.kind == "procedure" || object.kind == "aggregate") return "functions";
  const bool is_relation = object.kind == "table" || object.kind == "view" || object.kind == "materialized view" ||
                           object.kind == "foreign table";
  return is_relation ? "tables" : "nothing";
}

}  // namespace

std::vector<Right> rights_of(const std::vector<const Item*>& grants) {
  std::vector<Right> rights;
  for (const Item* grant : grants) add_rights(grant->privileges, rights);
  std::sort(rights.begin(), rights.end());
  return rights;
}

std::vector<Right> rights_by_default(const Items& items, const Item& object) {
  std::vector<Right> rights;
  for (const Item& item : items.all) {
    if (item.given_on != objects_of(object) || (!item.schema.empty() && item.schema != object.schema)) continue;
    for (const inspecting::Privileges& given : item.given) add_rights(given, rights);
  }
  std::sort(rights.begin(), rights.end());
  return rights;
}

std::vector<RightsChange> change_rights(const std::vector<Right>& from, const std::vector<Right>& to) {
  // By verb and role, so that a statement names all privileges that it is about; what is taken away comes first.
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> statements;
  const auto same = [](const std::vector<Right>& list, const Right& right) {
    return std::find_if(list.begin(), list.end(), [&](const Right& other) {
      return other.role == right.role && other.privilege == right.privilege;
    });
  };
  const auto add = [&](bool gives, bool option, const Right& right) {
    const std::string verb = gives ? "grant " : option ? "revoke grant option for " : "revoke ";
    const std::string role = (gives ? " to " : " from ") + right.role + (gives && option ? " with grant option" : "");
    statements[{verb, role}].push_back(right.privilege);
  };
  for (const Right& right : from) {
    const auto now = same(to, right);
    if (now == to.end()) add(right.taken, false, right);
    if (now != to.end() && !now->taken && !right.taken && right.with_option && !now->with_option)
      add(false, true, right);
  }
  for (const Right& right : to) {
    const auto before = same(from, right);
    const bool is_new =
        before == from.end() || before->taken != right.taken || (right.with_option && !before->with_option);
    if (is_new) add(!right.taken, right.with_option, right);
  }
  std::vector<RightsChange> changes;
  for (const bool gives : {false, true}) {
    for (const auto& [key, privileges] : statements) {
      if ((key.first == "grant ") == gives) changes.push_back({key.first + joined(privileges, ", "), key.second});
    }
  }
  return changes;
}

}  // namespace godwit::diffing
