// SPDX-License-Identifier: Apache-2.0
// rows app.services key (id) { (id, name) : ('gmail', 'Gmail'), …; } (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct rows_table : a_table {};

template <>
inline constexpr std::string_view expected<rows_table> = "a table";
template <>
inline constexpr bool wants_name<rows_table> = true;

struct rows_key_word : kw<"key"> {};

template <>
inline constexpr std::string_view expected<rows_key_word> = "`key` and the columns that identify a row";
inline const Words rows_key_words = {"key"};
template <>
inline constexpr const Words* wanted_words<rows_key_word> = &rows_key_words;

struct rows_key : some_columns {};

struct rows_columns : some_columns {};

struct rows_colon : sym<":"> {};

template <>
inline constexpr std::string_view expected<rows_colon> = "`:` and the rows";

struct row_begin : sym<"("> {};

template <>
inline constexpr std::string_view expected<row_begin> = "a row such as `('a', 1)`";

struct row_value : sql_to_comma {};

template <>
inline constexpr std::string_view expected<row_value> = "a value";

struct row_end : sym<")"> {};

template <>
inline constexpr std::string_view expected<row_end> = "`,` or `)`";

struct row : peg::seq<row_begin, peg::list<row_value, comma>, row_end> {};

struct rows_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<rows_end> = "`,` or `;`";
template <>
inline constexpr bool ends_item<rows_end> = true;

struct rows_item : peg::seq<rows_columns, rows_colon, peg::list<row, comma>, rows_end> {};

struct rows : peg::seq<kw<"rows">, rows_table, rows_key_word, rows_key, block<rows_item>> {};

template <>
struct on<rows_table> {
  static void apply0(Builder& out) {
    out.rows = {};
    out.rows.table = std::move(out.qualified);
  }
};

template <>
struct on<rows_key> {
  static void apply0(Builder& out) { out.rows.key = std::move(out.names); }
};

template <>
struct on<rows_columns> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.rows.columns, std::move(out.names), "the list of columns", out.offset(in.begin()));
  }
};

template <>
struct on<row_begin> {
  static void apply0(Builder& out) { out.row.clear(); }
};

template <>
struct on<row_value> {
  static void apply0(Builder& out) { out.row.push_back(std::move(out.sql)); }
};

template <>
struct on<row> {
  static void apply0(Builder& out) { out.rows.values.push_back(std::move(out.row)); }
};

template <>
struct on<rows> {
  static void apply(const auto& in, Builder& out) {
    out.rows.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.rows));
  }
};

}  // namespace godwit::grammar
