// SPDX-License-Identifier: Apache-2.0
// Which objects are written together when a spec an area is asked for.
#pragma once

#include "runtime/inspect/items.h"

#include <string>
#include <vector>

namespace godwit::inspecting {

/// The specs in an order in which each finds what it needs.
struct Areas {
  std::vector<std::string> names;  // `app.orders`; `app` for what several areas of a schema use
  std::vector<std::size_t> of;     // of each object: the spec it stands in
};

/// An area holds the tables of a schema that refer to each other, and what only they use or what is only about them.
/// What several of them use comes first, what is about several comes last, and what needs each other in a circle is
/// one.
Areas areas_of(const Items& items);

}  // namespace godwit::inspecting
