// SPDX-License-Identifier: Apache-2.0
// An enum. Its list of values is fixed once it exists.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const EnumType& x);
void needs(const EnumType& x, std::vector<Need>& out);
void rename(EnumType& x, const Renames& renames, RenamedBy by);
Statements create(const EnumType& x, const Parts& parts);
Statements drop(const EnumType& x);
Alteration alter(const EnumType& from, const EnumType& to);
std::optional<std::string> part(const EnumType& x);
std::string verify(const EnumType& x);

/// The text is that value of the enum and nothing else: `'won'`, `'won'::app.stage`.
bool is_value(const std::string& text, const std::string& value, const ObjectKey& type);
/// A default that is one value of the enum and nothing else, with the value's present name.
void rename_value(Fragment& value, const Rare<ObjectKey>& type, const Renames& renames);

}  // namespace godwit::kinds
