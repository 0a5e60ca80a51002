// SPDX-License-Identifier: Apache-2.0
// Text to ast. After a mistake the parser goes on with the next item, so that one typo gives one diagnostic.
#pragma once

#include "base/diagnostics.h"
#include "grammar/ast.h"

namespace godwit::grammar {

/// Parses one source of the set. Mistakes go to `diagnostics`; what could be read is returned all the same.
ast::File parse(const SourceSet& sources, std::uint32_t file, Diagnostics& diagnostics);

/// PEGTL's own check of the grammar: the number of rules that could loop without consuming. Must be 0.
std::size_t self_check();

}  // namespace godwit::grammar
