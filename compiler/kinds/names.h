// SPDX-License-Identifier: Apache-2.0
// Names that objects of different kinds compete for.
#pragma once

#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

/// Reports GW1201 when an object of another kind has the name in its schema: tables, views, sequences and indexes share
/// one set of names, types and everything with a row type another (manual 15, CREATE TABLE, CREATE TYPE).
bool name_is_free(const ObjectKey& key, Span span, Declaring& d);

}  // namespace godwit::kinds
