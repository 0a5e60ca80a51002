// SPDX-License-Identifier: Apache-2.0
// `primary key (a)`, `unique (a)`, `check (…)`, `foreign key (a) references t (b)`, `exclude …`, as a table's item or
// as a column's clause. (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

inline const Words constraint_tail_words = {"deferrable", "initially", "deferred",   "immediate", "not",    "valid",
                                            "inherit",    "include",   "references", "match",     "delete", "update"};

// -- what may follow a constraint

struct is_deferrable : kw<"deferrable"> {};

struct is_not_deferrable : kws<"not", "deferrable"> {};

struct is_initially_deferred : kws<"initially", "deferred"> {};

struct is_initially_immediate : kws<"initially", "immediate"> {};

struct is_not_valid : kws<"not", "valid"> {};

struct is_no_inherit : kws<"no", "inherit"> {};

struct constraint_tail : peg::sor<is_deferrable, is_not_deferrable, is_initially_deferred, is_initially_immediate,
                                  is_not_valid, is_no_inherit> {};

template <>
struct on<is_deferrable> {
  static void apply0(Builder& out) { out.constraint.deferrable = true; }
};

template <>
struct on<is_not_deferrable> {
  static void apply0(Builder& out) { out.constraint.not_deferrable = true; }
};

template <>
struct on<is_initially_deferred> {
  static void apply0(Builder& out) { out.constraint.deferrable = out.constraint.initially_deferred = true; }
};

template <>
struct on<is_not_valid> {
  static void apply0(Builder& out) { out.constraint.not_valid = true; }
};

template <>
struct on<is_no_inherit> {
  static void apply(const auto& in, Builder& out) {
    if (auto* check = std::get_if<ast::CheckConstraint>(&out.constraint.body)) {
      check->no_inherit = true;
    } else {
      out.fail(codes::syntax, out.span(in.begin(), out.at(out.token_end)), "only a check takes `no inherit`");
    }
  }
};

// -- name

struct constraint_name : a_name {};

template <>
inline constexpr std::string_view expected<constraint_name> = "a name for the constraint";
template <>
inline constexpr bool wants_name<constraint_name> = true;

struct constraint_named : peg::seq<kw<"constraint">, constraint_name> {};

struct constraint_begin : peg::success {};

template <>
struct on<constraint_name> {
  static void apply0(Builder& out) { out.constraint.name = std::move(out.name); }
};

template <>
struct on<constraint_begin> {
  static void apply0(Builder& out) { out.constraint = {}; }
};

template <typename Body>
Body& constraint_body(Builder& out) {
  return std::get<Body>(out.constraint.body);
}

// -- keys

struct key_word : kw<"key"> {};

template <>
inline constexpr std::string_view expected<key_word> = "`key`";

struct primary_key : peg::seq<kw<"primary">, key_word> {};

struct unique_key : kw<"unique"> {};

struct key_nulls_distinct : kws<"nulls", "distinct"> {};

struct key_nulls_not_distinct : kws<"nulls", "not", "distinct"> {};

struct key_columns : some_columns {};

struct key_include : peg::seq<kw<"include">, some_columns> {};

struct key_with_list : an_expression_in_parens {};

struct key_with : peg::seq<kw<"with">, key_with_list> {};

struct key_tablespace_name : a_name {};

struct key_tablespace : peg::seq<kws<"using", "index", "tablespace">, key_tablespace_name> {};

struct key_options : peg::star<peg::sor<key_include, key_with, key_tablespace>> {};

struct key_kind
    : peg::sor<primary_key, peg::seq<unique_key, peg::opt<peg::sor<key_nulls_not_distinct, key_nulls_distinct>>>> {};

template <>
struct on<primary_key> {
  static void apply0(Builder& out) { out.constraint.body.emplace<ast::KeyConstraint>().primary = true; }
};

template <>
struct on<unique_key> {
  static void apply0(Builder& out) { out.constraint.body = ast::KeyConstraint{}; }
};

template <>
struct on<key_nulls_not_distinct> {
  static void apply0(Builder& out) { constraint_body<ast::KeyConstraint>(out).nulls_not_distinct = true; }
};

template <>
struct on<key_columns> {
  static void apply0(Builder& out) { constraint_body<ast::KeyConstraint>(out).columns = std::move(out.names); }
};

template <>
struct on<key_include> {
  static void apply(const auto& in, Builder& out) {
    out.once(constraint_body<ast::KeyConstraint>(out).include, std::move(out.names), "include", out.offset(in.begin()));
  }
};

template <>
struct on<key_with> {
  static void apply(const auto& in, Builder& out) {
    out.once(constraint_body<ast::KeyConstraint>(out).with, std::move(out.sql), "with", out.offset(in.begin()));
  }
};

template <>
struct on<key_tablespace> {
  static void apply(const auto& in, Builder& out) {
    out.once(constraint_body<ast::KeyConstraint>(out).tablespace, std::move(out.name), "using index tablespace",
             out.offset(in.begin()));
  }
};

// -- check

struct check_expression : an_expression_in_parens {};

struct check_body : peg::seq<kw<"check">, check_expression> {};

template <>
struct on<check_expression> {
  static void apply0(Builder& out) { out.constraint.body = ast::CheckConstraint{std::move(out.sql), false}; }
};

// -- references

struct fk_target : a_table {};

template <>
inline constexpr std::string_view expected<fk_target> = "a table after `references`";
template <>
inline constexpr bool wants_name<fk_target> = true;

struct fk_target_columns : columns {};

struct match_full : kws<"match", "full"> {};

struct match_simple : kws<"match", "simple"> {};

struct do_no_action : kws<"no", "action"> {};

struct do_restrict : kw<"restrict"> {};

struct do_cascade : kw<"cascade"> {};

struct do_set_null : kws<"set", "null"> {};

struct do_set_default : kws<"set", "default"> {};

struct set_columns : columns {};

struct fk_do : peg::sor<do_no_action, do_restrict, do_cascade,
                        peg::seq<peg::sor<do_set_null, do_set_default>, peg::opt<set_columns>>> {};

template <>
inline constexpr std::string_view expected<fk_do> = "`no action`, `restrict`, `cascade`, `set null` or `set default`";
inline const Words fk_do_words = {"no", "restrict", "cascade", "set"};
template <>
inline constexpr const Words* wanted_words<fk_do> = &fk_do_words;

struct fk_on_delete : peg::seq<kws<"on", "delete">, fk_do> {};

struct fk_on_update : peg::seq<kws<"on", "update">, fk_do> {};

struct fk_options : peg::star<peg::sor<match_full, match_simple, fk_on_delete, fk_on_update>> {};

struct references_word : kw<"references"> {};

struct fk_references : peg::seq<references_word, fk_target, peg::opt<fk_target_columns>, fk_options> {};

template <>
struct on<fk_target> {
  static void apply0(Builder& out) {
    constraint_body<ast::ForeignKeyConstraint>(out).target = std::move(out.qualified);
  }
};

template <>
struct on<fk_target_columns> {
  static void apply0(Builder& out) {
    constraint_body<ast::ForeignKeyConstraint>(out).target_columns = std::move(out.names);
  }
};

template <>
struct on<match_full> {
  static void apply0(Builder& out) { constraint_body<ast::ForeignKeyConstraint>(out).match_full = true; }
};

template <ast::ReferentialAction::Kind Kind>
struct on_referential {
  static void apply0(Builder& out) { out.referential = {Kind, {}}; }
};

template <>
struct on<do_no_action> : on_referential<ast::ReferentialAction::Kind::no_action> {};

template <>
struct on<do_restrict> : on_referential<ast::ReferentialAction::Kind::restrict> {};

template <>
struct on<do_cascade> : on_referential<ast::ReferentialAction::Kind::cascade> {};

template <>
struct on<do_set_null> : on_referential<ast::ReferentialAction::Kind::set_null> {};

template <>
struct on<do_set_default> : on_referential<ast::ReferentialAction::Kind::set_default> {};

template <>
struct on<set_columns> {
  static void apply0(Builder& out) { out.referential.columns = std::move(out.names); }
};

template <>
struct on<fk_on_delete> {
  static void apply0(Builder& out) {
    constraint_body<ast::ForeignKeyConstraint>(out).on_delete = std::move(out.referential);
  }
};

template <>
struct on<fk_on_update> {
  static void apply0(Builder& out) {
    constraint_body<ast::ForeignKeyConstraint>(out).on_update = std::move(out.referential);
  }
};

// -- foreign key, exclude: items only

struct foreign_word : kw<"foreign"> {};

struct fk_columns : some_columns {};

struct fk_body_begin : peg::success {};

struct fk_references_item : fk_references {};

template <>
inline constexpr std::string_view expected<fk_references_item> = "`references`";
inline const Words references_words = {"references"};
template <>
inline constexpr const Words* wanted_words<fk_references_item> = &references_words;

struct foreign_key : peg::seq<foreign_word, key_word, fk_body_begin, fk_columns, fk_references_item> {};

template <>
struct on<fk_body_begin> {
  static void apply0(Builder& out) { out.constraint.body = ast::ForeignKeyConstraint{}; }
};

template <>
struct on<fk_columns> {
  static void apply0(Builder& out) { constraint_body<ast::ForeignKeyConstraint>(out).columns = std::move(out.names); }
};

struct at_constraint_tail {
  static bool stops(const Token& token, const Token&, bool, const char* end) {
    if (token.kind != TokenKind::word) return false;
    if (any_word(token.text(), "deferrable", "initially")) return true;
    return token.is_word("not") && next_token(token.end, end).is_word("deferrable");
  }
};

struct exclude_definition : sql_until<at_constraint_tail> {};

template <>
inline constexpr std::string_view expected<exclude_definition> = "what to exclude, such as `using gist (room with =)`";

struct exclude : peg::seq<kw<"exclude">, exclude_definition> {};

template <>
struct on<exclude_definition> {
  static void apply0(Builder& out) { out.constraint.body = ast::ExcludeConstraint{std::move(out.sql)}; }
};

// -- the item

struct constraint_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<constraint_end> = "`;` after the constraint";
template <>
inline constexpr const Words* wanted_words<constraint_end> = &constraint_tail_words;
template <>
inline constexpr bool ends_item<constraint_end> = true;

struct key_item : peg::seq<key_kind, key_columns, key_options> {};

struct constraint_kind : peg::sor<key_item, check_body, foreign_key, exclude> {};

struct constraint_kind_named : constraint_kind {};

template <>
inline constexpr std::string_view expected<constraint_kind_named> =
    "`primary key`, `unique`, `check`, `foreign key` or `exclude`";
inline const Words constraint_kind_words = {"primary", "unique", "check", "foreign", "exclude"};
template <>
inline constexpr const Words* wanted_words<constraint_kind_named> = &constraint_kind_words;

struct constraint_item
    : peg::seq<constraint_begin, peg::sor<peg::seq<constraint_named, constraint_kind_named>, constraint_kind>,
               peg::star<constraint_tail>, constraint_end> {};

template <>
struct on<constraint_item> {
  static void apply(const auto& in, Builder& out) {
    out.constraint.span = out.span(out.offset(in.begin()), out.token_end);
    out.items.emplace_back(std::move(out.constraint));
  }
};

}  // namespace godwit::grammar
