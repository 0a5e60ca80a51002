// SPDX-License-Identifier: Apache-2.0
// Names that people know from widespread extensions, for hints alone: what an extension really brings is the server's
// to say. Internal to compiler/sql.
#pragma once

#include <string>
#include <string_view>

namespace godwit::sql {

/// How to get at a function (or type) that an extension brings: which one, how it is declared, and what PostgreSQL
/// itself has instead. Empty for names that no widespread extension has. Source: the manual's appendix "Additional
/// Supplied Modules and Extensions" (18), PostGIS 3 and pgvector 0.8 by their prefixes and types.
std::string hint_of_extension_function(std::string_view name);
std::string hint_of_extension_type(std::string_view name);

}  // namespace godwit::sql
