// SPDX-License-Identifier: Apache-2.0
// Whose an object is, what roles hold on it and what it is said to be: objects of their own, which belong to it.
#pragma once

#include "base/rare.h"
#include "compiler/model/fragment.h"
#include "compiler/model/key.h"

#include <string>
#include <vector>

namespace godwit {

/// `alter table t owner to r`
struct Owner {
  ObjectKey target;
  std::string role;
  Origin origin;

  bool operator==(const Owner&) const = default;
};

struct Privilege {
  std::string name;                  // select, insert, …; `all` is spelled out
  std::vector<std::string> columns;  // sorted; empty: the whole object
  bool grantable = false;

  bool operator==(const Privilege&) const = default;
  auto operator<=>(const Privilege&) const = default;
};

/// All that one role holds on one object. `public` with no privileges says that the default of PUBLIC is revoked.
struct Grant {
  ObjectKey target;
  std::string role;
  std::vector<Privilege> privileges;  // sorted
  std::vector<Privilege> received;    // those that default privileges gave when the object was made
  Origin origin;

  bool operator==(const Grant&) const = default;
};

/// `alter default privileges for role maker in schema app grant select on tables to r`: all that one role gets on what
/// is made from then on. In every schema (`schema` empty) they replace what a new object has by itself, in one they add
/// to that.
struct DefaultPrivileges {
  Interned schema;
  std::string objects;  // tables, sequences, functions, types, schemas
  std::string maker;    // empty: the role that applies the migrations
  std::string role;
  std::vector<Privilege> privileges;  // sorted
  Origin origin;

  bool operator==(const DefaultPrivileges&) const = default;
};

/// `comment on table t is '…'`
struct Comment {
  ObjectKey target;
  std::string text;
  Origin origin;
  Rare<ObjectKey> relation;  // whose column it is about, where that is no object of its own (a view's)

  bool operator==(const Comment& other) const { return target == other.target && text == other.text; }
};

}  // namespace godwit
