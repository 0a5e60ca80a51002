// SPDX-License-Identifier: Apache-2.0
// `email text not null default '' check (…) comment '…';` (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

inline const Words column_words = {"primary",     "not",        "null",    "default",    "unique",     "check",
                                   "references",  "generated",  "collate", "constraint", "comment",    "storage",
                                   "compression", "statistics", "using",   "reverse",    "deferrable", "initially",
                                   "on",          "match",      "no",      "options"};

/// A type as PostgreSQL spells one: a name, the words that belong to built-in types, modifiers and array bounds.
struct type {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  static bool continues(const Token& word, const char* end) {
    if (word.kind != TokenKind::word) return false;
    const std::string_view text = word.text();
    if (any_word(text, "precision", "varying", "character", "char", "array", "year", "month", "day", "hour", "minute",
                 "second")) {
      return true;
    }
    const Token next = next_token(word.end, end);
    if (any_word(text, "with", "without")) return next.is_word("time");
    if (same_word(text, "time")) return next.is_word("zone");
    if (same_word(text, "zone")) return true;
    return same_word(text, "to") && any_word(next.text(), "year", "month", "day", "hour", "minute", "second");
  }

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const begin = in.current();
    const char* const end = in.end();
    Token token = token_at(begin, end);
    if (token.is_word("setof")) token = next_token(token.end, end);
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_word) return false;
    if (token.kind == TokenKind::word && is_reserved(*identifier_value(token.text()))) return false;
    const char* type_end = token.end;
    for (;;) {
      token = next_token(type_end, end);
      if (token.is_symbol('.') || token.is_symbol('%')) {
        token = next_token(token.end, end);
        if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_word) break;
        type_end = token.end;
      } else if (token.is_symbol('(') || token.is_symbol('[')) {
        const SqlRange range = scan_sql(token.end, end, out.depth + 1, {}, [](auto&&...) { return false; });
        if (range.problem != SqlRange::Problem::none) out.fail(range);
        const Token closing = next_token(range.end, end);
        if (!closing.is_symbol(*token.begin == '(' ? ')' : ']')) {
          out.fail(codes::unterminated, out.span(token.begin, token.end),
                   *token.begin == '(' ? "`(` is never closed" : "`[` is never closed");
        }
        type_end = closing.end;
      } else if (continues(token, end)) {
        type_end = token.end;
      } else {
        break;
      }
    }
    if constexpr (acting<A>) out.sql = {std::string(begin, type_end), out.span(begin, type_end)};
    in.bump(static_cast<std::size_t>(type_end - begin));
    skip_space<A>(in, out);
    return true;
  }
};

/// A column's expression ends where its next clause begins; after `.`, an operator or `is` a word belongs to it.
struct at_column_clause {
  static bool stops(const Token& token, const Token& previous, bool first, const char* end) {
    if (first || token.kind != TokenKind::word) return false;
    if (previous.is_symbol('.') || previous.is_word("is")) return false;
    const std::string_view word = token.text();
    switch (lower(word.front())) {
      case 'c':
        if (any_word(word, "check", "collate", "constraint")) return true;
        if (same_word(word, "comment")) return text_follows(token, end);
        return same_word(word, "compression") && next_token(token.end, end).kind == TokenKind::word;
      case 'd': return any_word(word, "default", "deferrable");
      case 'g': return same_word(word, "generated") && any_word(next_token(token.end, end).text(), "always", "by");
      case 'i': return same_word(word, "initially");
      case 'n':
        if (same_word(word, "null")) return !previous.is_word("not");
        return same_word(word, "not") && any_word(next_token(token.end, end).text(), "null", "deferrable", "valid");
      case 'o': return same_word(word, "options") && next_token(token.end, end).is_symbol('(');
      case 'p': return same_word(word, "primary") && next_token(token.end, end).is_word("key");
      case 'r':
        if (same_word(word, "references")) return true;
        return same_word(word, "reverse") && next_token(token.end, end).is_word("using");
      case 's':
        if (same_word(word, "storage")) return next_token(token.end, end).kind == TokenKind::word;
        return same_word(word, "statistics") && next_token(token.end, end).kind == TokenKind::number;
      case 'u': return any_word(word, "unique", "using");
      default: return false;
    }
  }

  static bool text_follows(const Token& token, const char* end) { return starts_text(skip_gap(token.end, end), end); }
};

struct clause_expression : sql_until<at_column_clause> {};

template <>
inline constexpr std::string_view expected<clause_expression> = "an SQL expression";

// -- clauses

struct column_not_null : kws<"not", "null"> {};

struct column_null : kw<"null"> {};

struct column_default : peg::seq<kw<"default">, clause_expression> {};

struct collation_name : qualified {};

template <>
inline constexpr std::string_view expected<collation_name> = "a collation";

struct column_collate : peg::seq<kw<"collate">, collation_name> {};

struct identity_always : kws<"always", "as", "identity"> {};

struct identity_by_default : kws<"by", "default", "as", "identity"> {};

struct identity_options : in_parens {};

struct identity : peg::seq<peg::sor<identity_always, identity_by_default>, peg::opt<identity_options>> {};

struct generated_expression : in_parens {};

struct generated_stored : kw<"stored"> {};

struct generated_virtual : kw<"virtual"> {};

struct generated_how : peg::sor<generated_stored, generated_virtual> {};

template <>
inline constexpr std::string_view expected<generated_how> = "`stored` or `virtual`";
inline const Words generated_how_words = {"stored", "virtual"};
template <>
inline constexpr const Words* wanted_words<generated_how> = &generated_how_words;

struct generated_as : peg::seq<kws<"always", "as">, generated_expression, generated_how> {};

struct generated_kind : peg::sor<identity, generated_as> {};

template <>
inline constexpr std::string_view expected<generated_kind> =
    "`always as (expression) stored`, `always as identity` or `by default as identity`";

struct column_generated : peg::seq<kw<"generated">, generated_kind> {};

struct column_check : peg::seq<kw<"check">, check_expression> {};

struct column_key : peg::seq<key_kind, key_options> {};

struct column_references_begin : peg::at<kw<"references">> {};

struct column_references : peg::seq<column_references_begin, fk_references> {};

struct column_constraint_kind : peg::sor<column_key, column_check, column_references> {};

struct column_constraint_kind_named : column_constraint_kind {};

template <>
inline constexpr std::string_view expected<column_constraint_kind_named> =
    "`primary key`, `unique`, `check` or `references`";
template <>
inline constexpr const Words* wanted_words<column_constraint_kind_named> = &constraint_kind_words;

struct column_constraint
    : peg::seq<constraint_begin,
               peg::sor<peg::seq<constraint_named, column_constraint_kind_named>, column_constraint_kind>,
               peg::star<constraint_tail>> {};

struct storage_name : label {};

template <>
inline constexpr std::string_view expected<storage_name> = "`plain`, `external`, `extended`, `main` or `default`";

struct column_storage : peg::seq<kw<"storage">, storage_name> {};

struct compression_name : label {};

template <>
inline constexpr std::string_view expected<compression_name> = "`pglz`, `lz4` or `default`";

struct column_compression : peg::seq<kw<"compression">, compression_name> {};

struct column_statistics : peg::seq<kw<"statistics">, a_number> {};

struct column_using : peg::seq<kw<"using">, clause_expression> {};

struct using_word : kw<"using"> {};

template <>
inline constexpr std::string_view expected<using_word> = "`using` after `reverse`";

struct column_reverse_using : peg::seq<kw<"reverse">, using_word, clause_expression> {};

struct column_comment : peg::seq<kw<"comment">, a_text> {};

struct column_options : peg::seq<kw<"options">, an_expression_in_parens> {};

struct column_clause : peg::sor<column_not_null, column_default, column_constraint, column_comment, column_generated,
                                column_null, column_collate, column_storage, column_compression, column_statistics,
                                column_using, column_reverse_using, column_options> {};

struct column_name : name {};

template <>
inline constexpr std::string_view expected<column_name> = "a column or another item of the table, or `}`";
template <>
inline constexpr bool wants_name<column_name> = true;
template <>
inline constexpr const Words* wanted_words<column_name> = &table_words;

struct column_type : type {};

template <>
inline constexpr std::string_view expected<column_type> = "a type such as `text`";
template <>
inline constexpr const Words* item_words<column_type> = &table_words;

struct column_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<column_end> = "a clause of the column or `;`";
template <>
inline constexpr const Words* wanted_words<column_end> = &column_words;
template <>
inline constexpr const Words* item_words<column_end> = &table_words;
template <>
inline constexpr bool ends_item<column_end> = true;

struct column : peg::seq<column_name, column_type, peg::star<column_clause>, column_end> {};

template <>
struct on<column_name> {
  static void apply0(Builder& out) {
    out.column = {};
    out.column.name = std::move(out.name);
  }
};

template <>
struct on<column_type> {
  static void apply0(Builder& out) { out.column.type = std::move(out.sql); }
};

template <>
struct on<column_not_null> {
  static void apply(const auto& in, Builder& out) {
    if (out.column.not_null) out.repeated("not null", out.offset(in.begin()));
    out.column.not_null = true;
    out.column.not_null_span = out.span(out.offset(in.begin()), out.token_end);
  }
};

template <>
struct on<column_null> {
  static void apply(const auto& in, Builder& out) {
    if (out.column.not_null) out.repeated("not null", out.offset(in.begin()));
  }
};

template <>
struct on<column_default> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.default_value, std::move(out.sql), "default", out.offset(in.begin()));
  }
};

template <>
struct on<column_collate> {
  static void apply(const auto& in, Builder& out) {
    const Span span = out.qualified.span;
    out.once(out.column.collation, ast::Sql{std::string(out.at(span.begin), out.at(span.end)), span}, "collate",
             out.offset(in.begin()));
  }
};

template <>
struct on<generated_expression> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.generated, ast::GeneratedAs{std::move(out.sql), false}, "generated", out.offset(in.begin()));
  }
};

template <>
struct on<generated_virtual> {
  static void apply0(Builder& out) { out.column.generated->is_virtual = true; }
};

template <>
struct on<identity_always> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.identity, ast::Identity{true, std::nullopt, out.span(out.offset(in.begin()), out.token_end)},
             "generated", out.offset(in.begin()));
  }
};

template <>
struct on<identity_by_default> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.identity, ast::Identity{false, std::nullopt, out.span(out.offset(in.begin()), out.token_end)},
             "generated", out.offset(in.begin()));
  }
};

template <>
struct on<identity_options> {
  static void apply0(Builder& out) { out.column.identity->options = std::move(out.sql); }
};

template <>
struct on<references_word> {
  static void apply0(Builder& out) {
    if (!std::holds_alternative<ast::ForeignKeyConstraint>(out.constraint.body)) {
      out.constraint.body = ast::ForeignKeyConstraint{};
    }
  }
};

template <>
struct on<column_constraint> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.constraint.span = out.span(begin, out.token_end);
    if (const auto* key = std::get_if<ast::KeyConstraint>(&out.constraint.body)) {
      for (const ast::Constraint& other : out.column.constraints) {
        const auto* earlier = std::get_if<ast::KeyConstraint>(&other.body);
        if (earlier != nullptr && earlier->primary == key->primary) {
          out.repeated(key->primary ? "primary key" : "unique", begin);
        }
      }
    }
    out.column.constraints.push_back(std::move(out.constraint));
  }
};

template <>
struct on<column_storage> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.storage, std::move(out.name), "storage", out.offset(in.begin()));
  }
};

template <>
struct on<column_compression> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.compression, std::move(out.name), "compression", out.offset(in.begin()));
  }
};

template <>
struct on<column_statistics> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.statistics, std::move(out.number), "statistics", out.offset(in.begin()));
  }
};

template <>
struct on<column_using> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.using_expression, std::move(out.sql), "using", out.offset(in.begin()));
  }
};

template <>
struct on<column_reverse_using> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.reverse_using, std::move(out.sql), "reverse using", out.offset(in.begin()));
  }
};

template <>
struct on<column_options> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.options, std::move(out.sql), "options", out.offset(in.begin()));
  }
};

template <>
struct on<column_comment> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.column.comment, std::move(out.string), "comment", out.offset(in.begin()));
  }
};

template <>
struct on<column> {
  static void apply(const auto& in, Builder& out) {
    out.column.span = out.span(out.offset(in.begin()), out.token_end);
    out.items.emplace_back(std::move(out.column));
  }
};

}  // namespace godwit::grammar
