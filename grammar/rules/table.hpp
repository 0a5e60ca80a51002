// SPDX-License-Identifier: Apache-2.0
// `table app.contacts { … }` and `alter table app.contacts { … }`, with the items that are neither columns,
// constraints, indexes nor grants. A word that could begin such an item is a column's name when a type follows it: each
// item whose word PostgreSQL does not reserve looks ahead. (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

template <typename Item>
void add_item(const auto& in, Builder& out, Item&& item) {
  item.span = out.span(out.offset(in.begin()), out.token_end);
  out.items.emplace_back(std::forward<Item>(item));
}

// row level security [force|off];

struct row_security_force : kw<"force"> {};

struct row_security_off : kw<"off"> {};

struct row_security_begin : kws<"row", "level", "security"> {};

struct row_security_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<row_security_end> = "`force`, `off` or `;`";
inline const Words row_security_words = {"force", "off"};
template <>
inline constexpr const Words* wanted_words<row_security_end> = &row_security_words;
template <>
inline constexpr bool ends_item<row_security_end> = true;

struct row_security
    : peg::seq<row_security_begin, peg::opt<peg::sor<row_security_force, row_security_off>>, row_security_end> {};

template <>
struct on<row_security_begin> {
  static void apply0(Builder& out) { out.row_security = ast::RowSecurityMode::on; }
};

template <>
struct on<row_security_force> {
  static void apply0(Builder& out) { out.row_security = ast::RowSecurityMode::force; }
};

template <>
struct on<row_security_off> {
  static void apply0(Builder& out) { out.row_security = ast::RowSecurityMode::off; }
};

template <>
struct on<row_security> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::RowSecurity{out.row_security, {}}); }
};

// policy name …;

struct policy_ahead
    : peg::at<kw<"policy">, name,
              peg::sor<kw<"as">, kw<"for">, kw<"to">, kws<"with", "check">, peg::seq<kw<"using">, sym<"(">>>> {};

struct policy_name : name {};

struct policy_definition : sql {};

struct policy : peg::seq<kw<"policy">, policy_name, policy_definition, end_of_item> {};

template <>
struct on<policy_name> {
  static void apply0(Builder& out) { out.policy = {std::move(out.name), {}, {}}; }
};

template <>
struct on<policy_definition> {
  static void apply0(Builder& out) { out.policy.definition = std::move(out.sql); }
};

template <>
struct on<policy> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, std::move(out.policy)); }
};

// [constraint] trigger name before …;

struct at_trigger_rest {
  static bool stops(const Token& token, const Token& previous, bool, const char*) {
    return token.kind == TokenKind::word && !previous.is_symbol(',') && !previous.is_word("of") &&
           any_word(token.text(), "for", "from", "not", "deferrable", "initially", "referencing", "when", "execute");
  }
};

struct trigger_ahead
    : peg::at<peg::sor<kws<"constraint", "trigger">,
                       peg::seq<kw<"trigger">, name, peg::sor<kw<"before">, kw<"after">, kws<"instead", "of">>>>> {};

struct trigger_begin : peg::success {};

struct trigger_constraint : kw<"constraint"> {};

struct trigger_name : a_name {};

template <>
inline constexpr std::string_view expected<trigger_name> = "a name for the trigger";
template <>
inline constexpr bool wants_name<trigger_name> = true;

struct trigger_events : sql_until<at_trigger_rest> {};

template <>
inline constexpr std::string_view expected<trigger_events> = "`before`, `after` or `instead of` and the events";

struct trigger_rest : sql {};

template <>
inline constexpr std::string_view expected<trigger_rest> = "`for each row execute function …`";

struct trigger : peg::seq<trigger_begin, peg::opt<trigger_constraint>, kw<"trigger">, trigger_name, trigger_events,
                          trigger_rest, end_of_item> {};

template <>
struct on<trigger_begin> {
  static void apply0(Builder& out) { out.trigger = {}; }
};

template <>
struct on<trigger_constraint> {
  static void apply0(Builder& out) { out.trigger.constraint = true; }
};

template <>
struct on<trigger_name> {
  static void apply0(Builder& out) { out.trigger.name = std::move(out.name); }
};

template <>
struct on<trigger_events> {
  static void apply0(Builder& out) { out.trigger.events = std::move(out.sql); }
};

template <>
struct on<trigger_rest> {
  static void apply0(Builder& out) { out.trigger.rest = std::move(out.sql); }
};

template <>
struct on<trigger> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, std::move(out.trigger)); }
};

// owner to r;  comment 'words';

struct owner_to : kws<"owner", "to"> {};

struct owner_item : peg::seq<owner_to, a_role, end_of_item> {};

template <>
struct on<owner_item> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::OwnerClause{std::move(out.name), {}}); }
};

struct comment_item : peg::seq<kw<"comment">, text, end_of_item> {};

template <>
struct on<comment_item> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::CommentClause{std::move(out.string), {}}); }
};

// statistics name (kinds) on a, b;

struct statistics_ahead : peg::at<kw<"statistics">, name, peg::opt<sym<"(">, sql_or_nothing, sym<")">>, kw<"on">> {};

struct statistics_name : name {};

struct statistics_definition : sql {};

struct statistics : peg::seq<kw<"statistics">, statistics_name, statistics_definition, end_of_item> {};

template <>
struct on<statistics> {
  static void apply(const auto& in, Builder& out) {
    add_item(in, out, ast::ExtendedStatistics{std::move(out.name), std::move(out.sql), {}});
  }
};

// with (…);  tablespace t;  unlogged;  inherits (a, b);  replica identity …;

struct storage_parameters : peg::seq<kw<"with">, an_expression_in_parens, end_of_item> {};

template <>
struct on<storage_parameters> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::StorageParameters{std::move(out.sql), {}}); }
};

/// `tablespace text;` is a column: a type that PostgreSQL brings is no likely tablespace.
struct built_in_type
    : peg::sor<kw<"text">, kw<"integer">, kw<"int">, kw<"bigint">, kw<"smallint">, kw<"varchar">, kw<"char">,
               kw<"uuid">, kw<"oid">, kw<"name">, kw<"boolean">, kw<"bool">, kw<"json">, kw<"jsonb">, kw<"regclass">,
               kw<"numeric">, kw<"citext">, kw<"character">, kw<"bytea">> {};

struct tablespace_ahead : peg::at<kw<"tablespace">, peg::not_at<built_in_type>, name, sym<";">> {};

struct tablespace : peg::seq<kw<"tablespace">, name, end_of_item> {};

template <>
struct on<tablespace> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::TablespaceClause{std::move(out.name), {}}); }
};

struct unlogged : peg::seq<kw<"unlogged">, sym<";">> {};

template <>
struct on<unlogged> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::Unlogged{}); }
};

struct parent : a_table {};

template <>
inline constexpr std::string_view expected<parent> = "a table";
template <>
inline constexpr bool wants_name<parent> = true;

struct parents_begin : sym<"("> {};

struct inherits : peg::seq<kw<"inherits">, parents_begin, peg::list<parent, comma>, closed, end_of_item> {};

template <>
struct on<parents_begin> {
  static void apply0(Builder& out) { out.qualifieds.clear(); }
};

template <>
struct on<parent> {
  static void apply0(Builder& out) { out.qualifieds.push_back(std::move(out.qualified)); }
};

template <>
struct on<inherits> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::Inherits{std::move(out.qualifieds), {}}); }
};

struct replica_identity_ahead
    : peg::at<kws<"replica", "identity">,
              peg::sor<kw<"full">, kw<"nothing">, kws<"using", "index">, peg::seq<kw<"default">, sym<";">>>> {};

struct replica_identity : peg::seq<kws<"replica", "identity">, sql, end_of_item> {};

template <>
struct on<replica_identity> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::ReplicaIdentity{std::move(out.sql), {}}); }
};

// partition by range (a);  partition p for values …;

struct partition_by_ahead : peg::at<kws<"partition", "by">, peg::sor<kw<"range">, kw<"list">, kw<"hash">>, sym<"(">> {};

struct partition_strategy : sql {};

template <>
inline constexpr std::string_view expected<partition_strategy> = "`range (…)`, `list (…)` or `hash (…)`";

struct partition_by_clause : peg::seq<kws<"partition", "by">, partition_strategy> {};

struct partition_by_item : peg::seq<partition_by_clause, end_of_item> {};

template <>
struct on<partition_by_item> {
  static void apply(const auto& in, Builder& out) { add_item(in, out, ast::PartitionBy{std::move(out.sql), {}}); }
};

struct at_partition_by {
  static bool stops(const Token& token, const Token&, bool, const char* end) {
    return token.is_word("partition") && next_token(token.end, end).is_word("by");
  }
};

struct partition_ahead
    : peg::at<kw<"partition">, qualified,
              peg::sor<kw<"for">, peg::seq<kw<"default">, peg::sor<sym<";">, sym<"{">, kw<"partition">>>>> {};

struct partition_word : kw<"partition"> {};

template <>
inline constexpr std::string_view expected<partition_word> = "`partition` or `}`";
inline const Words partition_words = {"partition"};
template <>
inline constexpr const Words* wanted_words<partition_word> = &partition_words;

struct partition_name : qualified {};

template <>
inline constexpr std::string_view expected<partition_name> = "a name for the partition";
template <>
inline constexpr bool wants_name<partition_name> = true;

struct partition_bound : sql_until<at_partition_by> {};

template <>
inline constexpr std::string_view expected<partition_bound> = "`for values …` or `default`";

struct partition_by_part : partition_by_clause {};
struct nested_partition;

struct partition_end : peg::sor<sym<";">, peg::seq<open_brace, items<nested_partition>>> {};

template <>
inline constexpr std::string_view expected<partition_end> = "`;`, `partition by …` or `{`";
template <>
inline constexpr bool ends_item<partition_end> = true;

struct partition_body
    : peg::seq<partition_word, partition_name, partition_bound, peg::opt<partition_by_part>, partition_end> {};

struct nested_partition : peg::seq<partition_body> {};

struct partition_item : peg::seq<partition_body> {};

template <>
struct on<partition_name> {
  static void apply0(Builder& out) { out.partitions.emplace_back().name = std::move(out.qualified); }
};

template <>
struct on<partition_bound> {
  static void apply0(Builder& out) { out.partitions.back().bound = std::move(out.sql); }
};

template <>
struct on<partition_by_part> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.partitions.back().by = ast::PartitionBy{std::move(out.sql), out.span(begin, out.token_end)};
  }
};

template <>
struct on<partition_body> {
  static void apply(const auto& in, Builder& out) {
    out.partitions.back().span = out.span(out.offset(in.begin()), out.token_end);
  }
};

template <>
struct on<nested_partition> {
  static void apply0(Builder& out) {
    ast::Partition inner = std::move(out.partitions.back());
    out.partitions.pop_back();
    out.partitions.back().partitions.push_back(std::move(inner));
  }
};

template <>
struct on<partition_item> {
  static void apply0(Builder& out) {
    out.items.emplace_back(std::move(out.partitions.back()));
    out.partitions.pop_back();
  }
};

// attach partition p for values …;  detach partition p; in `alter table`

struct attach_ahead
    : peg::at<kws<"attach", "partition">, qualified, peg::sor<kw<"for">, peg::seq<kw<"default">, sym<";">>>> {};

struct attached_name : qualified {};

struct attached_bound : sql {};

struct attach_partition : peg::seq<kws<"attach", "partition">, attached_name, attached_bound, end_of_item> {};

template <>
struct on<attach_partition> {
  static void apply(const auto& in, Builder& out) {
    add_item(in, out, ast::AttachPartition{std::move(out.qualified), std::move(out.sql), {}});
  }
};

struct detach_ahead : peg::at<kws<"detach", "partition">, qualified, sym<";">> {};

struct detach_partition : peg::seq<kws<"detach", "partition">, qualified, end_of_item> {};

template <>
struct on<detach_partition> {
  static void apply(const auto& in, Builder& out) {
    add_item(in, out, ast::DetachPartition{std::move(out.qualified), {}});
  }
};

// drop constraint c; … in `alter table`

struct dropped_part : peg::sor<kw<"constraint">, kw<"index">, kw<"policy">, kw<"trigger">, kw<"statistics">> {};

struct drop_part_ahead : peg::at<kw<"drop">, dropped_part, name> {};

struct drop_part_what : peg::sor<kw<"constraint">, kw<"index">, kw<"policy">, kw<"trigger">, kw<"statistics">> {};

struct drop_part : peg::seq<kw<"drop">, drop_part_what, a_name, end_of_item> {};

template <>
struct on<drop_part_what> {
  static void apply(const auto& in, Builder& out) {
    const char* const begin = in.begin();
    const Token word = token_at(begin, out.end());
    out.drop_part = {};
    out.drop_part.what = {*identifier_value(word.text()), out.span(word.begin, word.end)};
  }
};

template <>
struct on<drop_part> {
  static void apply(const auto& in, Builder& out) {
    out.drop_part.name = std::move(out.name);
    add_item(in, out, std::move(out.drop_part));
  }
};

// -- the table

/// Goes on when the word here may begin an item that is no column.
struct item_word {
  using rule_t = nullable;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder&) {
    if (in.current() == in.end() || !is(*in.current(), word_start_class)) return false;
    const Token token = token_at(in.current(), in.end());
    for (const std::string_view word : table_words) {
      if (lower(*token.begin) == word.front() && same_word(token.text(), word)) return true;
    }
    return false;
  }
};

struct comment_ahead : peg::at<kw<"comment">, text> {};

struct exclude_ahead : peg::at<kw<"exclude">, peg::sor<kw<"using">, sym<"(">>> {};

struct constraint_ahead
    : peg::sor<peg::at<peg::sor<kw<"constraint">, kw<"primary">, kw<"unique">, kw<"check">, kw<"foreign">>>,
               exclude_ahead> {};

template <typename Ahead, typename Item>
struct if_ahead : peg::seq<Ahead, Item> {};

struct revoke_here : peg::seq<peg::not_at<revoke_numeric>, revoke_ahead> {};

struct unlogged_ahead : peg::at<kw<"unlogged">, sym<";">> {};

struct inherits_ahead : peg::at<kw<"inherits">, sym<"(">> {};

struct with_ahead : peg::at<kw<"with">> {};

struct grant_ahead : peg::at<kw<"grant">> {};

struct owner_ahead : peg::at<kws<"owner", "to">> {};

struct row_security_ahead : peg::at<kws<"row", "level", "security">> {};

struct special_item
    : peg::seq<item_word,
               peg::sor<if_ahead<index_ahead, index_item>, if_ahead<trigger_ahead, trigger>,
                        if_ahead<constraint_ahead, constraint_item>, if_ahead<policy_ahead, policy>,
                        if_ahead<row_security_ahead, row_security>, if_ahead<grant_ahead, grant_item>,
                        if_ahead<revoke_here, revoke_item>, if_ahead<owner_ahead, owner_item>,
                        if_ahead<comment_ahead, comment_item>, if_ahead<statistics_ahead, statistics>,
                        if_ahead<with_ahead, storage_parameters>, if_ahead<tablespace_ahead, tablespace>,
                        if_ahead<unlogged_ahead, unlogged>, if_ahead<inherits_ahead, inherits>,
                        if_ahead<replica_identity_ahead, replica_identity>,
                        if_ahead<partition_by_ahead, partition_by_item>, if_ahead<partition_ahead, partition_item>>> {};

struct table_item : peg::sor<special_item, column> {};

struct alter_table_item
    : peg::sor<special_item, if_ahead<drop_part_ahead, drop_part>, if_ahead<attach_ahead, attach_partition>,
               if_ahead<detach_ahead, detach_partition>, column> {};

struct table_name : a_table {};

template <>
inline constexpr std::string_view expected<table_name> = "a table's name";
template <>
inline constexpr bool wants_name<table_name> = true;

struct table_begin : peg::success {};

struct alter_table_word : kw<"table"> {};

template <>
inline constexpr std::string_view expected<alter_table_word> = "`table` after `alter`";

struct alter_table : peg::seq<kw<"alter">, alter_table_word, table_name, table_begin, block<alter_table_item>> {};

struct new_table : peg::seq<kw<"table">, table_name, table_begin, block<table_item>> {};

template <>
struct on<table_begin> {
  static void apply0(Builder& out) {
    out.table = {};
    out.table.name = std::move(out.qualified);
    out.items.clear();
  }
};

template <bool Alter>
struct on_table {
  static void apply(const auto& in, Builder& out) {
    out.table.alter = Alter;
    out.table.span = out.span(out.offset(in.begin()), out.token_end);
    out.table.items.assign(std::move_iterator(out.items.begin()), std::move_iterator(out.items.end()));
    out.add(std::move(out.table));
  }
};

template <>
struct on<new_table> : on_table<false> {};

template <>
struct on<alter_table> : on_table<true> {};

}  // namespace godwit::grammar
