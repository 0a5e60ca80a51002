// SPDX-License-Identifier: Apache-2.0
// How the allocator of release builds deals with the kernel: what was freed stays with the program, which soon needs it
// again and ends within seconds. Handed back, each page of it would be taken, and cleared, anew.
#include <mimalloc.h>

namespace {

constexpr long a_minute = 60'000;

[[maybe_unused]] const bool keeps_what_is_freed = [] {
  mi_option_set_default(mi_option_decommit_delay, a_minute);
  return true;
}();

}  // namespace
