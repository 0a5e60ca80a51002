// SPDX-License-Identifier: Apache-2.0
// How a grant, comment, owner, rename or drop names an object: `table app.t`, `function app.f(integer)`,
// `constraint c on app.t`, `cast (a as b)`. (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

/// The words of a kind, when a name follows (so that a table may be called `schema`).
struct object_kind {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  /// Behind the words of `kind`, or null.
  static const char* behind(std::string_view kind, const char* at, const char* end) {
    for (;;) {
      const auto space = kind.find(' ');
      const Token token = token_at(at, end);
      if (!token.is_word(kind.substr(0, space))) return nullptr;
      at = token.end;
      if (space == std::string_view::npos) return at;
      kind.remove_prefix(space + 1);
      at = skip_gap(at, end);
    }
  }

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    if (in.current() == in.end() || !is(*in.current(), word_start_class)) return false;
    for (const std::string_view kind : object_kinds) {
      const char* const after = behind(kind, in.current(), in.end());
      if (after == nullptr) continue;
      const Token next = next_token(after, in.end());
      const bool named = next.kind == TokenKind::quoted_word ||
                         (next.kind == TokenKind::word && !is_reserved(*identifier_value(next.text()))) ||
                         (kind == "cast" && next.is_symbol('(')) ||
                         (kind == "operator" && next.kind == TokenKind::symbol && !next.is_symbol(';') &&
                          !next.is_symbol(',') && !next.is_symbol('.'));
      if (!named) continue;
      if constexpr (acting<A>) {
        out.object = {};
        out.object.kind = {std::string(kind), out.span(in.current(), after)};
      }
      in.bump(static_cast<std::size_t>(after - in.current()));
      skip_space<A>(in, out);
      return true;
    }
    return false;
  }
};

enum class ObjectForm { plain, routine, cast, operator_, part };

/// Goes on only when the kind read last is named in this form.
template <ObjectForm Form>
struct named_as {
  using rule_t = nullable;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input&, Builder& out) {
    const std::string_view kind = out.object.kind.text;
    const ObjectForm form =
        kind == "cast"                                                                          ? ObjectForm::cast
        : kind == "operator"                                                                    ? ObjectForm::operator_
        : kind == "function" || kind == "procedure" || kind == "routine" || kind == "aggregate" ? ObjectForm::routine
        : kind == "constraint" || kind == "trigger" || kind == "policy" || kind == "rule"       ? ObjectForm::part
                                                                                                : ObjectForm::plain;
    return form == Form;
  }
};

/// `===`, as an operator's name
struct operator_symbol {
  using rule_t = consuming;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    constexpr std::string_view characters = "+-*/<>=~!@#%^&|`?";
    const char* const begin = in.current();
    const char* at = begin;
    while (at != in.end() && characters.find(*at) != std::string_view::npos) ++at;
    if (at == begin) return false;
    if constexpr (acting<A>) out.name = {std::string(begin, at), out.span(begin, at)};
    in.bump(static_cast<std::size_t>(at - begin));
    skip_space<A>(in, out);
    return true;
  }
};

struct an_operator : operator_symbol {};

template <>
inline constexpr std::string_view expected<an_operator> = "an operator";

struct path_part : name {};

struct path_next : name_part {};

template <>
inline constexpr std::string_view expected<path_part> = "a name";
template <>
inline constexpr bool wants_name<path_part> = true;
template <>
inline constexpr std::string_view expected<path_next> = "a name after the dot";

struct path_operator : an_operator {};

template <>
inline constexpr std::string_view expected<path_operator> = "an operator";

struct object_path : peg::seq<path_part, peg::opt<sym<".">, path_next, peg::opt<sym<".">, path_next>>> {};

struct operator_path : peg::seq<peg::opt<peg::at<name, sym<".">>, path_part, sym<".">>, path_operator> {};

struct no_kind : peg::success {};  // the kind is `table`

struct same_kind : peg::success {};  // the kind of the object before

struct object_on_table : qualified {};

struct object_on : peg::seq<kw<"on">, object_on_table> {};

struct object_arguments : maybe_in_parens {};

struct cast_types : sql {};

struct cast_name : peg::seq<named_as<ObjectForm::cast>, opened, cast_types, closed> {};

struct named_object
    : peg::sor<cast_name, peg::seq<named_as<ObjectForm::operator_>, operator_path, peg::opt<object_arguments>>,
               peg::seq<named_as<ObjectForm::routine>, object_path, peg::opt<object_arguments>>,
               peg::seq<named_as<ObjectForm::part>, object_path, peg::opt<object_on>>, object_path> {};

struct an_object_kind : object_kind {};

template <>
inline constexpr std::string_view expected<an_object_kind> = "a kind of object, such as `table`, and a name";
template <>
inline constexpr const Words* wanted_words<an_object_kind> = &object_words;

struct object_done : peg::success {};

/// `table app.t` in `object`
struct object : peg::seq<an_object_kind, named_object, object_done> {};

/// `table a, b` and `function f(integer), g(text)` in `objects`
struct objects_clear : peg::success {};

struct object_in_list : peg::success {};

struct next_object : peg::seq<peg::sor<object_kind, same_kind>, named_object, object_done, object_in_list> {};

struct objects : peg::seq<objects_clear, an_object_kind, named_object, object_done, object_in_list,
                          peg::star<comma, next_object>> {};

struct objects_or_tables : peg::seq<objects_clear, peg::sor<object_kind, no_kind>, named_object, object_done,
                                    object_in_list, peg::star<comma, next_object>> {};

template <>
struct on<no_kind> {
  static void apply0(Builder& out) {
    out.object = {};
    out.object.kind = {"table", out.span(out.gap_end, out.gap_end)};
  }
};

template <>
struct on<same_kind> {
  static void apply0(Builder& out) {
    ast::Name kind = std::move(out.object.kind);
    kind.span = out.span(out.gap_end, out.gap_end);
    out.object = {};
    out.object.kind = std::move(kind);
  }
};

template <>
struct on<path_part> {
  static void apply0(Builder& out) { out.object.path.push_back(std::move(out.name)); }
};

template <>
struct on<path_next> : on<path_part> {};

template <>
struct on<path_operator> : on<path_part> {};

template <>
struct on<object_arguments> {
  static void apply0(Builder& out) { out.object.arguments = std::move(out.sql); }
};

template <>
struct on<cast_types> {
  static void apply0(Builder& out) { out.object.arguments = std::move(out.sql); }
};

template <>
struct on<object_on_table> {
  static void apply0(Builder& out) { out.object.on = std::move(out.qualified); }
};

template <>
inline constexpr std::string_view expected<object_on_table> = "a table";

template <>
struct on<object_done> {
  static void apply0(Builder& out) {
    const std::uint32_t begin = out.object.kind.span.begin;
    out.object.span = out.span(begin, out.token_end);
  }
};

template <>
struct on<objects_clear> {
  static void apply0(Builder& out) { out.objects.clear(); }
};

template <>
struct on<object_in_list> {
  static void apply0(Builder& out) { out.objects.push_back(out.object); }
};

}  // namespace godwit::grammar
