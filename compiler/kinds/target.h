// SPDX-License-Identifier: Apache-2.0
// How statements about any object (owner, grant, comment, rename) name it, and where the server's catalog keeps it.
#pragma once

#include "compiler/model/key.h"

#include <optional>
#include <string>

namespace godwit::kinds {

/// `table app.t`, `column app.t.c`, `constraint c on app.t`, `trigger t on app.t`, `routine app.f(text)`, `type app.e`,
/// …
std::string target_sql(const ObjectKey& target);
/// The same as `grant … on` takes it: views count as tables.
std::string grant_target_sql(const ObjectKey& target);
/// The relation that a statement about the target locks: itself, or the table of a part; nothing for the rest.
std::optional<ObjectKey> locked_relation(const ObjectKey& target);

/// Where pg_catalog keeps an object: an expression for its oid (null when it is not there), with the catalog and the
/// column prefix of that catalog.
struct Address {
  std::string catalog;  // pg_class
  std::string prefix;   // rel, as in relowner and relacl
  std::string oid;      // to_regclass('app.t')
};

Address address_of(const ObjectKey& target);

}  // namespace godwit::kinds
