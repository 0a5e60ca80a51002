// SPDX-License-Identifier: Apache-2.0
// What the rules write to while one file is read: the file so far, the construct being filled in, the values of the
// last name, list, text, … (each overwritten by the next one, so a rule's action takes what it needs at once), and
// mistakes.
#pragma once

#include "base/codes.h"
#include "grammar/ast.h"
#include "grammar/scan.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace godwit::grammar {

/// Thrown once a mistake is reported; caught by the block that goes on with its next item.
struct Mistake {
  std::uint32_t at = 0;      // where reading stopped
  std::uint32_t resume = 0;  // where a new item surely starts, 0 when unknown
  bool leave = false;        // `resume` is the next declaration, the open blocks were never closed
  bool block = false;        // a `{` was wanted, so a `}` is likely to follow
};

using Words = std::initializer_list<std::string_view>;

/// What a rule wanted.
struct Expectation {
  std::string_view text;              // with the backquotes: `;`
  const Words* words = nullptr;       // the keywords that could stand here
  const Words* item_words = nullptr;  // the keywords that the item's first word could have been
  bool name = false;                  // a name was wanted
  bool ends_item = false;             // nothing of the item is missing but this
  bool block = false;                 // a block's `{` was wanted
};

/// After so many mistakes the rest of a file is not read.
inline constexpr std::size_t most_mistakes = 100;

struct Builder {
  Builder(std::string_view text_in, std::uint32_t file_in, Diagnostics& diagnostics_in)
      : text(text_in), diagnostics(diagnostics_in) {
    file.source = file_in;
  }

  std::string_view text;
  Diagnostics& diagnostics;
  ast::File file;

  // Places.
  std::uint32_t text_begin = 0;    // behind a byte-order mark
  std::uint32_t item_begin = 0;    // of the item being read
  std::uint32_t token_end = 0;     // of the last token, before its white space
  std::uint32_t gap_end = 0;       // where the white space after it ended
  std::uint32_t comments_end = 0;  // comments before this are listed already
  std::size_t depth = 0;           // open blocks
  std::size_t mistakes = 0;
  std::size_t mistakes_at_item = 0;  // when the declaration being read began
  bool leave_blocks = false;         // the next declaration came before the closing brace

  // The last value of each sort.
  ast::Name name;
  std::vector<ast::Name> names;
  ast::QualifiedName qualified;
  std::vector<ast::QualifiedName> qualifieds;
  std::vector<ast::Name> path;
  ast::Sql sql;
  ast::Text string;
  ast::Number number;
  ast::Amount amount;
  ast::ObjectName object;
  std::vector<ast::ObjectName> objects;
  std::vector<ast::Assignment> assignments;

  // The construct being filled in. Those that may stand in several places have one of their own.
  std::vector<ast::TableItem> items;
  ast::Column column;
  ast::Constraint constraint;
  ast::ReferentialAction referential;
  ast::Index index;
  ast::Policy policy;
  ast::Trigger trigger;
  ast::GrantClause grant;
  ast::RowSecurityMode row_security = ast::RowSecurityMode::on;
  std::vector<ast::Partition> partitions;  // the innermost open one last
  ast::DropPart drop_part;

  ast::Header header;
  ast::Table table;
  ast::ForeignTable foreign_table;
  ast::Extension extension;
  ast::Enum enumeration;
  ast::Definition definition;
  ast::Rows rows;
  std::vector<ast::Sql> row;
  ast::Rename rename;
  ast::RenameValue rename_value;
  ast::Drop drop;
  ast::DropValue drop_value;
  ast::ChangeColumn change_column;
  ast::MoveSource source;
  ast::Move move;
  ast::MoveSqlite move_sqlite;
  ast::Batch batch;
  ast::Rest rest;
  ast::Backfill backfill;
  ast::Extract extract;
  ast::Rebuild rebuild;
  ast::Check check;
  ast::CountCondition count;
  ast::Escape escape;
  bool escape_up_seen = false;

  Span span(std::uint32_t begin, std::uint32_t end) const { return {file.source, begin, end}; }

  Span span(const char* begin, const char* end) const { return span(offset(begin), offset(end)); }

  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - text.data()); }

  const char* at(std::uint32_t place) const { return text.data() + place; }

  const char* end() const { return text.data() + text.size(); }

  bool too_many() const { return mistakes >= most_mistakes; }

  void add(ast::Declaration&& declaration) { file.declarations.push_back(std::move(declaration)); }

  /// Lists a comment of the gap between two tokens, once.
  void comment(const char* begin, const char* end);

  /// Stores into an optional that may be given once; a second time is GW1007.
  template <typename Optional, typename T>
  requires requires(const Optional& slot) { slot.has_value(); }
  void once(Optional& slot, T&& value, std::string_view clause, std::uint32_t at_clause) {
    if (slot) {
      repeated(clause, at_clause);
    } else {
      slot = std::forward<T>(value);
    }
  }

  template <typename T>
  void once(std::vector<T>& slot, std::vector<T>&& value, std::string_view clause, std::uint32_t at_clause) {
    if (!slot.empty()) {
      repeated(clause, at_clause);
    } else {
      slot = std::move(value);
    }
  }

  void repeated(std::string_view clause, std::uint32_t at_clause);

  /// Reports that something else was expected at `place` and leaves the item.
  [[noreturn]] void fail(std::uint32_t place, const Expectation& expectation);
  [[noreturn]] void fail(const Code& code, Span span, std::string_view message, std::string_view hint = {});
  [[noreturn]] void fail(const SqlRange& range);

  /// Where reading goes on after a mistake in the item that began at `begin`.
  std::uint32_t recover(const Mistake& mistake, std::uint32_t begin, bool inside_block);
};

/// Keywords that begin a declaration.
extern const Words declaration_words;
/// Keywords that begin an item of a table.
extern const Words table_words;
/// The kinds of objects that grants, comments, renames and drops name; those that begin like another one stand first.
inline constexpr std::string_view object_kinds[] = {"all functions in schema",
                                                    "all procedures in schema",
                                                    "all routines in schema",
                                                    "all sequences in schema",
                                                    "all tables in schema",
                                                    "foreign data wrapper",
                                                    "foreign server",
                                                    "text search configuration",
                                                    "text search dictionary",
                                                    "text search parser",
                                                    "text search template",
                                                    "event trigger",
                                                    "foreign table",
                                                    "materialized view",
                                                    "operator class",
                                                    "operator family",
                                                    "aggregate",
                                                    "cast",
                                                    "collation",
                                                    "column",
                                                    "constraint",
                                                    "database",
                                                    "domain",
                                                    "enum",
                                                    "extension",
                                                    "function",
                                                    "index",
                                                    "language",
                                                    "operator",
                                                    "policy",
                                                    "procedure",
                                                    "publication",
                                                    "role",
                                                    "routine",
                                                    "rule",
                                                    "schema",
                                                    "sequence",
                                                    "server",
                                                    "statistics",
                                                    "subscription",
                                                    "table",
                                                    "tablespace",
                                                    "trigger",
                                                    "type",
                                                    "view"};
/// Keywords that begin a kind, or `value`.
extern const Words object_words;
/// Whether a kind of object, as grants and drops name it, has this as its first word.
bool starts_object_kind(std::string_view word);
/// Whether what starts at `at` is a declaration: its keyword and what must follow it.
bool starts_declaration(const char* at, const char* end);

}  // namespace godwit::grammar
