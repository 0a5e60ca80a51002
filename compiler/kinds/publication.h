// SPDX-License-Identifier: Apache-2.0
// A publication, and each table in it as an object of its own.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Publication& x);
void needs(const Publication& x, std::vector<Need>& out);
void rename(Publication& x, const Renames& renames, RenamedBy by);
Statements create(const Publication& x, const Parts& parts);
Statements drop(const Publication& x);
Alteration alter(const Publication& from, const Publication& to);
std::optional<std::string> part(const Publication& x);
std::string verify(const Publication& x);

std::optional<ObjectKey> parent(const PublicationTable& x);
void needs(const PublicationTable& x, std::vector<Need>& out);
void rename(PublicationTable& x, const Renames& renames, RenamedBy by);
Statements create(const PublicationTable& x, const Parts& parts);
Statements drop(const PublicationTable& x);
Alteration alter(const PublicationTable& from, const PublicationTable& to);
std::optional<std::string> part(const PublicationTable& x);
std::string verify(const PublicationTable& x);

}  // namespace godwit::kinds
