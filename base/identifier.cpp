// SPDX-License-Identifier: Apache-2.0
#include "base/identifier.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace godwit {

namespace {

// Every keyword that is not unreserved (so that quote_ident quotes it) in at least one of PostgreSQL 13 to 18:
// pg_get_keywords() of 15, and from the manual's appendix C what newer servers added (16: json_array, json_arrayagg,
// json_object, json_objectagg, system_user; 17: json, json_exists, json_query, json_scalar, json_serialize, json_table,
// json_value, merge_action).
// clang-format off
constexpr auto keywords = std::to_array<std::string_view>({
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between",
    "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character", "check", "coalesce",
    "collate", "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec",
    "decimal", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract",
    "false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group",
    "grouping", "having", "ilike", "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval",
    "into", "is", "isnull", "join", "json", "json_array", "json_arrayagg", "json_exists", "json_object",
    "json_objectagg", "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "lateral",
    "leading", "least", "left", "like", "limit", "localtime", "localtimestamp", "merge_action", "national",
    "natural", "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset", "on",
    "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position", "precision", "primary",
    "real", "references", "returning", "right", "row", "select", "session_user", "setof", "similar", "smallint",
    "some", "substring", "symmetric", "system_user", "table", "tablesample", "then", "time", "timestamp", "to",
    "trailing", "treat", "trim", "true", "union", "unique", "user", "using", "values", "varchar", "variadic",
    "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists",
    "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable"
});
// clang-format on
static_assert(std::is_sorted(keywords.begin(), keywords.end()));

/// By first letter, a bit for each length that a keyword of this letter has: most identifiers need no search.
constexpr auto keyword_lengths = [] {
  std::array<std::uint32_t, 26> lengths{};
  for (const std::string_view keyword : keywords)
    lengths[static_cast<std::size_t>(keyword.front() - 'a')] |= std::uint32_t{1} << keyword.size();
  return lengths;
}();
static_assert(std::ranges::all_of(keywords, [](std::string_view keyword) { return keyword.size() < 32; }));

bool is_keyword(std::string_view identifier) {
  if (identifier.size() >= 32 || identifier.front() < 'a' || identifier.front() > 'z') return false;
  const std::uint32_t lengths = keyword_lengths[static_cast<std::size_t>(identifier.front() - 'a')];
  return (lengths >> identifier.size() & 1U) != 0 && std::binary_search(keywords.begin(), keywords.end(), identifier);
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool may_stand_bare(std::string_view identifier) {
  const auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto follows = [&](char c) { return starts(c) || (c >= '0' && c <= '9') || c == '$'; };
  return !identifier.empty() && starts(identifier.front()) &&
         std::all_of(identifier.begin(), identifier.end(), follows) && !is_keyword(identifier);
}

std::string wrapped(std::string_view text, char quote, bool double_backslashes) {
  std::string out;
  out.reserve(text.size() + 2);
  out += quote;
  for (const char c : text) {
    if (c == quote || (double_backslashes && c == '\\')) out += c;
    out += c;
  }
  return out += quote;
}

// Edit distance in which swapping two neighbours counts once (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

std::string quoted(std::string_view identifier) {
  return may_stand_bare(identifier) ? std::string(identifier) : wrapped(identifier, '"', false);
}

std::string quoted(std::string_view schema, std::string_view name) {
  return schema.empty() ? quoted(name) : quoted(schema) + '.' + quoted(name);
}

std::string literal(std::string_view text) {
  const bool escaped = text.find('\\') != std::string_view::npos;
  return (escaped ? "E" : "") + wrapped(text, '\'', escaped);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(quoted(name));
  return joined(parts, ", ");
}

std::string literal_list(const std::vector<std::string>& texts) {
  std::vector<std::string> parts;
  for (const std::string& text : texts) parts.push_back(literal(text));
  return joined(parts, ", ");
}

std::string text_array(const std::vector<std::string>& texts) { return "array[" + literal_list(texts) + "]::text[]"; }

std::string dollar_quoted(std::string_view text, std::string_view tag) {
  const std::string base(tag.empty() ? "body" : tag);
  std::string delimiter = '$' + std::string(tag) + '$';
  // The text's own end counts too: `a$` between `$$` would close one character early.
  const auto ends_early = [&] {
    if (text.find(delimiter) != std::string_view::npos) return true;
    const std::string_view end = text.substr(text.size() - std::min(text.size(), delimiter.size() - 1));
    return (std::string(end) + delimiter).find(delimiter) != end.size();
  };
  for (std::size_t n = 1; ends_early(); ++n) {
    delimiter = '$' + base + (n == 1 && tag.empty() ? "" : std::to_string(n)) + '$';
  }
  std::string quoted;
  quoted.reserve(text.size() + 2 * delimiter.size());
  return quoted.append(delimiter).append(text).append(delimiter);
}

std::string folded(std::string_view identifier) {
  std::string out(identifier);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view truncated(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::optional<std::string> closest(std::string_view wanted, const std::vector<std::string>& candidates) {
  const std::string target = folded(wanted);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(target.size(), candidate.size());
    const std::size_t allowed = std::max<std::size_t>(1, longer / 3);
    const std::size_t difference = longer - std::min(target.size(), candidate.size());
    if (difference > allowed) continue;
    const std::size_t found = distance(target, folded(candidate));
    // Two names of one letter share nothing, and a tie goes to the first in the alphabet: the order of the
    // candidates never shows.
    if (found > allowed || found >= longer) continue;
    if (best == nullptr || found < best_distance || (found == best_distance && candidate < *best)) {
      best = &candidate;
      best_distance = found;
    }
  }
  return best == nullptr ? std::nullopt : std::optional<std::string>(*best);
}

std::string default_object_name(std::string_view table, std::string_view columns, std::string_view suffix) {
  const std::size_t overhead = (columns.empty() ? 0 : 1) + (suffix.empty() ? 0 : suffix.size() + 1);
  const std::size_t available = max_identifier_bytes - std::min(overhead, max_identifier_bytes);
  std::size_t table_bytes = table.size();
  std::size_t column_bytes = columns.size();
  while (table_bytes + column_bytes > available) --(table_bytes > column_bytes ? table_bytes : column_bytes);
  std::string name(truncated(table, table_bytes));
  if (!columns.empty()) name.append("_").append(truncated(columns, column_bytes));
  if (!suffix.empty()) name.append("_").append(suffix);
  return name;
}

}  // namespace godwit
