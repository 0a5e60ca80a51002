// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/types.h"

#include "compiler/sql/builtins.h"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace godwit::sql {

namespace {

// Spellings of the grammar that are no entries of pg_type, and the entry they stand for.
constexpr auto spellings = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"bigint", "int8"},
    {"bit varying", "varbit"},
    {"boolean", "bool"},
    {"character varying", "varchar"},
    {"char varying", "varchar"},
    {"dec", "numeric"},
    {"decimal", "numeric"},
    {"double precision", "float8"},
    {"float", "float8"},
    {"int", "int4"},
    {"integer", "int4"},
    {"national character varying", "varchar"},
    {"real", "float4"},
    {"smallint", "int2"},
});

// INTERVAL_MASK of PostgreSQL's datetime.h.
std::string interval_fields(long mask) {
  constexpr long year = 1L << 2U, month = 1L << 1U, day = 1L << 3U, hour = 1L << 10U, minute = 1L << 11U,
                 second = 1L << 12U;
  const std::array<std::pair<long, std::string_view>, 13> fields{{
      {year, "year"},
      {month, "month"},
      {day, "day"},
      {hour, "hour"},
      {minute, "minute"},
      {second, "second"},
      {year | month, "year to month"},
      {day | hour, "day to hour"},
      {day | hour | minute, "day to minute"},
      {day | hour | minute | second, "day to second"},
      {hour | minute, "hour to minute"},
      {hour | minute | second, "hour to second"},
      {minute | second, "minute to second"},
  }};
  for (const auto& [bits, name] : fields) {
    if (bits == mask) return fmt::format(" {}", name);
  }
  return {};
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

// `word word (n, m) word word [][3]`, lower-cased, one space between words.
class PlainType {
 public:
  explicit PlainType(std::string_view text) : text_(text) {}

  std::optional<std::string> read() {
    std::string name = words();
    if (name.empty()) return std::nullopt;
    std::vector<long> modifiers;
    const bool bracket = peek() == '(';
    if (bracket && !read_modifiers(modifiers)) return std::nullopt;
    const std::string rest = words();
    std::string array;
    while (peek() == '[') {
      ++at_;
      skip_digits();
      if (peek() != ']') return std::nullopt;
      ++at_;
      array = "[]";
    }
    if (peek() != '\0') return std::nullopt;
    // `timestamp with time zone` has the modifier in its middle; nothing else has words behind the bracket.
    if (!rest.empty() && (!bracket || (name != "timestamp" && name != "time"))) return std::nullopt;
    if (!rest.empty()) name += " " + rest;
    std::string type = named(name, modifiers);
    if (type.empty()) return std::nullopt;
    return type + array;
  }

 private:
  char peek() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  std::string words() {
    std::string found;
    for (char c = peek(); c != '\0'; c = peek()) {
      const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (!is_word(lower) || (lower >= '0' && lower <= '9')) break;
      if (!found.empty()) found += ' ';
      for (; at_ < text_.size(); ++at_) {
        const char d = text_[at_] >= 'A' && text_[at_] <= 'Z' ? static_cast<char>(text_[at_] - 'A' + 'a') : text_[at_];
        if (!is_word(d)) break;
        found += d;
      }
    }
    return found;
  }

  void skip_digits() {
    peek();
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  }

  bool read_modifiers(std::vector<long>& modifiers) {
    do {
      ++at_;
      const bool negative = peek() == '-';
      if (negative) ++at_;
      peek();
      const std::size_t begin = at_;
      long value = 0;
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - begin < 9; ++at_) {
        value = value * 10 + (text_[at_] - '0');
      }
      if (at_ == begin) return false;
      modifiers.push_back(negative ? -value : value);
    } while (peek() == ',');
    if (peek() != ')') return false;
    ++at_;
    return true;
  }

  static std::string named(const std::string& name, const std::vector<long>& modifiers) {
    if (name == "timestamp with time zone") return with_modifiers("timestamptz", modifiers);
    if (name == "timestamp without time zone") return with_modifiers("timestamp", modifiers);
    if (name == "time with time zone") return with_modifiers("timetz", modifiers);
    if (name == "time without time zone") return with_modifiers("time", modifiers);
    if (name == "char" || name == "character" || name == "bit") {
      const std::string entry = name == "bit" ? "bit" : "bpchar";
      const std::vector<long> length = modifiers.empty() ? std::vector{1L} : modifiers;
      return takes(entry, length) ? with_modifiers(entry, length) : std::string();
    }
    if (name == "float" && modifiers.size() == 1) {
      if (modifiers[0] < 1 || modifiers[0] > 53) return {};
      return modifiers[0] <= 24 ? "real" : "double precision";
    }
    if (name == "interval" && !modifiers.empty()) return {};  // its modifiers mean other things
    for (const auto& [spelling, entry] : spellings) {
      if (spelling == name)
        return takes(entry, modifiers) ? with_modifiers(std::string(entry), modifiers) : std::string();
    }
    if (name.find(' ') != std::string::npos || name == "any") return {};
    return takes(name, modifiers) ? with_modifiers(name, modifiers) : std::string();
  }

  // Anything but these goes to the parser, which knows what to say about a modifier.
  static bool takes(std::string_view entry, const std::vector<long>& modifiers) {
    if (modifiers.empty()) return true;
    if (modifiers[0] < 1 && !entry.starts_with("time")) return false;
    if (entry == "numeric") return modifiers.size() <= 2 && modifiers[0] <= 1000;
    return modifiers.size() == 1 && modifiers[0] <= 10485760 &&
           (entry == "varchar" || entry == "bpchar" || entry == "varbit" || entry == "bit" || entry == "timestamp" ||
            entry == "timestamptz" || entry == "time" || entry == "timetz");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> plain_type(std::string_view text) { return PlainType(text).read(); }

std::string with_modifiers(const std::string& name, const std::vector<long>& modifiers) {
  const std::string_view plain = builtin_type(name);
  if (plain.empty()) return {};
  if (modifiers.empty()) return std::string(plain);
  const long first = modifiers.front();
  if (name == "bpchar") return fmt::format("character({})", first);
  if (name == "numeric") return fmt::format("numeric({},{})", first, modifiers.size() > 1 ? modifiers[1] : 0);
  if (name == "timestamp" || name == "time") return fmt::format("{}({}) without time zone", name, first);
  if (name == "timestamptz") return fmt::format("timestamp({}) with time zone", first);
  if (name == "timetz") return fmt::format("time({}) with time zone", first);
  if (name == "interval") {
    const std::string precision = modifiers.size() > 1 ? fmt::format("({})", modifiers[1]) : std::string();
    return "interval" + interval_fields(first) + precision;
  }
  return fmt::format("{}({})", plain, first);
}

std::vector<long> modifiers_of(const Json& type_name) {
  std::vector<long> modifiers;
  for (const Json& node : field(type_name, "typmods")) {
    if (is(node, "A_Const")) modifiers.push_back(number_of(field(body_of(node), "ival"), "ival"));
  }
  return modifiers;
}

std::string wrong_modifiers(const std::string& name, const Json& type_name) {
  const Json& modifiers = field(type_name, "typmods");
  if (modifiers.empty() || name == "interval") return {};
  const auto shown = builtin_type(name);
  for (const Json& node : modifiers) {
    if (!is(node, "A_Const")) return fmt::format("modifiers of type `{}` must be numbers", shown);
  }
  const long first = modifiers_of(type_name).front();
  if (name == "varchar" || name == "bpchar" || name == "bit" || name == "varbit") {
    if (modifiers.size() > 1) return fmt::format("type `{}` takes one modifier", shown);
    return first < 1 || first > 10485760 ? fmt::format("the length of type `{}` must be from 1 to 10485760", shown)
                                         : "";
  }
  if (name == "numeric") {
    if (modifiers.size() > 2) return "type `numeric` takes at most two modifiers";
    return first < 1 || first > 1000 ? "the precision of type `numeric` must be from 1 to 1000" : "";
  }
  if (name.starts_with("time")) return modifiers.size() > 1 ? fmt::format("type `{}` takes one modifier", shown) : "";
  return fmt::format("type `{}` takes no modifier", shown);
}

std::optional<std::pair<std::string, std::string>> split_type(std::string_view type) {
  std::vector<std::string> names(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const char c = type[i];
    if (c == '"' && in_quotes && i + 1 < type.size() && type[i + 1] == '"') {
      names.back() += type[i++];
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == '.' && !in_quotes) {
      names.emplace_back();
    } else if (!in_quotes && (c == '(' || c == '[' || c == ' ')) {
      return std::nullopt;
    } else {
      names.back() += c;
    }
  }
  if (names.size() != 2) return std::nullopt;
  return std::pair{std::move(names[0]), std::move(names[1])};
}

std::string element_type(std::string_view type) {
  while (type.ends_with("[]")) type.remove_suffix(2);
  const std::size_t open = type.find('(');
  if (open == std::string_view::npos) return std::string(type);
  const std::size_t close = type.find(')', open);
  std::string plain(type.substr(0, open));
  if (close != std::string_view::npos) plain += type.substr(close + 1);
  return plain;
}

}  // namespace godwit::sql
