// SPDX-License-Identifier: Apache-2.0
// A move, backward: what was written to the target since goes back into the source, what was not written stays exactly
// as it was, and what the source has no place for stays in the target, where it becomes residue when the target goes.
//
// In words, for each row of the source: the target row that belongs to it is looked up. A source column keeps its value
// when every target column that its reverse expression reads still holds what the move put there; otherwise it takes
// the expression's value. A row that was moved and has no target row any more was withdrawn: its columns become null.
#include "compiler/data/reverse.h"

#include "base/identifier.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_once(Names& names, const std::string& name) {
  if (!contains(names, name)) names.push_back(name);
}

std::string identity_label(const std::string& column) { return labelled("target", column); }

std::string put_label(const Mapped& mapped) { return labelled("put", mapped.target->name); }

// `source.id = back.source_id`
std::vector<std::string> by_source(const MoveShape& shape, std::string_view source, std::string_view alias,
                                   bool labelled_both) {
  std::vector<std::string> parts;
  for (const std::string& column : shape.source_key) {
    parts.push_back(fmt::format("{}.{} = {}.{}", source, labelled_both ? labelled("source", column) : quoted(column),
                                alias, labelled("source", column)));
  }
  return parts;
}

std::string of_this_move(const MoveShape& shape) {
  std::vector<std::string> parts;
  for (const Mapped* constant : shape.constants) {
    parts.push_back(matches(quoted(constant->target->name), constant->sql, shape.never_null(constant->target->name)));
  }
  return parts.empty() ? "" : "\n   where " + all_of(parts, 5);
}

// No row of the source can fail it: a constant, a column as it is or as text, `coalesce(column, constant)`.
bool fits_always(const Mapped& mapped) {
  const std::string& copy = mapped.value.text;
  if (mapped.constant || (!mapped.plain && !mapped.copies.empty())) return true;
  return mapped.plain && (mapped.sql == copy || mapped.sql == copy + "::text" ||
                          mapped.sql == copy + "::character varying" || mapped.sql == copy + "::bpchar");
}

// What the move puts for a source row. Rows that it left behind or set aside may be those that its expression fails on.
std::string put_sql(const MoveShape& shape, const Mapped& mapped) {
  const bool takes_all = shape.where.empty() && !shape.move.reject;
  if (takes_all || !shape.records_source() || fits_always(mapped)) return mapped.sql;
  return fmt::format("case when {}\n                then {} end", may_be_put(shape), mapped.sql);
}

}  // namespace

std::vector<std::string> by_identity(const MoveShape& shape, std::string_view alias) {
  std::vector<std::string> parts;
  for (const std::string& column : shape.target_identity) {
    parts.push_back(fmt::format("target.{} = {}.{}", quoted(column), alias, identity_label(column)));
  }
  return parts;
}

std::string source_rows(const MoveShape& shape, bool old_values, int indent, const std::string& condition) {
  std::vector<std::string> columns;
  for (const std::string& column : shape.source_key) {
    columns.push_back(fmt::format("{} as {}", quoted(column), labelled("source", column)));
  }
  if (old_values) {
    for (const Returned& returned : shape.returned) {
      columns.push_back(fmt::format("{} as {}", quoted(returned.name), labelled("old", returned.name)));
    }
  }
  for (const Mapped& mapped : shape.mapped) {
    if (!mapped.constant) columns.push_back(fmt::format("{} as {}", put_sql(shape, mapped), put_label(mapped)));
  }
  const std::string space(static_cast<std::size_t>(indent), ' ');
  return fmt::format("{}select {}\n{}  from {}{}", space, lines_of(columns, indent + 7), space, shape.from,
                     condition.empty() ? "" : fmt::format("\n{} where {}", space, condition));
}

namespace {

// Each target row of this move with what it says for the source's columns.
std::string target_rows(const MoveShape& shape) {
  Names names = shape.target_identity;
  for (const Mapped* copy : shape.key_copies) add_once(names, copy->target->name);
  for (const Mapped* copy : shape.other_copies) add_once(names, copy->target->name);
  for (const std::string& column : shape.target_key) add_once(names, column);
  for (const Returned& returned : shape.returned) {
    for (const std::string& column : returned.reads) add_once(names, column);
  }
  std::vector<std::string> columns;
  for (const std::string& name : names) columns.push_back(quoted(name));
  for (const Returned& returned : shape.returned) {
    columns.push_back(fmt::format("{} as {}", returned.sql, labelled("new", returned.name)));
  }
  return fmt::format("  select {}\n    from {}{}", lines_of(columns, 9), table_sql(shape.target), of_this_move(shape));
}

// True as long as the target column holds what the move put there; `source` carries the labels of source_rows().
std::optional<std::string> as_put(const MoveShape& shape, const std::string& column) {
  const auto put = shape.untouched(
      column, [&](const Mapped& mapped) { return mapped.constant ? mapped.sql : "source." + put_label(mapped); });
  if (!put) return std::nullopt;
  return same("target." + quoted(column), *put, shape.type_of(column));
}

std::string value_back(const MoveShape& shape, const Returned& returned) {
  const std::string old_value = "source." + labelled("old", returned.name);
  const std::string new_value = "target." + labelled("new", returned.name);
  std::vector<std::string> untouched;
  for (const std::string& column : returned.reads) {
    const auto condition = as_put(shape, column);
    if (!condition) return new_value;
    untouched.push_back(*condition);
  }
  // An expression that reads nothing says something only about rows that the move did not know.
  if (untouched.empty())
    untouched.push_back(fmt::format("kept.{} is not null", labelled("source", shape.source_key.front())));
  // A row that came later and says nothing here takes nothing away.
  return fmt::format(
      "case when {}\n            then {}\n            when kept.{} is null and {} is null then {}\n            else {} "
      "end",
      all_of(untouched, 12), old_value, labelled("source", shape.source_key.front()), new_value, old_value, new_value);
}

}  // namespace

std::string places(const MoveShape& shape, const std::string& condition) {
  const std::string recorded = fmt::format("kept.{} is not null", labelled("source", shape.source_key.front()));
  std::vector<std::string> columns, order{fmt::format("({}) desc", recorded)}, partition, found, known, belongs;
  for (std::size_t i = 0; i < shape.source_key.size(); ++i) {
    const std::string label = labelled("source", shape.source_key[i]);
    columns.push_back("source." + label);
    partition.push_back("source." + label);
    found.push_back(fmt::format("target.{} = source.{}", quoted(shape.key_copies[i]->target->name), label));
    known.push_back(fmt::format("kept.{0} = source.{0}", label));
  }
  for (const std::string& column : shape.target_identity) {
    columns.push_back(fmt::format("target.{} as {}", quoted(column), identity_label(column)));
  }
  for (const std::string& column : shape.target_key) {
    if (const Mapped* mapped = shape.of(column); mapped != nullptr && mapped->constant) continue;
    known.push_back(matches(fmt::format("kept.{}", labelled("target", column)), "target." + quoted(column),
                            shape.never_null(column)));
    order.push_back("target." + quoted(column));
  }
  for (const std::string& column : shape.target_identity) order.push_back("target." + quoted(column));
  if (shape.move.on_conflict == OnConflict::skip) known.push_back("not kept.already_there");
  columns.push_back(fmt::format("row_number() over (partition by {}\n                          order by {}) as place",
                                joined(partition, ", "), joined(order, ", ")));
  for (const Returned& returned : shape.returned) {
    columns.push_back(value_back(shape, returned) + "\n         as " + labelled("new", returned.name));
  }
  for (const Mapped* copy : shape.other_copies) {
    const std::string& name = copy->target->name;
    belongs.push_back(matches("target." + quoted(name), "source." + put_label(*copy), shape.never_null(name)));
  }
  std::vector<std::string> conditions;
  if (!belongs.empty()) conditions.push_back(fmt::format("({} or {})", recorded, joined(belongs, " and ")));
  if (shape.keeps_standing()) {
    conditions.push_back(
        fmt::format("({} or not exists (select from {} as stood where {}))", recorded, shape.stood, [&] {
          std::vector<std::string> parts;
          for (const std::string& column : shape.target_identity) {
            parts.push_back(fmt::format("stood.{0} = target.{0}", quoted(column)));
          }
          return joined(parts, " and ");
        }()));
  }
  if (shape.move.on_conflict == OnConflict::skip) {
    conditions.push_back(fmt::format("not exists (select from {} as there where {} and there.already_there)",
                                     shape.kept, joined(by_source(shape, "source", "there", true), " and ")));
  }
  return fmt::format(
      "with source as (                    -- each row of the source, and what the move would put for it\n{}\n),\n"
      "target as (                         -- each row of this move, and what it says for the source\n{}\n)\n"
      "select {}\n  from source\n  join target on {}\n  left join {} as kept\n    on {}{}",
      source_rows(shape, true, 2, condition), target_rows(shape), lines_of(columns, 7), joined(found, " and "),
      shape.kept, all_of(known, 3), conditions.empty() ? "" : "\n where " + all_of(conditions, 3));
}

namespace {

Statement find_places(const MoveShape& shape) {
  return reads(fmt::format("find the place of each row of {} in {}", table_sql(shape.target), table_sql(shape.source)),
               fmt::format("create table {} as\n{}", shape.back, places(shape)), shape.target);
}

// Rows whose values the constraints of the source would refuse have no place there.
Statements leave_out_refused(const MoveShape& shape) {
  Statements all;
  const auto new_value = [&](const std::string& column) -> std::optional<std::string> {
    for (const Returned& returned : shape.returned) {
      if (returned.name == column) return "back." + labelled("new", column);
    }
    return std::nullopt;
  };
  const ObjectKey old_table = then(shape.source, shape.around);
  for (const ObjectKey& key : shape.around.catalog.children_before(old_table)) {
    const ObjectPtr object = shape.around.catalog.before(key);
    if (!object) continue;
    if (const auto* column = std::get_if<Column>(object.get())) {
      const std::string column_name = now(key, shape.around).part;
      const auto value = new_value(column_name);
      if (!column->not_null || !value) continue;
      all.push_back(
          {fmt::format("leave out what {} cannot hold: null in {}", table_sql(shape.source), quoted(column_name)),
           fmt::format("update {} as back set place = null\n where place = 1 and {} is null", shape.back, *value),
           {},
           Work::scan});
    }
    if (const auto* check = std::get_if<godwit::Check>(object.get())) {
      const Fragment expression = sql::renamed(check->expression, shape.around.renames);
      Names columns;
      bool concerned = false;
      for (const Reference& reference : expression.references) {
        if (reference.target.kind != Kind::column || table_of(reference.target) != shape.source) continue;
        add_once(columns, reference.target.part);
        concerned = concerned || new_value(reference.target.part).has_value();
      }
      if (!concerned) continue;
      std::vector<std::string> values;
      for (const std::string& name : columns) {
        values.push_back(fmt::format("{} as {}", new_value(name).value_or("source." + quoted(name)), quoted(name)));
      }
      all.push_back(
          {fmt::format("leave out what constraint {} of {} refuses", quoted(check->name), table_sql(shape.source)),
           fmt::format("update {} as back set place = null\n"
                       " where place = 1\n"
                       "   and exists (select from (select {}\n"
                       "                              from {} as source\n"
                       "                             where {}) as {}\n"
                       "                where not ({}))",
                       shape.back, joined(values, ", "), table_sql(shape.source),
                       joined(by_source(shape, "source", "back", false), " and "), quoted(shape.source.name),
                       expression.text),
           {{shape.source, Lock::access_share}},
           Work::scan});
    }
    Names unique;
    std::string name;
    if (const auto* constraint = std::get_if<Unique>(object.get())) {
      unique = constraint->columns;
      name = constraint->name;
    }
    if (const auto* index = std::get_if<Index>(object.get()); index != nullptr && index->unique) {
      name = index->name;
      for (const IndexElement& element : index->elements) unique.push_back(element.column);
      if (contains(unique, "")) continue;
    }
    for (std::string& column : unique) column = now(column_key(old_table, column), shape.around).part;
    if (std::none_of(unique.begin(), unique.end(),
                     [&](const std::string& column) { return new_value(column).has_value(); })) {
      continue;
    }
    // Of several rows with one value the one that holds it already wins, then the first by key.
    std::vector<std::string> both, changed, order;
    for (const std::string& column : unique) {
      const bool returned = new_value(column).has_value();
      const std::string value = returned ? "back." + labelled("new", column) : "source." + quoted(column);
      both.push_back(value);
      if (returned) changed.push_back(fmt::format("{} is not distinct from source.{}", value, quoted(column)));
    }
    for (const std::string& column : shape.source_key) order.push_back(fmt::format("source.{}", quoted(column)));
    std::vector<std::string> now_values, keys, not_null;
    for (std::size_t i = 0; i < unique.size(); ++i) {
      now_values.push_back(new_value(unique[i]) ? fmt::format("case when back.place is null then source.{} else {} end",
                                                              quoted(unique[i]), both[i])
                                                : both[i]);
      not_null.push_back(fmt::format("v{} is not null", i + 1));
      keys.push_back(fmt::format("v{}", i + 1));
    }
    std::vector<std::string> selected;
    for (std::size_t i = 0; i < unique.size(); ++i) selected.push_back(fmt::format("{} as v{}", now_values[i], i + 1));
    for (const std::string& column : shape.source_key) {
      selected.push_back(fmt::format("source.{} as {}", quoted(column), labelled("source", column)));
    }
    selected.push_back(fmt::format("back.place is null or ({}) as holds", joined(changed, " and ")));
    std::vector<std::string> labels;
    for (const std::string& column : shape.source_key) labels.push_back(labelled("source", column));
    all.push_back(
        {fmt::format("leave out what {} of {} refuses", quoted(name), table_sql(shape.source)),
         fmt::format("update {0} as back set place = null\n"
                     "  from (select *, row_number() over (partition by {1} order by holds desc, {2}) as turn\n"
                     "          from (select {3}\n"
                     "                  from {4} as source\n"
                     "                  left join {0} as back on {5} and back.place = 1) as held\n"
                     "         where {6}) as held\n"
                     " where {7} and back.place = 1 and held.turn > 1 and not held.holds",
                     shape.back, joined(keys, ", "), joined(labels, ", "), lines_of(selected, 23),
                     table_sql(shape.source), joined(by_source(shape, "source", "back", false), " and "),
                     joined(not_null, " and "), joined(by_source(shape, "held", "back", true), " and ")),
         {{shape.source, Lock::access_share}},
         Work::scan});
  }
  return all;
}

Statements withdraw(const MoveShape& shape) {
  const std::string gone = fmt::format("not exists (select from {} as back where {})", shape.back,
                                       joined(by_source(shape, "back", "kept", true), " and "));
  const std::string there = shape.move.on_conflict == OnConflict::skip ? "\n   and not kept.already_there" : "";
  const std::string found = all_of(by_source(shape, "source", "kept", false), 3);
  if (shape.source_dropped) {
    std::vector<std::string> conditions = not_referenced(shape.source, "source", shape.around);
    return {writes(
        fmt::format("remove from {} what was removed from {} since", table_sql(shape.source), table_sql(shape.target)),
        fmt::format("delete from {} as source\n using {} as kept\n where {}{}\n   and {}{}", table_sql(shape.source),
                    shape.kept, found, there, gone, conditions.empty() ? "" : "\n   and " + all_of(conditions, 3)),
        shape.source)};
  }
  std::vector<std::string> sets, held;
  for (const Returned& returned : shape.returned) {
    if (!shape.around.dropped.contains(column_key(shape.source, returned.name))) continue;
    const std::string name = quoted(returned.name);
    const bool by_default = returned.source->not_null && returned.source->default_value;
    if (returned.source->not_null && !by_default) continue;
    sets.push_back(fmt::format("{} = {}", name, by_default ? "default" : "null"));
    held.push_back(fmt::format("source.{} is not null", name));
  }
  if (sets.empty()) return {};
  return {
      writes("what was withdrawn since does not come back to life",
             fmt::format("update {} as source\n   set {}\n  from {} as kept\n where {}{}\n   and {}\n   and ({})",
                         table_sql(shape.source), lines_of(sets, 7), shape.kept, found, there, gone, any_of(held, 8)),
             shape.source)};
}

Statement write_back(const MoveShape& shape) {
  std::vector<std::string> sets, changed;
  for (const Returned& returned : shape.returned) {
    const std::string value = "back." + labelled("new", returned.name);
    const std::string name = quoted(returned.name);
    sets.push_back(fmt::format("{} = {}", name, value));
    changed.push_back(differs("source." + name, value, returned.source->type.text));
  }
  return writes(
      fmt::format("carry what was written since back into {}", table_sql(shape.source)),
      fmt::format("update {} as source\n   set {}\n  from {} as back\n where back.place = 1\n   and {}\n   and ({})",
                  table_sql(shape.source), lines_of(sets, 7), shape.back,
                  all_of(by_source(shape, "source", "back", false), 3), any_of(changed, 8)),
      shape.source);
}

// The source table comes back as well: target rows that it never had become rows of it.
std::optional<Statement> insert_late(const MoveShape& shape) {
  Names columns;
  std::vector<std::string> values, present, labels, order, match, outer;
  bool overriding = false;
  for (std::size_t i = 0; i < shape.source_key.size(); ++i) {
    const std::string from = quoted(shape.key_copies[i]->target->name);
    columns.push_back(shape.source_key[i]);
    values.push_back("late." + from);
    labels.push_back(labelled("source", shape.source_key[i]));
    match.push_back(fmt::format("late.{} = inserted.{}", from, quoted(shape.source_key[i])));
    outer.push_back(fmt::format("source.{} = target.{}", quoted(shape.source_key[i]), from));
    present.push_back(fmt::format("late.{} is not null", from));
    const Column* column = column_then(column_key(shape.source, shape.source_key[i]), shape.around);
    overriding = overriding || (column != nullptr && column->identity && column->identity->always);
  }
  for (const Returned& returned : shape.returned) {
    if (contains(columns, returned.name)) continue;
    columns.push_back(returned.name);
    values.push_back("late." + labelled("new", returned.name));
    if (returned.source->not_null) present.push_back(values.back() + " is not null");
    overriding = overriding || (returned.source->identity && returned.source->identity->always);
  }
  for (const std::string& name : columns_then(shape.source, shape.around)) {
    const Column* column = column_then(column_key(shape.source, name), shape.around);
    const bool filled = column->default_value || column->identity || column->generated;
    if (column->not_null && !filled && !contains(columns, name)) return std::nullopt;
  }
  std::vector<std::string> partition, identity, identity_labels;
  for (const Mapped* copy : shape.key_copies) partition.push_back("target." + quoted(copy->target->name));
  for (const std::string& column : shape.target_identity) {
    order.push_back("target." + quoted(column));
    identity.push_back(fmt::format("late.{}", identity_label(column)));
    identity_labels.push_back(identity_label(column));
  }
  std::vector<std::string> identified;
  for (const std::string& column : shape.target_identity) {
    identified.push_back(fmt::format("target.{} as {}", quoted(column), identity_label(column)));
  }
  std::string stood;
  if (shape.keeps_standing()) {
    std::vector<std::string> parts;
    for (const std::string& column : shape.target_identity) {
      parts.push_back(fmt::format("stood.{0} = target.{0}", quoted(column)));
    }
    stood =
        fmt::format("\n     and not exists (select from {} as stood where {})", shape.stood, joined(parts, " and "));
  }
  std::vector<std::string> keys;
  for (const std::string& column : shape.source_key) keys.push_back("inserted." + quoted(column));
  return writes(
      fmt::format("what came since goes into {} too", table_sql(shape.source)),
      fmt::format("with target as (\n{}\n),\n"
                  "late as (\n"
                  "  select target.*, {},\n         row_number() over (partition by {} order by {}) as turn\n"
                  "    from target\n   where not exists (select from {} as source where {}){}\n),\n"
                  "inserted as (\n"
                  "  insert into {} ({}){}\n  select {}\n    from late\n   where late.turn = 1\n     and {}\n"
                  "  on conflict do nothing\n  returning {}\n)\n"
                  "insert into {} ({}, {}, place)\n"
                  "select {}, {}, 1\n  from inserted\n  join late on {} and late.turn = 1",
                  target_rows(shape), joined(identified, ", "), joined(partition, ", "), joined(order, ", "),
                  table_sql(shape.source), joined(outer, " and "), stood, table_sql(shape.source), listed(columns),
                  overriding ? " overriding system value" : "", lines_of(values, 9), all_of(present, 5),
                  listed(shape.source_key), shape.back, joined(labels, ", "), joined(identity_labels, ", "),
                  joined(keys, ", "), joined(identity, ", "), joined(match, " and ")),
      shape.source);
}

}  // namespace

std::vector<std::string> not_held(const MoveShape& shape) {
  std::vector<std::string> parts;
  for (const std::string& column : columns_now(shape.target, shape.around)) {
    if (contains(shape.target_identity, column) && shape.of(column) == nullptr) continue;
    const auto put = shape.untouched(
        column, [&](const Mapped& mapped) { return mapped.constant ? mapped.sql : "source." + put_label(mapped); });
    if (put) parts.push_back(differs("target." + quoted(column), *put, shape.type_of(column)));
  }
  return parts;
}

Statements note_what_is_lost(const MoveShape& shape) {
  const std::vector<std::string> parts = not_held(shape);
  if (parts.empty()) return {};
  const std::string from = fmt::format(
      "{} as target\n  join {} as back on {} and back.place = 1\n  join (\n{}\n  ) as source on {}\n where {}",
      table_sql(shape.target), shape.back, joined(by_identity(shape, "back"), " and "), source_rows(shape, false, 4),
      joined(by_source(shape, "source", "back", true), " and "), any_of(parts, 4));
  const Names key = shape.target_identity == Names{"ctid"} ? shape.target_key : shape.target_identity;
  return {residue_table(),
          reads(fmt::format("note rows of which {} holds only a part", table_sql(shape.source)),
                to_residue(shape.target, "target", key, shape.move.title(),
                           literal("carried back only in part: the old shape has no place for the rest"), from,
                           shape.around),
                shape.target)};
}

Statement remove_placed(const MoveShape& shape, std::vector<std::string> more) {
  std::vector<std::string> conditions = by_identity(shape, "back");
  if (shape.move.on_conflict == OnConflict::update) {
    std::vector<std::string> parts = by_source(shape, "kept", "back", true);
    conditions.push_back(fmt::format("not exists (select from {} as kept where {} and kept.already_there)", shape.kept,
                                     joined(parts, " and ")));
  }
  for (std::string& condition : not_referenced(shape.target, "target", shape.around))
    conditions.push_back(std::move(condition));
  std::move(more.begin(), more.end(), std::back_inserter(conditions));
  return writes(fmt::format("remove from {} what is back in {}", table_sql(shape.target), table_sql(shape.source)),
                fmt::format("delete from {} as target\n using {} as back\n where back.place = 1\n   and {}",
                            table_sql(shape.target), shape.back, all_of(conditions, 3)),
                shape.target);
}

Statement remove_untouched(const MoveShape& shape, const std::string& of_source, std::vector<std::string> more) {
  std::vector<std::string> conditions;
  std::string from;
  if (shape.records_source()) {
    from = fmt::format("{} as kept,\n       (\n{}\n       ) as source", shape.kept,
                       source_rows(shape, false, 8, of_source));
    conditions = by_source(shape, "source", "kept", true);
    for (const std::string& column : shape.target_key) {
      conditions.push_back(
          matches("target." + quoted(column), "kept." + labelled("target", column), shape.never_null(column)));
    }
  } else {
    from = shape.kept + " as kept";
  }
  if (shape.records_there()) conditions.push_back("not kept.already_there");
  for (const std::string& column : columns_now(shape.target, shape.around)) {
    const auto put = shape.untouched(column, [&](const Mapped& mapped) {
      if (mapped.constant) return mapped.sql;
      return shape.records_source() ? "source." + put_label(mapped) : "kept." + labelled("target", column);
    });
    if (!put) continue;
    if (shape.of(column) != nullptr && shape.never_null(column)) {
      conditions.push_back(matches("target." + quoted(column), *put, true));
    } else {
      conditions.push_back(same("target." + quoted(column), *put, shape.type_of(column)));
    }
  }
  for (std::string& condition : not_referenced(shape.target, "target", shape.around))
    conditions.push_back(std::move(condition));
  std::move(more.begin(), more.end(), std::back_inserter(conditions));
  return writes(fmt::format("remove from {} what was moved and nobody changed", table_sql(shape.target)),
                fmt::format("delete from {} as target\n using {}\n where {}", table_sql(shape.target), from,
                            all_of(conditions, 3)),
                shape.target);
}

namespace {

std::optional<Statement> restore_overwritten(const MoveShape& shape) {
  std::vector<std::string> sets, changed, found;
  for (const Mapped& mapped : shape.mapped) {
    const std::string& name = mapped.target->name;
    if (contains(shape.target_key, name)) continue;
    const std::string column = "target." + quoted(name);
    const std::string untouched = same(column, "kept." + labelled("new", name), mapped.target->type.text);
    sets.push_back(fmt::format("{} = case when {}\n                then kept.{} else {} end", quoted(name), untouched,
                               labelled("old", name), column));
    changed.push_back(fmt::format("({} and {})", untouched,
                                  differs(column, "kept." + labelled("old", name), mapped.target->type.text)));
  }
  for (const std::string& column : shape.target_key) {
    found.push_back(
        matches("target." + quoted(column), "kept." + labelled("target", column), shape.never_null(column)));
  }
  if (sets.empty()) return std::nullopt;
  return writes(
      fmt::format("give rows of {} that the move changed their old values, unless they changed since",
                  table_sql(shape.target)),
      fmt::format("update {} as target\n   set {}\n  from {} as kept\n where {}\n   and ({})", table_sql(shape.target),
                  lines_of(sets, 7), shape.overwrote, all_of(found, 3), any_of(changed, 8)),
      shape.target);
}

void append(Statements& all, Statements more) {
  for (Statement& statement : more) all.push_back(std::move(statement));
}

}  // namespace

Statements carry_back(const MoveShape& shape) {
  // What was withdrawn frees its unique values, so it goes first.
  Statements in_source = withdraw(shape);
  append(in_source, leave_out_refused(shape));
  if (!shape.returned.empty()) in_source.push_back(write_back(shape));
  if (shape.source_dropped) {
    if (auto late = insert_late(shape)) in_source.push_back(std::move(*late));
  }
  Statements all =
      without_triggers(std::move(in_source), shape.source, {shape.source_dropped, true, shape.source_dropped},
                       shape.around, shape.around.absent);
  append(all, note_what_is_lost(shape));
  return all;
}

Statements move_back(const MoveShape& shape) {
  Statements all;
  Statements in_target;
  if (shape.carries_back()) {
    all.push_back(find_places(shape));
    all.push_back({"let it be updated where a publication takes in all tables",
                   fmt::format("alter table {} replica identity full", shape.back),
                   {},
                   Work::instant});
    append(all, carry_back(shape));
    in_target.push_back(remove_placed(shape));
  } else {
    in_target.push_back(remove_untouched(shape));
  }
  const bool updated = shape.move.on_conflict == OnConflict::update;
  if (updated) {
    if (auto restored = restore_overwritten(shape)) in_target.push_back(std::move(*restored));
  }
  append(all, without_triggers(std::move(in_target), shape.target, {false, updated, true}, shape.around,
                               shape.around.absent));
  if (shape.carries_back()) all.push_back(drop_kept(shape.back));
  append(all, move_finalize(shape));
  return all;
}

}  // namespace godwit::data
