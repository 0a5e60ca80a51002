// SPDX-License-Identifier: Apache-2.0
// extract app.deals -> app.companies { key …; set …; first by …; link …; } (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

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

}  // namespace godwit::grammar
