// SPDX-License-Identifier: Apache-2.0
// Constraints: primary key, unique, check, foreign key, exclusion.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const PrimaryKey& x);
void needs(const PrimaryKey& x, std::vector<Need>& out);
void rename(PrimaryKey& x, const Renames& renames, RenamedBy by);
Statements create(const PrimaryKey& x, const Parts& parts);
Statements drop(const PrimaryKey& x);
Alteration alter(const PrimaryKey& from, const PrimaryKey& to);
std::optional<std::string> part(const PrimaryKey& x);
Verification verify(const PrimaryKey& x);

std::optional<ObjectKey> parent(const Unique& x);
void needs(const Unique& x, std::vector<Need>& out);
void rename(Unique& x, const Renames& renames, RenamedBy by);
Statements create(const Unique& x, const Parts& parts);
Statements drop(const Unique& x);
Alteration alter(const Unique& from, const Unique& to);
std::optional<std::string> part(const Unique& x);
Verification verify(const Unique& x);

std::optional<ObjectKey> parent(const Check& x);
void needs(const Check& x, std::vector<Need>& out);
void rename(Check& x, const Renames& renames, RenamedBy by);
Statements create(const Check& x, const Parts& parts);
Statements drop(const Check& x);
Alteration alter(const Check& from, const Check& to);
std::optional<std::string> part(const Check& x);
Verification verify(const Check& x);

std::optional<ObjectKey> parent(const ForeignKey& x);
void needs(const ForeignKey& x, std::vector<Need>& out);
void rename(ForeignKey& x, const Renames& renames, RenamedBy by);
Statements create(const ForeignKey& x, const Parts& parts);
Statements drop(const ForeignKey& x);
Alteration alter(const ForeignKey& from, const ForeignKey& to);
std::optional<std::string> part(const ForeignKey& x);
Verification verify(const ForeignKey& x);

std::optional<ObjectKey> parent(const Exclude& x);
void needs(const Exclude& x, std::vector<Need>& out);
void rename(Exclude& x, const Renames& renames, RenamedBy by);
Statements create(const Exclude& x, const Parts& parts);
Statements drop(const Exclude& x);
Alteration alter(const Exclude& from, const Exclude& to);
std::optional<std::string> part(const Exclude& x);
Verification verify(const Exclude& x);

}  // namespace godwit::kinds
