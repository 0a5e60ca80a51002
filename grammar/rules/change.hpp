// SPDX-License-Identifier: Apache-2.0
// Declarations about objects that exist: rename, drop, change column, rebuild, comment on, owner of.
// (included by grammar/parse.cpp alone)
#pragma once

namespace godwit::grammar {

// comment on table app.t 'words';

struct comment_on : peg::seq<kws<"comment", "on">, object, peg::opt<kw<"is">>, a_text, end_of_item> {};

template <>
struct on<comment_on> {
  static void apply(const auto& in, Builder& out) {
    const Span span = out.span(out.offset(in.begin()), out.token_end);
    out.add(ast::Comment{std::move(out.object), std::move(out.string), span});
  }
};

// owner of function app.f() to r;

struct owner_of_to : kw<"to"> {};

template <>
inline constexpr std::string_view expected<owner_of_to> = "`to` and a role";

struct owner_of : peg::seq<kws<"owner", "of">, object, owner_of_to, a_role, end_of_item> {};

template <>
struct on<owner_of> {
  static void apply(const auto& in, Builder& out) {
    const Span span = out.span(out.offset(in.begin()), out.token_end);
    out.add(ast::Owner{std::move(out.object), std::move(out.name), span});
  }
};

// rename value app.stage 'won' -> 'closed_won';

struct renamed_value_type : a_qualified {};

template <>
inline constexpr std::string_view expected<renamed_value_type> = "an enum";
template <>
inline constexpr bool wants_name<renamed_value_type> = true;

struct renamed_from : a_text {};

template <>
inline constexpr std::string_view expected<renamed_from> = "a value such as `'won'`";

struct value_ahead : peg::at<kw<"value">, qualified, text> {};

struct rename_value : peg::seq<value_ahead, kw<"value">, renamed_value_type, renamed_from, arrow, a_text, end_of_item> {
};

template <>
struct on<renamed_value_type> {
  static void apply0(Builder& out) { out.rename_value = {std::move(out.qualified), {}, {}, {}}; }
};

template <>
struct on<renamed_from> {
  static void apply0(Builder& out) { out.rename_value.from = std::move(out.string); }
};

// rename table a.b -> c [{ keep view b; keep names; keep in step; }];

struct rename_to : a_name {};

template <>
inline constexpr std::string_view expected<rename_to> = "the new name";
template <>
inline constexpr bool wants_name<rename_to> = true;

struct keep_view : peg::seq<kws<"keep", "view">, a_name> {};

struct keep_names : kws<"keep", "names"> {};

struct keep_in_step : kws<"keep", "in", "step"> {};

struct rename_option : peg::seq<peg::sor<keep_view, keep_names, keep_in_step>, end_of_item> {};

template <>
inline constexpr std::string_view expected<rename_option> = "`keep view`, `keep names`, `keep in step` or `}`";

struct rename_end : peg::sor<sym<";">, peg::seq<open_brace, items<rename_option>>> {};

template <>
inline constexpr std::string_view expected<rename_end> = "`;` or `{`";
template <>
inline constexpr bool ends_item<rename_end> = true;

struct rename_begin : peg::success {};

struct rename_object : peg::seq<object, arrow, rename_to, rename_begin, rename_end> {};

struct rename_rest : peg::sor<rename_value, rename_object> {};

struct rename : peg::seq<kw<"rename">, rename_rest> {};

template <>
struct on<rename_begin> {
  static void apply0(Builder& out) {
    out.rename = {};
    out.rename.object = std::move(out.object);
    out.rename.to = std::move(out.name);
  }
};

template <>
struct on<keep_view> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.rename.keep_view, std::move(out.name), "keep view", out.offset(in.begin()));
  }
};

template <>
struct on<keep_names> {
  static void apply(const auto& in, Builder& out) {
    if (out.rename.keep_names) out.repeated("keep names", out.offset(in.begin()));
    out.rename.keep_names = true;
  }
};

template <>
struct on<keep_in_step> {
  static void apply(const auto& in, Builder& out) {
    if (out.rename.keep_in_step) out.repeated("keep in step", out.offset(in.begin()));
    out.rename.keep_in_step = true;
  }
};

template <>
struct on<rename_value> {
  static void apply(const auto&, Builder& out) {
    out.rename_value.to = std::move(out.string);
    out.rename_value.span = out.span(out.item_begin, out.token_end);
    out.add(std::move(out.rename_value));
  }
};

template <>
struct on<rename_object> {
  static void apply0(Builder& out) {
    out.rename.span = out.span(out.item_begin, out.token_end);
    out.add(std::move(out.rename));
  }
};

// drop value app.stage 'lost_old' using 'lost';

struct dropped_value : a_text {};

template <>
inline constexpr std::string_view expected<dropped_value> = "a value such as `'lost'`";

struct dropped_value_type : a_qualified {};

template <>
inline constexpr std::string_view expected<dropped_value_type> = "an enum";
template <>
inline constexpr bool wants_name<dropped_value_type> = true;

struct value_replacement : peg::seq<kw<"using">, a_text> {};

struct drop_value_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<drop_value_end> = "`using` or `;`";
inline const Words drop_value_words = {"using"};
template <>
inline constexpr const Words* wanted_words<drop_value_end> = &drop_value_words;
template <>
inline constexpr bool ends_item<drop_value_end> = true;

struct drop_value : peg::seq<value_ahead, kw<"value">, dropped_value_type, dropped_value, peg::opt<value_replacement>,
                             drop_value_end> {};

template <>
struct on<dropped_value_type> {
  static void apply0(Builder& out) { out.drop_value = {std::move(out.qualified), {}, std::nullopt, {}}; }
};

template <>
struct on<dropped_value> {
  static void apply0(Builder& out) { out.drop_value.value = std::move(out.string); }
};

template <>
struct on<value_replacement> {
  static void apply0(Builder& out) { out.drop_value.replacement = std::move(out.string); }
};

template <>
struct on<drop_value> {
  static void apply0(Builder& out) {
    out.drop_value.span = out.span(out.item_begin, out.token_end);
    out.add(std::move(out.drop_value));
  }
};

// drop column a.b, c.d [keep archive] [irreversible];

struct drop_objects : objects {};

struct drop_irreversible : kw<"irreversible"> {};

struct drop_keep_archive : kws<"keep", "archive"> {};

struct drop_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<drop_end> = "`keep archive`, `irreversible` or `;`";
inline const Words drop_words = {"keep", "irreversible"};
template <>
inline constexpr const Words* wanted_words<drop_end> = &drop_words;
template <>
inline constexpr bool ends_item<drop_end> = true;

struct drop_rest : peg::seq<drop_objects, peg::star<peg::sor<drop_irreversible, drop_keep_archive>>, drop_end> {};

struct drop : peg::seq<kw<"drop">, peg::sor<drop_value, drop_rest>> {};

template <>
struct on<drop_objects> {
  static void apply0(Builder& out) {
    out.drop = {};
    out.drop.objects = std::move(out.objects);
  }
};

template <>
struct on<drop_irreversible> {
  static void apply(const auto& in, Builder& out) {
    if (out.drop.irreversible) out.repeated("irreversible", out.offset(in.begin()));
    out.drop.irreversible = true;
  }
};

template <>
struct on<drop_keep_archive> {
  static void apply(const auto& in, Builder& out) {
    if (out.drop.keep_archive) out.repeated("keep archive", out.offset(in.begin()));
    out.drop.keep_archive = true;
  }
};

template <>
struct on<drop_rest> {
  static void apply0(Builder& out) {
    out.drop.span = out.span(out.item_begin, out.token_end);
    out.add(std::move(out.drop));
  }
};

// change column t.c to bigint using c::bigint reverse using c::integer;

struct changed_column : peg::seq<object_path> {};

struct change_column_word : kw<"column"> {};

template <>
inline constexpr std::string_view expected<change_column_word> = "`column` after `change`";

struct change_to : kw<"to"> {};

template <>
inline constexpr std::string_view expected<change_to> = "`to` and a type";

struct changed_type : type {};

template <>
inline constexpr std::string_view expected<changed_type> = "a type such as `bigint`";

struct change_using : peg::seq<kw<"using">, clause_expression> {};

struct change_reverse : peg::seq<kw<"reverse">, using_word, clause_expression> {};

struct change_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<change_end> = "`using`, `reverse using` or `;`";
inline const Words change_words = {"using", "reverse"};
template <>
inline constexpr const Words* wanted_words<change_end> = &change_words;
template <>
inline constexpr bool ends_item<change_end> = true;

struct change_begin : peg::success {};

struct change_column : peg::seq<kw<"change">, change_column_word, change_begin, changed_column, change_to, changed_type,
                                peg::star<peg::sor<change_using, change_reverse>>, change_end> {};

template <>
struct on<change_begin> {
  static void apply0(Builder& out) {
    out.change_column = {};
    out.object = {};
  }
};

template <>
struct on<changed_column> {
  static void apply(const auto& in, Builder& out) {
    std::vector<ast::Name>& path = out.object.path;
    if (path.size() < 2) {
      out.fail(codes::syntax, out.span(in.begin(), out.at(out.token_end)), "expected `table.column`");
    }
    out.change_column.column = std::move(path.back());
    path.pop_back();
    ast::QualifiedName& table = out.change_column.table;
    table.span = path.front().span;
    table.span.end = path.back().span.end;
    table.name = std::move(path.back());
    if (path.size() > 1) table.schema = std::move(path.front());
  }
};

template <>
struct on<changed_type> {
  static void apply0(Builder& out) { out.change_column.type = std::move(out.sql); }
};

template <>
struct on<change_using> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.change_column.using_expression, std::move(out.sql), "using", out.offset(in.begin()));
  }
};

template <>
struct on<change_reverse> {
  static void apply(const auto& in, Builder& out) {
    out.once(out.change_column.reverse_using, std::move(out.sql), "reverse using", out.offset(in.begin()));
  }
};

template <>
struct on<change_column> {
  static void apply(const auto& in, Builder& out) {
    out.change_column.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.change_column));
  }
};

// rebuild table app.users [keep old as users_old];

struct rebuild_table_word : kw<"table"> {};

template <>
inline constexpr std::string_view expected<rebuild_table_word> = "`table` after `rebuild`";

struct rebuilt_table : a_table {};

template <>
inline constexpr std::string_view expected<rebuilt_table> = "a table";
template <>
inline constexpr bool wants_name<rebuilt_table> = true;

struct keep_old_as : peg::seq<kws<"keep", "old", "as">, a_name> {};

struct rebuild_end : sym<";"> {};

template <>
inline constexpr std::string_view expected<rebuild_end> = "`keep old as` or `;`";
inline const Words rebuild_words = {"keep"};
template <>
inline constexpr const Words* wanted_words<rebuild_end> = &rebuild_words;
template <>
inline constexpr bool ends_item<rebuild_end> = true;

struct rebuild : peg::seq<kw<"rebuild">, rebuild_table_word, rebuilt_table, peg::opt<keep_old_as>, rebuild_end> {};

template <>
struct on<rebuilt_table> {
  static void apply0(Builder& out) { out.rebuild = {std::move(out.qualified), std::nullopt, {}}; }
};

template <>
struct on<keep_old_as> {
  static void apply0(Builder& out) { out.rebuild.keep_old_as = std::move(out.name); }
};

template <>
struct on<rebuild> {
  static void apply(const auto& in, Builder& out) {
    out.rebuild.span = out.span(out.offset(in.begin()), out.token_end);
    out.add(std::move(out.rebuild));
  }
};

}  // namespace godwit::grammar
