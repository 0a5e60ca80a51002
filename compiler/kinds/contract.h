// SPDX-License-Identifier: Apache-2.0
// What every kind of object must offer. A kind is pure: it never orders, writes files, or talks to a server. Forward
// and rollback SQL come from the same three functions, with their arguments exchanged.
#pragma once

#include "compiler/model/catalog.h"
#include "compiler/model/statement.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace godwit::kinds {

/// Old key to new key, for every object whose key a rename changes (children and satellites included).
using Renames = std::map<ObjectKey, ObjectKey>;

/// PostgreSQL follows a rename in everything it tracks by itself; texts it does not track (function bodies) are only
/// changed where the spec's rename carries them along.
enum class RenamedBy { server, spec };

/// The key after the renames.
const ObjectKey& renamed_key(const ObjectKey& key, const Renames& renames);
ObjectKey renamed_key(ObjectKey&& key, const Renames& renames);

/// Children that stand inside their parent's create statement, as text, in order.
using Parts = std::vector<std::string>;

/// How one object becomes another of the same key.
struct Alteration {
  bool rebuild = false;   // cannot be altered in place: drop the old one, create the new one
  bool disturbs = false;  // in place, but what depends on it must be dropped before and created again after
  Statements statements;
  bool reshapes = false;  // in place; what depends on it and changes as well is dropped before and created again after
};

/// How to see on a server (13 to 18) that an object is there as declared: a boolean SQL expression. Where objects of a
/// kind come in numbers, it speaks of each one's facts as `d.name` and stands once for all that differ only in these.
struct Verification {
  std::string condition;
  std::vector<std::pair<std::string, std::string>> facts;  // name and SQL literal

  Verification(std::string condition_of_one) : condition(std::move(condition_of_one)) {}
  Verification(std::string condition_of_many, std::vector<std::pair<std::string, std::string>> facts_of_one)
      : condition(std::move(condition_of_many)), facts(std::move(facts_of_one)) {}
};

// For every kind X of the variant `Object`, namespace godwit::kinds has these functions:
//   std::optional<ObjectKey> parent(const X&)            the object it is dropped along with (a column: its table)
//   void needs(const X&, std::vector<Need>&)             what must exist for it, its parent not included
//   void rename(X&, const Renames&, RenamedBy)           its own key and every key and text in it
//   Statements create(const X&, const Parts&)
//   Statements drop(const X&)
//   Alteration alter(const X& from, const X& to)         the keys are equal; never called with equal values
//   std::optional<std::string> part(const X&)            its text inside the parent's create statement, if any
//   Verification verify(const X&)                        or just the condition, where there are never many
// The concept ObjectKind in kinds/all.h asks for them, where all of them are declared.

// The dispatchers, under other names than the overloads (a variant converts from its members: under one name a missing
// overload would call itself).
std::optional<ObjectKey> parent_of(const Object& object);
std::vector<Need> needs_of(const Object& object);
Object renamed_object(const Object& object, const Renames& renames, RenamedBy by);
Statements create_object(const Object& object, const Parts& parts);
Statements drop_object(const Object& object);
Alteration alter_object(const Object& from, const Object& to);
std::optional<std::string> part_of(const Object& object);
Verification verify_object(const Object& object);
/// `alter … rename to …`; `from` is spelled with the table's new name when the table is renamed too.
Statements rename_object(const ObjectKey& from, const ObjectKey& to);
/// The name PostgreSQL would have given a constraint or index by itself (without a number); empty for other kinds.
std::string default_name_of(const Object& object);

KindFacts facts();

}  // namespace godwit::kinds
