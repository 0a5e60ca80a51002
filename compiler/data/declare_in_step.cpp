// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/declare_in_step.h"

#include "compiler/data/copies.h"
#include "compiler/data/declare_common.h"
#include "compiler/data/in_step.h"

#include "base/codes.h"
#include "base/identifier.h"

#include <algorithm>

namespace godwit::data {

namespace {

constexpr const char* in_two_migrations =
    "keep in step in this migration, and drop in a later one, when nobody uses the old shape any more";

class Checking {
 public:
  Checking(Span place, kinds::Declaring& d) : place_(place), d_(d) {}

  template <typename... Args>
  void refuse(const char* hint, fmt::format_string<Args...> why, Args&&... args) {
    if (refused_) return;  // one reason is enough
    refused_ = true;
    auto report = d_.diagnostics.add(codes::bad_step, place_, why, std::forward<Args>(args)...);
    if (hint != nullptr) report.hint("{}", hint);
  }

  bool refused() const { return refused_; }

 private:
  Span place_;
  kinds::Declaring& d_;
  bool refused_ = false;
};

// What an expression must be for a trigger to evaluate it: over values of the row alone, all of them there by then.
void check_stable(const std::vector<Assignment>& all, Checking& checking) {
  for (const Assignment& one : all) {
    if (!one.changes_by_itself) continue;
    return checking.refuse("call nothing volatile; a function of your own may have to be declared `stable`",
                           "the value of `{}` is another one each time it is asked for", one.column);
  }
}

enum class Timing { before_row, after_row };

void check_reads(const Fragment& fragment, const ObjectKey& table, const Surroundings& around, Checking& checking,
                 Timing timing = Timing::before_row) {
  for (const Reference& reference : fragment.references) {
    const ObjectKey& target = reference.target;
    const std::string spelled = fragment.text.substr(reference.begin, reference.end - reference.begin);
    const bool relation = target.kind == Kind::table || target.kind == Kind::view ||
                          target.kind == Kind::materialized_view || target.kind == Kind::foreign_table;
    if (relation && (target != table || spelled.find('.') != std::string::npos)) {
      return checking.refuse("fill the column without it, or keep it up to date with a trigger of your own",
                             "`{}` is read: what is written there would pass unseen", table_sql(target));
    }
    if (target.kind != Kind::column) continue;
    if (table_of(target) != table) {
      return checking.refuse("fill the column without it, or keep it up to date with a trigger of your own",
                             "`{}` of `{}` is read: what is written there would pass unseen", target.part,
                             table_sql(table_of(target)));
    }
    const Column* column = column_now(target, around);
    if (column == nullptr) {
      return checking.refuse(in_two_migrations, "`{}` is dropped by the same file: nobody could write it any more",
                             target.part);
    }
    if (column->generated && timing == Timing::before_row) {
      return checking.refuse("read what it is generated from", "`{}` is generated, and has no value yet in a trigger",
                             target.part);
    }
  }
}

bool reads(const Fragment& fragment, const std::string& column) {
  return std::any_of(fragment.references.begin(), fragment.references.end(), [&](const Reference& reference) {
    return reference.target.kind == Kind::column && reference.target.part == column;
  });
}

// A column that a plain copy fills goes back by itself.
void derive_reverse(Backfill& backfill, const Surroundings& around) {
  for (const Assignment& set : backfill.set) {
    const auto copy = copied_column(set.value, backfill.table);
    const Column* source = copy ? column_now(column_key(backfill.table, copy->column), around) : nullptr;
    const Column* filled = column_now(column_key(backfill.table, set.column), around);
    if (source == nullptr || filled == nullptr || source->generated) continue;
    if (source->identity && source->identity->always) continue;
    const bool written = std::any_of(backfill.reverse.begin(), backfill.reverse.end(),
                                     [&](const Assignment& one) { return one.column == copy->column; });
    if (written) continue;
    const std::string text = quoted(set.column);
    const auto end = static_cast<std::uint32_t>(text.size());
    backfill.reverse.push_back({copy->column,
                                {Form::expression, text, text, {{column_key(backfill.table, set.column), 0, end, 0}}},
                                set.span,
                                filled->type.text});
  }
}

void warn_one_way(const Backfill& backfill, Span place, kinds::Declaring& d) {
  for (const Assignment& set : backfill.set) {
    const bool returns = std::any_of(backfill.reverse.begin(), backfill.reverse.end(),
                                     [&](const Assignment& one) { return reads(one.value, set.column); });
    if (returns) continue;
    d.diagnostics
        .add(codes::one_way_step, place, "what is written to `{}` changes no column of before: in step one way only",
             quoted(set.column))
        .note(set.span, "this has no way back")
        .hint("write it, `reverse set … = …;`, or accept it: `reverse none;`");
  }
}

}  // namespace

void read_in_step(const ast::Backfill& item, Backfill& backfill, kinds::Declaring& d) {
  if (!item.keep_in_step) return;
  const Judging judging(d);
  const Surroundings& around = judging.around;
  Checking checking(*item.keep_in_step, d);
  backfill.in_step = true;
  if (row_key_now(backfill.table, around).empty())
    checking.refuse("give it a primary key", "rows of `{}` cannot be told apart", table_sql(backfill.table));
  if (item.from)
    return checking.refuse("fill the column without it, or keep it up to date with a trigger of your own",
                           "what is written to the tables of `from` would pass unseen");
  check_stable(backfill.set, checking);
  check_stable(backfill.reverse, checking);
  if (item.reject)
    checking.refuse("leave out `reject`, or `keep in step`", "rows that `reject` sets aside would be out of step");
  for (const Assignment& set : backfill.set) {
    const ObjectKey key = column_key(backfill.table, set.column);
    const Column* column = column_now(key, around);
    if (existed_before(key, around)) {
      checking.refuse("fill a column that this migration adds",
                      "`{}` was there before, so there are no two shapes of it", set.column);
    } else if (column->default_value || column->identity) {
      checking.refuse("leave the default out: the trigger gives it a value",
                      "`{}` has a default, so an insert that leaves it out looks like one that fills it", set.column);
    }
    check_reads(set.value, backfill.table, around, checking);
    for (const Assignment& other : backfill.set) {
      if (reads(set.value, other.column))
        checking.refuse("read the columns of before", "`{}` is read, which the backfill fills itself", other.column);
    }
  }
  if (backfill.where) check_reads(*backfill.where, backfill.table, around, checking);
  for (const Assignment& reverse : backfill.reverse) {
    const ObjectKey key = column_key(backfill.table, reverse.column);
    if (column_now(key, around) == nullptr || around.dropped.contains(key))
      checking.refuse(in_two_migrations, "`{}` is dropped by the same file: nobody could read it any more",
                      reverse.column);
    check_reads(reverse.value, backfill.table, around, checking);
  }
  if (checking.refused()) return;
  const bool none = item.reverse && item.reverse->empty();
  if (none) return;
  derive_reverse(backfill, around);
  warn_one_way(backfill, *item.keep_in_step, d);
}

namespace {

// A key that `on conflict (…)` finds by its columns.
bool is_arbiter(const ObjectKey& table, const Names& columns, const Catalog& catalog) {
  const std::set<std::string> wanted(columns.begin(), columns.end());
  const auto are = [&](const Names& names) { return std::set<std::string>(names.begin(), names.end()) == wanted; };
  const auto children = catalog.children(table);
  return std::any_of(children.begin(), children.end(), [&](const ObjectKey& child) {
    const Object* object = catalog.find(child);
    if (const auto* key = std::get_if<PrimaryKey>(object)) return !key->deferrable && are(key->columns);
    if (const auto* key = std::get_if<Unique>(object)) return !key->deferrable && are(key->columns);
    return false;
  });
}

void check_source(const Move& move, const MoveShape& shape, Checking& checking) {
  const Surroundings& around = shape.around;
  if (shape.source_dropped || around.catalog.find(shape.source) == nullptr)
    return checking.refuse(in_two_migrations, "`{}` is dropped by the same file: nobody could write it any more",
                           table_sql(*move.source));
  if (shape.source_key.empty())
    return checking.refuse("give it a primary key", "rows of `{}` cannot be told apart", table_sql(shape.source));
  if (shape.key_copies.empty())
    return checking.refuse("copy the key with `set`",
                           "no column of `{}` holds the key ({}) of `{}`, so rows of the two cannot find each other",
                           table_sql(shape.target), listed(shape.source_key), table_sql(shape.source));
  std::vector<const Fragment*> fragments;
  for (const Mapped& mapped : shape.mapped) fragments.push_back(&mapped.value);
  const auto where = move.where ? sql::renamed(*move.where, around.renames) : Fragment{};
  fragments.push_back(&where);
  for (const Fragment* fragment : fragments) check_reads(*fragment, shape.source, around, checking, Timing::after_row);
  for (const Returned& returned : shape.returned) {
    if (column_now(column_key(shape.source, returned.name), around) != nullptr) continue;
    return checking.refuse(in_two_migrations, "`{}` is dropped by the same file: nobody could read it any more",
                           returned.name);
  }
}

void check_target(const Move& move, const MoveShape& shape, Checking& checking) {
  const std::string target = table_sql(shape.target);
  if (shape.target_existed)
    return checking.refuse("move into a table that this migration makes",
                           "`{}` was there before, and its rows could not be told from those in step", target);
  if (shape.target_key.empty() || !is_arbiter(shape.target, shape.target_key, shape.around.catalog))
    return checking.refuse("say `key (…)`, and declare these columns unique in the table",
                           "nothing says which row of `{}` belongs to a row of the source: its key is to be unique",
                           target);
  for (const Mapped* copy : shape.key_copies) {
    const bool of_key =
        std::find(shape.target_key.begin(), shape.target_key.end(), copy->target->name.str()) != shape.target_key.end();
    if (!of_key)
      return checking.refuse("add it to `key`", "`{}` holds a part of the source's key, and is no part of `key`",
                             copy->target->name.str());
  }
  for (const std::string& column : shape.target_key) {
    const Mapped& mapped = *shape.of(column);
    if (!mapped.constant && !mapped.plain)
      return checking.refuse("let the key be constants and plain copies",
                             "`{}` of the key is neither a constant nor a plain copy", column);
    if (!shape.never_null(column))
      return checking.refuse("declare it `not null`", "`{}` of the key may be null, and would find no row", column);
  }
  for (const Assignment& reverse : move.reverse)
    check_reads(reverse.value, shape.target, shape.around, checking, Timing::after_row);
}

void warn_one_way(const Move& move, const MoveShape& shape, Span place, kinds::Declaring& d) {
  for (const Assignment& set : move.set) {
    const Mapped& mapped = *shape.of(set.column);
    const bool of_key = std::find(shape.key_copies.begin(), shape.key_copies.end(), &mapped) != shape.key_copies.end();
    const bool returns = std::any_of(shape.returned.begin(), shape.returned.end(), [&](const Returned& returned) {
      return std::find(returned.reads.begin(), returned.reads.end(), set.column) != returned.reads.end();
    });
    if (mapped.constant || of_key || returns) continue;
    d.diagnostics
        .add(codes::one_way_step, place, "what is written to `{}` changes nothing in `{}`: in step one way only",
             quoted(set.column), table_sql(shape.source))
        .note(set.span, "this has no way back")
        .hint("write it, `reverse set … = …;`, or accept it for all of the move: `reverse none;`");
  }
  if (one_for_one(shape) && !inserts_into_source(shape)) {
    d.diagnostics
        .add(codes::one_way_step, place,
             "a row that is new in `{}` cannot become one of `{}`: a column there is `not null` and gets no value",
             table_sql(shape.target), table_sql(shape.source))
        .hint("write how with `reverse set`, or give the column a default");
  }
}

}  // namespace

void read_in_step(const ast::Move& item, Move& move, kinds::Declaring& d) {
  if (!item.keep_in_step) return;
  const Span place = *item.keep_in_step;
  Checking checking(place, d);
  if (!move.source || move.source->kind != Kind::table)
    return checking.refuse("move from the table", "only the rows of a table can be followed");
  if (move.on_conflict != OnConflict::fail)
    return checking.refuse("leave out `on conflict`", "rows that are there already would belong to none of the source");
  if (move.reject)
    return checking.refuse("leave out `reject`, or `keep in step`",
                           "rows that `reject` sets aside would be out of step");
  move.in_step = true;
  const Judging judging(d);
  const MoveShape shape = shape_of(move, judging.around);
  check_stable(move.set, checking);
  check_stable(move.reverse, checking);
  check_source(move, shape, checking);
  if (checking.refused()) return;
  check_target(move, shape, checking);
  if (!checking.refused() && !move.no_reverse) warn_one_way(move, shape, place, d);
}

}  // namespace godwit::data
