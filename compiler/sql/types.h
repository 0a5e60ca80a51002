// SPDX-License-Identifier: Apache-2.0
// Type names in PostgreSQL's canonical spelling. Internal to compiler/sql.
#pragma once

#include "compiler/sql/tree.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::sql {

/// A built-in type as format_type prints it, read without the parser: names, modifiers, arrays, in the usual spellings.
/// nullopt when the text is anything else.
std::optional<std::string> plain_type(std::string_view text);

/// The canonical spelling of a built-in type with modifiers (`varchar`, {12}); empty when the name is not built in.
std::string with_modifiers(const std::string& name, const std::vector<long>& modifiers);

/// The integer modifiers of a TypeName node; values below 1 read as 0 (libpg_query leaves them out).
std::vector<long> modifiers_of(const Json& type_name);

/// Why PostgreSQL refuses the modifiers of a built-in type's TypeName node; empty when it takes them.
std::string wrong_modifiers(const std::string& name, const Json& type_name);

/// Schema and name of a type in canonical spelling (`app."Odd type"`); nullopt for one without a schema and for arrays.
std::optional<std::pair<std::string, std::string>> split_type(std::string_view type);

/// The type without array brackets and modifiers.
std::string element_type(std::string_view type);

}  // namespace godwit::sql
