// SPDX-License-Identifier: Apache-2.0
// How a law is checked: a fixed seed and number of pairs, the smallest counterexample in the failure's text.
// GODWIT_LAWS_SEED and GODWIT_LAWS_RUNS look further than the tests do; GODWIT_LAWS_WHOLE shows the first
// counterexample as it is.
#pragma once

#include "tests/laws/specs.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>
#include <string>

namespace godwit::laws {

template <typename Law>
void for_all(const std::string& name, int runs, Law law, bool shrink = true) {
  rc::detail::TestParams params;
  const char* seed = std::getenv("GODWIT_LAWS_SEED");
  const char* more = std::getenv("GODWIT_LAWS_RUNS");
  params.seed = seed == nullptr ? 20250916U : std::strtoull(seed, nullptr, 10);
  params.maxSuccess = more == nullptr ? runs : std::atoi(more);
  params.disableShrinking = !shrink || std::getenv("GODWIT_LAWS_WHOLE") != nullptr;
  const auto result = rc::detail::checkTestable(
      [&law] {
        const SpecPair pair = *spec_pairs().as("specs");
        law(pair);
      },
      rc::detail::TestMetadata{name, name}, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  INFO(text.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

}  // namespace godwit::laws
