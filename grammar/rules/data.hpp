// SPDX-License-Identifier: Apache-2.0
// What moves rows: move, move sqlite, backfill, extract, and seed rows. (included by grammar/parse.cpp alone)
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

// -- move

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

struct up_to : kws<"up", "to"> {};

template <>
inline constexpr std::string_view expected<up_to> = "`up to` and an amount";

struct reject_clause : peg::seq<kw<"reject">, up_to, an_amount, end_of_item> {};

struct move_item : peg::sor<clause<set_clause, of_move>, clause<where_clause, of_move>, key_clause, on_conflict,
                            clause<batch_clause, of_move>, rest_clause, sample_clause, reject_clause,
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
struct on<reject_clause> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.move.reject, std::move(out.amount), "reject", out.offset(in.begin()));
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

// -- backfill app.contacts c { set …; from …; where …; batch …; }

struct of_backfill {
  static ast::Backfill& of(Builder& out) { return out.backfill; }
};

struct backfill_from : peg::seq<kw<"from">, an_expression, end_of_item> {};

struct backfill_item : peg::sor<clause<set_clause, of_backfill>, backfill_from, clause<where_clause, of_backfill>,
                                clause<batch_clause, of_backfill>, clause<keep_in_step_clause, of_backfill>,
                                clause<reverse_clause, of_backfill>> {};

template <>
inline constexpr std::string_view expected<backfill_item> = "a clause of the backfill or `}`";
inline const Words backfill_words = {"set", "from", "where", "batch", "keep", "reverse"};
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

// -- extract app.deals -> app.companies { key …; set …; first by …; link …; }

struct of_extract {
  static ast::Extract& of(Builder& out) { return out.extract; }
};

struct extract_key : peg::seq<kw<"key">, assignments, end_of_item> {};

struct extract_link : peg::seq<kw<"link">, assignments, end_of_item> {};

struct first_by_word : kw<"by"> {};

template <>
inline constexpr std::string_view expected<first_by_word> = "`by` after `first`";

struct extract_first : peg::seq<kw<"first">, first_by_word, an_expression, end_of_item> {};

struct extract_item : peg::sor<extract_key, clause<set_clause, of_extract>, extract_link, extract_first,
                               clause<where_clause, of_extract>, clause<batch_clause, of_extract>> {};

template <>
inline constexpr std::string_view expected<extract_item> = "a clause of the extract or `}`";
inline const Words extract_words = {"key", "set", "link", "first", "where", "batch"};
template <>
inline constexpr const Words* wanted_words<extract_item> = &extract_words;

struct extract_source : a_table {};

template <>
inline constexpr std::string_view expected<extract_source> = "the table to extract from";
template <>
inline constexpr bool wants_name<extract_source> = true;

struct extract_target : a_table {};

template <>
inline constexpr std::string_view expected<extract_target> = "the table to extract to";
template <>
inline constexpr bool wants_name<extract_target> = true;

struct extract : peg::seq<kw<"extract">, extract_source, arrow, extract_target, block<extract_item>> {};

template <>
struct on<extract_source> {
  static void apply0(Builder& out) {
    out.extract = {};
    out.extract.source = std::move(out.qualified);
  }
};

template <>
struct on<extract_target> {
  static void apply0(Builder& out) { out.extract.target = std::move(out.qualified); }
};

template <>
struct on<extract_key> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.extract.key, std::move(out.assignments), "key", out.offset(in.begin()));
  }
};

template <>
struct on<extract_link> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.extract.link, std::move(out.assignments), "link", out.offset(in.begin()));
  }
};

template <>
struct on<extract_first> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.extract.first_by, std::move(out.sql), "first by", out.offset(in.begin()));
  }
};

template <>
struct on<extract> {
  static void apply(const auto& in, Builder& out) {
    out.extract.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.extract));
  }
};

// -- rows app.services key (id) { (id, name) : ('gmail', 'Gmail'), …; }

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
