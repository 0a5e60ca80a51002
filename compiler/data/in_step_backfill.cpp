// SPDX-License-Identifier: Apache-2.0
// A backfill that is kept in step: one trigger before each row that is written. It looks at which columns were written,
// the new ones or those that they come from, and fills the others. Where both were, and disagree, the new ones win.
#include "compiler/data/in_step.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

InStep names_of(const Filling& filling) { return in_step_names(filling.table.name, filling.around, filling.kept); }

// Columns of before that the new ones come from, and those that they go back into.
Names old_columns(const Backfill& backfill) {
  Names names;
  const auto add = [&](const std::string& name) {
    const bool filled = std::any_of(backfill.set.begin(), backfill.set.end(),
                                    [&](const Assignment& set) { return set.column == name; });
    if (!filled && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  const auto read = [&](const Fragment& fragment) {
    for (const Reference& reference : fragment.references) {
      if (reference.target.kind == Kind::column) add(reference.target.part);
    }
  };
  for (const Assignment& set : backfill.set) read(set.value);
  if (backfill.where) read(*backfill.where);
  for (const Assignment& reverse : backfill.reverse) add(reverse.column);
  return names;
}

struct Side {
  Names into;                       // variables
  std::vector<std::string> values;  // what is selected into them
  std::vector<std::string> writes;  // `new.name := put_name;`
  std::vector<std::string> differ;  // from what is in the row
  std::string declared;
};

// `select … into put_name from (select new.*) as people where …`
std::string from_row(const Filling& filling, const Side& side, const std::string& where) {
  return fmt::format("select {}\n      into {}\n      from (select new.*) as {}{};", lines_of(side.values, 11),
                     joined(side.into, ", "), filling.alias, where.empty() ? "" : "\n     where " + where);
}

// A variable is null at first, which a domain may refuse.
std::string variable_type(const ObjectKey& key, const Surroundings& around) {
  const Column& column = *column_now(key, around);
  const auto* domain = column.type.declared ? around.catalog.get<Domain>(*column.type.declared) : nullptr;
  return domain == nullptr ? column.type.text : domain->type.text;
}

Side forward(const Filling& filling) {
  Side side;
  for (const Filled& filled : filling.columns) {
    const std::string variable = labelled("put", filled.name), column = "new." + quoted(filled.name);
    side.into.push_back(variable);
    side.values.push_back(filled.sql);
    side.writes.push_back(fmt::format("{} := {};", column, variable));
    side.differ.push_back(differs(column, variable, filled.type));
    side.declared +=
        fmt::format("\n  {} {};", variable, variable_type(column_key(filling.table, filled.name), filling.around));
  }
  return side;
}

Side backward(const Filling& filling) {
  Side side;
  for (const Assignment& reverse : filling.backfill.reverse) {
    const Column& column = *column_now(column_key(filling.table, reverse.column), filling.around);
    const std::string variable = labelled("back", reverse.column), name = "new." + quoted(reverse.column);
    side.into.push_back(variable);
    side.values.push_back(as_type(reverse.value.text, reverse.type, column, filling.around));
    // Null has no place there: it keeps what it has.
    const std::string value = column.not_null ? fmt::format("coalesce({}, {})", variable, name) : variable;
    side.writes.push_back(fmt::format("{} := {};", name, value));
    side.differ.push_back(differs(name, value, column.type.text));
    side.declared +=
        fmt::format("\n  {} {};", variable, variable_type(column_key(filling.table, reverse.column), filling.around));
  }
  return side;
}

// Columns that an insert gave a value of their own.
std::vector<std::string> given(const Filling& filling, const Names& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    const Column& column = *column_now(column_key(filling.table, name), filling.around);
    const std::string initial = plain_default(column).value_or("null");
    parts.push_back(initial == "null" ? fmt::format("new.{} is not null", quoted(name))
                                      : differs("new." + quoted(name), initial, column.type.text));
  }
  return parts;
}

std::vector<std::string> changed(const Filling& filling, const Names& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    const Column& column = *column_now(column_key(filling.table, name), filling.around);
    parts.push_back(differs("new." + quoted(name), "old." + quoted(name), column.type.text));
  }
  return parts;
}

std::string note_conflict(const Filling& filling) {
  std::vector<std::string> key;
  for (const std::string& column : filling.key)
    key.push_back(fmt::format("{}, new.{}", literal(column), quoted(column)));
  return fmt::format(
      "insert into godwit_kept.conflict (migration, step, table_name, key, row_data, reason)\n"
      "values ({}, {}, {},\n        jsonb_build_object({}), to_jsonb(new),\n"
      "        'both sides written at once: the new columns won');",
      literal(filling.around.migration), literal(noted_as(filling)), literal(table_sql(filling.table)),
      joined(key, ", "));
}

// Triggers of users that come behind the first of ours, and may change what it has read or filled.
bool others_fire_before_rows(const Filling& filling) {
  const auto children = filling.around.catalog.children(filling.table);
  return std::any_of(children.begin(), children.end(), [&](const ObjectKey& key) {
    const auto* trigger = filling.around.catalog.get<Trigger>(key);
    return trigger != nullptr && (trigger->fires_on_insert || trigger->fires_on_update) &&
           folded(trigger->events.text).starts_with("before") &&
           folded(trigger->rest.normal + trigger->rest.text).find("row") != std::string::npos;
  });
}

Names new_columns(const Filling& filling) {
  Names names;
  for (const Filled& filled : filling.columns) names.push_back(filled.name);
  return names;
}

// What tells the values of some columns from others of theirs.
std::string mark_of(const Names& names) {
  return fmt::format("hashtextextended(row({})::text, 0)::text", listed(names, "new."));
}

std::string which_side(const Filling& filling, bool twice) {
  const Names fresh = new_columns(filling), before = old_columns(filling.backfill);
  std::string text =
      "  if current_setting('godwit.batch', true) = 'on' then\n"
      "    return new;  -- godwit's own\n";
  if (twice) {
    text += fmt::format(
        "  elsif tg_nargs > 0 then  -- behind other triggers, which may have written either side since\n"
        "    v_new := split_part(current_setting('{0}', true), ' ', 1)\n             is distinct from {1};\n"
        "    v_old := split_part(current_setting('{0}', true), ' ', 2)\n             is distinct from {2};\n",
        names_of(filling).side, mark_of(fresh), mark_of(before));
  }
  return text + fmt::format(
                    "  elsif tg_op = 'INSERT' then\n    v_new := {};\n    v_old := not v_new or {};\n"
                    "  else\n    v_new := {};\n    v_old := {};\n  end if;\n",
                    any_of(given(filling, fresh), 13), any_of(given(filling, before), 23),
                    any_of(changed(filling, fresh), 13), any_of(changed(filling, before), 13));
}

// A row that the backfill does not concern any more has what it would have without it.
std::string no_longer(const Filling& filling) {
  if (filling.where.empty()) return {};
  return fmt::format(
      "    if not v_says and tg_op = 'UPDATE' then  -- nothing any more\n"
      "      perform from (select old.*) as {} where {};\n      v_says := found;\n    end if;\n",
      filling.alias, filling.where);
}

std::string body_of(const Filling& filling, bool twice) {
  const Side put = forward(filling), back = backward(filling);
  std::string body = which_side(filling, twice);
  body += fmt::format("  if v_old then  -- what the old columns say\n    {}\n    v_says := found;\n{}  end if;\n\n",
                      from_row(filling, put, filling.where), no_longer(filling));
  const std::string new_wins = fmt::format("v_new and (not v_says or {})", any_of(put.differ, 8));
  body += fmt::format("  if v_says and not v_new then\n    {}\n", joined(put.writes, "\n    "));
  if (!back.into.empty()) {
    body += fmt::format(
        "  elsif {} then\n"
        "    {}\n"
        "    if v_says and ({}) then  -- they were written as well, and disagree\n      {}\n    end if;\n"
        "    {}\n",
        new_wins, from_row(filling, back, {}), any_of(back.differ, 19), indented(note_conflict(filling), 6),
        joined(back.writes, "\n    "));
  }
  body += "  end if;\n";
  if (twice) {
    body += fmt::format(
        "  if tg_nargs = 0 then  -- for the other trigger of this row\n"
        "    perform set_config('{}',\n      {} || ' ' ||\n      {}, true);\n  end if;\n",
        names_of(filling).side, mark_of(new_columns(filling)), mark_of(old_columns(filling.backfill)));
  }
  return body + "  return new;";
}

}  // namespace

Statements keep_in_step(const Filling& filling) {
  const InStep names = names_of(filling);
  const bool twice = others_fire_before_rows(filling);
  const std::string declared =
      "  v_new boolean;  -- the new columns were written\n"
      "  v_old boolean;  -- those were that they come from\n"
      "  v_says boolean := false;  -- and these say something about them" +
      forward(filling).declared + backward(filling).declared;
  Statements all{conflict_table()};
  all.push_back({starts_in_step(filling.table),
                 in_step_function(names.function, declared, body_of(filling, twice), filling.around),
                 {},
                 Work::instant});
  constexpr const char* rows = "before insert or update";
  all.push_back(in_step_trigger(names.trigger, names.function + "()", rows, filling.table));
  if (twice) all.push_back(in_step_trigger(names.last, names.function + "('last')", rows, filling.table));
  return all;
}

std::string is_unfilled(const Filling& filling) {
  std::vector<std::string> parts;
  for (const Filled& filled : filling.columns)
    parts.push_back(fmt::format("{}.{} is null", filling.alias, quoted(filled.name)));
  return joined(parts, " and ");
}

std::string in_step_remark(const Filling& filling) {
  std::vector<std::string> parts;
  for (const Filled& filled : filling.columns)
    parts.push_back(fmt::format("{} := {}", quoted(filled.name), filled.sql));
  for (const Assignment& reverse : filling.backfill.reverse)
    parts.push_back(fmt::format("{} := {}", quoted(reverse.column), reverse.value.text));
  return "in step until finalize, whichever side is written: " + joined(parts, ", ");
}

Statements end_in_step(const Filling& filling) {
  const InStep names = names_of(filling);
  Names triggers{names.trigger};
  if (others_fire_before_rows(filling)) triggers.push_back(names.last);
  Statements all = end_in_step(names.function, triggers, filling.table);
  all.push_back(settle_conflicts(noted_as(filling), filling.around));
  return all;
}

}  // namespace godwit::data
