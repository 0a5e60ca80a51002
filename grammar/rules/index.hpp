// SPDX-License-Identifier: Apache-2.0
// `unique index contacts_email on using btree (lower(email)) include (id) where …;` (included by grammar/parse.cpp
// alone)
#pragma once

namespace godwit::grammar {

inline const Words index_tail_words = {"include", "nulls", "with", "tablespace", "where", "using"};

/// One element; a plain column when nothing but words (order, collation, operator class) follows its name.
struct index_element : sql_to_comma {};

template <>
inline constexpr std::string_view expected<index_element> = "a column or an expression";

struct index_elements : peg::seq<opened, peg::list<index_element, comma>, closed> {};

struct index_unique : kw<"unique"> {};

struct index_name : name {};

struct index_on : kw<"on"> {};

template <>
inline constexpr std::string_view expected<index_on> = "`on`";

struct index_method : a_name {};

template <>
inline constexpr std::string_view expected<index_method> = "an index method such as `btree`";

struct index_using : peg::seq<kw<"using">, index_method> {};

struct index_include : peg::seq<kw<"include">, some_columns> {};

struct index_nulls_distinct : kws<"nulls", "distinct"> {};

struct index_nulls_not_distinct : kws<"nulls", "not", "distinct"> {};

struct index_with : peg::seq<kw<"with">, an_expression_in_parens> {};

struct index_tablespace : peg::seq<kw<"tablespace">, a_name> {};

struct index_where : peg::seq<kw<"where">, an_expression> {};

struct index_option : peg::sor<index_include, index_nulls_distinct, index_nulls_not_distinct, index_with,
                               index_tablespace, index_where> {};

struct index_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<index_end> = "an option of the index or `;`";
template <>
inline constexpr const Words* wanted_words<index_end> = &index_tail_words;
template <>
inline constexpr bool ends_item<index_end> = true;

struct index_begin : peg::success {};

/// `index on` or `index name on`: `index integer;` is a column.
struct index_ahead : peg::at<peg::opt<kw<"unique">>, kw<"index">, peg::sor<kw<"on">, peg::seq<name, kw<"on">>>> {};

struct index_item : peg::seq<index_begin, peg::opt<index_unique>, kw<"index">, peg::opt<index_name>, index_on,
                             peg::opt<index_using>, index_elements, peg::star<index_option>, index_end> {};

template <>
struct on<index_begin> {
  static void apply0(Builder& out) { out.index = {}; }
};

template <>
struct on<index_unique> {
  static void apply0(Builder& out) { out.index.unique = true; }
};

template <>
struct on<index_name> {
  static void apply0(Builder& out) { out.index.name = std::move(out.name); }
};

template <>
struct on<index_method> {
  static void apply0(Builder& out) { out.index.method = std::move(out.name); }
};

template <>
struct on<index_element> {
  static void apply0(Builder& out) {
    ast::IndexElement element;
    const char* const begin = out.at(out.sql.span.begin);
    const char* const end = out.at(out.sql.span.end);
    const Token first = token_at(begin, end);
    const Token second = next_token(first.end, end);
    const bool plain = first.kind == TokenKind::word || first.kind == TokenKind::quoted_word;
    if (plain &&
        (second.kind == TokenKind::end || second.kind == TokenKind::word || second.kind == TokenKind::quoted_word)) {
      if (auto value = identifier_value(first.text())) {
        element.column = ast::Name{std::move(*value), out.span(first.begin, first.end)};
      }
    }
    element.text = std::move(out.sql);
    out.index.elements.push_back(std::move(element));
  }
};

template <>
struct on<index_include> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.index.include, std::move(out.names), "include", out.offset(in.begin()));
  }
};

template <>
struct on<index_nulls_not_distinct> {
  static void apply0(Builder& out) { out.index.nulls_not_distinct = true; }
};

template <>
struct on<index_with> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.index.with, std::move(out.sql), "with", out.offset(in.begin()));
  }
};

template <>
struct on<index_tablespace> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.index.tablespace, std::move(out.name), "tablespace", out.offset(in.begin()));
  }
};

template <>
struct on<index_where> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.index.where, std::move(out.sql), "where", out.offset(in.begin()));
  }
};

template <>
struct on<index_item> {
  static void apply(const auto& in, Builder& out) {
    out.index.span = out.span(out.offset(in.begin()), out.token_end);
    out.items.emplace_back(std::move(out.index));
  }
};

}  // namespace godwit::grammar
