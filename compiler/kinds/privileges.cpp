// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/privileges.h"

#include "base/identifier.h"
#include "compiler/kinds/spelling.h"

#include <algorithm>
#include <tuple>

namespace godwit::kinds {

PrivilegeSet set_of(const std::vector<Privilege>& privileges) {
  PrivilegeSet set;
  for (const Privilege& privilege : privileges) {
    if (privilege.columns.empty()) set[{privilege.name, {}}] |= privilege.grantable;
    for (const std::string& column : privilege.columns) set[{privilege.name, column}] |= privilege.grantable;
  }
  return set;
}

std::vector<Privilege> privileges_of(const PrivilegeSet& set) {
  // A map keeps whole objects ('' sorts first) and columns in order; the two ways of passing on stand apart.
  std::map<std::tuple<std::string, bool, bool>, std::vector<std::string>> grouped;
  for (const auto& [what, grantable] : set) {
    std::vector<std::string>& columns = grouped[{what.first, !what.second.empty(), grantable}];
    if (!what.second.empty()) columns.push_back(what.second);
  }
  std::vector<Privilege> privileges;
  for (auto& [what, columns] : grouped)
    privileges.push_back({std::get<0>(what), std::move(columns), std::get<2>(what)});
  std::sort(privileges.begin(), privileges.end());
  return privileges;
}

std::string privilege_list(const std::vector<Privilege>& privileges) {
  std::string text;
  for (const Privilege& privilege : privileges) {
    if (!text.empty()) text += ", ";
    text += privilege.name;
    if (!privilege.columns.empty()) text += " (" + quoted_list(privilege.columns) + ")";
  }
  return text;
}

std::vector<PrivilegeClause> clauses_between(const std::string& role, const PrivilegeSet& from, const PrivilegeSet& to,
                                             const std::string& on) {
  PrivilegeSet gone, option_gone, given, given_with_option;
  for (const auto& [what, grantable] : from) {
    const auto kept = to.find(what);
    if (kept == to.end()) {
      gone[what] = false;
    } else if (grantable && !kept->second) {
      option_gone[what] = false;
    }
  }
  for (const auto& [what, grantable] : to) {
    const auto had = from.find(what);
    // Taking a privilege on a whole table away takes it from each column too (manual 15, REVOKE).
    const bool swept = !what.second.empty() && gone.contains({what.first, {}});
    if (had == from.end() || swept || (grantable && !had->second))
      (grantable ? given_with_option : given)[what] = grantable;
  }
  std::vector<PrivilegeClause> out;
  const auto add = [&](const std::string& title, const std::string& verb, const PrivilegeSet& set,
                       const std::string& rest) {
    if (!set.empty()) out.push_back({title, verb + privilege_list(privileges_of(set)) + " on " + on + rest});
  };
  const std::string name = role_sql(role);
  add("revoke from " + name, "revoke ", gone, " from " + name);
  add("revoke grant option from " + name, "revoke grant option for ", option_gone, " from " + name);
  add("grant to " + name, "grant ", given, " to " + name);
  add("grant to " + name, "grant ", given_with_option, " to " + name + " with grant option");
  return out;
}

const std::vector<std::string>& all_privileges(Kind kind) {
  static const std::vector<std::string> relation{"select",   "insert",     "update", "delete",
                                                 "truncate", "references", "trigger"};
  static const std::vector<std::string> sequence{"usage", "select", "update"};
  static const std::vector<std::string> schema{"create", "usage"};
  static const std::vector<std::string> routine{"execute"};
  static const std::vector<std::string> type{"usage"};
  static const std::vector<std::string> none;
  switch (kind) {
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view: return relation;
    case Kind::sequence: return sequence;
    case Kind::schema: return schema;
    case Kind::function:
    case Kind::aggregate: return routine;
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::foreign_data_wrapper:
    case Kind::foreign_server: return type;
    case Kind::extension:
    case Kind::collation:
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration:
    case Kind::column:
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
    case Kind::replica_identity:
    case Kind::inheritance:
    case Kind::index:
    case Kind::statistics:
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
    case Kind::operator_:
    case Kind::cast:
    case Kind::publication:
    case Kind::publication_table:
    case Kind::default_privileges:
    case Kind::event_trigger:
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: return none;
  }
  return none;
}

const std::vector<std::string>& column_privileges() {
  static const std::vector<std::string> names{"select", "insert", "update", "references"};
  return names;
}

PrivilegeSet default_privileges(Kind kind, std::string_view role) {
  PrivilegeSet set;
  if (role != "public") return set;
  if (has_arguments(kind) || is_type(kind)) {
    for (const std::string& name : all_privileges(kind)) set[{name, {}}] = false;
  }
  return set;
}

}  // namespace godwit::kinds
