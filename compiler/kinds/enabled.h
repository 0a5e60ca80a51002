// SPDX-License-Identifier: Apache-2.0
// Whether and when a trigger fires or a rule applies: what `alter table … enable | disable trigger | rule` sets.
#pragma once

#include "grammar/ast.h"

#include <string>
#include <string_view>

namespace godwit::kinds {

/// Takes `disabled`, `enable always` or `enable replica` from the end of a trigger's or rule's text. Returns the state
/// as objects hold it: `disabled`, `always`, `replica`, or nothing.
std::string take_enabled(ast::Sql& text);

/// `disable trigger t`, `enable always rule r`, `enable trigger t`.
std::string enabled_sql(std::string_view state, std::string_view word, std::string_view name);

/// pg_trigger.tgenabled, pg_rewrite.ev_enabled
char enabled_letter(std::string_view state);

}  // namespace godwit::kinds
