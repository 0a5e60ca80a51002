// SPDX-License-Identifier: Apache-2.0
// `keep in step`: whether triggers can carry what is written on either side to the other. Reports GW2027 where it is
// written and they cannot, GW3005 where they can only one way.
#pragma once

#include "compiler/data/intents.h"
#include "compiler/kinds/declaring.h"

namespace godwit::data {

/// Of a backfill that is resolved otherwise: marks it, and derives the way back of columns that are plain copies.
void read_in_step(const ast::Backfill& item, Backfill& backfill, kinds::Declaring& d);
/// The same of a move.
void read_in_step(const ast::Move& item, Move& move, kinds::Declaring& d);

}  // namespace godwit::data
