// SPDX-License-Identifier: Apache-2.0
// A text, parsed, for the tests of the grammar.
#pragma once

#include "grammar/format.h"
#include "grammar/parse.h"

#include <memory>
#include <string>
#include <string_view>

namespace godwit::test {

struct Parsed {
  std::shared_ptr<SourceSet> sources = std::make_shared<SourceSet>();
  std::shared_ptr<Diagnostics> diagnostics = std::make_shared<Diagnostics>();
  ast::File file;

  /// `code line:column message`, one per line, hints after ` | `.
  std::string report() const {
    std::string out;
    for (const Diagnostic& each : diagnostics->sorted()) {
      const Position at = (*sources)[0].position(each.span.begin);
      out += std::string(each.code.id) + ' ' + std::to_string(at.line) + ':' + std::to_string(at.column) + ' ' +
             each.message;
      if (!each.hint.empty()) out += " | " + each.hint;
      out += '\n';
    }
    return out;
  }

  std::string formatted() const { return grammar::format(file, *sources); }

  template <typename T>
  const T& get(std::size_t at = 0) const {
    return std::get<T>(file.declarations.at(at));
  }

  template <typename T>
  const T& item(std::size_t at = 0) const {
    return std::get<T>(get<ast::Table>().items.at(at));
  }
};

inline Parsed parsed(std::string_view text) {
  Parsed out;
  out.sources->add("test.gw", std::string(text));
  out.file = grammar::parse(*out.sources, 0, *out.diagnostics);
  return out;
}

}  // namespace godwit::test
