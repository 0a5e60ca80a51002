// SPDX-License-Identifier: Apache-2.0
// The world's failures as values. The user's mistakes go to `Diagnostics`, our own bugs to GODWIT_ASSERT.
#pragma once

#include <tl/expected.hpp>

#include <cstdio>
#include <cstdlib>

namespace godwit {

template <typename T, typename E>
using Result = tl::expected<T, E>;
using tl::unexpected;

}  // namespace godwit

/// A promise of ours that does not hold is a bug: say which and stop, never go on with a wrong plan.
#define GODWIT_ASSERT(condition, promise)                                                               \
  do {                                                                                                  \
    if (!(condition)) {                                                                                 \
      std::fprintf(stderr, "godwit: internal error GW9001: %s (%s:%d)\n", promise, __FILE__, __LINE__); \
      std::abort();                                                                                     \
    }                                                                                                   \
  } while (false)
