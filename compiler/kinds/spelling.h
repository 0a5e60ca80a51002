// SPDX-License-Identifier: Apache-2.0
// Small pieces of SQL that several kinds spell in the same way, and what they need and follow in renames.
#pragma once

#include "compiler/kinds/contract.h"

#include <string>
#include <utility>
#include <vector>

namespace godwit::kinds {

/// Option names with their values as SQL takes them, sorted by name.
using Options = std::vector<std::pair<std::string, std::string>>;

/// `a = 1, b = true`
std::string option_list(const Options& options);
/// A role as SQL takes it: `public`, `current_user`, `session_user` and `current_role` are words of their own.
std::string role_sql(const std::string& role);

/// What of `to` is new or different, and the names that only `from` has.
struct OptionChange {
  Options set;
  std::vector<std::string> reset;
};

OptionChange option_change(const Options& from, const Options& to);

/// True when `word` stands in the text as a word of its own, in any case.
bool has_word(const std::string& text, const std::string& word);

void need(const ObjectKey& target, std::vector<Need>& out);
void need(const Fragment& fragment, std::vector<Need>& out);
void need(const TypeName& type, std::vector<Need>& out);

/// The type's text and key after the renames.
void rename(TypeName& type, const Renames& renames);

}  // namespace godwit::kinds
