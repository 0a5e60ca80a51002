// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/keeping.h"

#include "base/identifier.h"
#include "compiler/data/text.h"
#include "compiler/kinds/column.h"
#include "compiler/kinds/extension.h"
#include "compiler/kinds/partition.h"
#include "compiler/kinds/planning.h"
#include "compiler/kinds/sequence.h"
#include "compiler/kinds/type_change.h"
#include "compiler/model/ledger.h"
#include "compiler/model/script.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

std::string kept_place(const ObjectKey& relation, const data::Surroundings& around) {
  const std::string hash = sha256(around.migration + '\n' + quoted(relation.schema, relation.name)).substr(0, 8);
  const std::string front = "godwit_kept_" + relation.schema + '_' + relation.name;
  return std::string(truncated(front, max_identifier_bytes - 9)) + '_' + hash;
}

namespace {

/// All partitions below a table, each with the schema that keeps it: what shares the table's schema shares its place.
void partitions_below(const ObjectKey& table, const ObjectKey& top, const data::Surroundings& around,
                      std::vector<std::pair<ObjectKey, std::string>>& out) {
  for (const ObjectKey& old : around.catalog.children_before(data::then(table, around))) {
    if (old.kind != Kind::table) continue;
    const ObjectKey partition = data::now(old, around);
    out.emplace_back(partition, kept_place(partition.schema == top.schema ? top : partition, around));
    partitions_below(partition, top, around, out);
  }
}

Statements join(Statements first, Statements second) {
  first.insert(first.end(), std::make_move_iterator(second.begin()), std::make_move_iterator(second.end()));
  return first;
}

Step move_away(const Object& object, Span span, const data::Surroundings& around) {
  const ObjectKey key = key_of(object);
  const std::string word(name_of(key.kind)), name = quoted(key.schema, key.name), place = kept_place(key, around);
  const std::string there = quoted(place), home = quoted(key.schema), kept = quoted(place, key.name);
  const auto alter = [&](const std::string& title, const std::string& what, const std::string& schema,
                         std::vector<LockOn> held = {}) -> Statement {
    return {title, fmt::format("alter {} set schema {}", what, schema), std::move(held), Work::instant};
  };
  Step step;
  step.phase = Phase::contract;
  step.title = fmt::format("keep {} {}", word, name);
  step.span = span;
  step.subject = key;
  step.keeps = true;
  step.remarks = {fmt::format("the {} moves to schema {} {} until finalize", word, there,
                              key.kind == Kind::table ? "with everything on it" : "with its last value")};
  step.unmakes = {key};
  const std::string back = fmt::format("bring back {} {}", word, name);
  step.up = {{"make room for what is kept", "create schema " + there, {}, Work::instant}};
  const auto* sequence = std::get_if<Sequence>(&object);
  const bool owned = sequence != nullptr && sequence->owned_by;
  step.stands_alone = owned;
  if (owned) {  // PostgreSQL moves a sequence that is owned only along with its table
    Sequence free = *sequence;
    free.owned_by.reset();
    for (Statement& statement : alter_object(object, free).statements) step.up.push_back(std::move(statement));
  }
  const auto* table = std::get_if<Table>(&object);
  const bool is_partition = table != nullptr && table->partition_of;
  if (is_partition) step.up = join(take_away_partition(*table, around), std::move(step.up));
  step.up.push_back(alter(step.title, word + ' ' + name, there, {{key, Lock::access_exclusive}}));
  step.down = {alter(back, word + ' ' + kept, home)};
  std::vector<std::pair<ObjectKey, std::string>> below;
  if (table != nullptr) partitions_below(key, key, around, below);
  std::vector<std::string> places{place};
  for (const auto& [partition, its_place] : below) {
    const std::string its_name = quoted(partition.schema, partition.name);
    step.unmakes.push_back(partition);
    if (its_place != place) {
      places.push_back(its_place);
      step.up.push_back({"make room for what is kept", "create schema " + quoted(its_place), {}, Work::instant});
    }
    step.up.push_back(alter("keep partition " + its_name, "table " + its_name, quoted(its_place),
                            {{partition, Lock::access_exclusive}}));
    step.down.push_back(alter("bring back partition " + its_name, "table " + quoted(its_place, partition.name),
                              quoted(partition.schema)));
  }
  for (const ObjectKey& old : around.catalog.children_before(data::then(key, around))) {
    const ObjectKey part = data::now(old, around);
    if (old.kind == Kind::table) continue;  // a partition
    if (names_a_relation(old.kind) || old.kind == Kind::statistics) step.unmakes.push_back(part);
    if (old.kind != Kind::statistics) continue;  // PostgreSQL leaves them where they are
    step.up.push_back(alter("keep " + describe(part), "statistics " + quoted(part.schema, part.name), there));
    step.down.push_back(alter("bring back " + describe(part), "statistics " + quoted(place, part.name), home));
  }
  if (owned) {
    Sequence free = *sequence;
    free.owned_by.reset();
    for (Statement& statement : alter_object(free, object).statements) step.down.push_back(std::move(statement));
  }
  if (is_partition) step.down = join(std::move(step.down), give_back_partition(*table, around));
  step.finalize = {
      {fmt::format("drop the kept {} {}", word, name), fmt::format("drop {} {}", word, kept), {}, Work::instant}};
  for (const std::string& one : places) {
    const Statement leave{"leave nothing behind", "drop schema " + quoted(one), {}, Work::instant};
    step.down.push_back(leave);
    step.finalize.push_back(leave);
  }
  return step;
}

/// What only the server knows of an extension, noted before it changes.
struct Note {
  const Extension& extension;
  std::string name = quoted(extension.name), table;

  Note(const Extension& x, const data::Surroundings& around)
      : extension(x), table(data::kept_table("extension", x.name, around)) {}

  Statement write() const {
    return {"note version and schema of extension " + name,
            fmt::format("create table {} as\nselect x.extversion as version, n.nspname as schema_name\n"
                        "  from pg_catalog.pg_extension x join pg_catalog.pg_namespace n on n.oid = x.extnamespace\n"
                        " where x.extname = {}",
                        table, literal(extension.name)),
            {},
            Work::instant};
  }

  /// `_gw_kept` holds the note in what `body` does.
  Statement read(const std::string& title, const std::string& body) const {
    return {title,
            data::block("  _gw_kept record;", fmt::format("  select * into strict _gw_kept from {};\n{}", table, body)),
            {},
            Work::instant};
  }
};

Step note_extension(const Extension& extension, Span span, const data::Surroundings& around) {
  const Note note(extension, around);
  Step step;
  step.phase = Phase::contract;
  step.title = "drop extension " + note.name;
  step.span = span;
  step.subject = key_of(extension);
  step.unmakes = {key_of(extension)};
  step.keeps = true;
  step.remarks = {note.table + " has its version and schema, until finalize"};
  const std::string holds = fmt::format(
      "  if exists (select from pg_catalog.pg_extension x\n"
      "               join pg_catalog.pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = x.oid\n"
      "                and d.deptype = 'e' and d.classid = 'pg_class'::regclass\n"
      "               join pg_catalog.pg_class c on c.oid = d.objid and c.relkind in ('r', 'p', 'S')\n"
      "              where x.extname = {}) then\n"
      "    raise exception {}\n"
      "      using errcode = 'GW004', hint = {};\n"
      "  end if;",
      literal(extension.name),
      data::raise_text(fmt::format("extension {} has tables of its own, and what they hold would be lost", note.name)),
      literal(fmt::format("say `drop extension {} irreversible;` when that is meant", note.name)));
  step.up = {data::kept_schema(),
             {"stop when it holds rows that no rollback could bring back", data::block("", holds), {}, Work::instant},
             note.write(),
             {step.title, "drop extension " + note.name, {}, Work::instant}};
  step.down = {note.read("bring back extension " + note.name,
                         fmt::format("  execute format('create extension {} schema %I version %L', "
                                     "_gw_kept.schema_name, _gw_kept.version);",
                                     note.name)),
               data::drop_kept(note.table)};
  step.finalize = {data::drop_kept(note.table)};
  return step;
}

std::string names_of(const std::vector<const Column*>& columns) {
  data::Names names;
  for (const Column* column : columns) names.push_back(column->name);
  return data::listed(names);
}

/// Nothing that stays stands behind them: they come back in their places.
bool are_last(const std::vector<const Column*>& columns, const ObjectKey& table, const data::Surroundings& around) {
  for (const ObjectKey& child : around.catalog.children_before(data::then(table, around))) {
    if (child.kind != Kind::column) continue;
    const ObjectPtr object = around.catalog.before(child);
    const auto& other = std::get<Column>(*object);
    const std::string name = data::now(child, around).part;
    const bool among =
        std::any_of(columns.begin(), columns.end(), [&](const Column* one) { return one->name == name; });
    if (!among && other.ordinal.value > columns.front()->ordinal.value) return false;
  }
  return true;
}

}  // namespace

std::vector<Step> hide_column(const Object& object, const Object& hidden_object, Span span, Statements violators,
                              const std::string& migration) {
  const auto& column = std::get<Column>(object);
  const auto& hidden = std::get<Column>(hidden_object);
  const ObjectKey table{Kind::table, column.schema, column.table, {}, Kind::schema, {}};
  const std::string table_name = quoted(column.schema, column.table);
  const std::string name = table_name + '.' + quoted(column.name);
  std::vector<Step> steps;
  if (column.not_null && !column.identity) {
    Step lift;
    lift.phase = Phase::keep;
    lift.title = "let new rows leave " + name + " empty";
    lift.span = span;
    lift.subject = key_of(object);
    lift.changes = {key_of(object)};
    lift.leaves_values = true;  // and when rows are carried back, null may stand there until all of them are
    const std::string alter = "alter table " + table_name + " alter column " + quoted(column.name);
    lift.up = {{lift.title, alter + " drop not null", {{table, Lock::access_exclusive}}, Work::instant}};
    lift.down = std::move(violators);
    lift.down.push_back(
        {"forbid null in " + name, alter + " set not null", {{table, Lock::access_exclusive}}, Work::scan});
    steps.push_back(std::move(lift));
  }
  Step hide;
  hide.phase = Phase::contract;
  hide.title = "hide column " + name;
  hide.span = span;
  hide.subject = key_of(object);
  hide.keeps = true;
  hide.remarks = {"its values stay in place as " + quoted(hidden.name) + " until finalize"};
  hide.unmakes = {key_of(object)};
  hide.makes = {key_of(hidden_object)};
  const std::string alter = "alter table " + table_name + " rename column ";
  hide.up = {{hide.title,
              alter + quoted(column.name) + " to " + quoted(hidden.name),
              {{table, Lock::access_exclusive}},
              Work::instant}};
  hide.down = {{"bring back column " + name,
                alter + quoted(hidden.name) + " to " + quoted(column.name),
                {{table, Lock::access_exclusive}},
                Work::instant}};
  hide.finalize = {{"drop the hidden column " + name,
                    ledger::drop_hidden_column_sql(migration, column.schema, column.table, hidden.name),
                    {{table, Lock::access_exclusive}},
                    Work::instant}};
  steps.push_back(std::move(hide));
  return steps;
}

std::optional<Step> keep_dropped(const Object& object, Span span, const data::Surroundings& around) {
  if (moves_when_dropped(key_of(object).kind)) return move_away(object, span, around);
  if (const auto* extension = std::get_if<Extension>(&object)) return note_extension(*extension, span, around);
  return std::nullopt;
}

Statements drop_for_good(const Object& object) {
  const auto* extension = std::get_if<Extension>(&object);
  if (extension == nullptr) return drop_object(object);
  Extension asked_for = *extension;
  asked_for.required = false;  // whoever made it
  return drop_object(asked_for);
}

std::optional<Step> noted_change(const Object& before, const Object& after, const data::Surroundings& around) {
  const auto* from = std::get_if<Extension>(&before);
  const auto* to = std::get_if<Extension>(&after);
  if (from == nullptr || to == nullptr || (from->version == to->version && from->schema == to->schema))
    return std::nullopt;
  const Note note(*to, around);
  const std::string alter = "alter extension " + note.name;
  Step step;
  step.span = to->origin.span;
  step.subject = key_of(after);
  step.title = "change extension " + note.name;
  step.changes = {key_of(after)};
  needs(*to, step.needs);
  step.keeps = true;
  step.remarks = {note.table + " has its version and schema of before, until finalize"};
  step.up = {data::kept_schema(), note.write()};
  for (Statement& statement : alter_object(before, after).statements) step.up.push_back(std::move(statement));
  if (from->schema != to->schema) {
    step.down.push_back(note.read("move extension " + note.name + " back",
                                  fmt::format("  execute format('{} set schema %I', _gw_kept.schema_name);", alter)));
  }
  if (from->version != to->version) {
    step.lossy = true;
    step.remarks.push_back(
        "lossy: the way back is a script of the extension's own; where the server has none, the newer "
        "version stays, and the rollback notes it among the residue");
    step.down.push_back(data::residue_table());
    step.down.push_back(note.read(
        "take extension " + note.name + " back to the version of before",
        fmt::format("  if exists (select from pg_catalog.pg_extension_update_paths({0}) p\n"
                    "               join pg_catalog.pg_extension x on x.extname = {0} and x.extversion = p.source\n"
                    "              where p.target = _gw_kept.version and p.path is not null) then\n"
                    "    execute format('{1} update to %L', _gw_kept.version);\n"
                    "  elsif not exists (select from pg_catalog.pg_extension\n"
                    "                     where extname = {0} and extversion = _gw_kept.version) then\n"
                    "    raise warning {2}, _gw_kept.version;\n"
                    "    insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)\n"
                    "    select {3}, {4}, 'pg_catalog.pg_extension',\n"
                    "           jsonb_build_object('extname', extname), to_jsonb(x),\n"
                    "           'the server has no script that leads back to version ' || _gw_kept.version\n"
                    "      from pg_catalog.pg_extension x where extname = {0};\n"
                    "  end if;",
                    literal(to->name), alter,
                    literal(data::raise_format(
                                "extension " + note.name +
                                " keeps its newer version: the server has no script that leads back to version ") +
                            "%"),
                    literal(around.migration), literal("restore version of extension " + note.name))));
  }
  step.down.push_back(data::drop_kept(note.table));
  step.finalize = {data::drop_kept(note.table)};
  return step;
}

Step archive_columns(const std::vector<ObjectPtr>& objects, Span span, const data::Surroundings& around,
                     const std::set<ObjectKey>& absent) {
  std::vector<const Column*> columns, held;  // all of them; those with values that nothing computes
  for (const ObjectPtr& object : objects) columns.push_back(&std::get<Column>(*object));
  std::copy_if(columns.begin(), columns.end(), std::back_inserter(held),
               [](const Column* column) { return !column->generated; });
  const ObjectKey table = table_of(key_of(*objects.front()));
  const std::string name = data::table_sql(table);
  const std::string archive = data::kept_table("archive", table.name, around, table.schema);
  const data::Names key = data::row_key_now(table, around);
  const auto alter_all = [&](const std::string& title, const std::vector<std::string>& actions) -> Statement {
    return {title,
            "alter table " + name + (actions.size() > 1 ? "\n  " : " ") + data::joined(actions, ",\n  "),
            {{table, Lock::access_exclusive}},
            Work::instant};
  };

  Step step;
  step.phase = Phase::contract;
  step.title = fmt::format("archive and drop {} of {}", names_of(columns), name);
  step.span = span;
  step.subject = key_of(*objects.front());
  std::vector<std::string> drops;
  for (const ObjectPtr& object : objects) {
    step.unmakes.push_back(key_of(*object));
    drops.push_back("drop column " + quoted(std::get<Column>(*object).name));
  }
  step.keeps = true;
  if (!are_last(columns, table, around)) {
    step.lossy = true;
    step.remarks.push_back("lossy: a rollback gives all values back, in columns at the end of the table");
  }
  if (!held.empty()) {
    step.remarks.push_back(archive + " has their values and the key of each row, until finalize");
    std::string list = data::listed(key);
    for (const Column* column : held) {
      const TypeName type = storable(column->type, around.catalog);
      const std::string name_of_it = quoted(column->name);
      list += type == column->type ? ", " + name_of_it : fmt::format(", {0}::{1} as {0}", name_of_it, type.text);
    }
    step.up = {data::kept_schema(),
               data::reads(fmt::format("copy {} of {} out", names_of(held), name),
                           fmt::format("create table {} as\nselect {}\n  from {}", archive, list, name), table)};
    step.finalize = {data::drop_kept(archive)};
  }
  step.up.push_back(alter_all(fmt::format("drop {} of {}", names_of(columns), name), drops));

  for (const Column* column : columns) {
    Column nullable = *column;
    nullable.not_null = false;
    for (Statement& statement : create(nullable, {})) step.down.push_back(std::move(statement));
  }
  if (!held.empty()) {
    std::vector<std::string> sets, found;
    for (const Column* column : held) {
      const bool same = storable(column->type, around.catalog) == column->type;
      sets.push_back(fmt::format("{0} = kept.{0}{1}", quoted(column->name), same ? "" : "::" + column->type.text));
    }
    for (const std::string& part : key) found.push_back(fmt::format("kept.{0} = target.{0}", quoted(part)));
    Statements refill{data::writes(
        fmt::format("give {} of {} back what {} held", names_of(held), name, held.size() > 1 ? "they" : "it"),
        fmt::format("update {} as target\n   set {}\n  from {} as kept\n where {}", name, data::lines_of(sets, 7),
                    archive, data::all_of(found, 3)),
        table)};
    for (Statement& statement : data::without_triggers(std::move(refill), table, {false, true, false}, around, absent))
      step.down.push_back(std::move(statement));
    step.down.push_back(data::residue_table());
    step.down.push_back(
        data::reads("note values whose row is not there any more",
                    data::to_residue(table, "kept", key, "restore " + names_of(held) + " of " + name,
                                     literal("its row is gone, or has another key now"),
                                     fmt::format("{} as kept\n where not exists (select from {} as target where {})",
                                                 archive, name, data::joined(found, " and ")),
                                     around),
                    table));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i]->not_null) continue;
    for (Statement& statement : data::violators_to_residue(*objects[i], around))
      step.down.push_back(std::move(statement));
    Column nullable = *columns[i];
    nullable.not_null = false;
    for (Statement& statement : alter(nullable, *columns[i]).statements) step.down.push_back(std::move(statement));
  }
  if (!held.empty()) step.down.push_back(data::drop_kept(archive));
  return step;
}

}  // namespace godwit::kinds
