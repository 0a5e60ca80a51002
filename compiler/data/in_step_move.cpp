// SPDX-License-Identifier: Apache-2.0
// A move that is kept in step: triggers behind each row that is written, on the source and on the target. A row of the
// target belongs to the row of the source that it has the key of, as the move would put it. Each trigger writes to the
// other table what changed, unless that is there already, or what is there says the same by its own mapping; so the one
// that it sets off has nothing to do.
#include "compiler/data/in_step.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

InStep of_source(const MoveShape& shape) { return in_step_names(shape.move.name, shape.around, "source"); }
InStep of_target(const MoveShape& shape) { return in_step_names(shape.move.name, shape.around, "target"); }

std::string source_alias(const MoveShape& shape) {
  const Move& move = shape.move;
  return quoted(move.alias == move.source->name.str() ? shape.source.name.str() : move.alias);
}

std::string target_alias(const MoveShape& shape) { return quoted(shape.target.name); }

std::string put(const Mapped& mapped) { return labelled("put", mapped.target->name); }
std::string back(const Returned& returned) { return labelled("back", returned.name); }

bool is_key(const MoveShape& shape, const Mapped& mapped) { return contains(shape.target_key, mapped.target->name); }

const Mapped* key_copy_of(const MoveShape& shape, const std::string& target_column) {
  const auto found = std::find_if(shape.key_copies.begin(), shape.key_copies.end(),
                                  [&](const Mapped* copy) { return copy->target->name == target_column; });
  return found == shape.key_copies.end() ? nullptr : *found;
}

// What a record holds (`v_new.put_account`) for each column of the target's key.
std::string by_record(const MoveShape& shape, const std::string& alias, const std::string& record, int indent) {
  std::vector<std::string> parts;
  for (const std::string& column : shape.target_key)
    parts.push_back(fmt::format("{}.{} = {}.{}", alias, quoted(column), record, put(*shape.of(column))));
  return all_of(parts, indent);
}

// The row of the source that a row of the target (`new`, `old`) has the key of.
std::string by_source_row(const MoveShape& shape, const std::string& alias, const std::string& row, int indent) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < shape.source_key.size(); ++i) {
    parts.push_back(fmt::format("{}.{} = {}.{}", alias, quoted(shape.source_key[i]), row,
                                quoted(shape.key_copies[i]->target->name)));
  }
  return all_of(parts, indent);
}

std::string of_this_move(const MoveShape& shape, const std::string& row) {
  std::vector<std::string> parts;
  for (const Mapped* constant : shape.constants)
    parts.push_back(fmt::format("{}.{} = {}", row, quoted(constant->target->name), constant->sql));
  return joined(parts, " and ");
}

// What the mapping makes of a row, into a record.
std::string put_into(const MoveShape& shape, const std::string& record, const std::string& row) {
  std::vector<std::string> columns;
  for (const Mapped& mapped : shape.mapped) columns.push_back(mapped.sql + " as " + put(mapped));
  return fmt::format("select {}\n      into {}\n      from (select {}.*) as {}{};", lines_of(columns, 11), record, row,
                     source_alias(shape), shape.where.empty() ? "" : "\n     where " + shape.where);
}

std::string back_into(const MoveShape& shape, const std::string& record, const std::string& row) {
  std::vector<std::string> columns;
  for (const Returned& returned : shape.returned) columns.push_back(returned.sql + " as " + back(returned));
  return fmt::format("select {}\n      into {}\n      from (select {}.*) as {};", lines_of(columns, 11), record, row,
                     target_alias(shape));
}

// The source (`new`, in its trigger) holds already what the target's row says for each column that reads this one.
std::string source_says_so(const MoveShape& shape, const Mapped& mapped) {
  std::vector<std::string> parts;
  for (const Returned& returned : shape.returned) {
    if (!contains(returned.reads, mapped.target->name)) continue;
    parts.push_back(same(returned.sql, "new." + quoted(returned.name), returned.source->type.text));
  }
  return joined(parts, " and ");
}

// The target's row (`new`, in its trigger) holds already what the source's row would put into each column read for it.
std::string target_says_so(const MoveShape& shape, const Returned& returned) {
  std::vector<std::string> parts;
  for (const std::string& column : returned.reads) {
    const auto value = shape.untouched(column, [](const Mapped& mapped) { return mapped.sql; });
    if (!value) return {};
    parts.push_back(same("new." + quoted(column), *value, shape.type_of(column)));
  }
  return joined(parts, " and ");
}

std::string refuse_truncate(const ObjectKey& table) {
  return fmt::format(
      "  elsif tg_op = 'TRUNCATE' then\n"
      "    raise exception using errcode = '0A000', message = {},\n"
      "      hint = 'delete its rows instead; or finalize or roll back the migration first';\n",
      literal(table_sql(table) + " is kept in step with another table row by row, and cannot be truncated"));
}

// Columns by which the source says that its row is to be moved.
std::vector<const Returned*> asked(const MoveShape& shape) {
  std::vector<const Returned*> columns;
  if (!shape.move.where) return columns;
  const auto& references = shape.move.where->references;
  for (const Returned& returned : shape.returned) {
    const bool says = std::any_of(references.begin(), references.end(), [&](const Reference& reference) {
      return reference.target.kind == Kind::column && now(reference.target, shape.around).part == returned.name;
    });
    if (says) columns.push_back(&returned);
  }
  return columns;
}

struct Written {
  std::vector<std::string> sets;     // `token = case when … then … else … end`
  std::vector<std::string> changed;  // the conditions of these cases

  void add(const std::string& name, const std::vector<std::string>& conditions, const std::string& value,
           const std::string& column) {
    sets.push_back(fmt::format("{} = case when {}\n              then {} else {} end", quoted(name),
                               all_of(conditions, 19), value, column));
    changed.push_back(fmt::format("({})", all_of(conditions, 12)));
  }
};

// ---- from the source to the target ----------------------------------------------------------------------------------

Written written_to_target(const MoveShape& shape) {
  Written all;
  for (const Mapped& mapped : shape.mapped) {
    if (mapped.constant && is_key(shape, mapped)) continue;
    if (mapped.target->identity && mapped.target->identity->always) continue;
    const std::string& type = mapped.target->type.text;
    const std::string column = fmt::format("{}.{}", target_alias(shape), quoted(mapped.target->name));
    const std::string value = "v_new." + put(mapped);
    std::vector<std::string> conditions{fmt::format("(not v_had or {})", differs("v_old." + put(mapped), value, type)),
                                        differs(column, value, type)};
    if (const std::string says_so = source_says_so(shape, mapped); !says_so.empty())
      conditions.push_back(fmt::format("not ({})", says_so));
    all.add(mapped.target->name, conditions, value, column);
  }
  return all;
}

// A row that the source no longer says is to be moved goes, unless it says itself what the source does now.
std::string moved_no_more(const MoveShape& shape) {
  std::vector<std::string> parts;
  for (const Returned* returned : asked(shape))
    parts.push_back(same(returned->sql, "new." + quoted(returned->name), returned->source->type.text));
  if (parts.empty()) return {};
  return fmt::format("\n         and (tg_op = 'DELETE' or not ({}))", joined(parts, " and "));
}

std::string forward_body(const MoveShape& shape) {
  const std::string target = table_sql(shape.target), alias = target_alias(shape);
  Names columns;
  std::vector<std::string> values;
  for (const Mapped& mapped : shape.mapped) {
    columns.push_back(mapped.target->name);
    values.push_back("v_new." + put(mapped));
  }
  const Written written = written_to_target(shape);
  std::string update;
  if (!written.sets.empty()) {
    update = fmt::format("  update {} as {}\n     set {}\n   where {}\n     and ({});\n", target, alias,
                         lines_of(written.sets, 9), by_record(shape, alias, "v_at", 5), any_of(written.changed, 10));
  }
  return fmt::format(
      "  if current_setting('godwit.batch', true) = 'on' then\n"
      "    return null;  -- godwit's own\n"
      "{truncate}"
      "  end if;\n"
      "  if tg_op <> 'INSERT' then\n    {old_row}\n    v_had := found;\n  end if;\n"
      "  if tg_op <> 'DELETE' then\n    {new_row}\n    v_has := found;\n  end if;\n\n"
      "  if not v_has then\n"
      "    if v_had then  -- gone, or no longer to be moved\n"
      "      delete from {target} as {alias}\n       where {found_delete}{says_so};\n"
      "    end if;\n"
      "    return null;\n"
      "  end if;\n"
      "  if not v_had then\n    v_old := v_new;\n  end if;\n"
      "  if v_had and exists (select from {target} as {alias} where {found_old}) then\n"
      "    v_at := v_old;\n"
      "  else\n"
      "    v_at := v_new;\n"
      "    {head}    select {values}\n     where not exists (select from {target} as {alias} where {found_new})\n"
      "    on conflict ({key}) do nothing;\n"
      "    if found then\n      return null;\n    end if;\n"
      "  end if;\n"
      "{update}"
      "  return null;",
      fmt::arg("truncate", refuse_truncate(shape.source)), fmt::arg("old_row", put_into(shape, "v_old", "old")),
      fmt::arg("new_row", put_into(shape, "v_new", "new")), fmt::arg("target", target), fmt::arg("alias", alias),
      fmt::arg("says_so", moved_no_more(shape)), fmt::arg("found_delete", by_record(shape, alias, "v_old", 9)),
      fmt::arg("found_old", by_record(shape, alias, "v_old", 27)),
      fmt::arg("found_new", by_record(shape, alias, "v_new", 29)), fmt::arg("head", insert_head(shape)),
      fmt::arg("values", lines_of(values, 11)), fmt::arg("key", listed(shape.target_key)), fmt::arg("update", update));
}

// ---- from the target to the source ----------------------------------------------------------------------------------

Written written_to_source(const MoveShape& shape) {
  Written all;
  for (const Returned& returned : shape.returned) {
    const std::string& type = returned.source->type.text;
    const std::string column = fmt::format("{}.{}", source_alias(shape), quoted(returned.name));
    // Null has no place there: it keeps what it has.
    const std::string value = returned.source->not_null ? fmt::format("coalesce(v_new.{}, {})", back(returned), column)
                                                        : "v_new." + back(returned);
    std::vector<std::string> conditions{
        fmt::format("(not v_was or {})", differs("v_old." + back(returned), "v_new." + back(returned), type)),
        differs(column, value, type)};
    if (const std::string says_so = target_says_so(shape, returned); !says_so.empty())
      conditions.push_back(fmt::format("not ({})", says_so));
    all.add(returned.name, conditions, value, column);
  }
  return all;
}

// What the move puts into a column of the target's key: a constant, or a column of the source.
std::string key_value(const MoveShape& shape, const std::string& column) {
  const Mapped& mapped = *shape.of(column);
  return mapped.constant ? mapped.sql : fmt::format("{}.{}", source_alias(shape), quoted(mapped.copies));
}

// The row of the source would put a row of another key into the target, and that is there: it is the one that counts.
std::string another_counts(const MoveShape& shape) {
  std::vector<std::string> parts, own;
  for (const std::string& column : shape.target_key) {
    parts.push_back(fmt::format("other.{} = {}", quoted(column), key_value(shape, column)));
    own.push_back(fmt::format("other.{0} = new.{0}", quoted(column)));
  }
  return fmt::format(
      "exists (select from {} as other\n                      where {}\n                        and not ({}))",
      table_sql(shape.target), joined(parts, " and "), joined(own, " and "));
}

std::string withdraw(const MoveShape& shape) {
  const std::string source = table_sql(shape.source), alias = source_alias(shape);
  if (one_for_one(shape))
    return fmt::format("    delete from {} as {}\n     where {};\n", source, alias,
                       by_source_row(shape, alias, "old", 7));
  std::vector<std::string> sets, key;
  for (const Returned* returned : asked(shape)) {
    if (returned->source->not_null && !returned->source->default_value) continue;
    sets.push_back(fmt::format("{} = {}", quoted(returned->name), returned->source->not_null ? "default" : "null"));
  }
  std::vector<std::string> same_key{by_source_row(shape, alias, "old", 7), fmt::format("({})", shape.where)};
  for (const std::string& column : shape.target_key) {
    const Mapped& mapped = *shape.of(column);
    if (!mapped.constant && key_copy_of(shape, column) == nullptr)
      same_key.push_back(fmt::format("{} = old.{}", mapped.sql, quoted(column)));
  }
  std::string text;
  if (!sets.empty())
    text = fmt::format("    update {} as {}\n       set {}\n     where {};\n", source, alias, lines_of(sets, 11),
                       all_of(same_key, 7));
  for (const std::string& column : shape.target_key)
    key.push_back(fmt::format("{}, old.{}", literal(column), quoted(column)));
  return text + fmt::format(
                    "    insert into godwit_kept.conflict (migration, step, table_name, key, row_data, reason)\n"
                    "    select {}, {}, {},\n           jsonb_build_object({}), to_jsonb(old),\n"
                    "           'deleted, and the row that it came from still says that it is there'\n"
                    "     where exists (select from {} as {} where {});\n",
                    literal(shape.around.migration), literal(shape.move.title()), literal(table_sql(shape.target)),
                    joined(key, ", "), source, alias, all_of(same_key, 20));
}

// A row that the source never had.
std::string insert_into_source(const MoveShape& shape) {
  if (!inserts_into_source(shape)) return {};
  Names columns;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < shape.source_key.size(); ++i) {
    columns.push_back(shape.source_key[i]);
    values.push_back("new." + quoted(shape.key_copies[i]->target->name));
  }
  for (const Returned& returned : shape.returned) {
    if (contains(columns, returned.name)) continue;
    columns.push_back(returned.name);
    values.push_back("v_new." + back(returned));
  }
  const bool overriding = std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const Column* column = column_now(column_key(shape.source, name), shape.around);
    return column != nullptr && column->identity && column->identity->always;
  });
  const std::string alias = source_alias(shape);
  return fmt::format(
      "  if not exists (select from {0} as {1} where {2}) then\n"
      "    insert into {0} ({3}){4}\n    values ({5});\n"
      "    return null;\n  end if;\n",
      table_sql(shape.source), alias, by_source_row(shape, alias, "new", 21), listed(columns),
      overriding ? " overriding system value" : "", joined(values, ", "));
}

std::string backward_body(const MoveShape& shape) {
  const std::string alias = source_alias(shape);
  std::string was = "tg_op <> 'INSERT'", is = "tg_op <> 'DELETE'";
  if (!shape.constants.empty()) {
    was += " and " + of_this_move(shape, "old");
    is += " and " + of_this_move(shape, "new");
  }
  std::vector<std::string> elsewhere;
  for (const Mapped* copy : shape.key_copies)
    elsewhere.push_back(fmt::format("old.{0} is distinct from new.{0}", quoted(copy->target->name)));
  const std::string other_key = joined(elsewhere, " or ");
  std::string gone = fmt::format("(not v_is or {})", other_key), moved;
  if (one_for_one(shape)) {  // the row goes with all that the target knows nothing of
    std::vector<std::string> sets;
    for (std::size_t i = 0; i < shape.source_key.size(); ++i)
      sets.push_back(
          fmt::format("{} = new.{}", quoted(shape.source_key[i]), quoted(shape.key_copies[i]->target->name)));
    gone = "not v_is";
    moved = fmt::format(
        "  elsif v_was and ({}) then  -- under another key\n    update {} as {}\n       set {}\n     where {};\n",
        other_key, table_sql(shape.source), alias, lines_of(sets, 11), by_source_row(shape, alias, "old", 7));
  }
  const Written written = written_to_source(shape);
  std::string update;
  if (!written.sets.empty()) {
    const bool one = one_for_one(shape) || shape.target_key.size() == shape.key_copies.size() + shape.constants.size();
    update = fmt::format("  update {} as {}\n     set {}\n   where {}\n     and ({}){};\n", table_sql(shape.source),
                         alias, lines_of(written.sets, 9), by_source_row(shape, alias, "new", 5),
                         any_of(written.changed, 10), one ? "" : "\n     and not " + another_counts(shape));
  }
  return fmt::format(
      "  if current_setting('godwit.batch', true) = 'on' then\n"
      "    return null;  -- godwit's own\n"
      "{truncate}"
      "  end if;\n"
      "  v_was := {was};\n"
      "  v_is := {is};\n"
      "  if v_was and {gone} then  -- gone from its place\n"
      "{withdraw}"
      "    v_was := false;\n"
      "{moved}"
      "  end if;\n"
      "  if not v_is then\n    return null;\n  end if;\n"
      "{values}"
      "{insert}{update}"
      "  return null;",
      fmt::arg("truncate", refuse_truncate(shape.target)), fmt::arg("was", was), fmt::arg("is", is),
      fmt::arg("gone", gone), fmt::arg("moved", moved), fmt::arg("withdraw", withdraw(shape)),
      fmt::arg("values",
               shape.returned.empty()
                   ? std::string{}
                   : fmt::format("  {}\n  if v_was then\n    {}\n  else\n    v_old := v_new;\n  end if;\n",
                                 indented(back_into(shape, "v_new", "new"), 0), back_into(shape, "v_old", "old"))),
      fmt::arg("insert", insert_into_source(shape)), fmt::arg("update", update));
}

void add(Statements& all, const InStep& names, const ObjectKey& table, const std::string& declarations,
         const std::string& body, const Surroundings& around) {
  all.push_back(
      {starts_in_step(table), in_step_function(names.function, declarations, body, around), {}, Work::instant});
  all.push_back(in_step_trigger(names.trigger, names.function + "()", "after insert or update or delete", table));
  all.push_back(in_step_trigger(names.last, names.function + "()", "before truncate", table));
}

}  // namespace

bool one_for_one(const MoveShape& shape) {
  return shape.where.empty() && shape.target_key.size() == shape.key_copies.size();
}

bool inserts_into_source(const MoveShape& shape) {
  if (!one_for_one(shape)) return false;
  for (const std::string& name : columns_now(shape.source, shape.around)) {
    const Column* column = column_now(column_key(shape.source, name), shape.around);
    const bool filled = column->default_value || column->identity || column->generated;
    const bool given = contains(shape.source_key, name) ||
                       std::any_of(shape.returned.begin(), shape.returned.end(),
                                   [&](const Returned& returned) { return returned.name == name; });
    if (column->not_null && !filled && !given) return false;
  }
  return true;
}

Statements keep_in_step(const MoveShape& shape) {
  Statements all{conflict_table()};
  add(all, of_source(shape), shape.source,
      "  v_had boolean := false;  -- the row, as it was, is in the target\n"
      "  v_has boolean := false;  -- as it is, it belongs there\n"
      "  v_old record;\n  v_new record;\n  v_at record;  -- where it stands",
      forward_body(shape), shape.around);
  if (!shape.move.no_reverse) {
    add(all, of_target(shape), shape.target,
        "  v_was boolean;  -- the row, as it was, is one of this move\n"
        "  v_is boolean;  -- as it is, it is one\n"
        "  v_old record;\n  v_new record;",
        backward_body(shape), shape.around);
  }
  return all;
}

Statements end_in_step(const MoveShape& shape) {
  const auto end = [](const InStep& names, const ObjectKey& table) {
    return end_in_step(names.function, {names.trigger, names.last}, table);
  };
  Statements all = end(of_source(shape), shape.source);
  if (!shape.move.no_reverse) {
    for (Statement& statement : end(of_target(shape), shape.target)) all.push_back(std::move(statement));
  }
  all.push_back(settle_conflicts(shape.move.title(), shape.around));
  return all;
}

Statements leave_step(const MoveShape& shape) {
  std::vector<std::string> conditions;
  for (const std::string& column : shape.target_key)
    conditions.push_back(fmt::format("target.{} = source.{}", quoted(column), labelled("put", column)));
  for (const std::string& column : columns_now(shape.target, shape.around)) {
    if (contains(shape.target_key, column)) continue;
    const auto value = shape.untouched(column, [](const Mapped& mapped) { return "source." + put(mapped); });
    if (value) conditions.push_back(same("target." + quoted(column), *value, shape.type_of(column)));
  }
  for (std::string& condition : not_referenced(shape.target, "target", shape.around))
    conditions.push_back(std::move(condition));
  Statements all{
      writes(fmt::format("remove from {} what {} says as well", table_sql(shape.target), table_sql(shape.source)),
             fmt::format("delete from {} as target\n using ({}) as source\n where {}", table_sql(shape.target),
                         indented(image(shape, mapped_columns(shape), "put"), 8), all_of(conditions, 3)),
             shape.target)};
  return without_triggers(std::move(all), shape.target, {false, false, true}, shape.around, shape.around.absent);
}

}  // namespace godwit::data
