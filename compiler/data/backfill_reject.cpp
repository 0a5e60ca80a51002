// SPDX-License-Identifier: Apache-2.0
// A backfill that leaves rows as they are whose new values do not fit, and notes them.
#include "compiler/data/filling.h"
#include "compiler/data/reject.h"

#include "base/identifier.h"

#include <fmt/core.h>

namespace godwit::data {

namespace {

Fitting fitting_of(const Filling& filling, const Amount& limit) {
  const std::string alias = filling.alias + '.';
  std::string table = table_sql(filling.table);
  if (filling.alias != quoted(filling.table.name)) table += " as " + filling.alias;
  return {filling.around,
          filling.name,
          noted_as(filling),
          filling.table,
          table,
          alias,
          {},
          filling.key,
          limit,
          write_rows(filling, in_range(filling.key, alias)).sql + ';',
          has_deferrable(filling.table, filling.around)};
}

// Rows that `from` and `where` find, each once.
std::string count_qualifying(const Filling& filling) {
  if (filling.where.empty() && !filling.backfill.from) return "  v_qualifying := v_total;\n";
  return fmt::format(
      "  select count(*) into v_qualifying\n    from (select distinct {}\n          from {}{}) as qualifying;\n",
      listed(filling.key, filling.alias + '.'), filling.from,
      filling.where.empty() ? "" : "\n         where " + filling.where);
}

}  // namespace

Statement fill_rejecting(const Filling& filling) {
  const Fitting fitting = fitting_of(filling, *filling.backfill.reject);
  const auto said = [&](std::string_view words) { return said_of(fitting.step, words); };
  const std::string body = fmt::format(
      "  select count(*) into v_total from {0};\n{1}{2}{3}\n"
      "  select count(*) into v_recorded from {4};\n"
      "  if v_done <> v_recorded then\n    raise exception {5}, v_done, v_recorded using errcode = 'GW003';\n  end "
      "if;\n"
      "  raise notice {6}, v_done, v_total - v_done - v_rejected, v_rejected, v_total;",
      table_sql(filling.table), count_qualifying(filling), go_through(fitting, "v_total"), count_rejected(fitting),
      filling.kept, said("% rows were filled, % are recorded"),
      said("% filled, % left as they were, % rejected, % in all"));
  return writes(fmt::format("fill {}: what does not fit is set aside", table_sql(filling.table)),
                block(fitting_variables(fitting) + "\n  v_changing bigint;\n  v_recorded bigint;", body),
                filling.table);
}

Fitting one_batch(const Filling& filling, const std::string& batch) {
  Fitting fitting = fitting_of(filling, {});
  fitting.write = write_rows(filling, in_range(filling.key, fitting.alias) + " and " + batch).sql + ';';
  fitting.where = batch;
  return fitting;
}

std::string noted_as(const Filling& filling) {
  Names names;
  for (const Filled& filled : filling.columns) names.push_back(filled.name);
  return fmt::format("{} ({})", filling.name, listed(names));
}

std::string is_rejected(const Filling& filling) {
  return is_set_aside(noted_as(filling), filling.key, filling.alias + '.', filling.around);
}

}  // namespace godwit::data
