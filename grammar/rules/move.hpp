// SPDX-License-Identifier: Apache-2.0
// move app.users u -> app.contacts { set …; key …; on conflict …; rest …; } and move sqlite. (included by
// grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct of_move {
  static ast::Move& of(Builder& out) { return out.move; }
};

struct key_clause : peg::seq<kw<"key">, some_columns, end_of_item> {};

struct conflict_fail : kw<"fail"> {};

struct conflict_skip : kw<"skip"> {};

struct conflict_update : kw<"update"> {};

struct conflict_what : peg::sor<conflict_fail, conflict_skip, conflict_update> {};

template <>
inline constexpr std::string_view expected<conflict_what> = "`fail`, `skip` or `update`";
inline const Words conflict_words = {"fail", "skip", "update"};
template <>
inline constexpr const Words* wanted_words<conflict_what> = &conflict_words;

struct conflict_word : kw<"conflict"> {};

template <>
inline constexpr std::string_view expected<conflict_word> = "`conflict` after `on`";

struct on_conflict : peg::seq<kw<"on">, conflict_word, conflict_what, end_of_item> {};

struct rest_ignore : kw<"ignore"> {};

struct rest_warn : kw<"warn"> {};

struct rest_fail : kw<"fail"> {};

struct rest_what : peg::sor<rest_ignore, rest_warn, rest_fail> {};

template <>
inline constexpr std::string_view expected<rest_what> = "`ignore`, `warn` or `fail`";
inline const Words rest_words = {"ignore", "warn", "fail"};
template <>
inline constexpr const Words* wanted_words<rest_what> = &rest_words;

struct rest_message : text {};

struct rest_over : peg::seq<kw<"over">, an_amount> {};

struct rest_where : peg::seq<kw<"where">, an_expression> {};

struct rest_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<rest_end> = "a message, `over`, `where` or `;`";
inline const Words rest_tail_words = {"over", "where"};
template <>
inline constexpr const Words* wanted_words<rest_end> = &rest_tail_words;
template <>
inline constexpr bool ends_item<rest_end> = true;

struct rest_begin : kw<"rest"> {};

struct rest_clause
    : peg::seq<rest_begin, rest_what, peg::opt<rest_message>, peg::opt<rest_over>, peg::opt<rest_where>, rest_end> {};

struct sample_clause : peg::seq<kw<"sample">, a_number, end_of_item> {};

struct move_item : peg::sor<clause<set_clause, of_move>, clause<where_clause, of_move>, key_clause, on_conflict,
                            clause<batch_clause, of_move>, rest_clause, sample_clause, clause<reject_clause, of_move>,
                            clause<keep_in_step_clause, of_move>, clause<reverse_clause, of_move>> {};

template <>
inline constexpr std::string_view expected<move_item> = "a clause of the move or `}`";
inline const Words move_words = {"set", "where", "key", "on", "batch", "rest", "sample", "reject", "keep", "reverse"};
template <>
inline constexpr const Words* wanted_words<move_item> = &move_words;

struct move_target : a_table {};

template <>
inline constexpr std::string_view expected<move_target> = "the table to move to";
template <>
inline constexpr bool wants_name<move_target> = true;

struct move_name : a_name {};

template <>
inline constexpr std::string_view expected<move_name> = "a name for the move";
template <>
inline constexpr bool wants_name<move_name> = true;

struct move_named : peg::seq<kw<"named">, move_name> {};

struct move_begin : peg::success {};

struct move_mapping : peg::seq<source, move_begin, arrow, move_target, peg::opt<move_named>, block<move_item>> {};

struct move_rows : peg::seq<move_mapping> {};

// move sqlite 'app.db' …

struct sqlite_ahead : peg::at<kw<"sqlite">, text> {};

struct sqlite_file : a_text {};

template <>
inline constexpr std::string_view expected<sqlite_file> = "the path of the file";

struct sqlite_all : kw<"all"> {};

template <>
inline constexpr std::string_view expected<sqlite_all> = "`all;`";

struct sqlite_all_brace : open_brace {};

struct sqlite_close : sym<"}"> {};

template <>
inline constexpr std::string_view expected<sqlite_close> = "`}`";

struct sqlite_everything : peg::seq<sqlite_all_brace, sqlite_all, end_of_item, sqlite_close> {};

struct sqlite_mapping : peg::seq<move_mapping> {};

struct move_sqlite : peg::seq<sqlite_ahead, kw<"sqlite">, sqlite_file, peg::sor<sqlite_everything, sqlite_mapping>> {};

struct move : peg::seq<kw<"move">, peg::sor<move_sqlite, move_rows>> {};

template <>
struct on<move_begin> {
  static void apply0(Builder& out) {
    out.move = {};
    out.move.source = std::move(out.source);
  }
};

template <>
struct on<move_target> {
  static void apply0(Builder& out) { out.move.target = std::move(out.qualified); }
};

template <>
struct on<move_name> {
  static void apply0(Builder& out) { out.move.name = std::move(out.name); }
};

template <>
struct on<key_clause> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.move.key, std::move(out.names), "key", out.offset(in.begin()));
  }
};

template <>
struct on<conflict_fail> {
  static void apply0(Builder& out) { out.move.on_conflict = ast::OnConflict::fail; }
};

template <>
struct on<conflict_skip> {
  static void apply0(Builder& out) { out.move.on_conflict = ast::OnConflict::skip; }
};

template <>
struct on<conflict_update> {
  static void apply0(Builder& out) { out.move.on_conflict = ast::OnConflict::update; }
};

template <>
struct on<on_conflict> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.once(out.move.on_conflict_span, out.span(begin, out.token_end), "on conflict", begin);
  }
};

template <>
struct on<rest_begin> {
  static void apply0(Builder& out) { out.rest = {}; }
};

template <>
struct on<rest_warn> {
  static void apply0(Builder& out) { out.rest.action = ast::Rest::Action::warn; }
};

template <>
struct on<rest_fail> {
  static void apply0(Builder& out) { out.rest.action = ast::Rest::Action::fail; }
};

template <>
struct on<rest_message> {
  static void apply0(Builder& out) { out.rest.message = std::move(out.string); }
};

template <>
struct on<rest_over> {
  static void apply0(Builder& out) { out.rest.over = std::move(out.amount); }
};

template <>
struct on<rest_where> {
  static void apply0(Builder& out) { out.rest.where = std::move(out.sql); }
};

template <>
struct on<rest_clause> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.rest.span = out.span(begin, out.token_end);
    out.once(out.move.rest, std::move(out.rest), "rest", begin);
  }
};

template <>
struct on<sample_clause> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.move.sample, std::move(out.number), "sample", out.offset(in.begin()));
  }
};

template <>
struct on<move_rows> {
  static void apply0(Builder& out) {
    out.move.span = out.span(out.item_begin, out.token_end);
    out.add(std::move(out.move));
  }
};

template <>
struct on<sqlite_file> {
  static void apply0(Builder& out) { out.move_sqlite = {std::move(out.string), std::nullopt, false, {}}; }
};

template <>
struct on<sqlite_all> {
  static void apply0(Builder& out) { out.move_sqlite.all = true; }
};

template <>
struct on<sqlite_mapping> {
  static void apply(const auto& in, Builder& out) {
    out.move.span = out.span(out.offset(in.begin()), out.token_end);
    out.move_sqlite.move = std::move(out.move);
  }
};

template <>
struct on<move_sqlite> {
  static void apply0(Builder& out) {
    out.move_sqlite.span = out.span(out.item_begin, out.token_end);
    out.add(std::move(out.move_sqlite));
  }
};

}  // namespace godwit::grammar
