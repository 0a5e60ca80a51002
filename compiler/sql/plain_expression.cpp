// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/plain_expression.h"

#include "base/identifier.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/literals.h"
#include "compiler/sql/tree.h"
#include "compiler/sql/type_rules.h"
#include "compiler/sql/types.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace godwit::sql {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Types whose spelling is the same in every normal form.
constexpr std::array<std::string_view, 5> cast_types{"text", "jsonb", "json", "uuid", "date"};
constexpr std::array<std::string_view, 14> operators{"=",  "<>", "!=", "<=", ">=", "<",  ">",
                                                     "~*", "~",  "@>", "<@", "&&", "||", "->>"};

// Reads, resolves and prints in one go; any surprise ends it, and the parser has its turn.
class Plain {
 public:
  Plain(std::string_view text, const World& world, const std::vector<Visible>& visible)
      : text_(text), world_(world), visible_(visible) {}

  std::optional<Analysis> read(bool call_only) {
    analysis_.constant = true;
    next();
    std::string normal;
    if (call_only) {
      normal = primary();
      if (calls_ == 0 || last_was_ != Last::call) return std::nullopt;
    } else {
      normal = predicates();
    }
    if (failed_ || kind_ != Kind::end) return std::nullopt;
    analysis_.fragment.text = std::string(text_);
    analysis_.fragment.normal = std::move(normal);
    analysis_.type = type_ == "unknown" ? std::string() : type_;
    return std::move(analysis_);
  }

 private:
  /// What a function makes of a range is the parser's to say.
  bool is_range(const std::string& type) const {
    if (type.ends_with("range")) return true;
    const auto name = split_type(type);
    const auto key = name ? world_.type(name->first, name->second) : std::nullopt;
    return key && key->kind == godwit::Kind::range_type;
  }

  enum class Kind { word, number, string, symbol, end, other };
  enum class Last { literal, column, call };

  void next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
    begin_ = at_;
    if (at_ >= text_.size()) {
      kind_ = Kind::end;
      word_.clear();
      return;
    }
    const char c = text_[at_];
    if (is_word_start(c)) {
      while (at_ < text_.size() && (is_word_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
      const bool continues = at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '$' || text_[at_] == '"' ||
                                                    static_cast<unsigned char>(text_[at_]) >= 0x80);
      kind_ = continues ? Kind::other : Kind::word;
      word_ = folded(text_.substr(begin_, at_ - begin_));
      return;
    }
    if (is_digit(c)) {
      std::size_t dots = 0;
      for (; at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.'); ++at_)
        dots += text_[at_] == '.' ? 1 : 0;
      const std::size_t length = at_ - begin_;
      const bool plain = dots <= 1 && length < 10 && is_digit(text_[at_ - 1]) &&
                         (length == 1 || c != '0' || dots == 1) && (at_ >= text_.size() || !is_word_start(text_[at_]));
      kind_ = plain ? Kind::number : Kind::other;
      word_ = std::string(text_.substr(begin_, length));
      return;
    }
    if (c == '\'') {
      kind_ = Kind::other;
      for (++at_; at_ < text_.size(); ++at_) {
        if (text_[at_] == '\\' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\0') return;
        if (text_[at_] != '\'') continue;
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
          ++at_;
          continue;
        }
        ++at_;
        kind_ = Kind::string;
        word_ = std::string(text_.substr(begin_, at_ - begin_));
        return;
      }
      return;
    }
    symbol(c);
  }

  void symbol(char c) {
    kind_ = Kind::other;
    if (c == '(' || c == ')' || c == ',' || c == '.') {
      ++at_;
    } else if (text_.substr(at_, 2) == "::") {
      at_ += 2;
    } else {
      constexpr std::string_view operator_bytes = "+-*/<>=~!@#%^&|`?";
      while (at_ < text_.size() && operator_bytes.find(text_[at_]) != std::string_view::npos) ++at_;
      const std::string_view spelled = text_.substr(begin_, at_ - begin_);
      if (std::find(operators.begin(), operators.end(), spelled) == operators.end()) return;
    }
    kind_ = Kind::symbol;
    word_ = std::string(text_.substr(begin_, at_ - begin_));
  }

  std::string fail() {
    failed_ = true;
    kind_ = Kind::other;
    return {};
  }

  bool now(std::string_view word) const { return (kind_ == Kind::word || kind_ == Kind::symbol) && word_ == word; }

  bool take(std::string_view word) {
    if (failed_ || !now(word)) return false;
    next();
    return true;
  }

  std::string predicates() {
    std::string printed = predicate();
    std::string_view joint;
    while (!failed_ && kind_ == Kind::word) {
      const std::string_view joining = now("and") ? " AND " : now("or") ? " OR " : "";
      if (joining.empty() || (!joint.empty() && joint != joining) || type_ != "boolean") return fail();
      joint = joining;
      next();
      printed += joint;
      printed += predicate();
      if (type_ != "boolean") return fail();
    }
    return printed;
  }

  std::string predicate() {
    std::string printed = primary();
    if (failed_ || kind_ == Kind::end || now("and") || now("or")) return printed;
    if (take("is")) {
      printed += take("not") ? " IS NOT NULL" : " IS NULL";
      if (!take("null")) return fail();
      type_ = "boolean";
      return printed;
    }
    const std::string subject = type_;
    if (take("between")) {
      printed += " BETWEEN " + primary();
      if (!take("and")) return fail();
      printed += " AND " + primary();
      if (subject != type_ || !operator_fits(">=", subject, type_, world_).fits) return fail();
      type_ = "boolean";
      return printed;
    }
    if (take("in")) {
      if (!take("(")) return fail();
      listed_.clear();
      printed += " IN (" + list();
      for (const std::string& type : listed_) {
        if (!judged("=", subject, type)) return fail();
      }
      printed += ")";
      type_ = "boolean";
      return printed;
    }
    if (kind_ != Kind::symbol || std::find(operators.begin(), operators.end(), word_) == operators.end()) return fail();
    const std::string name = word_ == "!=" ? "<>" : word_;
    const std::string left = type_;
    next();
    const std::string right = primary();
    if (!judged(name, left, type_)) return fail();
    type_ = operator_result(name, left, type_);
    printed += " " + name;
    printed += " " + right;
    return printed;
  }

  /// Types that fit without a literal to be read; anything else the parser has a look at.
  bool judged(const std::string& name, const std::string& left, const std::string& right) const {
    const auto is_text = [](const std::string& type) {
      return type == "unknown" || type.empty() || type == "text" || type.starts_with("character");
    };
    if ((left == "unknown" && !is_text(right)) || (right == "unknown" && !is_text(left))) return false;
    return operator_fits(name, left, right, world_).fits;
  }

  // What stands up to the closing bracket, which is taken.
  std::string list() {
    std::string printed = primary();
    listed_.push_back(type_);
    while (take(",")) {
      printed += ", " + primary();
      listed_.push_back(type_);
    }
    if (!take(")")) return fail();
    return printed;
  }

  std::string primary() {
    if (failed_) return {};
    last_was_ = Last::literal;
    if (kind_ == Kind::number) {
      type_ = word_.find('.') == std::string::npos ? "integer" : "numeric";
      std::string printed = std::move(word_);
      next();
      return printed;
    }
    if (kind_ == Kind::string) {
      type_ = "unknown";
      std::string printed = std::move(word_);
      next();
      if (take("::")) {
        if (kind_ != Kind::word || std::find(cast_types.begin(), cast_types.end(), word_) == cast_types.end())
          return fail();
        if (at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '(')) return fail();
        const auto value = string_literal(printed);
        if (!value || literal_fault(word_, *value, world_)) return fail();
        printed += "::" + word_;
        type_ = word_;
        next();
      }
      return printed;
    }
    if (kind_ != Kind::word) return fail();
    if (word_ == "true" || word_ == "false") {
      type_ = "boolean";
      std::string printed = std::move(word_);
      next();
      return printed;
    }
    if (word_.size() > max_identifier_bytes || godwit::quoted(word_) != word_) return fail();
    std::string name = word_;
    const std::size_t begin = begin_;
    std::size_t end = at_;
    next();
    std::string qualifier;
    if (take(".")) {
      if (kind_ != Kind::word || word_.size() > max_identifier_bytes || godwit::quoted(word_) != word_) return fail();
      qualifier = std::exchange(name, word_);
      end = at_;
      next();
    }
    if (now("(")) return call(qualifier, name, begin, end);
    if (now(".")) return fail();
    return column(qualifier, name, begin, end);
  }

  std::string column(const std::string& qualifier, const std::string& name, std::size_t begin, std::size_t end) {
    const Visible* found = nullptr;
    const OutputColumn* found_column = nullptr;
    for (const Visible& one : visible_) {
      const std::string& alias = one.alias.empty() ? one.relation.key.name.str() : one.alias;
      if (!qualifier.empty() && alias != qualifier) continue;
      if (one.relation.key.name.empty()) {
        fail();
        return {};
      }
      for (const OutputColumn& column : one.relation.columns) {
        if (column.name != name) continue;
        if (found != nullptr) return fail();
        found = &one;
        found_column = &column;
      }
      if (!qualifier.empty()) break;
    }
    if (found == nullptr) return fail();
    analysis_.constant = false;
    last_was_ = Last::column;
    type_ = found_column->type;
    const auto place = [](std::size_t offset) { return static_cast<std::uint32_t>(offset); };
    const std::size_t own = end - name.size();
    if (!qualifier.empty() && qualifier == found->relation.key.name) {
      const auto stop = place(begin + qualifier.size());
      analysis_.fragment.references.push_back({found->relation.key, place(begin), stop, place(begin)});
    }
    analysis_.fragment.references.push_back({found->relation.column(name), place(own), place(end), place(begin)});
    return qualifier.empty() ? name : qualifier + "." + name;
  }

  std::string call(const std::string& schema, const std::string& name, std::size_t begin, std::size_t end) {
    next();  // the bracket
    ++calls_;
    analysis_.constant = false;
    const std::size_t reference_place = analysis_.fragment.references.size();
    std::vector<std::string> types;
    std::string printed = (schema.empty() ? name : schema + "." + name) + "(";
    if (!take(")")) {
      do {
        if (!types.empty()) printed += ", ";
        printed += primary();
        types.push_back(type_);
      } while (take(","));
      if (!take(")")) return fail();
    }
    if (failed_) return {};
    printed += ")";
    const std::vector<Routine> routines = world_.routines(schema, name);
    char volatility = 'i';
    if (schema.empty()) {
      if (std::any_of(types.begin(), types.end(), [&](const std::string& type) { return is_range(type); }))
        return fail();
      const BuiltinCall builtin = call_builtin(name, types);
      if (!routines.empty() || !builtin.found || builtin.kind != 'f' || builtin.returns_set) return fail();
      if (builtin_since(name) > 13) return fail();
      if (!call_fits(name, types, world_)) return fail();
      type_ = builtin.result;
      volatility = builtin.volatility;
    } else {
      if (routines.size() != 1 || routines.front().kind != 'f' || routines.front().variadic ||
          types.size() < routines.front().required || types.size() > routines.front().parameters ||
          schema == "pg_catalog" || routines.front().result.starts_with("setof ") ||
          routines.front().result.starts_with("table(")) {
        return fail();
      }
      const Routine& routine = routines.front();
      const auto place = static_cast<std::uint32_t>(begin);
      analysis_.fragment.references.insert(
          analysis_.fragment.references.begin() + static_cast<std::ptrdiff_t>(reference_place),
          {routine.key, place, static_cast<std::uint32_t>(end), place});
      type_ = routine.result == "record" ? std::string() : routine.result;
      volatility = routine.volatility;
    }
    if (volatility != 'i') {
      analysis_.calls.push_back({schema.empty() ? name : schema + "." + name, begin, end, volatility});
    }
    last_was_ = Last::call;
    return printed;
  }

  std::string_view text_;
  const World& world_;
  const std::vector<Visible>& visible_;
  Analysis analysis_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the token that stands next
  Kind kind_ = Kind::end;
  std::string word_;  // folded, for a word
  std::string type_;  // of what was read last
  Last last_was_ = Last::literal;
  std::vector<std::string> listed_;  // types of a list's elements
  std::size_t calls_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<Analysis> plain_expression(std::string_view text, const World& world, const std::vector<Visible>& visible,
                                         bool call_only) {
  return Plain(text, world, visible).read(call_only);
}

}  // namespace godwit::sql
