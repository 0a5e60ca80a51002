// SPDX-License-Identifier: Apache-2.0
// Columns filled from other tables: old and new values are kept, so that rollback gives back what nobody touched since.
#include "compiler/data/filling.h"

#include "base/identifier.h"
#include "compiler/data/in_step.h"
#include "compiler/data/reject.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

Filling filling_of(const Backfill& backfill, const Surroundings& around) {
  Filling filling{around,
                  backfill,
                  backfill.table,
                  backfill.title.empty() ? "backfill " + table_sql(backfill.table) : backfill.title,
                  {},
                  {},
                  {},
                  {},
                  {},
                  {}};
  filling.alias = quoted(backfill.alias.empty() ? backfill.table.name.str() : backfill.alias);
  filling.from = table_sql(backfill.table);
  if (!backfill.alias.empty() && backfill.alias != backfill.table.name) filling.from += " as " + filling.alias;
  if (backfill.from) filling.from += ",\n               " + backfill.from->text;
  if (backfill.where) filling.where = backfill.where->text;
  filling.key = row_key_now(backfill.table, around);
  std::string salt = backfill.table.schema + '\n';
  salt += backfill.where ? backfill.where->normal + backfill.where->text : std::string{};
  for (const Assignment& set : backfill.set) {
    const ObjectKey key = column_key(backfill.table, set.column);
    const Column* column = column_now(key, around);
    if (column == nullptr) continue;
    Filled filled{set.column,
                  column->type.text,
                  as_type(set.value.text, set.type, *column, around),
                  !existed_before(key, around),
                  {}};
    if (filled.added) filled.initial = plain_default(*column);
    salt += '\n' + set.column + '=' + set.value.text;
    filling.columns.push_back(std::move(filled));
  }
  filling.kept = kept_table("filled", backfill.table.name, around, salt);
  return filling;
}

std::string values(const Filling& filling, const std::string& condition, const std::string& locking) {
  std::vector<std::string> columns, changed;
  for (const std::string& column : filling.key) {
    columns.push_back(fmt::format("{}.{} as {}", filling.alias, quoted(column), labelled("row", column)));
  }
  for (const Filled& filled : filling.columns) {
    columns.push_back(fmt::format("{}.{} as {}", filling.alias, quoted(filled.name), labelled("old", filled.name)));
    columns.push_back(fmt::format("{} as {}", filled.sql, labelled("new", filled.name)));
    changed.push_back(differs(labelled("old", filled.name), labelled("new", filled.name), filled.type));
  }
  std::string where = filling.where;
  if (!condition.empty()) where = where.empty() ? condition : fmt::format("{}\n           and ({})", condition, where);
  return fmt::format("select *\n  from (select {}\n          from {}{}{}) as filled\n where {}", lines_of(columns, 15),
                     filling.from, where.empty() ? "" : "\n         where " + where, locking, any_of(changed, 3));
}

Statement keep_values(const Filling& filling) {
  return reads(fmt::format("keep the rows of {} that change, with old and new values", table_sql(filling.table)),
               fmt::format("create table {} as\n{}", filling.kept, values(filling, {}, {})), filling.table);
}

namespace {

Statement fill(const Filling& filling) {
  std::vector<std::string> sets, labels;
  for (const Filled& filled : filling.columns) {
    sets.push_back(fmt::format("{} = kept.{}", quoted(filled.name), labelled("new", filled.name)));
  }
  for (const std::string& column : filling.key) labels.push_back(labelled("row", column));
  const auto said = [&](std::string_view words) { return said_of(filling.name, words); };
  const std::string body = fmt::format(
      "  select count(*) into v_total from {};\n"
      "  select count(*) into v_changing from {};\n"
      "  if exists (select from {} group by {} having count(*) > 1) then\n"
      "    raise exception {} using errcode = 'GW003';\n  end if;\n\n"
      "  update {} as target\n     set {}\n    from {} as kept\n   where {};\n  get diagnostics v_changed = "
      "row_count;\n\n"
      "  if v_changed <> v_changing then\n    raise exception {}, v_changing, v_changed using errcode = 'GW003';\n  "
      "end if;\n"
      "  raise notice {}, v_changed, v_total - v_changed, v_total;",
      table_sql(filling.table), filling.kept, filling.kept, joined(labels, ", "),
      said("several rows fit one row of the table, and which value it gets would be left to chance"),
      table_sql(filling.table), lines_of(sets, 9), filling.kept, all_of(filling.by_key("target"), 5),
      said("% rows were to change, but % did"), said("% filled, % left as they were, % in all"));
  return writes(fmt::format("fill {}", table_sql(filling.table)),
                block("  v_total bigint;\n  v_changing bigint;\n  v_changed bigint;", body), filling.table);
}

// What an extract promises: no row that has a key is left without its link.
Statement all_matched(const Filling& filling) {
  return reads("every row found what it is linked to",
               block("  v_unmatched bigint;",
                     fmt::format("  v_unmatched := {};\n  if v_unmatched > 0 then\n    raise exception {}, v_unmatched "
                                 "using errcode = 'GW003';\n  end if;",
                                 indented(filling.backfill.unmatched->text, 2),
                                 said_of(filling.name, "% rows found nothing to be linked to"))),
               filling.table);
}

}  // namespace

std::string changed_since(const Filling& filling, std::string_view row, int indent) {
  std::vector<std::string> changed;
  for (const Filled& filled : filling.columns) {
    const std::string value = fmt::format("{}.{}", row, quoted(filled.name));
    const std::string recorded = fmt::format("kept.{} is not null", labelled("row", filling.key.front()));
    const std::string since = differs(value, "kept." + labelled("new", filled.name), filled.type);
    if (filled.added && filled.initial) {
      changed.push_back(fmt::format("case when {} then {} else {} end", recorded, since,
                                    differs(value, *filled.initial, filled.type)));
    } else {
      changed.push_back(fmt::format("({} and {})", recorded, since));
    }
  }
  return any_of(changed, indent);
}

std::string join_kept(const Filling& filling, std::string_view row) {
  return fmt::format("left join {} as kept on {}", filling.kept, joined(filling.by_key(row), " and "));
}

// Values written since stand in the way of giving back: the row is noted as it is. Where they were carried back, only
// what the forward expressions would not make of it again.
Statement note_changed(const Filling& filling, const std::string& condition) {
  std::string from = fmt::format("{} as target\n  {}", table_sql(filling.table), join_kept(filling, "target"));
  std::string where = changed_since(filling, "target", 4);
  if (!filling.backfill.reverse.empty() || filling.backfill.in_step) {
    std::vector<std::string> columns, match, lost;
    for (const std::string& column : filling.key) {
      columns.push_back(fmt::format("{}.{} as {}", filling.alias, quoted(column), labelled("row", column)));
      match.push_back(fmt::format("target.{} = again.{}", quoted(column), labelled("row", column)));
    }
    for (const Filled& filled : filling.columns) {
      const std::string again = labelled("new", filled.name);
      // An expression that a rejected row did not survive is left alone there.
      const std::string value =
          filling.backfill.reject
              ? fmt::format("case when not {}\n                    then {} end", is_rejected(filling), filled.sql)
              : filled.sql;
      columns.push_back(fmt::format("{} as {}", value, again));
      lost.push_back(differs("target." + quoted(filled.name), "again." + again, filled.type));
    }
    from += fmt::format("\n  left join (select {}\n               from {}{}) as again on {}", lines_of(columns, 20),
                        filling.from, filling.where.empty() ? "" : "\n              where " + filling.where,
                        joined(match, " and "));
    where = fmt::format("({})\n   and ({})", where, any_of(lost, 8));
  }
  if (!condition.empty()) where = fmt::format("{}\n   and ({})", condition, where);
  return reads(fmt::format("note rows of {} that were changed since", table_sql(filling.table)),
               to_residue(filling.table, "target", filling.key, filling.name, literal("changed since"),
                          from + "\n where " + where, filling.around),
               filling.table);
}

namespace {

// What was written since goes back into the columns that `reverse set` names.
Statement carry_back(const Filling& filling) {
  const Backfill& backfill = filling.backfill;
  std::vector<std::string> conditions, sets, written;
  std::vector<std::string> found;
  for (const std::string& column : filling.key) {
    found.push_back(fmt::format("{}.{} = target.{}", filling.alias, quoted(column), quoted(column)));
  }
  std::string applies;
  if (backfill.differs) {
    std::vector<std::string> linked{fmt::format("kept.{} is not null", labelled("row", filling.key.front()))};
    for (const Filled& filled : filling.columns)
      linked.push_back(fmt::format("target.{} is not null", quoted(filled.name)));
    applies = any_of(linked, 19);
  } else {
    applies = changed_since(filling, "target", 19);
  }
  conditions.push_back(fmt::format(
      "exists (select from {} as target\n                 {}\n                where {}\n                  and ({}))",
      table_sql(filling.table), join_kept(filling, "target"), joined(found, " and "), applies));
  if (backfill.differs) conditions.push_back(fmt::format("({})", backfill.differs->text));
  for (const Assignment& reverse : backfill.reverse) {
    const Column& column = *column_then(column_key(filling.table, reverse.column), filling.around);
    const std::string value = as_type(reverse.value.text, reverse.type, column, filling.around);
    sets.push_back(fmt::format("{} = {}", quoted(reverse.column), value));
    written.push_back(differs(fmt::format("{}.{}", filling.alias, quoted(reverse.column)), value, column.type.text));
    // Null has no place there: the row is noted among the residue.
    if (column.not_null) conditions.push_back(fmt::format("({}) is not null", reverse.value.text));
  }
  conditions.push_back(fmt::format("({})", any_of(written, 8)));
  return writes(fmt::format("carry what was written since back into {}", table_sql(filling.table)),
                fmt::format("update {} as {}\n   set {}\n where {}", table_sql(filling.table), filling.alias,
                            lines_of(sets, 7), all_of(conditions, 3)),
                filling.table);
}

}  // namespace

std::optional<Statement> give_back(const Filling& filling, const std::string& condition) {
  std::vector<std::string> sets, changed;
  for (const Filled& filled : filling.columns) {
    if (filled.added) continue;
    const std::string column = "target." + quoted(filled.name);
    const std::string untouched = same(column, "kept." + labelled("new", filled.name), filled.type);
    sets.push_back(fmt::format("{} = case when {}\n              then kept.{} else {} end", quoted(filled.name),
                               untouched, labelled("old", filled.name), column));
    changed.push_back(
        fmt::format("({} and {})", untouched, differs(column, "kept." + labelled("old", filled.name), filled.type)));
  }
  if (sets.empty()) return std::nullopt;
  return writes(
      fmt::format("give {} its old values back where nobody changed them since", table_sql(filling.table)),
      fmt::format("update {} as target\n   set {}\n  from {} as kept\n where {}{}\n   and ({})",
                  table_sql(filling.table), lines_of(sets, 7), filling.kept, all_of(filling.by_key("target"), 3),
                  condition.empty() ? "" : "\n   and " + condition, any_of(changed, 8)),
      filling.table);
}

namespace {

// Without a key no row can be found again; only columns that this migration adds may be filled then.
Statement fill_without_key(const Filling& filling, const Backfill& backfill) {
  std::vector<std::string> sets;
  for (const Assignment& set : backfill.set) sets.push_back(fmt::format("{} = {}", quoted(set.column), set.value.text));
  return writes(fmt::format("fill {}", table_sql(filling.table)),
                fmt::format("update {} as {}\n   set {}{}{}", table_sql(filling.table), filling.alias,
                            lines_of(sets, 7), backfill.from ? "\n  from " + backfill.from->text : "",
                            filling.where.empty() ? "" : "\n where " + filling.where),
                filling.table);
}

}  // namespace

std::vector<Step> steps(const Backfill& backfill, const Surroundings& around) {
  const Filling filling = filling_of(backfill, around);
  const Writes updates{false, true, false};
  Step step;
  step.phase = Phase::move;
  step.reads_rows = true;
  step.title = filling.name;
  step.span = backfill.span;
  step.subject = backfill.table;
  step.follows_previous = backfill.unmatched.has_value();  // the link of an extract: behind the move that it links to
  const auto append = [](Statements& all, Statements more) {
    for (Statement& statement : more) all.push_back(std::move(statement));
  };
  if (filling.key.empty()) {
    step.up = without_triggers({fill_without_key(filling, backfill)}, backfill.table, updates, around, around.absent);
    step.lossy = true;
    step.remarks.push_back("lossy: the table has no key, so values written since cannot be told from filled ones");
  } else {
    if (backfill.batch) {
      fill_in_batches(filling, step);
    } else if (backfill.reject) {
      Statement kept = keep_values(filling);
      kept.sql += "\n  with no data";
      kept.work = Work::instant;
      step.up = {kept_schema(), rejected_table(), std::move(kept)};
      append(step.up, without_triggers({fill_rejecting(filling)}, backfill.table, updates, around, around.absent));
      step.down = {rejected_table()};
    } else {
      step.up = {kept_schema(), keep_values(filling)};
      append(step.up, without_triggers({fill(filling)}, backfill.table, updates, around, around.absent));
      if (backfill.unmatched) step.up.push_back(all_matched(filling));
    }
    if (backfill.in_step) {
      if (!backfill.batch) append(step.up, keep_in_step(filling));
      append(step.down, end_in_step(filling));
      append(step.finalize, end_in_step(filling));
      step.remarks.push_back(in_step_remark(filling));
    }
    // What is in step is where it belongs already.
    if (!backfill.reverse.empty() && !backfill.in_step)
      append(step.down, without_triggers({carry_back(filling)}, backfill.table, updates, around, around.absent));
    append(step.down, {residue_table(), note_changed(filling)});
    if (auto statement = give_back(filling))
      append(step.down, without_triggers({std::move(*statement)}, backfill.table, updates, around, around.absent));
    step.down.push_back(drop_kept(filling.kept));
    step.finalize.push_back(drop_kept(filling.kept));
    step.keeps = true;
    step.remarks.push_back(fmt::format("{} keeps old and new values, until finalize", filling.kept));
    if (backfill.reject) {
      step.rejects = true;
      step.down.push_back(forget_rejected(noted_as(filling), around));
      step.finalize.push_back(keep_rejected());
      step.remarks.push_back(
          fmt::format("rows that do not fit, up to {}, stay as they are and are noted in "
                      "godwit_kept.rejected",
                      backfill.reject->text));
    }
  }
  step.fills = {backfill.table};
  step.needs.push_back({backfill.table, false});
  const auto note = [&](const Fragment& fragment) {
    for (const Reference& reference : fragment.references) {
      if (around.catalog.find(reference.target) != nullptr) {
        step.needs.push_back({reference.target, false});
      } else {
        step.uses_old.push_back(then(reference.target, around));
      }
    }
  };
  for (const Assignment& set : backfill.set) {
    step.needs.push_back({column_key(backfill.table, set.column), false});
    note(set.value);
  }
  for (const Assignment& reverse : backfill.reverse) {
    note(reverse.value);
    if (backfill.in_step) continue;
    step.remarks.push_back(backfill.differs
                               ? fmt::format("rollback: {} follows its link", quoted(reverse.column))
                               : fmt::format("rollback: {} := {}", quoted(reverse.column), reverse.value.text));
  }
  if (backfill.differs) note(*backfill.differs);
  if (backfill.unmatched) note(*backfill.unmatched);
  if (backfill.from) note(*backfill.from);
  if (backfill.where) note(*backfill.where);
  return {std::move(step)};
}

}  // namespace godwit::data
