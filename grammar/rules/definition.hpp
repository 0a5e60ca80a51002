// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL's own text defines: `function app.f() returns … as $$ … $$;`, `view app.v as select …;`, domains,
// types, sequences, casts, operators, publications, … (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

template <ast::DefinitionKind Kind>
struct definition_of : peg::success {};

template <ast::DefinitionKind Kind>
struct on<definition_of<Kind>> {
  static void apply0(Builder& out) {
    out.definition = {};
    out.definition.kind = Kind;
    out.items.clear();
  }
};

struct definition_name : a_qualified {};

template <>
inline constexpr std::string_view expected<definition_name> = "a name";
template <>
inline constexpr bool wants_name<definition_name> = true;

struct definition_text : sql {};

struct plain_definition_text : sql_until<at_next_declaration> {};

template <>
inline constexpr std::string_view expected<plain_definition_text> = "the definition";

struct plain_text_or_nothing : sql_until<at_next_declaration, SqlOptions{}, true> {};

template <>
inline constexpr std::string_view expected<definition_text> = "the definition";

struct definition_text_or_nothing : sql_or_nothing {};

struct routine_text : sql_until<at_next_declaration, SqlOptions{.routine = true}> {};

template <>
inline constexpr std::string_view expected<routine_text> = "`(` and the arguments";

struct rule_text : sql_until<nowhere, SqlOptions{.semicolons_in_brackets = true}> {};

template <>
inline constexpr std::string_view expected<rule_text> = "`as on …`";

template <>
struct on<definition_name> {
  static void apply0(Builder& out) { out.definition.name = std::move(out.qualified); }
};

struct on_definition_text {
  static void apply0(Builder& out) { out.definition.text = std::move(out.sql); }
};

template <>
struct on<definition_text> : on_definition_text {};

template <>
struct on<plain_definition_text> : on_definition_text {};

template <>
struct on<plain_text_or_nothing> : on_definition_text {};

template <>
struct on<definition_text_or_nothing> : on_definition_text {};

template <>
struct on<routine_text> : on_definition_text {};

template <>
struct on<rule_text> : on_definition_text {};

template <ast::DefinitionKind Kind, typename Text, fixed... Words_>
struct defined : peg::seq<kws<Words_...>, definition_of<Kind>, definition_name, Text, end_of_item> {};

template <ast::DefinitionKind Kind, fixed... Words_>
struct defined_unnamed : peg::seq<kws<Words_...>, definition_of<Kind>, definition_text, end_of_item> {};

// operators: the name is a symbol

struct operator_schema : name {};

struct operator_name : an_operator {};

template <>
inline constexpr std::string_view expected<operator_name> = "an operator";

struct operator_named : peg::seq<peg::opt<operator_schema, sym<".">>, operator_name> {};

struct operator_definition : peg::seq<kw<"operator">, definition_of<ast::DefinitionKind::operator_>, operator_named,
                                      definition_text, end_of_item> {};

template <>
struct on<operator_schema> {
  static void apply0(Builder& out) {
    out.definition.name = ast::QualifiedName{};
    out.definition.name->schema = std::move(out.name);
  }
};

template <>
struct on<operator_name> {
  static void apply0(Builder& out) {
    if (!out.definition.name) out.definition.name = ast::QualifiedName{};
    ast::QualifiedName& named = *out.definition.name;
    named.span = out.name.span;
    if (named.schema) named.span.begin = named.schema->span.begin;
    named.name = std::move(out.name);
  }
};

// views: a block may follow

struct recursive_word : kw<"recursive"> {};

struct no_data_item : peg::seq<kws<"with", "no", "data">, end_of_item> {};

struct view_item
    : peg::sor<if_ahead<index_ahead, index_item>, owner_item, comment_item, grant_item, revoke_item, no_data_item> {};

template <>
inline constexpr std::string_view expected<view_item> =
    "`index on`, `owner to`, `comment`, `grant`, `revoke`, `with no data` or `}`";
inline const Words view_words = {"index", "unique", "owner", "comment", "grant", "revoke", "with"};
template <>
inline constexpr const Words* wanted_words<view_item> = &view_words;

struct view_end : peg::sor<sym<";">, peg::seq<open_brace, items<view_item>>> {};

template <>
inline constexpr std::string_view expected<view_end> = "`;` or `{`";
template <>
inline constexpr bool ends_item<view_end> = true;

struct view_text : sql_until<at_next_declaration> {};

template <>
inline constexpr std::string_view expected<view_text> = "`as` and a query";

struct view : peg::seq<kw<"view">, definition_of<ast::DefinitionKind::view>, definition_name, view_text, view_end> {};

struct recursive_view_word : kw<"view"> {};

template <>
inline constexpr std::string_view expected<recursive_view_word> = "`view`";

struct recursive_mark : peg::success {};

struct recursive_view : peg::seq<recursive_word, recursive_view_word, definition_of<ast::DefinitionKind::view>,
                                 recursive_mark, definition_name, view_text, view_end> {};

struct materialized_view
    : peg::seq<kw<"materialized">, recursive_view_word, definition_of<ast::DefinitionKind::materialized_view>,
               definition_name, view_text, view_end> {};

template <>
struct on<view_text> : on_definition_text {};

template <>
struct on<recursive_mark> {
  static void apply0(Builder& out) { out.definition.recursive = true; }
};

template <>
struct on<no_data_item> {
  static void apply(const auto& in, Builder& out) {
    if (out.definition.no_data) out.repeated("with no data", out.offset(in.begin()));
    out.definition.no_data = true;
  }
};

using Defined = ast::DefinitionKind;

struct definition
    : peg::sor<defined<Defined::function, routine_text, "function">, view, recursive_view, materialized_view,
               defined<Defined::procedure, routine_text, "procedure">,
               defined<Defined::domain, plain_definition_text, "domain">,
               defined<Defined::type, plain_text_or_nothing, "type">,
               defined<Defined::sequence, plain_text_or_nothing, "sequence">,
               defined<Defined::aggregate, definition_text, "aggregate">, defined_unnamed<Defined::cast, "cast">,
               operator_definition, defined<Defined::event_trigger, definition_text, "event", "trigger">,
               defined<Defined::publication, definition_text_or_nothing, "publication">,
               defined<Defined::rule, rule_text, "rule">, defined<Defined::collation, definition_text, "collation">,
               defined_unnamed<Defined::text_search, "text", "search">,
               defined<Defined::foreign_data_wrapper, definition_text_or_nothing, "foreign", "data", "wrapper">,
               defined<Defined::foreign_server, definition_text, "foreign", "server">,
               defined<Defined::foreign_server, definition_text, "server">,
               defined_unnamed<Defined::default_privileges, "default", "privileges">> {};

template <>
struct on<definition> {
  static void apply(const auto& in, Builder& out) {
    out.definition.span = out.span(out.offset(in.begin()), out.token_end);
    out.definition.items.assign(std::move_iterator(out.items.begin()), std::move_iterator(out.items.end()));
    out.add(std::move(out.definition));
  }
};

}  // namespace godwit::grammar
