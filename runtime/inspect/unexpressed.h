// SPDX-License-Identifier: Apache-2.0
// Kinds that a spec has no form for yet. Each is one query that writes the SQL of all its objects; a kind that gets a
// form moves to a reader of its own.
#pragma once

#include "runtime/inspect/items.h"

#include <string>
#include <vector>

namespace godwit::inspecting {

struct Unexpressed {
  const char* kind;     // as a report calls it: "composite type"
  const char* catalog;  // where its rows stand: "pg_class"
  Group group;
  const char* reason;
  /// Behind `with space as (…)`: rows (oid, schema, name, how SQL names it, up, down). Without `up` the object is only
  /// listed.
  std::string query;
};

/// For a server of this major version.
std::vector<Unexpressed> unexpressed_types(int major);
std::vector<Unexpressed> unexpressed_routines(int major);
std::vector<Unexpressed> unexpressed_foreign(int major);
std::vector<Unexpressed> unexpressed_text_search(int major);
std::vector<Unexpressed> unexpressed_others(int major);

}  // namespace godwit::inspecting
