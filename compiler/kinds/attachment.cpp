// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/attachment.h"

#include "base/identifier.h"
#include "compiler/data/text.h"
#include "compiler/kinds/partition.h"
#include "compiler/model/ledger.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

namespace {

void add(Statements more, Statements& all) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Everything that tells what the tables are stands before the step.
void wait_for_parts(const ObjectKey& table, const Catalog& catalog, Step& step) {
  step.needs.push_back({table, false});
  for (const ObjectKey& child : catalog.children(table)) {
    const bool is_shape = child.kind == Kind::column || child.kind == Kind::index || child.kind == Kind::primary_key ||
                          child.kind == Kind::unique || child.kind == Kind::check || child.kind == Kind::foreign_key ||
                          child.kind == Kind::exclude;
    if (is_shape) step.needs.push_back({child, false});
  }
}

/// The references that rows of `root` have of each other.
std::vector<ForeignKey> references_within(const ObjectKey& root, const data::Surroundings& around) {
  std::vector<ForeignKey> within;
  for (const ObjectKey& child : around.catalog.children(root)) {
    const auto* foreign = around.catalog.get<ForeignKey>(child);
    if (foreign != nullptr && foreign->target == root && data::existed_before(child, around))
      within.push_back(*foreign);
  }
  return within;
}

/// What refers to the row `leaving` from other tables than `root`, as they are while a rollback undoes attachments.
std::vector<std::string> references_from_others(const ObjectKey& root, const data::Surroundings& around) {
  std::vector<std::string> referenced;
  for (const std::string& one : data::not_referenced(root, "leaving", around))
    referenced.push_back(one.substr(std::string_view("not ").size()));
  return referenced;
}

/// PostgreSQL refuses to detach rows that others refer to, and says neither how many nor what to do.
Statements stop_when_referenced(const ObjectKey& partition, const ObjectKey& root,
                                const std::vector<std::string>& referenced) {
  if (referenced.empty()) return {};
  const std::string name = quoted(partition.schema, partition.name);
  const std::string format = data::raise_text(
      fmt::format("other rows refer to rows of {} as rows of {}: ", name, quoted(root.schema, root.name)));
  return {data::reads(
      fmt::format("stop when other rows refer to rows of {}", name),
      data::block("  v_found bigint;",
                  fmt::format("  select count(*) into v_found\n    from {} as leaving\n   where {};\n"
                              "  if v_found > 0 then\n    raise exception {}, v_found\n"
                              "      using errcode = 'GW004', hint = 'change or remove what refers to them, then roll "
                              "back again';\n  end if;",
                              name, data::any_of(referenced, 6), std::string(format).insert(format.size() - 1, "%"))),
      partition)};
}

/// PostgreSQL 13 and 14 forget, as they detach it, what a partition refers to in its own table; 15 lets it keep it.
bool may_be_forgotten(const SharedPart& part, const ObjectKey& root) {
  const auto* foreign = std::get_if<ForeignKey>(&part.own);
  return foreign != nullptr && foreign->target == root;
}

Statements put_back_when_forgotten(const SharedPart& part, const ObjectKey& root) {
  if (!may_be_forgotten(part, root)) return {};
  const auto& foreign = std::get<ForeignKey>(part.own);
  Statements statements = create_object(part.own, {});
  for (Statement& create : statements) {
    create.title = fmt::format("put back {}, which PostgreSQL before 15 forgets at the detach", describe(key(foreign)));
    create.sql = data::block("", fmt::format("  if not exists (select from pg_catalog.pg_constraint\n"
                                             "                  where conrelid = {}::regclass and conname = {}) then\n"
                                             "    {};\n  end if;",
                                             literal(quoted(foreign.schema, foreign.table)), literal(foreign.name),
                                             data::indented(create.sql, 4)));
  }
  return statements;
}

Statements drop_part(const SharedPart& part, const ObjectKey& root) {
  if (!may_be_forgotten(part, root)) return drop_object(part.own);
  const auto& foreign = std::get<ForeignKey>(part.own);
  Statements statements = drop_object(part.own);
  statements.front().sql = fmt::format("alter table {} drop constraint if exists {}",
                                       quoted(foreign.schema, foreign.table), quoted(foreign.name));
  return statements;
}

/// Rows of its own refer to a partition too, and those of what this migration takes out of the table.
std::vector<std::string> references_at_undoing(const ObjectKey& root, const std::vector<Attachment>& attachments,
                                               const data::Surroundings& around) {
  std::vector<std::string> referenced = references_from_others(root, around);
  for (const ForeignKey& foreign : references_within(root, around)) {
    referenced.push_back(data::refers(foreign, root, "leaving"));
    for (const Attachment& other : attachments) {
      const bool taken_out = !other.bound && around.catalog.root_of(other.table) == root;
      if (taken_out) referenced.push_back(data::refers(foreign, other.partition, "leaving"));
    }
  }
  return referenced;
}

Step attach(const Attachment& a, const ObjectKey& root, const std::vector<Attachment>& attachments,
            const data::Surroundings& around) {
  Step step;
  Statements back;
  for (const ObjectKey& child : around.catalog.children(root)) {
    const Column* column = around.catalog.get<Column>(child);
    const Column* own = around.catalog.get<Column>(column_key(a.partition, child.part));
    if (column == nullptr || own == nullptr || !column->not_null || own->not_null) continue;
    Column strict = *own;
    strict.not_null = true;
    add(alter_object(*own, strict).statements, step.up);
    Statements loosen = alter_object(strict, *own).statements;
    back.insert(back.begin(), loosen.begin(), loosen.end());
  }
  for (const SharedPart& part : shared_parts(a.partition, root, around.catalog)) {
    if (!part.exists) add(create_object(part.own, {}), step.up);
    Statements undo = part.exists ? put_back_when_forgotten(part, root) : drop_part(part, root);
    back.insert(back.begin(), undo.begin(), undo.end());
  }
  step.up.push_back(attached(a.partition, a.table, *a.bound));
  Table partition = *around.catalog.get<Table>(a.partition);
  partition.partition_of = PartitionOf{a.table, *a.bound};
  if (const auto beside = default_beside(partition, around))  // PostgreSQL looks through its rows
    step.up.back().locks.push_back({key(*beside), Lock::access_exclusive});
  step.title = step.up.back().title;
  add(identity_below(a.partition, a.table, around), step.up);
  step.down = stop_when_referenced(a.partition, root, references_at_undoing(root, attachments, around));
  step.down.push_back(detached(a.partition, a.table));
  add(std::move(back), step.down);
  return step;
}

// ---- the names that a partition leaves with -------------------------------------------------------------------------

/// What the partition has of the table's constraints and indexes, wherever both stand in the tree.
std::string names_query(const std::vector<SharedPart>& parts, const ObjectKey& partition, const ObjectKey& root) {
  const std::string own = literal(quoted(partition.schema, partition.name)) + "::regclass";
  std::string indexes, references;
  for (const SharedPart& part : parts) {
    const ObjectKey key = key_of(part.own);
    const std::string& name = part.of_root.part.empty() ? part.of_root.name : part.of_root.part;
    const std::string& new_name = key.part.empty() ? key.name : key.part;
    if (key.kind == Kind::check) continue;  // PostgreSQL ties these by their names
    const bool is_reference = key.kind == Kind::foreign_key;
    std::string& rows = is_reference ? references : indexes;
    rows += fmt::format("{}({}, {})", rows.empty() ? "" : ",\n               ",
                        literal(is_reference ? name : quoted(root.schema, name)), literal(new_name));
  }
  std::string sql;
  if (!indexes.empty()) {
    sql = fmt::format(
        "select true as is_index, x.relname as name, wanted.name as new_name\n"
        "  from (values {}) as wanted (of_table, name)\n"
        "  cross join lateral pg_catalog.pg_partition_tree(wanted.of_table::regclass) p\n"
        "  join pg_catalog.pg_index i on i.indexrelid = p.relid and i.indrelid = {}\n"
        "  join pg_catalog.pg_class x on x.oid = i.indexrelid",
        indexes, own);
  }
  if (!references.empty()) {
    sql += fmt::format(
        "{}select false, c.conname, tree.new_name\n"
        "  from (with recursive tree as (\n"
        "    select c.oid, c.confrelid, wanted.name as new_name\n"
        "      from (values {}) as wanted (of_table, name)\n"
        "      join pg_catalog.pg_constraint c on c.conrelid = {}::regclass and c.conname = wanted.of_table\n"
        "    union all\n"
        "    select c.oid, tree.confrelid, tree.new_name\n"
        "      from tree join pg_catalog.pg_constraint c on c.conparentid = tree.oid and c.confrelid = tree.confrelid\n"
        "  ) select * from tree) as tree\n"
        "  join pg_catalog.pg_constraint c on c.oid = tree.oid and c.conrelid = {}",
        sql.empty() ? "" : "\nunion all\n", references, literal(quoted(root.schema, root.name)), own);
  }
  return sql;
}

/// Two rounds, over names that nothing has: two parts may change theirs with each other.
Statement change_names(const std::string& title, const std::string& kept, const ObjectKey& partition,
                       const std::string& from, const std::string& to) {
  return {title,
          data::block(
              "  _gw_part record;",
              fmt::format("  for _gw_part in\n"
                          "    select is_index, case round when 1 then {0} else '_gw_name_' || place end as old_name,\n"
                          "           case round when 1 then '_gw_name_' || place else {1} end as new_name\n"
                          "      from {2} cross join generate_series(1, 2) as round\n"
                          "     where name <> new_name order by round, place\n"
                          "  loop\n"
                          "    if _gw_part.is_index then\n"
                          "      execute format('alter index {3}.%I rename to %I', _gw_part.old_name, "
                          "_gw_part.new_name);\n"
                          "    else\n"
                          "      execute format('alter table {4} rename constraint %I to %I', _gw_part.old_name, "
                          "_gw_part.new_name);\n"
                          "    end if;\n"
                          "  end loop;",
                          from, to, kept, quoted(partition.schema), quoted(partition.schema, partition.name))),
          {},
          Work::instant};
}

bool hides_columns(const ObjectKey& table, const Catalog& catalog) {
  const std::vector<ObjectKey> children = catalog.children(table);
  return std::any_of(children.begin(), children.end(), [&](const ObjectKey& child) {
    const Column* column = catalog.get<Column>(child);
    return column != nullptr && column->hidden;
  });
}

/// What is hidden in the table is dropped there by the migration that hid it, and in the partition by this one.
void take_hidden_columns_along(const Attachment& a, const std::string& migration, Step& step) {
  const std::string &schema = a.partition.schema, &name = a.partition.name;
  const std::string own = quoted(schema, name), table = quoted(a.table.schema, a.table.name);
  step.keeps = true;
  step.remarks.push_back(own + " takes hidden columns along, until finalize");
  step.up.push_back({"note the hidden columns of " + own,
                     ledger::note_hidden_columns_sql(migration, schema, name),
                     {},
                     Work::instant});
  step.finalize.push_back({"drop the hidden columns of " + own,
                           ledger::drop_hidden_columns_sql(migration, schema, name),
                           {{a.partition, Lock::access_exclusive}},
                           Work::instant});
  const std::string body = fmt::format(
      "  for _gw_column in\n"
      "    select a.attname as name from pg_catalog.pg_attribute a\n"
      "     where a.attrelid = {0}::regclass and a.attname like '\\_gw\\_%' and not a.attisdropped\n"
      "       and not exists (select from pg_catalog.pg_attribute p where p.attrelid = {1}::regclass\n"
      "                          and p.attname = a.attname and not p.attisdropped)\n"
      "  loop\n"
      "    execute format('alter table {2} drop column %I', _gw_column.name);\n"
      "  end loop;",
      literal(own), literal(table), own);
  step.down.push_back({"drop hidden columns of " + own + " that a finalize has dropped in " + table,
                       data::block("  _gw_column record;", body),
                       {{a.partition, Lock::access_exclusive}},
                       Work::instant});
}

Step detach(const Attachment& a, const ObjectKey& root, const data::Surroundings& around) {
  const auto& partition = *around.catalog.get<Table>(a.partition);
  const std::string name = quoted(partition.schema, partition.name);
  const std::vector<SharedPart> parts = shared_parts(a.partition, root, around.catalog);
  const std::string query = names_query(parts, a.partition, root);
  const std::string kept = data::kept_table("names", partition.name, around, partition.schema);
  Step step;
  const Statement leave = detached(a.partition, a.table);
  step.title = leave.title;
  if (!query.empty()) {
    step.keeps = true;
    step.remarks.push_back(kept + " has the names of its constraints and indexes, until finalize");
    step.up = {data::kept_schema(),
               {"keep the names of what " + name + " has of its table",
                fmt::format("create table {} as\nselect row_number() over () as place, part.*\n  from ({}) as part",
                            kept, data::indented(query, 8)),
                {},
                Work::instant},
               change_names("let what it leaves with be called after it", kept, a.partition, "name", "new_name")};
    step.finalize = {data::drop_kept(kept)};
  }
  step.up.push_back(leave);
  for (const SharedPart& part : parts) add(put_back_when_forgotten(part, root), step.up);
  if (hides_columns(root, around.catalog)) take_hidden_columns_along(a, around.migration, step);
  add(strangers_to_residue(partition, around), step.down);
  add(attach_partition(partition, "detach", around), step.down);
  if (!query.empty()) {
    step.down.push_back(
        change_names("give what " + name + " has of its table its names back", kept, a.partition, "new_name", "name"));
    step.down.push_back(data::drop_kept(kept));
  }
  for (const SharedPart& part : parts) step.changes.push_back(key_of(part.own));
  return step;
}

// ---- the catalog afterwards -----------------------------------------------------------------------------------------

void erase_with_children(Catalog& catalog, const ObjectKey& key) {
  for (const ObjectKey& child : catalog.children(key)) erase_with_children(catalog, child);
  catalog.erase(key);
}

/// What reads columns of one table reads those of the other from now on.
std::vector<Object> read_anew(const std::vector<ObjectKey>& readers, const ObjectKey& from, const ObjectKey& to,
                              const Catalog& catalog) {
  Renames renames;
  for (const ObjectKey& child : catalog.children(from)) {
    if (child.kind == Kind::column) renames[child] = column_key(to, child.part);
  }
  std::vector<Object> anew;
  for (const ObjectKey& reader : readers)
    anew.push_back(renamed_object(*catalog.find(reader), renames, RenamedBy::spec));
  return anew;
}

void settle_attached(const Attachment& a, Catalog& catalog) {
  std::vector<ObjectKey> readers;
  for (const ObjectKey& child : catalog.children(a.partition)) {
    for (const ObjectKey& dependent : catalog.dependents(child)) {
      const auto above = parent_of(*catalog.find(dependent));
      const bool is_own = above == a.partition && dependent.kind != Kind::table;
      if (child.kind == Kind::column && !is_own) readers.push_back(dependent);
    }
  }
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  for (Object& object : read_anew(readers, a.partition, catalog.root_of(a.table), catalog))
    catalog.put(std::move(object));
  for (const ObjectKey& child : catalog.children(a.partition)) {
    const bool stays = child.kind == Kind::owner || child.kind == Kind::grant || child.kind == Kind::comment ||
                       child.kind == Kind::table || child.kind == Kind::replica_identity;
    if (!stays) erase_with_children(catalog, child);
  }
  Table partition = *catalog.get<Table>(a.partition);
  partition.partition_of = PartitionOf{a.table, *a.bound};
  catalog.put(std::move(partition));
}

void settle_detached(const Attachment& a, Catalog& catalog) {
  const ObjectKey root = catalog.root_of(a.table);
  std::vector<ObjectKey> readers;
  for (ObjectKey& reader : readers_of(a.partition, catalog)) {
    if (reading_of(reader, a.partition, root, catalog) == Reading::partition) readers.push_back(std::move(reader));
  }
  std::vector<Object> own;
  for (const SharedPart& part : shared_parts(a.partition, root, catalog)) own.push_back(part.own);
  for (const ObjectKey& child : catalog.children(root)) {
    if (const Column* column = catalog.get<Column>(child))
      own.emplace_back(column_as_of(*column, a.partition, catalog));
  }
  for (Object& object : read_anew(readers, root, a.partition, catalog)) catalog.put(std::move(object));
  Table table = *catalog.get<Table>(a.partition);
  table.partition_of.reset();
  catalog.put(std::move(table));
  for (Object& part : own) {
    std::visit([&](auto& x) { x.origin.span = a.span; }, part);
    catalog.put(std::move(part));
  }
}

}  // namespace

Statements taken_out(const Object& dropped, const data::Surroundings& around) {
  const auto* partition = std::get_if<Table>(&dropped);
  if (partition == nullptr || !partition->partition_of) return {};
  const ObjectKey root = around.catalog.root_of(key(*partition));
  const std::vector<const ForeignKey*> references = data::references_to(root, around);
  const bool some_stay = std::any_of(references.begin(), references.end(),
                                     [&](const ForeignKey* one) { return data::existed_before(key(*one), around); });
  if (!some_stay) return {};
  std::vector<std::string> referenced = references_from_others(root, around);
  const std::vector<ForeignKey> within = references_within(root, around);
  const std::string name = quoted(partition->schema, partition->name);
  for (const ForeignKey& foreign : within) {
    std::string stays = data::refers(foreign, root, "leaving");
    stays.insert(stays.size() - 1,
                 fmt::format(" and child.tableoid not in (select relid from pg_partition_tree({}))", literal(name)));
    referenced.push_back(std::move(stays));
  }
  Statements statements = stop_when_referenced(key(*partition), root, referenced);
  if (!within.empty()) {
    add(data::without_triggers({data::writes(fmt::format("remove the rows of {}, which may refer to each other", name),
                                             "delete from " + name, key(*partition))},
                               root, {.deletes = true}, around),
        statements);
  }
  statements.push_back(detached(key(*partition), partition->partition_of->table));
  return statements;
}

std::vector<Step> attachment_steps(const std::vector<Attachment>& attachments, const data::Surroundings& around) {
  std::vector<Step> steps;
  for (const Attachment& one : attachments) {
    const ObjectKey root = around.catalog.root_of(one.table);
    Step step = one.bound ? attach(one, root, attachments, around) : detach(one, root, around);
    step.phase = Phase::contract;
    step.span = one.span;
    step.subject = one.partition;
    step.changes.push_back(one.partition);
    for (const ObjectKey& table : {one.partition, one.table, root}) wait_for_parts(table, around.catalog, step);
    for (const Attachment& other : attachments) {  // which may have held what this one is to hold
      if (one.bound && !other.bound) step.needs.push_back({other.partition, true});
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

void settle_attachments(Declaring& d) {
  for (const Attachment& attachment : d.attachments) {
    if (attachment.bound) {
      settle_attached(attachment, d.catalog);
    } else {
      settle_detached(attachment, d.catalog);
    }
  }
}

}  // namespace godwit::kinds
