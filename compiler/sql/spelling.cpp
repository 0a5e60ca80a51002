// SPDX-License-Identifier: Apache-2.0
// Fragments with some of their names spelled anew; everything else stays byte for byte.
#include "base/identifier.h"
#include "compiler/sql/analyze.h"
#include "compiler/sql/normal.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

namespace godwit::sql {

namespace {

bool is_qualified(std::string_view spelled) {
  bool in_quotes = false;
  for (const char c : spelled) {
    if (c == '"') in_quotes = !in_quotes;
    if (c == '.' && !in_quotes) return true;
  }
  return false;
}

std::string spelled_as(const ObjectKey& target, std::string_view before) {
  if (target.kind == Kind::column) return godwit::quoted(target.part);
  return is_qualified(before) ? godwit::quoted(target.schema, target.name) : godwit::quoted(target.name);
}

/// What a reference is called after the renames; nullopt when that is what it is called now: a key that changes without
/// its name (a column of a renamed table) keeps its spelling.
std::optional<std::string> new_spelling(const Fragment& fragment, const Reference& reference,
                                        const std::map<ObjectKey, ObjectKey>& renames) {
  const auto found = renames.find(reference.target);
  if (found == renames.end()) return std::nullopt;
  const std::string word = fragment.text.substr(reference.begin, reference.end - reference.begin);
  std::string next = spelled_as(found->second, word);
  if (spelled_as(reference.target, word) == next) return std::nullopt;
  return next;
}

}  // namespace

std::string without_stars(std::string_view text, const std::vector<Star>& stars) {
  std::string out;
  std::size_t done = 0;
  for (const Star& star : stars) {
    if (star.begin < done) continue;
    out.append(text, done, star.begin - done).append(star.columns);
    done = star.end;
  }
  return out.append(text, done);
}

std::optional<TornName> torn_name(const Fragment& fragment, const std::map<ObjectKey, ObjectKey>& renames) {
  std::map<std::uint32_t, const Reference*> first_at;
  for (const Reference& reference : fragment.references) {
    const auto [first, is_first] = first_at.emplace(reference.begin, &reference);
    if (is_first) continue;
    const auto one = new_spelling(fragment, *first->second, renames),
               other = new_spelling(fragment, reference, renames);
    if (one == other) continue;
    return one ? TornName{*first->second, reference} : TornName{reference, *first->second};
  }
  return std::nullopt;
}

Fragment renamed(const Fragment& fragment, const std::map<ObjectKey, ObjectKey>& renames) {
  const auto is_renamed = [&](const Reference& reference) { return renames.count(reference.target) != 0; };
  if (std::none_of(fragment.references.begin(), fragment.references.end(), is_renamed)) return fragment;

  // New spellings by place; two meanings of one token (USING) are spelled once.
  std::map<std::uint32_t, std::pair<std::uint32_t, std::string>> edits;
  std::set<std::uint32_t> torn;
  for (const Reference& reference : fragment.references) {
    auto next = new_spelling(fragment, reference, renames);
    const auto [edit, first] = edits.emplace(reference.begin, std::pair{reference.end, next.value_or("")});
    if (!first && edit->second.second != next.value_or("")) torn.insert(reference.begin);
  }
  std::erase_if(edits, [&](const auto& edit) { return edit.second.second.empty() || torn.contains(edit.first); });
  // Where a byte of the old text stands in the new one.
  const auto moved = [&edits](std::uint32_t offset) {
    std::int64_t shift = 0;
    for (const auto& [begin, edit] : edits) {
      if (edit.first > offset) break;
      shift += static_cast<std::int64_t>(edit.second.size()) - static_cast<std::int64_t>(edit.first - begin);
    }
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(offset) + shift);
  };

  Fragment result = fragment;
  result.text.clear();
  std::size_t done = 0;
  for (const auto& [begin, edit] : edits) {
    result.text.append(fragment.text, done, begin - done);
    result.text += edit.second;
    done = edit.first;
  }
  result.text.append(fragment.text, done, std::string::npos);
  for (Reference& reference : result.references) {
    if (const auto found = renames.find(reference.target); found != renames.end()) reference.target = found->second;
    reference.begin = moved(reference.begin);
    reference.end = moved(reference.end);
    reference.qualifier = moved(reference.qualifier);
  }
  if (!edits.empty()) result.normal = normal_form(result.form, result.text);
  return result;
}

std::string respelled(const Fragment& fragment,
                      const std::function<std::optional<std::string>(const Reference&)>& spell) {
  std::string text;
  std::size_t done = 0;
  for (const Reference& reference : fragment.references) {
    if (reference.target.kind != Kind::column || reference.begin < done) continue;
    // The qualifier (an alias, or the table's own name, which is a reference of its own) goes with the column.
    const std::optional<std::string> word = spell(reference);
    if (!word) continue;
    const std::size_t begin = std::max<std::size_t>(reference.qualifier, done);
    text.append(fragment.text, done, begin - done);
    text += *word;
    done = reference.end;
  }
  text.append(fragment.text, done, std::string::npos);
  return text;
}

}  // namespace godwit::sql
