// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

TEST_CASE("the version is the one in CMakeLists.txt") {
  std::stringstream text;
  text << std::ifstream(GODWIT_SOURCE_DIR "/CMakeLists.txt").rdbuf();
  CHECK(text.str().find("project(godwit VERSION " + std::string(godwit::version()) + ' ') != std::string::npos);
}
