// SPDX-License-Identifier: Apache-2.0
// `check 'title' before warn { at most 1% of app.users where …; }` and the escape hatch `sql 'title' { up …; down …;
// }`. (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct check_title : text {};

struct check_before : kw<"before"> {};

struct check_after : kw<"after"> {};

struct check_warn : kw<"warn"> {};

struct check_fail : kw<"fail"> {};

struct count_of : kw<"of"> {};

template <>
inline constexpr std::string_view expected<count_of> = "`of` and a table or query";

struct count_none : kw<"none"> {};

struct count_at_most : kws<"at", "most"> {};

struct count_at_least : kws<"at", "least"> {};

struct count_amount : an_amount {};

template <>
inline constexpr std::string_view expected<count_amount> = "an amount such as `20` or `0.1%`";

struct count_how : peg::sor<count_none, peg::seq<peg::sor<count_at_most, count_at_least>, count_amount>> {};

struct count_where : peg::seq<kw<"where">, an_expression> {};

struct count_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<count_end> = "`where` or `;`";
inline const Words count_words = {"where"};
template <>
inline constexpr const Words* wanted_words<count_end> = &count_words;
template <>
inline constexpr bool ends_item<count_end> = true;

struct count_condition : peg::seq<count_how, count_of, source, peg::opt<count_where>, count_end> {};

struct unchanged_condition : peg::seq<kw<"unchanged">, an_expression_in_parens, end_of_item> {};

struct that_condition : peg::seq<kw<"that">, an_expression_in_parens, end_of_item> {};

struct condition : peg::sor<count_condition, unchanged_condition, that_condition> {};

template <>
inline constexpr std::string_view expected<condition> =
    "`none of`, `at most … of`, `at least … of`, `unchanged (query)` or `that (expression)`";
inline const Words condition_words = {"none", "at", "unchanged", "that"};
template <>
inline constexpr const Words* wanted_words<condition> = &condition_words;

struct check_close : sym<"}"> {};

template <>
inline constexpr std::string_view expected<check_close> = "`}`: a check has one condition";

struct check_brace : sym<"{"> {};

template <>
inline constexpr std::string_view expected<check_brace> = "`before`, `after`, `warn`, `fail` or `{`";
inline const Words check_words = {"before", "after", "warn", "fail"};
template <>
inline constexpr const Words* wanted_words<check_brace> = &check_words;

struct check_title_wanted : check_title {};

template <>
inline constexpr std::string_view expected<check_title_wanted> = "the title of the check, such as `'no orphans'`";

struct check
    : peg::seq<kw<"check">, check_title_wanted, peg::opt<peg::sor<check_before, check_after>>,
               peg::opt<peg::sor<check_warn, check_fail>>, check_brace, condition, check_close, peg::opt<sym<";">>> {};

template <>
struct on<check_title_wanted> {
  static void apply0(Builder& out) {
    out.check = {};
    out.check.title = std::move(out.string);
    out.count = {};
  }
};

template <>
struct on<check_before> {
  static void apply0(Builder& out) { out.check.when = ast::Check::When::before; }
};

template <>
struct on<check_after> {
  static void apply0(Builder& out) { out.check.when = ast::Check::When::after; }
};

template <>
struct on<check_warn> {
  static void apply0(Builder& out) { out.check.warn = true; }
};

template <>
struct on<count_at_most> {
  static void apply0(Builder& out) { out.count.comparison = ast::CountCondition::Comparison::at_most; }
};

template <>
struct on<count_at_least> {
  static void apply0(Builder& out) { out.count.comparison = ast::CountCondition::Comparison::at_least; }
};

template <>
struct on<count_amount> {
  static void apply0(Builder& out) { out.count.amount = std::move(out.amount); }
};

template <>
struct on<count_where> {
  static void apply0(Builder& out) { out.count.where = std::move(out.sql); }
};

template <>
struct on<count_condition> {
  static void apply0(Builder& out) {
    out.count.of = std::move(out.source);
    out.check.condition = std::move(out.count);
  }
};

template <>
struct on<unchanged_condition> {
  static void apply0(Builder& out) { out.check.condition = ast::UnchangedCondition{std::move(out.sql)}; }
};

template <>
struct on<that_condition> {
  static void apply0(Builder& out) { out.check.condition = ast::ThatCondition{std::move(out.sql)}; }
};

template <>
struct on<check> {
  static void apply(const auto& in, Builder& out) {
    out.check.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.check));
  }
};

// sql 'title' [after|before table app.events, …] { up $$ … $$; down $$ … $$; }

/// What stands between dollar quotes, as written.
struct dollar_body {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const std::size_t tag = dollar_tag(in.current(), in.end());
    if (tag == 0) return false;
    const Token token = token_at(in.current(), in.end());
    if (token.kind == TokenKind::unterminated) {
      out.fail(codes::unterminated, out.span(token.begin, token.begin + tag), "this dollar quote is never closed");
    }
    if constexpr (acting<A>) {
      out.sql = {std::string(token.begin + tag, token.end - tag), out.span(token.begin + tag, token.end - tag)};
    }
    in.bump(token.text().size());
    skip_space<A>(in, out);
    return true;
  }
};

struct escape_body : dollar_body {};

template <>
inline constexpr std::string_view expected<escape_body> = "SQL in dollar quotes: `$$ … $$`";

struct escape_title : text {};

template <>
inline constexpr std::string_view expected<escape_title> = "a title such as `'partman setup'`";

struct escape_after_objects : objects {};

struct escape_before_objects : objects {};

struct escape_after : peg::seq<kw<"after">, escape_after_objects> {};

struct escape_before : peg::seq<kw<"before">, escape_before_objects> {};

struct escape_up : peg::seq<kw<"up">, escape_body, end_of_item> {};

struct escape_down : peg::seq<kw<"down">, escape_body, end_of_item> {};

struct escape_irreversible : peg::seq<kw<"irreversible">, end_of_item> {};

struct escape_item : peg::sor<escape_up, escape_down, escape_irreversible> {};

template <>
inline constexpr std::string_view expected<escape_item> = "`up`, `down`, `irreversible` or `}`";
inline const Words escape_words = {"up", "down", "irreversible"};
template <>
inline constexpr const Words* wanted_words<escape_item> = &escape_words;

struct escape_brace : sym<"{"> {};

template <>
inline constexpr std::string_view expected<escape_brace> = "`after`, `before` or `{`";
inline const Words escape_place_words = {"after", "before"};
template <>
inline constexpr const Words* wanted_words<escape_brace> = &escape_place_words;

struct escape : peg::seq<kw<"sql">, escape_title, peg::star<peg::sor<escape_after, escape_before>>, escape_brace,
                         items<escape_item>> {};

template <>
struct on<escape_title> {
  static void apply0(Builder& out) {
    out.escape = {};
    out.escape.title = std::move(out.string);
    out.escape_up_seen = false;
  }
};

template <>
struct on<escape_after_objects> {
  static void apply0(Builder& out) {
    out.escape.after.insert(out.escape.after.end(), out.objects.begin(), out.objects.end());
  }
};

template <>
struct on<escape_before_objects> {
  static void apply0(Builder& out) {
    out.escape.before.insert(out.escape.before.end(), out.objects.begin(), out.objects.end());
  }
};

template <>
struct on<escape_up> {
  static void apply(const auto& in, Builder& out) {
    if (out.escape_up_seen) return out.repeated("up", out.offset(in.begin()));
    out.escape_up_seen = true;
    out.escape.up = std::move(out.sql);
  }
};

template <>
struct on<escape_down> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.escape.down, std::move(out.sql), "down", out.offset(in.begin()));
  }
};

template <>
struct on<escape_irreversible> {
  static void apply(const auto& in, Builder& out) {
    if (out.escape.irreversible) out.repeated("irreversible", out.offset(in.begin()));
    out.escape.irreversible = true;
  }
};

template <>
struct on<escape> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.escape.span = out.span(begin, out.token_end);
    if (out.mistakes == out.mistakes_at_item) {
      const char* const wrong = !out.escape_up_seen ? "`up` is missing"
                                : out.escape.down && out.escape.irreversible
                                    ? "`down` and `irreversible` exclude each other"
                                    : nullptr;
      if (wrong != nullptr) {
        ++out.mistakes;
        out.diagnostics.add(codes::syntax, out.escape.title.span, "{}", wrong);
      }
    }
    out.add(std::move(out.escape));
  }
};

}  // namespace godwit::grammar
