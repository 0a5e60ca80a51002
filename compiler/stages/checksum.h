// SPDX-License-Identifier: Apache-2.0
// The checksum of a spec's meaning: comments, white space, line ends and godwit's version do not count.
#pragma once

#include "grammar/ast.h"

#include <string>

namespace godwit::stages {

/// "sha256:…" of the file in canonical layout without comments, white space outside of quotes folded.
std::string checksum(const ast::File& file, const SourceSet& sources);

}  // namespace godwit::stages
