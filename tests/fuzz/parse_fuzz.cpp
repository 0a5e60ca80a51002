// SPDX-License-Identifier: Apache-2.0
// Any bytes: the parser returns; what it took without a mistake is formatted to a text that parses to the same and is
// formatted to itself. Built for libFuzzer, or with fuzz_main.cpp as its driver.
#include "grammar/format.h"
#include "grammar/parse.h"
#include "tests/unit/grammar/same_ast.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

[[noreturn]] void failed(const char* what, const std::string& text, const std::string& formatted) {
  std::fprintf(stderr, "parse_fuzz: %s\n--- input\n%s\n--- formatted\n%s\n", what, text.c_str(), formatted.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace godwit;
  const std::string text(reinterpret_cast<const char*>(data), size);
  SourceSet sources;
  Diagnostics diagnostics;
  const ast::File file = grammar::parse(sources, sources.add("input.gw", text), diagnostics);
  if (diagnostics.has_errors()) return 0;
  const std::string once = grammar::format(file, sources);
  const ast::File again = grammar::parse(sources, sources.add("formatted.gw", once), diagnostics);
  if (diagnostics.has_errors()) {
    failed(diagnostics.sorted().front().message.c_str(), text, once);
  }
  if (!test::same(file.header, again.header) || !test::same(file.declarations, again.declarations)) {
    failed("the formatted text means something else", text, once);
  }
  if (file.comments.size() != again.comments.size()) failed("a comment was lost", text, once);
  const std::string twice = grammar::format(again, sources);
  if (once != twice) failed("formatting the formatted text changes it", once, twice);
  return 0;
}
