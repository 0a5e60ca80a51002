// SPDX-License-Identifier: Apache-2.0
// `schema app;`, `extension citext …;`, `enum app.channel ('email', 'phone');` (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

// schema app [{ owner to …; comment '…'; grant …; }];

struct schema_name : a_name {};

template <>
inline constexpr std::string_view expected<schema_name> = "a schema's name";
template <>
inline constexpr bool wants_name<schema_name> = true;

struct schema_item : peg::sor<owner_item, comment_item, grant_item, revoke_item> {};

template <>
inline constexpr std::string_view expected<schema_item> = "`owner to`, `comment`, `grant`, `revoke` or `}`";
inline const Words schema_words = {"owner", "comment", "grant", "revoke"};
template <>
inline constexpr const Words* wanted_words<schema_item> = &schema_words;

struct schema_end : peg::sor<sym<";">, peg::seq<open_brace, items<schema_item>>> {};

template <>
inline constexpr std::string_view expected<schema_end> = "`;` or `{`";
template <>
inline constexpr bool ends_item<schema_end> = true;

struct schema_begin : peg::success {};

struct schema : peg::seq<kw<"schema">, schema_name, schema_begin, schema_end> {};

template <>
struct on<schema_begin> {
  static void apply0(Builder& out) {
    out.items.clear();
    out.path.assign(1, std::move(out.name));
  }
};

template <>
struct on<schema> {
  static void apply(const auto& in, Builder& out) {
    const Span span = out.span(out.offset(in.begin()), out.token_end);
    out.add(ast::Schema{std::move(out.path.front()),
                        {std::move_iterator(out.items.begin()), std::move_iterator(out.items.end())},
                        span});
  }
};

// extension name [schema s] [version 'v'];

struct extension_name : a_name {};

template <>
inline constexpr std::string_view expected<extension_name> = "an extension";
template <>
inline constexpr bool wants_name<extension_name> = true;

struct extension_schema : peg::seq<kw<"schema">, a_name> {};

struct extension_version : peg::seq<kw<"version">, a_text> {};

struct extension_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<extension_end> = "`schema`, `version` or `;`";
inline const Words extension_words = {"schema", "version"};
template <>
inline constexpr const Words* wanted_words<extension_end> = &extension_words;
template <>
inline constexpr bool ends_item<extension_end> = true;

struct extension : peg::seq<kw<"extension">, extension_name, peg::star<peg::sor<extension_schema, extension_version>>,
                            extension_end> {};

template <>
struct on<extension_name> {
  static void apply0(Builder& out) {
    out.extension = {};
    out.extension.name = std::move(out.name);
  }
};

template <>
struct on<extension_schema> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.extension.schema, std::move(out.name), "schema", out.offset(in.begin()));
  }
};

template <>
struct on<extension_version> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.extension.version, std::move(out.string), "version", out.offset(in.begin()));
  }
};

template <>
struct on<extension> {
  static void apply(const auto& in, Builder& out) {
    out.extension.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.extension));
  }
};

// enum name ('a', 'b');

struct enum_name : a_qualified {};

template <>
inline constexpr std::string_view expected<enum_name> = "a name for the enum";
template <>
inline constexpr bool wants_name<enum_name> = true;

struct enum_value : a_text {};

template <>
inline constexpr std::string_view expected<enum_value> = "a value such as `'won'`";

struct enum_values : peg::seq<opened, peg::sor<sym<")">, peg::seq<peg::list<enum_value, comma>, closed>>> {};

struct enumeration : peg::seq<kw<"enum">, enum_name, enum_values, end_of_item> {};

template <>
struct on<enum_name> {
  static void apply0(Builder& out) { out.enumeration = {std::move(out.qualified), {}, {}}; }
};

template <>
struct on<enum_value> {
  static void apply0(Builder& out) { out.enumeration.values.push_back(std::move(out.string)); }
};

template <>
struct on<enumeration> {
  static void apply(const auto& in, Builder& out) {
    out.enumeration.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.enumeration));
  }
};

}  // namespace godwit::grammar
