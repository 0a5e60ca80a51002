// SPDX-License-Identifier: Apache-2.0
// `migration 'title' { requires postgres >= 14; after 20250910000002_agents; … }` (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

/// `3s`, `500ms`, `48h`, `1h30m`, `0`
struct duration {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const at = in.current();
    if (at == in.end() || !is(*at, digit_class)) return false;
    const Token token = token_at(at, in.end());
    if constexpr (acting<A>) out.string = {std::string(token.text()), out.span(token.begin, token.end)};
    in.bump(token.text().size());
    skip_space<A>(in, out);
    return true;
  }
};

struct a_duration : duration {};

template <>
inline constexpr std::string_view expected<a_duration> = "a duration such as `3s` or `48h`";

/// The name of a spec file without `.gw`: letters, digits, `_`, `.` and `-`, in its own case; or quoted.
struct migration_id {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    const char* const at = in.current();
    const char* end = at;
    if (at != in.end() && *at == '"') {
      const Token token = token_at(at, in.end());
      if (token.kind == TokenKind::unterminated) {
        out.fail(codes::unterminated, out.span(at, at + 1), "this quoted name is never closed");
      }
      end = token.end;
      if constexpr (acting<A>) out.name = {*identifier_value(token.text()), out.span(at, end)};
    } else {
      while (end != in.end() &&
             (is(*end, word_class) || *end == '.' || (*end == '-' && in.end() - end > 1 && is(end[1], word_class)))) {
        ++end;
      }
      if (end == at) return false;
      if constexpr (acting<A>) out.name = {std::string(at, end), out.span(at, end)};
    }
    in.bump(static_cast<std::size_t>(end - at));
    skip_space<A>(in, out);
    return true;
  }
};

struct a_migration : migration_id {};

template <>
inline constexpr std::string_view expected<a_migration> = "the id of a migration";

struct at_least_version : sym<">="> {};

template <>
inline constexpr std::string_view expected<at_least_version> = "`>=` and a version";

struct requires_postgres : peg::seq<kw<"postgres">, at_least_version, a_number> {};

struct required_extension : a_name {};

template <>
inline constexpr std::string_view expected<required_extension> = "an extension";
template <>
inline constexpr bool wants_name<required_extension> = true;

struct requires_extension : peg::seq<kw<"extension">, peg::list<required_extension, comma>> {};

struct required : peg::sor<requires_postgres, requires_extension> {};

template <>
inline constexpr std::string_view expected<required> = "`postgres >= …` or `extension …`";
inline const Words required_words = {"postgres", "extension"};
template <>
inline constexpr const Words* wanted_words<required> = &required_words;

struct header_requires : peg::seq<kw<"requires">, required, end_of_item> {};

struct after_ids : names<a_migration> {};

struct header_after : peg::seq<kw<"after">, after_ids, end_of_item> {};

struct transaction_auto : kw<"auto"> {};

struct transaction_single : kw<"single"> {};

struct transaction_phased : kw<"phased"> {};

struct transaction_mode : peg::sor<transaction_auto, transaction_single, transaction_phased> {};

template <>
inline constexpr std::string_view expected<transaction_mode> = "`auto`, `single` or `phased`";
inline const Words transaction_words = {"auto", "single", "phased"};
template <>
inline constexpr const Words* wanted_words<transaction_mode> = &transaction_words;

struct header_transaction : peg::seq<kw<"transaction">, transaction_mode, end_of_item> {};

struct lock_timeout_word : kw<"timeout"> {};

template <>
inline constexpr std::string_view expected<lock_timeout_word> = "`timeout` after `lock`";

struct lock_timeout : a_duration {};

template <>
inline constexpr std::string_view expected<lock_timeout> = "a duration such as `3s`";

struct lock_retry : peg::seq<kw<"retry">, a_number> {};

struct header_lock : peg::seq<kw<"lock">, lock_timeout_word, lock_timeout, peg::opt<lock_retry>, end_of_item> {};

struct rollback_window_word : kw<"window"> {};

template <>
inline constexpr std::string_view expected<rollback_window_word> = "`window` after `rollback`";

struct header_window : peg::seq<kw<"rollback">, rollback_window_word, a_duration, end_of_item> {};

struct search_path_word : kw<"path"> {};

template <>
inline constexpr std::string_view expected<search_path_word> = "`path` after `search`";

struct a_schema : a_name {};

template <>
inline constexpr std::string_view expected<a_schema> = "a schema";
template <>
inline constexpr bool wants_name<a_schema> = true;

struct header_search_path : peg::seq<kw<"search">, search_path_word, names<a_schema>, end_of_item> {};

struct header_baseline : peg::seq<kw<"baseline">, end_of_item> {};

struct header_item : peg::sor<header_requires, header_after, header_transaction, header_lock, header_window,
                              header_search_path, header_baseline> {};

template <>
inline constexpr std::string_view expected<header_item> = "a setting of the migration or `}`";
inline const Words header_words = {"requires", "after", "transaction", "lock", "rollback", "search", "baseline"};
template <>
inline constexpr const Words* wanted_words<header_item> = &header_words;

struct header_begin : peg::success {};

struct header_title : text {};

struct header : peg::seq<kw<"migration">, header_begin, peg::opt<header_title>, block<header_item>> {};

template <>
struct on<header_begin> {
  static void apply0(Builder& out) { out.header = {}; }
};

template <>
struct on<header_title> {
  static void apply0(Builder& out) { out.header.title = std::move(out.string); }
};

template <>
struct on<requires_postgres> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.header.requires_postgres, std::move(out.number), "requires postgres", out.offset(in.begin()));
  }
};

template <>
struct on<required_extension> {
  static void apply0(Builder& out) {
    const Span span = out.name.span;
    out.header.required_extensions.push_back({std::move(out.name), span});
  }
};

template <>
struct on<after_ids> {
  static void apply0(Builder& out) {
    for (ast::Name& id : out.names) out.header.after.push_back(std::move(id));
  }
};

template <>
struct on<transaction_mode> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    const char first = lower(*in.begin());
    if (out.header.transaction) out.repeated("transaction", begin);
    out.header.transaction = first == 'a'   ? ast::Transaction::automatic
                             : first == 's' ? ast::Transaction::single
                                            : ast::Transaction::phased;
    out.header.transaction_span = out.span(begin, out.token_end);
  }
};

template <>
struct on<lock_timeout> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.header.lock_timeout, std::move(out.string), "lock timeout", out.offset(in.begin()));
  }
};

template <>
struct on<lock_retry> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.header.lock_retries, std::move(out.number), "retry", out.offset(in.begin()));
  }
};

template <>
struct on<header_window> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.header.rollback_window, std::move(out.string), "rollback window", out.offset(in.begin()));
  }
};

template <>
struct on<header_search_path> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.header.search_path, std::move(out.names), "search path", out.offset(in.begin()));
  }
};

template <>
struct on<header_baseline> {
  static void apply(const auto& in, Builder& out) {
    if (out.header.baseline) out.repeated("baseline", out.offset(in.begin()));
    out.header.baseline = true;
  }
};

template <>
struct on<header> {
  static void apply(const auto& in, Builder& out) {
    const std::uint32_t begin = out.offset(in.begin());
    out.header.span = out.span(begin, out.token_end);
    if (out.file.header || !out.file.declarations.empty()) {
      ++out.mistakes;
      auto report =
          out.diagnostics.add(codes::header_not_first, out.span(begin, begin + 9), "{}",
                              out.file.header ? "a file has one header" : "the header stands first in its file");
      if (out.file.header) report.note(out.file.header->span, "the header is here");
      if (out.file.header) return;
    }
    out.file.header = std::move(out.header);
  }
};

}  // namespace godwit::grammar
