// SPDX-License-Identifier: Apache-2.0
// `foreign table app.invoices server billing options (…) { … }`: the items are those of a table. (included by
// grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct foreign_table_begin : peg::success {};

struct foreign_table_server_word : kw<"server"> {};

template <>
inline constexpr std::string_view expected<foreign_table_server_word> = "`server` and its name";

struct foreign_table_server : a_name {};

template <>
inline constexpr std::string_view expected<foreign_table_server> = "a server's name";
template <>
inline constexpr bool wants_name<foreign_table_server> = true;

struct foreign_table_options : peg::seq<kw<"options">, an_expression_in_parens> {};

struct foreign_table : peg::seq<kws<"foreign", "table">, table_name, foreign_table_begin, foreign_table_server_word,
                                foreign_table_server, peg::opt<foreign_table_options>, block<table_item>> {};

template <>
struct on<foreign_table_begin> {
  static void apply0(Builder& out) {
    out.foreign_table = {};
    out.foreign_table.name = std::move(out.qualified);
    out.items.clear();
  }
};

template <>
struct on<foreign_table_server> {
  static void apply0(Builder& out) { out.foreign_table.server = std::move(out.name); }
};

template <>
struct on<foreign_table_options> {
  static void apply0(Builder& out) { out.foreign_table.options = std::move(out.sql); }
};

template <>
struct on<foreign_table> {
  static void apply(const auto& in, Builder& out) {
    out.foreign_table.span = out.span(out.offset(in.begin()), out.token_end);
    out.foreign_table.items.assign(std::move_iterator(out.items.begin()), std::move_iterator(out.items.end()));
    out.add(std::move(out.foreign_table));
  }
};

}  // namespace godwit::grammar
