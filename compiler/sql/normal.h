// SPDX-License-Identifier: Apache-2.0
// Fragments as statements that PostgreSQL's parser takes, and their normal forms. Internal to compiler/sql.
#pragma once

#include "compiler/model/fragment.h"

#include <string>
#include <string_view>

namespace godwit::sql {

/// What stands before and after a fragment so that it becomes a statement.
struct Wrapping {
  std::string_view before, after;
};

Wrapping wrapping_of(Form form);
std::string wrapped(Form form, std::string_view text);

/// PostgreSQL's parse printed back; the text itself, spaces collapsed, when it cannot be printed.
std::string normal_form(Form form, std::string_view text);

}  // namespace godwit::sql
