// SPDX-License-Identifier: Apache-2.0
// A function: its text as written, the types of its signature qualified.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

class Declaring;

std::optional<ObjectKey> parent(const Function& x);
void needs(const Function& x, std::vector<Need>& out);
void rename(Function& x, const Renames& renames, RenamedBy by);
Statements create(const Function& x, const Parts& parts);
Statements drop(const Function& x);
Alteration alter(const Function& from, const Function& to);
std::optional<std::string> part(const Function& x);
std::string verify(const Function& x);

/// Warns (GW3004) about each function whose dynamic SQL mentions a relation or column that a rename or drop at `span`
/// takes away. `gone` is the old key.
void report_dynamic_mentions(const ObjectKey& gone, Span span, Declaring& d);

}  // namespace godwit::kinds
