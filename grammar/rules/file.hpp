// SPDX-License-Identifier: Apache-2.0
// A whole file: the header and the declarations, in any order. (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

struct declaration : peg::sor<new_table, foreign_table, definition, header, alter_table, schema, extension, enumeration,
                              grant_declaration, revoke_declaration, comment_on, owner_of, rows, rename, drop,
                              change_column, move, backfill, extract, rebuild, check, escape> {};

template <>
inline constexpr std::string_view expected<declaration> = "a declaration";
template <>
inline constexpr const Words* wanted_words<declaration> = &declaration_words;

/// Declarations up to the end of the text. A mistake costs one declaration.
struct declarations {
  using rule_t = typename peg::seq<peg::star<declaration>, peg::eof>::rule_t;
  using subs_t = peg::type_list<peg::star<declaration>, peg::eof>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& out) {
    while (in.current() != in.end()) {
      const auto begin = static_cast<std::uint32_t>(in.byte());
      out.item_begin = begin;
      out.leave_blocks = false;
      out.mistakes_at_item = out.mistakes;
      try {
        if (!Control<declaration>::template match<A, M, Action, Control>(in, out)) break;
        if (out.leave_blocks && out.too_many()) break;
      } catch (const Mistake& mistake) {
        out.depth = 0;
        out.partitions.clear();
        go_to<A>(in, out, out.recover(mistake, begin, false));
      }
    }
    return true;
  }
};

struct leading_gap {
  using rule_t = nullable;
  using subs_t = peg::type_list<>;

  template <peg::apply_mode A, peg::rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, Builder& out) {
    skip_space<A>(in, out);
    return true;
  }
};

struct file : peg::seq<leading_gap, declarations> {};

}  // namespace godwit::grammar
