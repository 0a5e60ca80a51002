// SPDX-License-Identifier: Apache-2.0
// The pages of docs/diagnostics, built into the program by embed_pages.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace godwit::cli {

struct Page {
  std::string_view code;  // "GW1203"
  std::string_view text;  // Markdown
};

/// All pages, sorted by code.
const std::vector<Page>& diagnostic_pages();

}  // namespace godwit::cli
