// SPDX-License-Identifier: Apache-2.0
// `grant select, update (a) to r with grant option;` in a table, `grant usage on schema app to r;` at the top.
// (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct privilege_name : label {};

template <>
inline constexpr std::string_view expected<privilege_name> = "a privilege such as `select`";

struct privilege_columns : columns {};

struct privilege : peg::seq<privilege_name, peg::opt<kw<"privileges">>, peg::opt<privilege_columns>> {};

struct privileges : peg::list<privilege, comma> {};

struct grant_begin : peg::success {};

struct grant_word : kw<"grant"> {};

struct revoke_word : kw<"revoke"> {};

struct grant_option_for : kws<"grant", "option", "for"> {};

struct with_grant_option : kws<"with", "grant", "option"> {};

struct grant_to : kw<"to"> {};

template <>
inline constexpr std::string_view expected<grant_to> = "`to` and the roles";

struct revoke_from : kw<"from"> {};

template <>
inline constexpr std::string_view expected<revoke_from> = "`from` and the roles";

struct grant_roles : names<a_role> {};

struct grant_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<grant_end> = "`;`";
template <>
inline constexpr bool ends_item<grant_end> = true;

struct grant_item
    : peg::seq<grant_begin, grant_word, privileges, grant_to, grant_roles, peg::opt<with_grant_option>, grant_end> {};

struct revoke_item
    : peg::seq<grant_begin, revoke_word, peg::opt<grant_option_for>, privileges, revoke_from, grant_roles, grant_end> {
};

/// `revoke text;` is a column.
struct revoke_ahead : peg::at<kw<"revoke">, label,
                              peg::sor<kw<"from">, comma, kws<"option", "for">, kws<"privileges", "from">, sym<"(">>> {
};

struct revoke_numeric
    : peg::at<kw<"revoke">, peg::not_at<peg::sor<kw<"select">, kw<"insert">, kw<"update">, kw<"references">>>, label,
              sym<"(">> {};

// -- at the top

struct on_objects : kw<"on"> {};

template <>
inline constexpr std::string_view expected<on_objects> = "`on` and the objects";

struct grant_objects : objects_or_tables {};

struct grant_declaration : peg::seq<grant_begin, grant_word, privileges, on_objects, grant_objects, grant_to,
                                    grant_roles, peg::opt<with_grant_option>, grant_end> {};

struct revoke_declaration : peg::seq<grant_begin, revoke_word, peg::opt<grant_option_for>, privileges, on_objects,
                                     grant_objects, revoke_from, grant_roles, grant_end> {};

template <>
struct on<grant_begin> {
  static void apply0(Builder& out) { out.grant = {}; }
};

template <>
struct on<revoke_word> {
  static void apply0(Builder& out) { out.grant.revoke = true; }
};

template <>
struct on<grant_option_for> {
  static void apply0(Builder& out) { out.grant.grant_option = true; }
};

template <>
struct on<with_grant_option> : on<grant_option_for> {};

template <>
struct on<privilege_name> {
  static void apply0(Builder& out) { out.grant.privileges.push_back({std::move(out.name), {}}); }
};

template <>
struct on<privilege_columns> {
  static void apply0(Builder& out) { out.grant.privileges.back().columns = std::move(out.names); }
};

template <>
struct on<grant_roles> {
  static void apply0(Builder& out) { out.grant.roles = std::move(out.names); }
};

template <>
struct on<grant_item> {
  static void apply(const auto& in, Builder& out) {
    out.grant.span = out.span(out.offset(in.begin()), out.token_end);
    out.items.emplace_back(std::move(out.grant));
  }
};

template <>
struct on<revoke_item> : on<grant_item> {};

template <>
struct on<grant_declaration> {
  static void apply(const auto& in, Builder& out) {
    out.grant.span = out.span(out.offset(in.begin()), out.token_end);
    const Span span = out.grant.span;
    out.add(ast::Grant{std::move(out.grant), std::move(out.objects), span});
  }
};

template <>
struct on<revoke_declaration> : on<grant_declaration> {};

}  // namespace godwit::grammar
