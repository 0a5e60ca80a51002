// SPDX-License-Identifier: Apache-2.0
// backfill app.contacts c { set …; from …; where …; batch …; } (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct of_backfill {
  static ast::Backfill& of(Builder& out) { return out.backfill; }
};

struct backfill_from : peg::seq<kw<"from">, an_expression, end_of_item> {};

struct backfill_item : peg::sor<clause<set_clause, of_backfill>, backfill_from, clause<where_clause, of_backfill>,
                                clause<batch_clause, of_backfill>, clause<reject_clause, of_backfill>,
                                clause<keep_in_step_clause, of_backfill>, clause<reverse_clause, of_backfill>> {};

template <>
inline constexpr std::string_view expected<backfill_item> = "a clause of the backfill or `}`";
inline const Words backfill_words = {"set", "from", "where", "batch", "reject", "keep", "reverse"};
template <>
inline constexpr const Words* wanted_words<backfill_item> = &backfill_words;

struct backfill_table : a_table {};

template <>
inline constexpr std::string_view expected<backfill_table> = "a table";
template <>
inline constexpr bool wants_name<backfill_table> = true;

struct backfill_alias : source_alias {};

struct backfill : peg::seq<kw<"backfill">, backfill_table, peg::opt<backfill_alias>, block<backfill_item>> {};

template <>
struct on<backfill_table> {
  static void apply0(Builder& out) {
    out.backfill = {};
    out.backfill.table = std::move(out.qualified);
  }
};

template <>
struct on<backfill_alias> {
  static void apply0(Builder& out) { out.backfill.alias = std::move(out.name); }
};

template <>
struct on<backfill_from> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.backfill.from, std::move(out.sql), "from", out.offset(in.begin()));
  }
};

template <>
struct on<backfill> {
  static void apply(const auto& in, Builder& out) {
    out.backfill.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.backfill));
  }
};

}  // namespace godwit::grammar
