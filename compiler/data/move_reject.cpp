// SPDX-License-Identifier: Apache-2.0
// A move that sets rows aside which do not fit: the record is written with the rows, range by range, since what a row
// says cannot be told before it is tried.
#include "compiler/data/reject.h"
#include "compiler/data/shape.h"

#include "base/identifier.h"

#include <fmt/core.h>

namespace godwit::data {

namespace {

std::string alias_of(const MoveShape& shape) {
  return quoted(shape.move.alias == shape.move.source->name.str() ? shape.source.name.str() : shape.move.alias) + '.';
}

std::string write_range(const MoveShape& shape, const std::string& condition, std::string_view stamp) {
  return insert_with_record(shape, image(shape, mapped_columns(shape), "put", condition), stamp) +
         ";\nget diagnostics v_written = row_count;";
}

Fitting fitting_of(const MoveShape& shape, const Amount& limit) {
  const std::string alias = alias_of(shape);
  return {shape.around,
          shape.move.title(),
          shape.move.title(),
          shape.source,
          shape.from,
          alias,
          shape.where,
          shape.source_key,
          limit,
          write_range(shape, in_range(shape.source_key, alias), {}),
          has_deferrable(shape.target, shape.around)};
}

// Source = moved + already there + left behind + rejected.
std::string move_block(const MoveShape& shape) {
  const Fitting fitting = fitting_of(shape, *shape.move.reject);
  const std::string count = fmt::format(
      "  select count(*), {} into v_total, v_qualifying from {};\n",
      shape.where.empty() ? "count(*)" : fmt::format("count(*) filter (where {})", shape.where), shape.from);
  const auto said = [&](std::string_view words) { return said_of(fitting.step, words); };
  std::string body = count + go_through(fitting, "v_qualifying") + count_rejected(fitting) + '\n' + count;
  if (shape.records_there())
    body += fmt::format("  select count(*) into v_there from {} where already_there;\n", shape.kept);
  body += fmt::format(
      "  if v_done + v_there + v_rejected <> v_qualifying then\n    raise exception {},\n      v_qualifying, v_done, "
      "v_there, v_rejected using errcode = 'GW003';\n  end if;\n"
      "  raise notice {},\n    v_done, v_there, v_total - v_qualifying, v_rejected, v_total;",
      said("% rows qualify, but % were moved, % were already there and % were rejected"),
      said("% moved, % already there, % left behind, % rejected, % in all"));
  return block(fitting_variables(fitting) + "\n  v_there bigint := 0;", body);
}

}  // namespace

std::string recorded(const MoveShape& shape) {
  std::vector<std::string> parts;
  for (const std::string& column : shape.source_key)
    parts.push_back(fmt::format("recorded.{} = {}{}", labelled("source", column), alias_of(shape), quoted(column)));
  return fmt::format("exists (select from {} as recorded where {})", shape.kept, joined(parts, " and "));
}

std::string may_be_put(const MoveShape& shape) {
  std::vector<std::string> qualifies;
  if (!shape.where.empty()) qualifies.push_back('(' + shape.where + ')');
  if (shape.move.reject)
    qualifies.push_back("not " + is_set_aside(shape.move.title(), shape.source_key, alias_of(shape), shape.around));
  return fmt::format("{}\n                 or {}", recorded(shape), all_of(qualifies, 17));
}

Fitting whole_source(const MoveShape& shape) { return fitting_of(shape, {}); }

Fitting one_batch(const MoveShape& shape, const std::string& batch) {
  Fitting fitting = fitting_of(shape, {});
  fitting.write = write_range(shape, in_range(shape.source_key, fitting.alias) + " and " + batch, "v_put_in");
  fitting.where = shape.where.empty() ? batch : fmt::format("{}\n   and ({})", batch, shape.where);
  return fitting;
}

Statements prepare_rejecting(const MoveShape& shape) {
  Statement kept = keep_qualifying(shape);
  kept.sql += "\n  with no data";
  kept.work = Work::instant;
  return {kept_schema(), rejected_table(), std::move(kept)};
}

Statement move_rejecting(const MoveShape& shape) {
  Statement moving = writes(fmt::format("{} into {}, every row accounted for: what does not fit is set aside",
                                        shape.move.title(), table_sql(shape.target)),
                            move_block(shape), shape.target);
  moving.locks.push_back({shape.source, Lock::access_share});
  return moving;
}

}  // namespace godwit::data
