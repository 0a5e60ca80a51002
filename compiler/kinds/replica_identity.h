// SPDX-License-Identifier: Apache-2.0
// By what the rows of a table are told apart where a publication sends their changes. Its kind stands before that of
// tables: it comes right behind its table, and goes before what it is by.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const ReplicaIdentity& x);
void needs(const ReplicaIdentity& x, std::vector<Need>& out);
void rename(ReplicaIdentity& x, const Renames& renames, RenamedBy by);
Statements create(const ReplicaIdentity& x, const Parts& parts);
Statements drop(const ReplicaIdentity& x);
Alteration alter(const ReplicaIdentity& from, const ReplicaIdentity& to);
std::optional<std::string> part(const ReplicaIdentity& x);
std::string verify(const ReplicaIdentity& x);

}  // namespace godwit::kinds
