// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/script.h"

#include "base/identifier.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <numeric>
#include <optional>
#include <set>

namespace godwit {

namespace {

constexpr std::string_view content_key = "-- content: sha256:";
constexpr std::size_t sha256_digits = 64;
constexpr std::string_view gate_begins = "\n\\gset\n\\if :";
constexpr std::string_view gate_ends = "\\endif";
constexpr std::string_view batches_of = "batches of ";
constexpr std::string_view compares = "compare ";
const std::string keys_of = "keys of: ", keys_are = "ranges by: ";
constexpr std::string_view range_begins = "true  -- or a range of ";

/// What stands in a header line `-- [n/total] rest` with `depth` brackets.
struct Header {
  std::size_t number = 0, total = 0;
  std::string_view rest;
};

std::optional<Header> read_header(std::string_view line, std::size_t depth, std::size_t total = 0) {
  const std::string open = "-- " + std::string(depth, '[');
  if (!line.starts_with(open)) return std::nullopt;
  line.remove_prefix(open.size());
  Header header;
  const char* const end = line.data() + line.size();
  auto [slash, number_error] = std::from_chars(line.data(), end, header.number);
  if (number_error != std::errc{} || slash == end || *slash != '/') return std::nullopt;
  auto [close, total_error] = std::from_chars(slash + 1, end, header.total);
  if (total_error != std::errc{} || (total != 0 && header.total != total)) return std::nullopt;
  header.rest = std::string_view(close, static_cast<std::size_t>(end - close));
  const std::string shut = std::string(depth, ']') + ' ';
  if (!header.rest.starts_with(shut)) return std::nullopt;
  header.rest.remove_prefix(shut.size());
  return header;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// The smallest number of brackets with which no line of any statement looks like a header.
std::size_t bracket_depth(const Script& script) {
  std::set<std::size_t> taken;
  for (const ScriptStep& step : script.steps) {
    const std::string_view sql = step.sql;
    for (std::size_t at = sql.find("-- ["); at != std::string_view::npos; at = sql.find("-- [", at + 1)) {
      if (at > 0 && sql[at - 1] != '\n') continue;
      const std::string_view line = sql.substr(at, sql.find('\n', at) - at);
      const std::size_t brackets = line.find_first_not_of('[', 3) - 3;
      if (read_header(line, brackets, script.steps.size())) taken.insert(brackets);
    }
  }
  std::size_t depth = 1;
  while (taken.contains(depth)) ++depth;
  return depth;
}

/// At most that many bytes: what the text of one step takes, with its header.
std::size_t room_for(const ScriptStep& step) {
  constexpr std::size_t header = 64;
  std::size_t room = header + step.title.size() + step.place.size() + step.sql.size();
  for (const std::string& remark : step.remarks) room += remark.size() + std::string_view("--   \n").size();
  return room;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  while (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  return text;
}

}  // namespace

std::string_view Script::fact(std::string_view key) const {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const auto& fact) { return fact.first == key; });
  return found == facts.end() ? std::string_view{} : std::string_view(found->second);
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * size);
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 15U];
  }
  return hex;
}

std::string print_script(const Script& script) {
  const std::size_t depth = bracket_depth(script);
  const std::string open = "-- " + std::string(depth, '[');
  const std::string total = '/' + std::to_string(script.steps.size()) + std::string(depth, ']') + ' ';
  std::string text = "-- godwit " + script.direction + ' ' + script.id + '\n';
  if (!script.title.empty()) text += "-- " + script.title + '\n';
  for (const auto& [key, value] : script.facts) text += "-- " + key + ": " + value + '\n';
  text += content_key;
  const std::size_t checksum_at = text.size();
  text.append(sha256_digits, '0');  // until the content is there
  text += '\n';
  const std::size_t content_at = text.size();
  text.reserve(std::transform_reduce(script.steps.begin(), script.steps.end(), content_at, std::plus<>(), room_for));
  std::size_t number = 0;
  for (const ScriptStep& step : script.steps) {
    text += '\n';
    text += open;
    text += std::to_string(++number);
    text += total;
    text += step.title;
    if (!step.place.empty()) text.append(" (").append(step.place) += ')';
    text += '\n';
    for (const std::string& remark : step.remarks) text.append("--   ").append(remark) += '\n';
    text += step.sql;
    text += '\n';
  }
  text.replace(checksum_at, sha256_digits, sha256(std::string_view(text).substr(content_at)));
  return text;
}

namespace {

/// What stands before the content: direction, id, title and facts. Takes it off the text; gives the content's checksum.
Result<std::string_view, ScriptError> read_head(std::string_view& text, Script& script) {
  std::string_view line = take_line(text);
  constexpr std::string_view mark = "-- godwit ";
  if (!line.starts_with(mark)) return unexpected(ScriptError{"it does not begin with `-- godwit`", false});
  line.remove_prefix(mark.size());
  const std::size_t space = line.find(' ');
  script.direction = line.substr(0, space);
  if (space != std::string_view::npos) script.id = line.substr(space + 1);
  while (!text.empty()) {
    line = take_line(text);
    if (line.starts_with(content_key)) return line.substr(content_key.size());
    if (!line.starts_with("-- ")) break;
    line.remove_prefix(3);
    const std::size_t colon = line.find(": ");
    const bool is_title = script.title.empty() && script.facts.empty() && !line.starts_with("spec: ");
    if (is_title || colon == std::string_view::npos) {
      script.title = line;
    } else {
      script.facts.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
  }
  return unexpected(ScriptError{"its `-- content:` line is missing", false});
}

/// The steps of the content, and how many there must be.
std::size_t read_steps(std::string_view text, Script& script) {
  std::size_t depth = 1;
  const std::size_t bracket = text.find("-- [");
  if (bracket != std::string_view::npos) {
    depth = text.find_first_not_of('[', bracket + 3) - (bracket + 3);
  }

  std::size_t total = 0;
  std::string_view body = text;
  const char* sql_begin = nullptr;
  bool in_remarks = false;
  const auto close_step = [&](const char* end) {
    if (script.steps.empty() || sql_begin == nullptr) return;
    script.steps.back().sql = trimmed(std::string_view(sql_begin, static_cast<std::size_t>(end - sql_begin)));
  };
  while (!body.empty()) {
    const char* const line_begin = body.data();
    const std::string_view line = take_line(body);
    if (const auto header = read_header(line, depth, total); header && header->number == script.steps.size() + 1) {
      close_step(line_begin);
      total = header->total;
      ScriptStep step;
      std::string_view title = header->rest;
      if (const std::size_t open = title.rfind(" ("); open != std::string_view::npos && title.ends_with(')') &&
                                                      title.find(".gw:", open) != std::string_view::npos) {
        step.place = title.substr(open + 2, title.size() - open - 3);
        title = title.substr(0, open);
      }
      step.title = title;
      script.steps.push_back(std::move(step));
      sql_begin = body.data();
      in_remarks = true;
    } else if (in_remarks && line.starts_with("--   ")) {
      script.steps.back().remarks.emplace_back(line.substr(5));
      sql_begin = body.data();
    } else {
      in_remarks = false;
    }
  }
  close_step(text.data() + text.size());
  return total;
}

}  // namespace

Result<Script, ScriptError> parse_script(std::string_view text, bool allow_edited) {
  Script script;
  const auto checksum = read_head(text, script);
  if (!checksum) return unexpected(checksum.error());
  if (!allow_edited && sha256(text) != *checksum) {
    return unexpected(ScriptError{"its content is not what its checksum says", true});
  }
  const std::size_t total = read_steps(text, script);
  if (script.steps.size() != total) {
    return unexpected(ScriptError{"steps are missing at its end", false});
  }
  return script;
}

ScriptStep open_gate(std::string title, const std::string& variable, const std::string& query) {
  return {std::move(title), {}, {}, query + " as " + variable + std::string(gate_begins) + variable};
}

ScriptStep close_gate() { return {"so far", {}, {}, std::string(gate_ends)}; }

std::optional<std::string> gate_query(const ScriptStep& step) {
  const std::size_t end = step.sql.rfind(gate_begins);
  // Behind it stands a name and nothing else: another gate may be part of a text.
  if (end == std::string::npos || step.sql.find_first_of("\n; ", end + gate_begins.size()) != std::string::npos)
    return std::nullopt;
  return step.sql.substr(0, end) + ';';
}

bool closes_gate(const ScriptStep& step) { return step.sql == gate_ends; }

void call_in_batches(ScriptStep& step, const BatchCall& call) {
  const std::string rows = std::to_string(call.rows);
  step.remarks.insert(step.remarks.begin(), std::string(batches_of) + rows + " by " + call.function);
  step.sql =
      "do $$\nbegin\n  while " + call.function + "(" + rows + ") is not null loop\n    commit;\n  end loop;\nend $$;";
}

std::optional<BatchCall> batch_call(const ScriptStep& step) {
  if (step.remarks.empty() || !step.remarks.front().starts_with(batches_of)) return std::nullopt;
  const std::string& remark = step.remarks.front();
  const std::size_t by = remark.find(" by ");
  if (by == std::string::npos) return std::nullopt;
  BatchCall call{remark.substr(by + 4), 0};
  const auto read = std::from_chars(remark.data() + batches_of.size(), remark.data() + by, call.rows);
  if (read.ec != std::errc{} || call.rows < 1) return std::nullopt;
  return call;
}

void compare_in_ranges(ScriptStep& step, const std::string& what, const ComparedRanges& ranges) {
  step.title = std::string(compares) + what;
  const bool cut = !ranges.table.empty() && (ranges.table + ranges.columns).find('\n') == std::string::npos;
  if (cut) step.remarks.insert(step.remarks.begin(), {keys_of + ranges.table, keys_are + ranges.columns});
}

std::optional<ComparedRanges> compared_ranges(const ScriptStep& step) {
  if (!step.title.starts_with(compares)) return std::nullopt;
  if (step.remarks.size() < 2 || !step.remarks[0].starts_with(keys_of) || !step.remarks[1].starts_with(keys_are))
    return ComparedRanges{};
  return ComparedRanges{step.remarks[0].substr(keys_of.size()), step.remarks[1].substr(keys_are.size())};
}

std::string range_mark(const std::string& columns) { return std::string(range_begins) + columns; }

std::string range_condition(const std::string& columns, const std::vector<std::string>& low,
                            const std::vector<std::string>& high) {
  const auto literals = [](const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + literal(value);
    return '(' + list + ')';
  };
  std::string condition;
  if (!low.empty()) condition = '(' + columns + ") > " + literals(low);
  if (!high.empty()) condition += (condition.empty() ? "" : " and ") + ('(' + columns + ") <= ") + literals(high);
  return condition.empty() ? "true" : condition;
}

std::string with_range(const std::string& sql, const std::vector<std::string>& low,
                       const std::vector<std::string>& high) {
  std::string text;
  std::size_t from = 0;
  for (std::size_t at = sql.find(range_begins); at != std::string::npos; at = sql.find(range_begins, from)) {
    const std::size_t columns = at + range_begins.size();
    const std::size_t end = std::min(sql.find('\n', columns), sql.size());
    text += sql.substr(from, at - from) + range_condition(sql.substr(columns, end - columns), low, high);
    from = end;
  }
  return text + sql.substr(from);
}

}  // namespace godwit
