// SPDX-License-Identifier: Apache-2.0
// A move, forward: which rows qualify, the insert with its conservation, what stays behind, and a sample of the result.
#include "compiler/data/shape.h"

#include "base/identifier.h"
#include "compiler/data/compare.h"
#include "compiler/data/in_step.h"
#include "compiler/data/reject.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace godwit::data {

std::string image(const MoveShape& shape, const Names& target_columns, std::string_view label,
                  const std::string& condition) {
  std::vector<std::string> columns;
  for (const std::string& key : shape.source_key) {
    columns.push_back(fmt::format("{} as {}", quoted(key), labelled("source", key)));
  }
  for (const std::string& name : target_columns) {
    if (const Mapped* mapped = shape.of(name)) columns.push_back(mapped->sql + " as " + labelled(label, name));
  }
  std::string where = shape.where;
  if (!condition.empty()) where = where.empty() ? condition : fmt::format("{}\n   and ({})", condition, where);
  return fmt::format("select {}\n  from {}{}", lines_of(columns, 7), shape.from,
                     where.empty() ? "" : "\n where " + where);
}

Names mapped_columns(const MoveShape& shape) {
  Names names;
  for (const Mapped& mapped : shape.mapped) names.push_back(mapped.target->name);
  return names;
}

std::vector<std::string> by_target_key(const MoveShape& shape, std::string_view alias, std::string_view label) {
  std::vector<std::string> parts;
  for (const std::string& column : shape.target_key) {
    parts.push_back(matches("target." + quoted(column), fmt::format("{}.{}", alias, labelled(label, column)),
                            shape.never_null(column)));
  }
  return parts;
}

std::vector<std::string> by_source_key(const MoveShape& shape, std::string_view a, std::string_view b) {
  std::vector<std::string> parts;
  for (const std::string& column : shape.source_key) {
    parts.push_back(fmt::format("{0}.{2} = {1}.{2}", a, b, labelled("source", column)));
  }
  return parts;
}

std::string with_already_there(const MoveShape& shape, const std::string& image_query, std::string_view label) {
  std::vector<std::string> labels, order;
  for (const std::string& column : shape.target_key) labels.push_back("image." + labelled(label, column));
  for (const std::string& column : shape.source_key) order.push_back("image." + labelled("source", column));
  std::string there = fmt::format("exists (select from {} as target\n                where {})",
                                  table_sql(shape.target), all_of(by_target_key(shape, "image", label), 18));
  if (shape.move.on_conflict == OnConflict::skip) {
    there += fmt::format("\n       or row_number() over (partition by {}{}) > 1", joined(labels, ", "),
                         order.empty() ? "" : " order by " + joined(order, ", "));
  }
  return fmt::format("select image.*,\n       {} as already_there\n  from ({}) as image", there,
                     indented(image_query, 8));
}

Statement keep_qualifying(const MoveShape& shape) {
  const Names recorded = shape.records_source() ? shape.target_key : mapped_columns(shape);
  std::string query = image(shape, recorded, "target");
  if (shape.records_there()) query = with_already_there(shape, query, "target");
  return reads("keep which rows of the source move, and where to",
               fmt::format("create table {} as\n{}", shape.kept, query),
               shape.move.source ? shape.source : shape.target);
}

Statement keep_standing(const MoveShape& shape) {
  std::vector<std::string> of_move;
  for (const Mapped* constant : shape.constants) {
    of_move.push_back(
        matches("target." + quoted(constant->target->name), constant->sql, shape.never_null(constant->target->name)));
  }
  return reads(fmt::format("keep which rows of {} stand there already", table_sql(shape.target)),
               fmt::format("create table {} as\nselect {}\n  from {} as target{}", shape.stood,
                           listed(shape.target_identity, "target."), table_sql(shape.target),
                           of_move.empty() ? "" : "\n where " + all_of(of_move, 3)),
               shape.target);
}

namespace {

std::string where_of(const MoveShape& shape) { return shape.where.empty() ? std::string{} : "\n where " + shape.where; }

Names overwritten_columns(const MoveShape& shape) {
  Names names;
  for (const std::string& column : mapped_columns(shape)) {
    if (std::find(shape.target_key.begin(), shape.target_key.end(), column) == shape.target_key.end()) {
      names.push_back(column);
    }
  }
  return names;
}

Statement keep_overwritten(const MoveShape& shape) {
  std::vector<std::string> columns;
  for (const std::string& key : shape.target_key) {
    columns.push_back(fmt::format("target.{} as {}", quoted(key), labelled("target", key)));
  }
  for (const std::string& column : overwritten_columns(shape)) {
    columns.push_back(fmt::format("target.{} as {}", quoted(column), labelled("old", column)));
    columns.push_back(fmt::format("image.{} as {}", labelled("put", column), labelled("new", column)));
  }
  return reads(
      fmt::format("keep the rows of {} that are overwritten", table_sql(shape.target)),
      fmt::format("create table {} as\nselect {}\n  from ({}) as image\n  join {} as target\n    on {}",
                  shape.overwrote, lines_of(columns, 7), indented(image(shape, mapped_columns(shape), "put"), 8),
                  table_sql(shape.target), all_of(by_target_key(shape, "image", "put"), 3)),
      shape.target);
}

}  // namespace

std::string insert_head(const MoveShape& shape) {
  const bool overriding = std::any_of(shape.mapped.begin(), shape.mapped.end(), [](const Mapped& mapped) {
    return mapped.target->identity && mapped.target->identity->always;
  });
  return fmt::format("insert into {} ({}){}\n", table_sql(shape.target), listed(mapped_columns(shape)),
                     overriding ? " overriding system value" : "");
}

std::string insert_with_record(const MoveShape& shape, std::string rows, std::string_view stamp) {
  if (shape.records_there()) rows = with_already_there(shape, rows, "put");
  std::vector<std::string> record, recorded, values;
  for (const std::string& column : shape.source_key) {
    record.push_back(labelled("source", column));
    recorded.push_back(labelled("source", column));
  }
  for (const std::string& column : shape.target_key) {
    if (shape.of(column) == nullptr) continue;
    record.push_back(labelled("target", column));
    recorded.push_back(labelled("put", column));
  }
  if (shape.records_there()) {
    record.emplace_back("already_there");
    recorded.emplace_back("already_there");
  }
  if (!stamp.empty()) {
    record.emplace_back("put_in");
    recorded.emplace_back(stamp);
  }
  for (const std::string& column : mapped_columns(shape)) values.push_back(labelled("put", column));
  return fmt::format(
      "with image as {}materialized (\n  {}\n), kept as (\n  insert into {} ({})\n  select {}\n    from "
      "image\n)\n{}select {}\n  "
      "from image{}",
      shape.records_there() ? "" : "not ", indented(rows, 2), shape.kept, joined(record, ", "), joined(recorded, ", "),
      insert_head(shape), lines_of(values, 7), shape.records_there() ? "\n where not already_there" : "");
}

namespace {

std::string insert_sql(const MoveShape& shape) {
  const Names columns = mapped_columns(shape);
  const std::string sql = insert_head(shape);
  std::vector<std::string> values;
  if (!shape.records_source()) {
    for (const std::string& column : columns) values.push_back("kept." + labelled("target", column));
    return sql + fmt::format("select {}\n  from {} as kept{}", lines_of(values, 7), shape.kept,
                             shape.records_there() ? "\n where not kept.already_there" : "");
  }
  if (!shape.records_there()) {
    for (const Mapped& mapped : shape.mapped) values.push_back(mapped.value.text);
    return sql + fmt::format("select {}\n  from {}{}", lines_of(values, 7), shape.from, where_of(shape));
  }
  for (const std::string& column : columns) values.push_back("image." + labelled("put", column));
  return sql +
         fmt::format("select {}\n  from ({}) as image\n  join {} as kept\n    on {}\n where not kept.already_there",
                     lines_of(values, 7), indented(image(shape, columns, "put"), 8), shape.kept,
                     all_of(by_source_key(shape, "kept", "image"), 3));
}

std::string update_sql(const MoveShape& shape) {
  std::vector<std::string> sets, changed;
  for (const std::string& column : overwritten_columns(shape)) {
    const std::string value = "kept." + labelled("new", column);
    sets.push_back(fmt::format("{} = {}", quoted(column), value));
    changed.push_back(differs("target." + quoted(column), value, shape.type_of(column)));
  }
  if (sets.empty()) return {};
  return fmt::format("update {} as target\n   set {}\n  from {} as kept\n where {}\n   and ({})",
                     table_sql(shape.target), lines_of(sets, 7), shape.overwrote,
                     all_of(by_target_key(shape, "kept", "target"), 3), any_of(changed, 8));
}

std::string move_block(const MoveShape& shape) {
  const std::string name = shape.move.title();
  const bool there = shape.records_there();
  std::string body = fmt::format("  select count(*) into v_total from {};\n", shape.from);
  body += fmt::format("  select count(*){} into v_qualifying{} from {};\n",
                      there ? ", count(*) filter (where already_there)" : "", there ? ", v_there" : "", shape.kept);
  if (shape.move.on_conflict == OnConflict::update) {
    std::vector<std::string> labels;
    for (const std::string& column : shape.target_key) labels.push_back(labelled("target", column));
    body += fmt::format(
        "  select string_agg(same, '; ') into v_same\n"
        "    from (select concat_ws(' ', {1}) as same from {0}\n"
        "           group by {1} having count(*) > 1 order by {1} limit 10) as repeated;\n"
        "  if v_same is not null then\n"
        "    raise exception {2}, v_same using errcode = 'GW003',\n"
        "      hint = 'mend these rows, or say in `where` which of them moves; nothing was changed';\n  end if;\n",
        shape.kept, joined(labels, ", "),
        said_of(name,
                "several rows of the source have the same key (" + raise_format(listed(shape.target_key)) + "): %"));
    const std::string update = update_sql(shape);
    if (!update.empty()) {
      body += "\n  " + indented(update, 2) + ";\n  get diagnostics v_overwritten = row_count;\n";
    }
  }
  std::string insert = insert_sql(shape) + ";\nget diagnostics v_moved = row_count;", variables;
  if (shape.records_source()) {
    const Fitting fitting = whole_source(shape);
    const bool may_reject = shape.move.word == "move" && shape.move.on_conflict != OnConflict::update;
    const std::string way_out = fmt::format("mend these rows{}; nothing was changed",
                                            may_reject ? ", or set them aside with `reject up to …`" : "");
    insert = naming_rows(fitting, insert, "v_qualifying", way_out) + ';';
    variables = "\n  v_written bigint;\n" + naming_variables(fitting);
  }
  body += "\n  " + indented(insert, 2) + "\n\n";
  body += fmt::format(
      "  if v_moved + v_there <> v_qualifying then\n"
      "    raise exception {},\n      v_qualifying, v_moved, v_there using errcode = 'GW003',\n      hint = 'somebody "
      "wrote to the source while it was read: run it again; nothing was changed';\n  end if;\n",
      said_of(name, "% rows qualify, but % were moved and % were already there"));
  const std::string overwritten = shape.move.on_conflict == OnConflict::update ? " (% of them changed)" : "";
  body += fmt::format("  raise notice {},\n    v_moved, v_there, {}v_total - v_qualifying, v_total;",
                      said_of(name, fmt::format("% moved, % already there{}, % left behind, % in all", overwritten)),
                      overwritten.empty() ? "" : "v_overwritten, ");
  return block(
      "  v_total bigint;\n  v_qualifying bigint;\n  v_there bigint := 0;\n  v_moved bigint;" +
          std::string(shape.move.on_conflict == OnConflict::update ? "\n  v_overwritten bigint := 0;\n  v_same text;"
                                                                   : "") +
          variables,
      body);
}

std::string threshold(const Rest& rest) {
  if (!rest.over) return "v_left > 0";
  return rest.over->percent ? fmt::format("v_left * 100.0 > v_total * {}", rest.over->value)
                            : fmt::format("v_left > {}", rest.over->value);
}

}  // namespace

Statement rest_statement(const MoveShape& shape) {
  const Rest& rest = shape.move.rest;
  std::string left = fmt::format("({}) is not true", shape.where);
  if (rest.where) left += fmt::format("\n     and ({})", sql::renamed(*rest.where, shape.around.renames).text);
  std::vector<std::string> order, shown;
  for (const std::string& column : shape.source_key) {
    order.push_back(quoted(column));
    shown.push_back(fmt::format("{}::text", quoted(column)));
  }
  const std::string key = shown.size() == 1 ? shown.front() : fmt::format("concat_ws(' ', {})", joined(shown, ", "));
  const bool fails = rest.action == Rest::Action::fail;
  const std::string words = rest.message.empty() ? "rows are left behind" : rest.message;
  const std::string what = fmt::format("{}: {}", shape.move.title(), words);
  const std::string limit = rest.over ? ", more than " + rest.over->text : "";
  std::string body = fmt::format("  select count(*) into v_total from {};\n", shape.from);
  body += fmt::format("  select count(*) into v_left from {}\n   where {};\n", shape.from, left);
  body += fmt::format("  if {} then\n", threshold(rest));
  if (!shape.source_key.empty()) {
    body += fmt::format(
        "    select string_agg(k, ', ') into v_keys\n      from (select {} as k from {}\n             where {}\n"
        "             order by {} limit 10) as left_behind;\n",
        key, shape.from, indented(left, 8), joined(order, ", "));
  }
  // The threshold's own per cent sign stands in a format.
  std::string tail = "% of % rows (% per cent)" + raise_format(limit);
  std::string values = "v_left, v_total, round(v_left * 100.0 / greatest(v_total, 1), 2)";
  if (!shape.source_key.empty()) {
    tail += "; keys %";
    values += ", v_keys";
  }
  body += fmt::format("    raise {} {},\n      {}{};\n  end if;", fails ? "exception" : "warning", said_of(what, tail),
                      values, fails ? " using errcode = 'GW003'" : "");
  return reads(fmt::format("{} when rows are left behind", fails ? "stop" : "warn"),
               block("  v_total bigint;\n  v_left bigint;\n  v_keys text;", body),
               shape.move.source ? shape.source : shape.target);
}

namespace {

std::string seen_by(long long rows) {
  // Of a share of that many wrong rows none would be among the sample once in a hundred times; rounded up.
  const double share = 1 - std::pow(0.01, 1 / static_cast<double>(rows));
  return fmt::format("{:.2f}", std::ceil(share * 10000 - 0.0001) / 100);
}

}  // namespace

Statement sample_statement(const MoveShape& shape, const std::string& untouched) {
  const Names columns = mapped_columns(shape);
  std::vector<std::string> wrong, order, key, join;
  for (const std::string& column : columns) {
    wrong.push_back(
        fmt::format("case when {} then {} end",
                    differs("target." + quoted(column), "image." + labelled("put", column), shape.type_of(column)),
                    literal(column)));
  }
  for (const std::string& column : shape.source_key) {
    order.push_back(fmt::format("image.{}::text", labelled("source", column)));
  }
  const std::string seed = order.empty() ? "image::text" : fmt::format("concat_ws(' ', {})", joined(order, ", "));
  key = shape.target_key;
  if (key.empty()) key = columns;
  for (const std::string& column : key) {
    join.push_back(matches("target." + quoted(column), "image." + labelled("put", column), shape.never_null(column)));
  }
  std::string chosen;
  if (!untouched.empty()) {
    chosen = fmt::format("select image.*, kept.put_in from ({}) as image\n  join {} as kept on {}{}",
                         indented(image(shape, columns, "put", untouched), 20), shape.kept,
                         joined(by_source_key(shape, "kept", "image"), " and "),
                         shape.records_there() ? " and not kept.already_there" : "");
    join.emplace_back("target.xmin = image.put_in");
  } else if (shape.records_source()) {
    chosen = fmt::format("select image.* from ({}) as image",
                         indented(image(shape, columns, "put", shape.move.reject ? recorded(shape) : ""), 20));
    if (shape.move.on_conflict == OnConflict::skip) {
      chosen += fmt::format("\n  join {} as kept on {} and not kept.already_there", shape.kept,
                            joined(by_source_key(shape, "kept", "image"), " and "));
    }
  } else {
    std::vector<std::string> values;
    for (const std::string& column : columns) {
      values.push_back(fmt::format("kept.{} as {}", labelled("target", column), labelled("put", column)));
    }
    chosen = fmt::format("select {} from {} as kept{}", joined(values, ", "), shape.kept,
                         shape.move.on_conflict == OnConflict::skip ? " where not kept.already_there" : "");
  }
  std::vector<std::string> said;
  for (const std::string& column : key) {
    said.push_back(fmt::format("image.{}::text", labelled("put", column)));
  }
  const auto tells = [&](std::string_view words) { return said_of(shape.move.title(), words); };
  const std::string query = fmt::format(
      "select count(*), count(*) filter (where fields <> ''),\n"
      "         min(row_key || ' differs in ' || fields) filter (where fields <> '')\n"
      "    into v_sampled, v_wrong, v_which\n"
      "    from (select concat_ws(' ', {}) as row_key,\n"
      "                 case when target.ctid is null then 'all of it'\n"
      "                      else concat_ws(', ', {}) end as fields\n"
      "            from (select * from ({}) as image\n"
      "                   order by hashtextextended({}, 0) limit {}) as image\n"
      "            {}join {} as target\n"
      "              on {}) as sampled",
      joined(said, ", "), lines_of(wrong, 38), indented(chosen, 14), seed, *shape.move.sample,
      untouched.empty() ? "left " : "", table_sql(shape.target), all_of(join, 13));
  const std::string body = fmt::format(
      "  {};\n  if v_wrong > 0 then\n    raise exception {}, v_wrong, v_which using errcode = 'GW003';\n  end if;\n"
      "  if v_sampled > 0 then\n    raise notice {},\n"
      "      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);\n  end if;",
      query, tells("% sampled rows are not what they should be: %"),
      tells("% sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% "
            "confidence"));
  return reads(fmt::format("compare {} rows, chosen at random but always the same, field by field: would see a defect "
                           "in more than {} % of rows with 99 % confidence",
                           *shape.move.sample, seen_by(*shape.move.sample)),
               block("  v_sampled bigint;\n  v_wrong bigint;\n  v_which text;", body), shape.target);
}

namespace {

void note_fragment(const Fragment& fragment, std::vector<ObjectKey>& into) {
  for (const Reference& reference : fragment.references) into.push_back(reference.target);
}

void unique_sorted(std::vector<ObjectKey>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

}  // namespace

Statements move_forward(const MoveShape& shape) {
  const bool rejects = shape.move.reject.has_value();
  Statements all = rejects ? prepare_rejecting(shape) : Statements{kept_schema(), keep_qualifying(shape)};
  if (shape.keeps_standing()) {
    all.push_back(keep_standing(shape));
  }
  const bool updates = shape.move.on_conflict == OnConflict::update;
  if (updates) all.push_back(keep_overwritten(shape));
  Statement moving =
      rejects ? move_rejecting(shape)
              : writes(fmt::format("{} into {}, every row accounted for", shape.move.title(), table_sql(shape.target)),
                       move_block(shape), shape.target);
  if (shape.move.source && !rejects) moving.locks.push_back({shape.source, Lock::access_share});
  for (Statement& statement :
       without_triggers({std::move(moving)}, shape.target, {true, updates, false}, shape.around, shape.around.absent)) {
    all.push_back(std::move(statement));
  }
  if (shape.move.rest.action != Rest::Action::ignore && !shape.where.empty()) all.push_back(rest_statement(shape));
  if (shape.move.sample) all.push_back(sample_statement(shape));
  return all;
}

Statements move_finalize(const MoveShape& shape) {
  Statements all{drop_kept(shape.kept)};
  if (shape.keeps_standing()) {
    all.push_back(drop_kept(shape.stood));
  }
  if (shape.move.on_conflict == OnConflict::update) all.push_back(drop_kept(shape.overwrote));
  return all;
}

namespace {

// Under the names of before: nothing of the migration has run yet.
Statement forecast_of(const Move& move) {
  std::string from = move.source ? table_sql(*move.source) : '(' + move.query->text + ')';
  if (!move.source || move.alias != move.source->name) from += " as " + quoted(move.alias);
  const std::string qualifying =
      move.where ? fmt::format("count(*) filter (where {})", move.where->text) : std::string("count(*)");
  return {"how many rows are to move",
          block("  v_total bigint;\n  v_qualifying bigint;",
                fmt::format("  select count(*),\n         {}\n    into v_total, v_qualifying\n    from {};\n"
                            "  raise notice {}, v_qualifying, v_total, v_total - v_qualifying;",
                            qualifying, from, said_of(move.title(), "% of % rows are to move, % stay behind"))),
          {},
          Work::scan};
}

}  // namespace

std::vector<Step> steps(const Move& move, const Surroundings& around) {
  const MoveShape shape = shape_of(move, around);
  Step step;
  step.phase = Phase::move;
  step.reads_rows = true;
  step.title = move.title();
  step.span = move.span;
  step.subject = move.target;
  if (move.batch) {
    move_in_batches(shape, step);
  } else {
    step.up = move_forward(shape);
  }
  if (move.in_step) {
    for (const auto& part : {keep_in_step(shape)}) step.up.insert(step.up.end(), part.begin(), part.end());
    step.down = end_in_step(shape);
    step.finalize = step.down;
    for (const auto& part : {leave_step(shape), move_finalize(shape)})
      step.down.insert(step.down.end(), part.begin(), part.end());
    step.remarks.push_back(move.no_reverse ? "in step until finalize: what is written to the source"
                                           : "in step until finalize, whichever side is written");
  } else {
    step.down = move_back(shape);
  }
  for (Statement& statement : move_finalize(shape)) step.finalize.push_back(std::move(statement));
  step.forecast = forecast_of(move);
  step.comparison = comparison_of(move, around);
  step.fills = {move.target};
  step.keeps = true;
  step.needs.push_back({move.target, false});
  for (const Mapped& mapped : shape.mapped) step.needs.push_back({column_key(move.target, mapped.target->name), false});
  for (const Assignment& reverse : move.reverse) {
    for (const Reference& reference : reverse.value.references) step.needs.push_back({reference.target, false});
  }
  if (move.source) step.uses_old.push_back(*move.source);
  if (move.query) note_fragment(*move.query, step.uses_old);
  if (move.where) note_fragment(*move.where, step.uses_old);
  if (move.rest.where) note_fragment(*move.rest.where, step.uses_old);
  for (const Assignment& set : move.set) note_fragment(set.value, step.uses_old);
  unique_sorted(step.uses_old);
  if (move.source) {
    step.remarks.push_back(shape.records_source()
                               ? fmt::format("{} remembers which rows were moved, until finalize", shape.kept)
                               : fmt::format("{} remembers what was moved, until finalize", shape.kept));
  }
  if (move.reject) {
    step.rejects = true;
    step.down.insert(step.down.begin(), rejected_table());
    step.down.push_back(forget_rejected(move.title(), around));
    step.finalize.push_back(keep_rejected());
    step.remarks.push_back(fmt::format("rows that do not fit, up to {}, go to godwit_kept.rejected and stay in {}",
                                       move.reject->text, table_sql(shape.source)));
  }
  if (move.sample) {
    step.remarks.push_back(
        fmt::format("sample {}: a defect in more than {} % of rows would be seen with 99 % confidence", *move.sample,
                    seen_by(*move.sample)));
  }
  if (move.no_reverse && !move.in_step) {
    step.lossy = true;
    step.remarks.push_back("lossy: rollback carries nothing back (reverse none)");
  };
  if (!move.source)
    step.remarks.push_back("the source is a query: rollback removes what was moved and carries nothing back");
  for (const Returned& returned : shape.returned) {
    step.remarks.push_back(
        fmt::format("{}: {} := {}", move.in_step ? "in step" : "rollback", quoted(returned.name), returned.sql));
  }
  return {std::move(step)};
}

}  // namespace godwit::data
