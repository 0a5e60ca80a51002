// SPDX-License-Identifier: Apache-2.0
// The one list of what the language takes and this version does not plan yet.
#pragma once

#include "grammar/ast.h"

#include <optional>
#include <string_view>

namespace godwit::kinds {

/// What people call the construct behind a definition; nothing for a kind that is planned.
std::optional<std::string_view> later_construct(ast::DefinitionKind kind);
/// The same for the word that names an object in `comment on`, `grant … on`, `rename`, `drop`: `event trigger`, `cast`,
/// …
std::string_view later_construct(std::string_view word);

}  // namespace godwit::kinds
