// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/kinds/contract.h"

#include <string>
#include <vector>

namespace godwit::kinds {

class Declaring;

std::optional<ObjectKey> parent(const DefaultPrivileges& x);
void needs(const DefaultPrivileges& x, std::vector<Need>& out);
void rename(DefaultPrivileges& x, const Renames& renames, RenamedBy by);
Statements create(const DefaultPrivileges& x, const Parts& parts);
Statements drop(const DefaultPrivileges& x);
Alteration alter(const DefaultPrivileges& from, const DefaultPrivileges& to);
std::optional<std::string> part(const DefaultPrivileges& x);
std::string verify(const DefaultPrivileges& x);

/// What an object that this migration makes first gets from the default privileges of before: it holds that until its
/// own statements say otherwise.
void receive_privileges(const ObjectKey& object, Declaring& d);

/// The schema's own go with it.
void drop_default_privileges(const ObjectKey& schema, Declaring& d);

}  // namespace godwit::kinds
