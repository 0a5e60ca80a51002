// SPDX-License-Identifier: Apache-2.0
// The command line: argv comes in, a plain Options goes out, or the text that ends the program (help, version, misuse).
#pragma once

#include "cli/failure.h"
#include "cli/options.h"

#include <string>
#include <variant>

namespace godwit::cli {

/// A text that was asked for: --help or --version.
struct Answer {
  std::string text;
};

using Arguments = std::variant<Options, Answer, Failure>;

Arguments read_arguments(int argc, const char* const* argv);

}  // namespace godwit::cli
