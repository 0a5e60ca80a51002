// SPDX-License-Identifier: Apache-2.0
// String literals against the types they are read as, as far as this can be told without the server.
#pragma once

#include "compiler/sql/analyze.h"

#include <optional>
#include <string>
#include <string_view>

namespace godwit::sql {

/// The value of a text that is one plain string literal, `'it''s'`; nullopt for anything else.
std::optional<std::string> string_literal(std::string_view text);

/// What is wrong with a literal of this value where a value of `type` is read; empty when nothing is known to be.
struct LiteralFault {
  std::string message, hint;

  explicit operator bool() const { return !message.empty(); }
};

LiteralFault literal_fault(std::string_view type, const std::string& value, const World& world);

/// The same for a value that is stored: lengths count too, which a cast would cut.
LiteralFault stored_literal_fault(std::string_view type, const std::string& value, const World& world);

}  // namespace godwit::sql
