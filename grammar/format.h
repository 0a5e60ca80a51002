// SPDX-License-Identifier: Apache-2.0
// ast to canonical text. Comments are kept; format(parse(format(x))) == format(x).
#pragma once

#include "grammar/ast.h"

#include <string>

namespace godwit::grammar {

/// The file in canonical layout, ending in one line end. Only for files that parsed without an error.
std::string format(const ast::File& file, const SourceSet& sources);

/// The same without comments: two files that say the same print alike.
std::string format_without_comments(const ast::File& file, const SourceSet& sources);

}  // namespace godwit::grammar
