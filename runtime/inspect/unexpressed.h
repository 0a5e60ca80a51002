// SPDX-License-Identifier: Apache-2.0
// Kinds that are one query each, which writes the SQL of all objects. A spec has no form for most of them yet; for
// others it takes the very text behind `create`.
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
  /// Behind `with space as (…)`: rows (oid, schema, name, how SQL names it, up, down[, how a spec names it]). Without
  /// `up` the object is only listed.
  std::string query;
  bool has_form = false;  // a spec takes one `create` statement's text; more than one goes as SQL
};

/// For a server of this major version.
std::vector<Unexpressed> unexpressed_types(int major);
std::vector<Unexpressed> unexpressed_routines(int major);
std::vector<Unexpressed> unexpressed_foreign(int major);
std::vector<Unexpressed> unexpressed_text_search(int major);
std::vector<Unexpressed> unexpressed_others(int major);

}  // namespace godwit::inspecting
