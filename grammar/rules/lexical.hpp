// SPDX-License-Identifier: Apache-2.0
// Tokens, each with the white space behind it, and the lists made of them. (included by grammar/parse.cpp alone)
// A token leaves its value in the builder; a rule that has a message reports when it does not match, so such rules
// stand only behind the keyword that decided for their construct.
#pragma once

namespace godwit::grammar {

/// `rule_t` of hand-written rules, for PEGTL's analysis: matches at least one byte, or maybe none.
struct consuming {};

struct nullable {};

/// What a rule says it wanted, the keywords that could have been meant here or by the item's first word, whether a name
/// was wanted, and whether the item could have ended before it.
template <typename Rule>
inline constexpr std::string_view expected{};
template <typename Rule>
inline constexpr const Words* wanted_words = nullptr;
template <typename Rule>
inline constexpr const Words* item_words = nullptr;
template <typename Rule>
inline constexpr bool wants_name = false;
template <typename Rule>
inline constexpr bool ends_item = false;
template <typename Rule>
inline constexpr bool begins_block = false;

/// Actions.
template <typename Rule>
struct on : peg::nothing<Rule> {};

template <typename Rule>
struct control : peg::normal<Rule> {
  template <typename Input>
  static void failure(const Input& in, Builder& out) {
    if constexpr (!expected<Rule>.empty()) {
      out.fail(static_cast<std::uint32_t>(in.byte()), {expected<Rule>, wanted_words<Rule>, item_words<Rule>,
                                                       wants_name<Rule>, ends_item<Rule>, begins_block<Rule>});
    }
  }
};

template <peg::apply_mode A>
inline constexpr bool acting = A == peg::apply_mode::action;

/// White space and comments; reached through the tokens.
template <peg::apply_mode A, typename Input>
void skip_space(Input& in, Builder& out) {
  const char* const at = in.current();
  const char* after = at;
  if (at != in.end() && (is(*at, space_class) || *at == '-' || *at == '/')) {
    after = skip_gap(at, in.end(), [&](const char* begin, const char* end) {
      if constexpr (acting<A>) out.comment(begin, end);
    });
    in.bump(static_cast<std::size_t>(after - at));
  }
  if constexpr (acting<A>) {
    out.token_end = out.offset(at);
    out.gap_end = out.offset(after);
    if (after != in.end() && *after == '/' && in.end() - after > 1 && after[1] == '*') {
      out.fail(codes::unterminated, out.span(after, after + 2), "this comment is never closed");
    }
  }
}

template <std::size_t N>
struct fixed {
  char text[N]{};

  consteval fixed(const char (&from)[N]) { std::copy(from, from + N, text); }

  constexpr std::string_view view() const { return {text, N - 1}; }
};

/// A keyword, in any case.
template <fixed Word>
struct kw {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    constexpr std::size_t size = Word.view().size();
    const char* const at = in.current();
    const auto left = static_cast<std::size_t>(in.end() - at);
    if (left < size) return false;
    for (std::size_t i = 0; i < size; ++i) {
      if (lower(at[i]) != Word.text[i]) return false;
    }
    if (left > size && is(at[size], word_class)) return false;
    in.bump(size);
    skip_space<A>(in, out);
    return true;
  }
};

/// One or more keywords in this order.
template <fixed... Words_>
struct kws : peg::seq<kw<Words_>...> {};

/// Punctuation.
template <fixed Symbol>
struct sym {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    constexpr std::string_view symbol = Symbol.view();
    if (static_cast<std::size_t>(in.end() - in.current()) < symbol.size()) return false;
    if (std::string_view(in.current(), symbol.size()) != symbol) return false;
    in.bump(symbol.size());
    skip_space<A>(in, out);
    return true;
  }
};

using open_paren = sym<"(">;
using close_paren = sym<")">;
using comma = sym<",">;

/// An identifier; `Any` takes reserved words too, as PostgreSQL does after a dot.
template <bool Any>
struct identifier {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const at = in.current();
    if (at == in.end() || !(is(*at, word_start_class) || *at == '"')) return false;
    const Token token = token_at(at, in.end());
    if (token.kind == TokenKind::unterminated) {
      if (*at != '"' && *at != 'u' && *at != 'U') return false;
      out.fail(codes::unterminated, out.span(at, at + 1), "this quoted name is never closed");
    }
    if (token.kind == TokenKind::string) return false;
    if constexpr (!acting<A> && Any) {
      in.bump(token.text().size());
      skip_space<A>(in, out);
      return true;
    }
    auto value = identifier_value(token.text());
    if (!Any && token.kind == TokenKind::word && is_reserved(*value)) return false;
    if constexpr (acting<A>) {
      const Span span = out.span(token.begin, token.end);
      if (!value) out.fail(codes::syntax, span, "the escapes of this name are not valid");
      if (value->empty()) out.fail(codes::syntax, span, "a name cannot be empty");
      if (first_bad_byte(*value) != std::string::npos)
        out.fail(codes::syntax, span, "a name must be UTF-8 without NUL");
      if (value->size() > max_identifier_bytes) {
        ++out.mistakes;
        out.diagnostics
            .add(codes::identifier_too_long, span, "this name has {} bytes, PostgreSQL keeps {} of them", value->size(),
                 max_identifier_bytes)
            .hint("`{}` is what fits", truncated(*value, max_identifier_bytes));
      }
      out.name = {std::move(*value), span};
    }
    in.bump(token.text().size());
    skip_space<A>(in, out);
    return true;
  }
};

struct name : identifier<false> {};

struct label : identifier<true> {};

/// A string literal in any spelling, continued over line ends as in PostgreSQL.
struct text {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const at = in.current();
    if (!starts_text(at, in.end())) return false;
    Token token = token_at(at, in.end());
    if (token.kind == TokenKind::unterminated) {
      out.fail(codes::unterminated, out.span(at, at + 1),
               *at == '$' ? "this dollar quote is never closed" : "this string is never closed");
    }
    const bool dollar = *at == '$';
    const bool unicode = lower(*at) == 'u';
    const std::string prefix(at, static_cast<std::size_t>(*at == '\'' || dollar ? 0 : unicode ? 2 : 1));
    std::vector<std::string> parts{std::string(token.text())};
    while (!dollar) {
      const char* const next = skip_gap(token.end, in.end());
      if (next == in.end() || *next != '\'' || std::find(token.end, next, '\n') == next) break;
      const Token part = token_at(next, in.end());
      if (lower(*at) == 'e') break;
      if (part.kind == TokenKind::unterminated) {
        out.fail(codes::unterminated, out.span(next, next + 1), "this string is never closed");
      }
      if constexpr (acting<A>) {
        skip_gap(token.end, in.end(), [&](const char* begin, const char* end) { out.comment(begin, end); });
      }
      parts.push_back(prefix + std::string(part.text()));
      token = part;
    }
    char escape = '\\';
    if (unicode) {
      const Token word = next_token(token.end, in.end());
      if (word.is_word("uescape")) {
        const Token character = next_token(word.end, in.end());
        if (character.kind == TokenKind::string && character.text().size() == 3) {
          escape = character.begin[1];
          token = character;
        }
      }
    }
    if constexpr (acting<A>) {
      const Span span = out.span(at, token.end);
      std::string value;
      for (const std::string& part : parts) {
        const auto piece = text_value(part, escape);
        if (!piece) out.fail(codes::syntax, span, "the escapes of this string are not valid");
        value += *piece;
      }
      out.string = {std::move(value), span};
    }
    in.bump(static_cast<std::size_t>(token.end - at));
    skip_space<A>(in, out);
    return true;
  }
};

/// A whole number.
struct number {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* at = in.current();
    if (at != in.end() && *at == '-') ++at;
    if (at == in.end() || !is(*at, digit_class)) return false;
    const Token token = token_at(at, in.end());
    long long value = 0;
    const auto [stop, error] = std::from_chars(in.current(), token.end, value);
    if (error != std::errc() || stop != token.end) return false;
    if constexpr (acting<A>) out.number = {value, out.span(in.current(), token.end)};
    in.bump(static_cast<std::size_t>(token.end - in.current()));
    skip_space<A>(in, out);
    return true;
  }
};

/// `10%`, `0.1%`, `20`
struct amount {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const at = in.current();
    if (at == in.end() || !is(*at, digit_class)) return false;
    const Token token = token_at(at, in.end());
    double value = 0;
    const auto [stop, error] = std::from_chars(at, token.end, value, std::chars_format::fixed);
    if (error != std::errc() || stop != token.end) return false;
    const bool percent = token.end != in.end() && *token.end == '%';
    const char* const end = percent ? token.end + 1 : token.end;
    if constexpr (acting<A>) {
      out.amount = {value, percent, {std::string(at, end), out.span(at, end)}};
    }
    in.bump(static_cast<std::size_t>(end - at));
    skip_space<A>(in, out);
    return true;
  }
};

/// SQL up to the token at which `Stop` says so, or to what ends every fragment. Fails when there is none.
template <typename Stop, SqlOptions Options = SqlOptions{}, bool MayBeEmpty = false>
struct sql_until {
  using rule_t = std::conditional_t<MayBeEmpty, nullable, consuming>;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const at = in.current();
    const char* const end = in.end();
    const SqlRange range = scan_sql(
        at, end, out.depth, Options,
        [end](const Token& t, const Token& previous, bool first) { return Stop::stops(t, previous, first, end); });
    if (range.problem != SqlRange::Problem::none) out.fail(range);
    if (range.end == range.begin) {
      if (!MayBeEmpty) return false;
      if constexpr (acting<A>) out.sql = {{}, out.span(at, at)};
      return true;
    }
    if constexpr (acting<A>) out.sql = {std::string(range.begin, range.end), out.span(range.begin, range.end)};
    in.bump(static_cast<std::size_t>(range.end - at));
    skip_space<A>(in, out);
    return true;
  }
};

struct nowhere {
  static bool stops(const Token&, const Token&, bool, const char*) { return false; }
};

/// A declaration at the start of a line: the one before it lacks its `;`.
struct at_next_declaration {
  static bool stops(const Token& token, const Token& previous, bool first, const char* end) {
    return !first && token.kind == TokenKind::word && token.begin[-1] == '\n' && !previous.is_word("as") &&
           starts_declaration(token.begin, end);
  }
};

struct at_comma {
  static bool stops(const Token& token, const Token&, bool, const char*) { return token.is_symbol(','); }
};

/// SQL to the end of the item, or to the bracket that closes around it.
struct sql : sql_until<nowhere> {};

struct sql_or_nothing : sql_until<nowhere, SqlOptions{}, true> {};

struct sql_to_comma : sql_until<at_comma> {};

// ---- what is committed: the construct is known, so these report
// ------------------------------------------------------

struct end_of_item : sym<";"> {};

template <>
inline constexpr std::string_view expected<end_of_item> = "`;`";
template <>
inline constexpr bool ends_item<end_of_item> = true;

struct opened : sym<"("> {};

template <>
inline constexpr std::string_view expected<opened> = "`(`";

struct closed : sym<")"> {};

template <>
inline constexpr std::string_view expected<closed> = "`)`";

struct arrow : sym<"->"> {};

template <>
inline constexpr std::string_view expected<arrow> = "`->`";

struct equals : sym<"="> {};

template <>
inline constexpr std::string_view expected<equals> = "`=`";

struct a_name : name {};

template <>
inline constexpr std::string_view expected<a_name> = "a name";
template <>
inline constexpr bool wants_name<a_name> = true;

struct name_part : label {};

template <>
inline constexpr std::string_view expected<name_part> = "a name after the dot";

struct a_column : name {};

template <>
inline constexpr std::string_view expected<a_column> = "a column";
template <>
inline constexpr bool wants_name<a_column> = true;

struct a_role : name {};

template <>
inline constexpr std::string_view expected<a_role> = "a role";
template <>
inline constexpr bool wants_name<a_role> = true;

struct a_text : text {};

template <>
inline constexpr std::string_view expected<a_text> = "a string such as `'words'`";

struct a_number : number {};

template <>
inline constexpr std::string_view expected<a_number> = "a whole number";

struct an_amount : amount {};

template <>
inline constexpr std::string_view expected<an_amount> = "an amount such as `20` or `0.1%`";

struct an_expression : sql {};

template <>
inline constexpr std::string_view expected<an_expression> = "an SQL expression";

/// `name` or `schema.name`
struct qualified_first : name {};

struct qualified_second : peg::seq<sym<".">, name_part> {};

struct qualified : peg::seq<qualified_first, peg::opt<qualified_second>> {};

template <>
struct on<qualified_first> {
  static void apply0(Builder& out) {
    const Span span = out.name.span;
    out.qualified = {std::nullopt, std::move(out.name), span};
  }
};

template <>
struct on<qualified_second> {
  static void apply0(Builder& out) {
    out.qualified.schema = std::move(out.qualified.name);
    out.qualified.span.end = out.name.span.end;
    out.qualified.name = std::move(out.name);
  }
};

struct a_qualified : qualified {};

template <>
inline constexpr std::string_view expected<a_qualified> = "a name";
template <>
inline constexpr bool wants_name<a_qualified> = true;

struct a_table : qualified {};

template <>
inline constexpr std::string_view expected<a_table> = "a table";
template <>
inline constexpr bool wants_name<a_table> = true;

/// `a, b` in `names`
template <typename Entry>
struct names_clear : peg::success {};

template <typename Entry>
struct listed : peg::seq<Entry> {};

template <typename Entry>
struct on<names_clear<Entry>> {
  static void apply0(Builder& out) { out.names.clear(); }
};

template <typename Entry>
struct on<listed<Entry>> {
  static void apply0(Builder& out) { out.names.push_back(std::move(out.name)); }
};

template <typename Entry>
struct names : peg::seq<names_clear<Entry>, peg::list<listed<Entry>, comma>> {};

/// `(a, b)`, committed or not at its bracket
struct columns : peg::seq<open_paren, names<a_column>, closed> {};

struct some_columns : peg::seq<opened, names<a_column>, closed> {};

/// `( SQL )`
struct in_parens : peg::seq<open_paren, an_expression, closed> {};

struct an_expression_in_parens : peg::seq<opened, an_expression, closed> {};

struct maybe_in_parens : peg::seq<open_paren, sql_or_nothing, closed> {};

/// `column = expression, …` in `assignments`
struct assignments_clear : peg::success {};

struct assigned_value : sql_to_comma {};

template <>
inline constexpr std::string_view expected<assigned_value> = "an SQL expression";

struct assigned_column : a_column {};

template <>
inline constexpr std::string_view expected<assigned_column> = "a column";
template <>
inline constexpr bool wants_name<assigned_column> = true;

struct assignment : peg::seq<assigned_column, equals, assigned_value> {};

struct assignments : peg::seq<assignments_clear, peg::list<assignment, comma>> {};

template <>
struct on<assignments_clear> {
  static void apply0(Builder& out) { out.assignments.clear(); }
};

template <>
struct on<assigned_column> {
  static void apply0(Builder& out) { out.assignments.push_back({std::move(out.name), {}}); }
};

template <>
struct on<assigned_value> {
  static void apply0(Builder& out) { out.assignments.back().value = std::move(out.sql); }
};

// ---- blocks
// ----------------------------------------------------------------------------------------------------------

struct open_brace : sym<"{"> {};

struct a_block_begin : sym<"{"> {};

template <>
inline constexpr std::string_view expected<a_block_begin> = "`{`";
template <>
inline constexpr bool begins_block<a_block_begin> = true;

/// Moves the input to a place behind a mistake.
template <peg::apply_mode A, typename Input>
void go_to(Input& in, Builder& out, std::uint32_t place) {
  in.restart();
  in.bump(place);
  out.token_end = place;
  skip_space<A>(in, out);
}

/// Items up to the closing brace (and a `;` behind it, if any). A mistake costs one item.
template <typename Item>
struct items {
  using rule_t = typename peg::seq<peg::star<Item>, sym<"}">>::rule_t;
  using subs_t = peg::type_list<peg::star<Item>, sym<"}">>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& out) {
    const std::uint32_t brace = out.token_end - 1;
    if (out.depth >= max_nesting) {
      out.fail(codes::nesting_too_deep, out.span(brace, brace + 1), "blocks are nested deeper than 200",
               "no construct needs that many: close the blocks that are open");
    }
    ++out.depth;
    const std::uint32_t outer_item = out.item_begin;
    const std::size_t open_partitions = out.partitions.size();
    while (!out.leave_blocks) {
      const auto begin = static_cast<std::uint32_t>(in.byte());
      if (in.current() == in.end()) {
        ++out.mistakes;
        out.diagnostics.add(codes::unterminated, out.span(brace, brace + 1), "this `{{` is never closed");
        break;
      }
      if (*in.current() == '}') {
        in.bump(1);
        skip_space<A>(in, out);
        if (in.current() != in.end() && *in.current() == ';') {
          in.bump(1);
          skip_space<A>(in, out);
        }
        break;
      }
      out.item_begin = begin;
      const std::size_t depth = out.depth;
      try {
        if (!Control<Item>::template match<A, M, Action, Control>(in, out)) break;
      } catch (const Mistake& mistake) {
        out.depth = depth;
        out.partitions.resize(open_partitions);
        go_to<A>(in, out, out.recover(mistake, begin, true));
      }
    }
    --out.depth;
    out.item_begin = outer_item;
    return true;
  }
};

/// `{ items }`
template <typename Item>
struct block : peg::seq<a_block_begin, items<Item>> {};

}  // namespace godwit::grammar
