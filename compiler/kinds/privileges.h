// SPDX-License-Identifier: Apache-2.0
// Privileges as a set of single facts ("may select column a"), which is how they are compared, added and taken away.
#pragma once

#include "compiler/model/object.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::kinds {

/// (privilege, column or nothing) to whether it may be passed on.
using PrivilegeSet = std::map<std::pair<std::string, std::string>, bool>;

PrivilegeSet set_of(const std::vector<Privilege>& privileges);
/// Sorted; columns of one privilege stand together.
std::vector<Privilege> privileges_of(const PrivilegeSet& set);
/// `select, update (a, b)`
std::string privilege_list(const std::vector<Privilege>& privileges);

/// One clause of what takes a role from one set of privileges to another: first what is gone, then what is new.
struct PrivilegeClause {
  std::string title;  // "grant to reader"
  std::string sql;    // "grant select on table app.t to reader"
};

std::vector<PrivilegeClause> clauses_between(const std::string& role, const PrivilegeSet& from, const PrivilegeSet& to,
                                             const std::string& on);

/// Every privilege there is for a kind of object in PostgreSQL 13 to 16 (17 adds `maintain`, which `all` leaves out).
const std::vector<std::string>& all_privileges(Kind kind);
/// Those that can be given for single columns.
const std::vector<std::string>& column_privileges();
/// What PUBLIC holds on a new object without being asked (manual 15, section 5.7).
PrivilegeSet default_privileges(Kind kind, std::string_view role);

}  // namespace godwit::kinds
