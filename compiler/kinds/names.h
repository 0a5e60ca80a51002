// SPDX-License-Identifier: Apache-2.0
// Names that objects of different kinds compete for.
#pragma once

#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

/// Reports GW1201 when an object of another kind has the name in its schema: tables, views, sequences and indexes share
/// one set of names, types and everything with a row type another (manual 15, CREATE TABLE, CREATE TYPE).
bool name_is_free(const ObjectKey& key, Span span, Declaring& d);

/// Reports GW1201 for what the migration touched and whose name is that of a constraint's index, for indexes are
/// relations of the schema too: `a_b` with `unique (c)` and `a` with `unique (b, c)` both call theirs `a_b_c_key`.
void check_index_names(Declaring& d);

}  // namespace godwit::kinds
