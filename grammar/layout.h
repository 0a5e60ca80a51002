// SPDX-License-Identifier: Apache-2.0
// What the formatter prints with: names and lists as text, and a page that takes lines and puts the file's comments and
// blank lines where they stood.
#pragma once

#include "grammar/ast.h"
#include "grammar/builder.h"

#include <string>
#include <string_view>
#include <vector>

namespace godwit::grammar::layout {

constexpr std::size_t widest_line = 120;

/// Stands in an item's text for a space at which a line may end: a byte that no source has, since all are UTF-8.
constexpr char soft_space = '\xff';

/// A word before which a line may end.
inline std::string soft(std::string_view word) { return soft_space + std::string(word); }

/// One function object of several, for std::visit. The guide is for compilers without deduction for aggregates (clang
/// before 17).
template <typename... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

/// Names, quoted where PostgreSQL needs it.
std::string name(const ast::QualifiedName& qualified);
std::string operator_name(const ast::QualifiedName& qualified);
std::string column_name(const ast::Name& column);
/// A word that stands where a keyword may: as it is when it looks like one.
std::string word(const ast::Name& name);
std::string migration_id(const ast::Name& id);
/// `table app.t`, `function f(integer)`, `constraint c on app.t`
std::string object(const ast::ObjectName& object);
/// The same for a list; a kind is said once for those that share it.
std::string objects(const std::vector<ast::ObjectName>& objects);
/// `materialized view`, `recursive view`, `text search`, …
std::string definition_words(const ast::Definition& definition);

template <typename Items, typename One>
std::string joined(const Items& items, One&& one, std::string_view separator = ",\xff") {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += one(item);
  }
  return out;
}

/// `(a, b)`
std::string column_list(const std::vector<ast::Name>& columns);

/// In characters.
std::size_t width(std::string_view text);
std::string padded(std::string text, std::size_t to);

/// Lines in file order.
class Page {
 public:
  Page(const std::vector<ast::SourceComment>& comments, std::string_view source)
      : comments_(comments), source_(source) {}

  std::string_view source() const { return source_; }

  /// Whether an item with that text here is one line and not too wide.
  bool fits(std::string_view text) const;

  /// One item, which stands at `begin` in the source: first what comments and blank line stand before it. Lines that
  /// are too wide end at soft spaces; those that follow are indented by four more.
  void line(std::uint32_t begin, std::string_view text);
  /// An item whose place in the block is not known.
  void line_at_end(Span block, std::string_view text);
  /// `text {`, and the brace that closes it.
  void open(Span span, std::string_view text);
  void close(Span span);
  std::string finish();

  /// Where the clause begins that has something at `place`: behind the item before it, when that is on this line.
  std::uint32_t clause_begin(std::uint32_t place) const;

 private:
  void item(std::string_view text);
  void comments_before(std::uint32_t place);
  void print(const ast::SourceComment& comment);
  void blank_line_before(std::uint32_t place);

  const std::vector<ast::SourceComment>& comments_;
  std::string_view source_;
  std::string out_;
  std::size_t next_comment_ = 0;
  std::size_t depth_ = 0;
  bool block_begins_ = true;   // no blank line here
  bool line_comment_ = false;  // the last line ends in `-- …`
};

}  // namespace godwit::grammar::layout
