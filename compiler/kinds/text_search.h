// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const TextSearchDictionary& x);
void needs(const TextSearchDictionary& x, std::vector<Need>& out);
void rename(TextSearchDictionary& x, const Renames& renames, RenamedBy by);
Statements create(const TextSearchDictionary& x, const Parts& parts);
Statements drop(const TextSearchDictionary& x);
Alteration alter(const TextSearchDictionary& from, const TextSearchDictionary& to);
std::optional<std::string> part(const TextSearchDictionary& x);
std::string verify(const TextSearchDictionary& x);

std::optional<ObjectKey> parent(const TextSearchConfiguration& x);
void needs(const TextSearchConfiguration& x, std::vector<Need>& out);
void rename(TextSearchConfiguration& x, const Renames& renames, RenamedBy by);
Statements create(const TextSearchConfiguration& x, const Parts& parts);
Statements drop(const TextSearchConfiguration& x);
Alteration alter(const TextSearchConfiguration& from, const TextSearchConfiguration& to);
std::optional<std::string> part(const TextSearchConfiguration& x);
std::string verify(const TextSearchConfiguration& x);

}  // namespace godwit::kinds
