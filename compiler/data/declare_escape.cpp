// SPDX-License-Identifier: Apache-2.0
// `sql 'title' after table t { up $$ … $$; down $$ … $$; }`
#include "compiler/data/declare_common.h"

#include "compiler/kinds/spelling.h"
#include "compiler/sql/pg_query.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace godwit::kinds {

namespace {

using namespace data;

bool blank(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ';' || std::isspace(static_cast<unsigned char>(c)) != 0; });
}

// The migration is one transaction: a statement that ends it would leave half of the work done.
void check_transaction(const ast::Sql& text, Declaring& d) {
  static constexpr std::array<std::string_view, 8> control{"begin", "commit", "rollback",  "abort",
                                                           "end",   "start",  "savepoint", "release"};
  const auto tokens = sql::tokens(text.text);
  if (!tokens) return;
  bool starts = true;
  for (const sql::Token& token : *tokens) {
    if (token.kind == sql::Token::Kind::comment) continue;
    std::string word = text.text.substr(token.begin, token.end - token.begin);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (starts && std::find(control.begin(), control.end(), word) != control.end()) {
      d.diagnostics.add(codes::bad_option, Declaring::span_in(text, token.begin, token.end),
                        "`{}` has no place here: godwit opens and ends the transaction", word);
    }
    starts = word == ";";
  }
}

void check_sql(const ast::Sql& text, Declaring& d) {
  if (const auto tree = sql::deparsed(text.text); !tree) {
    d.syntax_error(text, tree.error().offset, tree.error().message);
    return;
  }
  check_transaction(text, d);
}

/// Operators, casts, languages and the like have no declaration: what such SQL makes is not in the catalog.
bool makes_unlisted(const std::string& text) {
  constexpr std::array words{"operator", "cast", "language", "extension", "access", "sequence", "domain", "type"};
  if (!has_word(text, "create")) return false;
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return has_word(text, word); });
}

}  // namespace

void declare(const ast::Escape& item, Declaring& d, Pass pass) {
  if (pass == Pass::schemas) d.catalog.expect_foreign_sql();
  if (pass == Pass::schemas && makes_unlisted(item.up.text)) d.catalog.expect_unlisted();
  if (pass != Pass::data) return;
  const std::size_t errors = d.diagnostics.error_count();
  Escape escape;
  escape.title = item.title.value;
  escape.span = item.span;
  for (const ast::ObjectName& name : item.after) {
    if (const auto key = d.existing_object(name)) escape.after.push_back(*key);
  }
  for (const ast::ObjectName& name : item.before) {
    if (const auto key = d.existing_object(name)) escape.before.push_back(*key);
  }
  if (blank(item.up.text)) {
    d.diagnostics.add(codes::no_effect, item.span, "`sql` without a statement");
  } else {
    check_sql(item.up, d);
  }
  escape.up = item.up.text;
  if (item.down && !item.irreversible) {
    if (!blank(item.down->text)) check_sql(*item.down, d);
    escape.down = item.down->text;
  } else if (!item.irreversible) {
    d.diagnostics.add(codes::needs_irreversible, item.span, "`sql` without a way back")
        .hint("write `down $$ … $$;`, or `irreversible;` when there is none");
  }
  if (d.diagnostics.error_count() == errors) d.intents.push_back(std::move(escape));
}

}  // namespace godwit::kinds
