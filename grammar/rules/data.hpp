// SPDX-License-Identifier: Apache-2.0
// What move, backfill and extract share: where rows come from, and the clauses that several of them have. (included by
// grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

// -- where rows come from: `app.users u` or `(query) as u`

struct source_table : a_table {};

template <>
inline constexpr std::string_view expected<source_table> = "a table or a query in parentheses";
template <>
inline constexpr bool wants_name<source_table> = true;

struct source_query : in_parens {};

struct source_alias_as : peg::seq<kw<"as">, a_name> {};

struct source_alias : peg::sor<source_alias_as, name> {};

struct source_begin : peg::success {};

/// A move's target and a block follow: `named` and `where` are no aliases (`where` is reserved anyway).
struct source : peg::seq<source_begin, peg::sor<source_query, source_table>, peg::opt<source_alias>> {};

template <>
struct on<source_begin> {
  static void apply0(Builder& out) { out.source = {}; }
};

template <>
struct on<source_table> {
  static void apply0(Builder& out) { out.source.table = std::move(out.qualified); }
};

template <>
struct on<source_query> {
  static void apply0(Builder& out) { out.source.query = std::move(out.sql); }
};

template <>
struct on<source_alias> {
  static void apply0(Builder& out) { out.source.alias = std::move(out.name); }
};

template <>
struct on<source> {
  static void apply(const auto& in, Builder& out) { out.source.span = out.span(out.offset(in.begin()), out.token_end); }
};

// -- clauses that several of them have

struct set_clause : peg::seq<kw<"set">, assignments, end_of_item> {};

struct where_clause : peg::seq<kw<"where">, an_expression, end_of_item> {};

struct batch_size : a_number {};

template <>
inline constexpr std::string_view expected<batch_size> = "a number of rows";

struct batch_by : peg::seq<kw<"by">, a_column> {};

struct batch_begin : peg::seq<kw<"batch">, batch_size> {};

struct batch_clause : peg::seq<batch_begin, peg::opt<batch_by>, end_of_item> {};

struct up_to : kws<"up", "to"> {};

template <>
inline constexpr std::string_view expected<up_to> = "`up to` and an amount";

struct reject_clause : peg::seq<kw<"reject">, up_to, an_amount, end_of_item> {};

struct keep_in_step_clause : peg::seq<kws<"keep", "in", "step">, end_of_item> {};

struct reverse_what : peg::sor<kw<"none">, peg::seq<kw<"set">, assignments>> {};

template <>
inline constexpr std::string_view expected<reverse_what> = "`set` and assignments, or `none`";
inline const Words reverse_words = {"set", "none"};
template <>
inline constexpr const Words* wanted_words<reverse_what> = &reverse_words;

struct reverse_begin : kw<"reverse"> {};

struct reverse_clause : peg::seq<reverse_begin, reverse_what, end_of_item> {};

template <>
struct on<batch_size> {
  static void apply0(Builder& out) { out.batch = {out.number, std::nullopt, {}}; }
};

template <>
struct on<batch_by> {
  static void apply0(Builder& out) { out.batch.by = std::move(out.name); }
};

template <>
struct on<reverse_begin> {
  static void apply0(Builder& out) { out.assignments.clear(); }
};

/// The clauses' actions, for the construct that `Of` gives.
template <typename Clause, typename Of>
struct clause : peg::seq<Clause> {};

template <typename Of>
struct on<clause<set_clause, Of>> {
  static void apply(const auto& in, Builder& out) {
    out.once(Of::of(out).set, std::move(out.assignments), "set", out.offset(in.begin()));
  }
};

template <typename Of>
struct on<clause<where_clause, Of>> {
  static void apply(const auto& in, Builder& out) {
    out.once(Of::of(out).where, std::move(out.sql), "where", out.offset(in.begin()));
  }
};

template <typename Of>
struct on<clause<reject_clause, Of>> {
  static void apply(const auto& in, Builder& out) {
    out.once(Of::of(out).reject, std::move(out.amount), "reject", out.offset(in.begin()));
  }
};

template <typename Of>
struct on<clause<batch_clause, Of>> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.batch.span = out.span(begin, out.token_end);
    out.once(Of::of(out).batch, std::move(out.batch), "batch", begin);
  }
};

template <typename Of>
struct on<clause<keep_in_step_clause, Of>> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.once(Of::of(out).keep_in_step, out.span(begin, out.token_end), "keep in step", begin);
  }
};

template <typename Of>
struct on<clause<reverse_clause, Of>> {
  static void apply(const auto& in, Builder& out) {
    auto& slot = Of::of(out).reverse;
    if (slot) return out.repeated("reverse", out.offset(in.begin()));
    slot = std::move(out.assignments);
  }
};

}  // namespace godwit::grammar
