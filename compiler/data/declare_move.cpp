// SPDX-License-Identifier: Apache-2.0
// `move source -> target { … }`: names and types are looked up, and a move that cannot work or cannot be taken back is
// refused where it is written.
#include "compiler/data/declare_batch.h"
#include "compiler/data/declare_common.h"
#include "compiler/data/shape.h"

#include "base/identifier.h"

#include <algorithm>
#include <map>

namespace godwit::kinds {

namespace {

using namespace data;

struct Source {
  std::optional<ObjectKey> relation;
  std::optional<Fragment> query;
  std::vector<OutputColumn> columns;
  std::string alias;
  std::vector<sql::Visible> visible;
};

std::optional<Source> source_of(const ast::MoveSource& source, Declaring& d) {
  Source found;
  if (source.table) {
    const auto key = d.existing_relation(*source.table,
                                         {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view}, true);
    if (!key) return std::nullopt;
    if (const ObjectKey root = d.old_world.root_of(*key); root != *key) {
      d.is_partition(*key, root, source.table->span);
      return std::nullopt;
    }
    found.relation = key;
    found.alias = source.alias ? source.alias->text : key->name.str();
    sql::Relation relation = d.relation(*key, true);
    found.columns = relation.columns;
    found.visible.push_back({found.alias, std::move(relation)});
    return found;
  }
  const sql::Analysis analysis = d.analyze(Form::query, *source.query, {}, true);
  check_not_in(*source.query, d);
  if (!analysis.problems.empty()) return std::nullopt;
  found.query = analysis.fragment;
  found.columns = analysis.output;
  found.alias = source.alias ? source.alias->text : "source";
  const ObjectKey key{Kind::table, {}, found.alias, {}, Kind::schema, {}};
  found.visible.push_back({found.alias, {key, analysis.output, analysis.output_known}});
  return found;
}

// Time, chance and sequences; what depends on settings is as stable as they are.
bool is_moving(const sql::Analysis& value) {
  static const std::set<std::string, std::less<>> of_the_moment{"age",
                                                                "clock_timestamp",
                                                                "current_date",
                                                                "current_role",
                                                                "current_time",
                                                                "current_user",
                                                                "localtime",
                                                                "localtimestamp",
                                                                "current_timestamp",
                                                                "now",
                                                                "session_user",
                                                                "user",
                                                                "statement_timestamp",
                                                                "transaction_timestamp"};
  return std::any_of(value.calls.begin(), value.calls.end(),
                     [](const sql::Call& call) { return call.volatility == 'v' || of_the_moment.contains(call.name); });
}

void declare_set(const ast::Move& item, const Source& source, Move& move, Declaring& d) {
  std::map<std::string, Span> given;
  std::set<std::string> names;
  for (const ast::Assignment& set : item.set) {
    names.insert(set.column.text);
    const Column* column = target_column(move.target, set.column, d);
    const sql::Analysis value = d.analyze(Form::expression, set.value, source.visible, true);
    if (column == nullptr || !first_time(set.column, given, d) || !value.problems.empty()) continue;
    if (column->generated) {
      d.diagnostics.add(codes::bad_move, set.column.span, "`{}` is generated and takes no value", set.column.text);
      continue;
    }
    if (!check_plain(value, set.value.span, codes::bad_move, d)) continue;
    check_type(value, *column, set.value.span, d);
    move.set.push_back({set.column.text, value.fragment, span_of(set), value.type, is_moving(value)});
  }
  if (item.set.empty()) {
    d.diagnostics.add(codes::no_effect, item.span, "this move sets no column")
        .hint("say what goes where: `set column = expression;`");
    return;
  }
  check_not_null(move.target, names, item.target.span, "this move", d);
}

void declare_key(const ast::Move& item, Move& move, Declaring& d) {
  bool known = true;
  std::map<std::string, Span> given;
  for (const ast::Name& name : item.key) {
    if (target_column(move.target, name, d) == nullptr) {
      known = false;
      continue;
    }
    if (!first_time(name, given, d)) continue;
    const bool set = std::any_of(item.set.begin(), item.set.end(),
                                 [&](const ast::Assignment& one) { return one.column.text == name.text; });
    if (!set) {
      d.diagnostics.add(codes::bad_move, name.span, "key column `{}` gets no value from this move", name.text)
          .hint("add it to `set`, or leave it out of `key`");
      known = false;
    }
    move.key.push_back(name.text);
  }
  if (!known) return;
  Names row_key;
  for (const ObjectKey& child : d.catalog.children(move.target)) {
    if (const auto* primary = d.catalog.get<PrimaryKey>(child)) row_key = primary->columns;
  }
  const Names key = effective_key(move, row_key);
  const Span place = item.key.empty()
                         ? item.on_conflict_span.value_or(item.target.span)
                         : Span{item.key.front().span.file, item.key.front().span.begin, item.key.back().span.end};
  if (move.on_conflict == OnConflict::fail) {
    const bool is_new = d.catalog.before(move.target) == nullptr && d.catalog.touched().contains(move.target);
    if (key.empty() && !is_new) {
      d.diagnostics
          .add(codes::bad_move, item.target.span, "nothing tells the moved rows from those that `{}` has already",
               table_sql(move.target))
          .hint("say what identifies a moved row: `key (…);`");
    }
    return;
  }
  if (key.empty()) {
    d.diagnostics.add(codes::bad_move, place, "`on conflict` needs a `key`")
        .hint("say what identifies a moved row: `key (…);`");
  } else if (!unique_over(move.target, key, d.catalog)) {
    d.diagnostics
        .add(codes::bad_move, place, "`on conflict` needs a unique constraint or index of `{}` over exactly ({})",
             table_sql(move.target), listed(key))
        .hint("declare `unique ({});` in the table", listed(key));
  }
}

void declare_reverse(const ast::Move& item, const Source& source, Move& move, Declaring& d) {
  if (!item.reverse) return;
  move.no_reverse = item.reverse->empty();
  if (move.no_reverse) return;
  if (!source.relation || source.relation->kind != Kind::table) {
    d.diagnostics
        .add(codes::bad_move, span_of(item.reverse->front()), "rows of a query or view have no place to go back to")
        .hint("leave `reverse` out: rollback removes what was moved");
    return;
  }
  const sql::Relation target = d.relation(move.target);
  const std::vector<sql::Visible> visible{{move.target.name, target}};
  std::map<std::string, Span> given;
  for (const ast::Assignment& set : *item.reverse) {
    const ObjectPtr object = d.catalog.before(column_key(*source.relation, set.column.text));
    const auto* column = object ? std::get_if<Column>(object.get()) : nullptr;
    if (column == nullptr || column->hidden) {
      std::vector<std::string> names;
      for (const OutputColumn& one : source.columns) names.push_back(one.name);
      auto report =
          d.diagnostics.add(codes::unknown_column, set.column.span, "`{}` had no column `{}` before this migration",
                            table_sql(*source.relation), set.column.text);
      if (const auto near = closest(set.column.text, names)) report.hint("it had `{}`", *near);
    }
    const sql::Analysis value = d.analyze(Form::expression, set.value, visible);
    check_not_in(set.value, d);
    if (column == nullptr || column->hidden || !first_time(set.column, given, d) || !value.problems.empty()) continue;
    if (column->generated) {
      d.diagnostics.add(codes::bad_move, set.column.span, "`{}` is generated and takes no value", set.column.text);
      continue;
    }
    if (!check_plain(value, set.value.span, codes::bad_move, d)) continue;
    check_type(value, *column, set.value.span, d);
    move.reverse.push_back({set.column.text, value.fragment, span_of(set), value.type});
  }
}

void declare_rest(const ast::Move& item, const Source& source, Move& move, Declaring& d) {
  if (!item.rest) return;
  const ast::Rest& rest = *item.rest;
  switch (rest.action) {
    case ast::Rest::Action::ignore: move.rest.action = Rest::Action::ignore; break;
    case ast::Rest::Action::warn: move.rest.action = Rest::Action::warn; break;
    case ast::Rest::Action::fail: move.rest.action = Rest::Action::fail; break;
  }
  if (rest.message) move.rest.message = rest.message->value;
  if (rest.over) move.rest.over = Amount{rest.over->value, rest.over->percent, rest.over->text.text};
  if (!item.where) {
    d.diagnostics.add(codes::bad_move, rest.span, "a move without `where` leaves no rows behind")
        .hint("leave `rest` out, or add a `where`");
    return;
  }
  if (rest.action == ast::Rest::Action::ignore && (rest.over || rest.where)) {
    d.diagnostics.add(codes::bad_move, rest.span, "`rest ignore` counts nothing, so it takes no limit and no condition")
        .hint("say `rest warn` or `rest fail`");
  }
  if (!rest.where) return;
  check_not_in(*rest.where, d);
  const sql::Analysis where = d.analyze(Form::expression, *rest.where, source.visible, true);
  if (where.problems.empty() && check_plain(where, rest.where->span, codes::bad_move, d) &&
      check_boolean(where, rest.where->span, codes::bad_move, d)) {
    move.rest.where = where.fragment;
  }
}

// What the way back needs is asked of the very shape that the plan is made of.
void check_way_back(const Move& move, Declaring& d) {
  if (!move.source || move.source->kind != Kind::table || move.no_reverse) return;
  const Judging judging(d);
  const MoveShape shape = shape_of(move, judging.around);
  const auto is_dropped = [&](const Reference& reference) {
    const ObjectKey key = now(reference.target, judging.around);
    return reference.target.kind == Kind::column && table_of(reference.target) == *move.source &&
           (shape.source_dropped || judging.dropped.contains(key));
  };
  const bool reads_dropped = std::any_of(move.set.begin(), move.set.end(), [&](const Assignment& set) {
    return std::any_of(set.value.references.begin(), set.value.references.end(), is_dropped);
  });
  if (!reads_dropped && move.reverse.empty()) return;
  const std::string source = table_sql(*move.source);
  if (shape.source_key.empty()) {
    const auto there = [&](const ObjectKey& old) {
      const ObjectKey key = now(old, judging.around);
      return d.catalog.find(key) != nullptr || judging.dropped.contains(key);
    };
    if (!there(*move.source)) return;  // dropped irreversibly: nothing is asked of a way back
    if (!row_key_then(now(*move.source, judging.around), judging.around).empty()) return;
    d.diagnostics
        .add(codes::bad_move, move.span,
             "rows of `{}` cannot be told apart, so nothing can be carried back into them on rollback", source)
        .hint(
            "give it a primary key (or a unique constraint over columns that are not null), or write `reverse none;`");
    return;
  }
  if (shape.key_copies.empty()) {
    d.diagnostics
        .add(codes::bad_move, move.span,
             "no column of `{}` holds the key ({}) of `{}`, so a row cannot find its way back on rollback",
             table_sql(move.target), listed(shape.source_key), source)
        .hint("copy the key with `set`, or write `reverse none;`");
    return;
  }
  std::set<std::string> reported;
  for (const Assignment& set : move.set) {
    for (const Reference& reference : set.value.references) {
      if (!is_dropped(reference)) continue;
      const std::string& column = reference.target.part;
      const std::string present = now(reference.target, judging.around).part;
      const bool returned = std::any_of(shape.returned.begin(), shape.returned.end(),
                                        [&](const Returned& one) { return one.name == present; });
      const bool of_key = shape.source_dropped && std::find(shape.source_key.begin(), shape.source_key.end(),
                                                            present) != shape.source_key.end();
      if (returned || of_key || !reported.insert(column).second) continue;
      d.diagnostics
          .add(codes::no_way_back, set.span,
               "`{}` is dropped, and what is written to `{}` later cannot be turned back into it", column, set.column)
          .hint("write how: `reverse set {} = …;` over the columns of `{}`, or accept the loss with `reverse none;`",
                quoted(column), table_sql(move.target));
    }
  }
}

void declare_reject(const ast::Move& item, Move& move, Declaring& d) {
  if (!item.reject) return;
  const Judging judging(d);
  const MoveShape shape = shape_of(move, judging.around);
  const std::string source = move.source ? '`' + table_sql(*move.source) + '`' : "a query";
  move.reject = read_reject(item.reject, source, shape.records_source(), d);
  if (!move.reject) return;
  const Span place = item.reject->text.span;
  if (move.on_conflict == OnConflict::update) d.later(place, "`reject` beside `on conflict update`");
  if (refers_to_itself(shape)) d.later(place, "`reject` in a move into a table whose rows refer to each other");
}

BatchedRows batched_rows(const ast::Move& item, const Move& move, Declaring& d) {
  const Judging judging(d);
  BatchedRows rows{move.source, true, {}, item.span, {}};
  for (const Assignment& set : move.set) rows.expressions.push_back(set.value);
  if (move.where) rows.expressions.push_back(*move.where);
  if (move.on_conflict == OnConflict::update)
    rows.obstacle = "rows that `on conflict update` changes cannot be watched";
  if (refers_to_itself(shape_of(move, judging.around)))
    rows.obstacle = fmt::format("rows of `{}` refer to each other, and one may come before the row that it refers to",
                                table_sql(move.target));
  if (move.reject) rows.obstacle = "`reject` sets rows aside in one statement";
  return rows;
}

}  // namespace

void declare(const ast::Move& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;
  if (item.keep_in_step) d.later(*item.keep_in_step, "`keep in step`");

  const std::size_t errors = d.diagnostics.error_count();
  const auto source = source_of(item.source, d);
  const auto target = d.existing_table(item.target);
  if (!source || !target) return;
  if (refuse_inheritors(*target, "a move into", item.target.span, d)) return;
  if (source->relation && refuse_inheritors(*source->relation, "a move from", item.span, d)) return;

  const auto* shell = d.catalog.get<Table>(*target);
  const std::set<ObjectKey> none;
  const Surroundings around{d.catalog, d.renamed_keys, none, d.sources, {}};
  if (shell->partition_key && row_key_now(*target, around).empty()) {  // two partitions may have rows of one ctid
    d.diagnostics
        .add(codes::no_way_back, item.target.span, "`{}` is partitioned and has no primary key to find its rows by",
             table_sql(*target))
        .hint("give it a primary key that holds the columns it is partitioned by");
    return;
  }

  Move move;
  move.target = *target;
  move.name = item.name ? item.name->text : target->name.str();
  move.span = item.span;
  move.source = source->relation;
  move.query = source->query;
  move.query_columns = source->query ? source->columns : std::vector<OutputColumn>{};
  move.alias = source->alias;
  switch (item.on_conflict) {
    case ast::OnConflict::fail: move.on_conflict = OnConflict::fail; break;
    case ast::OnConflict::skip: move.on_conflict = OnConflict::skip; break;
    case ast::OnConflict::update: move.on_conflict = OnConflict::update; break;
  }
  for (const Intent& other : d.intents) {
    const auto* earlier = std::get_if<Move>(&other);
    if (earlier == nullptr || earlier->name != move.name) continue;
    d.diagnostics
        .add(codes::duplicate_name, item.name ? item.name->span : item.span, "two moves are called `{}`", move.name)
        .note(earlier->span, "this is the other one")
        .hint("name them: `move … -> … named something {{ … }}`");
    break;
  }
  declare_set(item, *source, move, d);
  if (item.where) {
    check_not_in(*item.where, d);
    const sql::Analysis where = d.analyze(Form::expression, *item.where, source->visible, true);
    if (where.problems.empty() && check_plain(where, item.where->span, codes::bad_move, d) &&
        check_boolean(where, item.where->span, codes::bad_move, d)) {
      move.where = where.fragment;
    }
  }
  declare_key(item, move, d);
  declare_rest(item, *source, move, d);
  if (item.sample) {
    move.sample = item.sample->value;
    if (item.sample->value <= 0) {
      d.diagnostics.add(codes::bad_move, item.sample->span, "a sample of {} rows compares nothing", item.sample->value);
    }
  }
  declare_reverse(item, *source, move, d);
  declare_reject(item, move, d);
  move.batch = read_batch(item.batch, batched_rows(item, move, d), d);
  if (d.diagnostics.error_count() == errors) check_way_back(move, d);
  if (d.diagnostics.error_count() == errors) d.intents.push_back(std::move(move));
}

void declare(const ast::MoveSqlite& item, Declaring& d, Pass pass) {
  if (pass == Pass::data) d.later(item.span, "`move sqlite`");
}

void declare(const ast::Rebuild& item, Declaring& d, Pass pass) {
  if (pass == Pass::data) d.later(item.span, "`rebuild table`");
}

}  // namespace godwit::kinds
