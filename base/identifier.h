// SPDX-License-Identifier: Apache-2.0
// Identifiers and literals as PostgreSQL reads and writes them (manual 15, section 4.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit {

/// PostgreSQL's NAMEDATALEN - 1: an identifier longer than this many bytes would be cut.
inline constexpr std::size_t max_identifier_bytes = 63;

/// The identifier as it must stand in SQL: quoted when, and only when, PostgreSQL needs it (upper case, odd characters,
/// or a keyword that is not unreserved in any of PostgreSQL 13 to 18).
std::string quoted(std::string_view identifier);
/// `schema.name`, both quoted where needed; only the name when the schema is empty.
std::string quoted(std::string_view schema, std::string_view name);
/// A string literal: `'it''s'`, or `E'...'` when it holds a backslash.
std::string literal(std::string_view text);
/// The parts with the separator between them.
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// `a, "B", c`
std::string quoted_list(const std::vector<std::string>& names);
/// `'a', 'b'`
std::string literal_list(const std::vector<std::string>& texts);
/// `array['a', 'b']::text[]`, in the order given.
std::string text_array(const std::vector<std::string>& texts);
/// A dollar-quoted literal whose tag does not occur in the text.
std::string dollar_quoted(std::string_view text, std::string_view tag = "");
/// What PostgreSQL makes of an unquoted identifier: ASCII letters folded to lower case.
std::string folded(std::string_view identifier);
/// Cut to at most `bytes` bytes at a character boundary.
std::string_view truncated(std::string_view text, std::size_t bytes);
/// The candidate nearest in spelling, when it is near enough to be a likely meaning.
std::optional<std::string> closest(std::string_view wanted, const std::vector<std::string>& candidates);
/// The name PostgreSQL gives a constraint or index by itself: `table_column_suffix`, shortened to 63 bytes the way
/// makeObjectName (PostgreSQL 15, src/backend/commands/indexcmds.c) does: the longer of both names loses bytes first.
std::string default_object_name(std::string_view table, std::string_view columns, std::string_view suffix);

}  // namespace godwit
