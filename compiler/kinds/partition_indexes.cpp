// SPDX-License-Identifier: Apache-2.0
// The indexes of partitions below an index or key of a partitioned table, which comes back with other names after a
// rename unless they are kept.
#include "base/identifier.h"
#include "compiler/data/text.h"
#include "compiler/kinds/contract.h"
#include "compiler/kinds/planning.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace godwit::kinds {

namespace {

bool makes_indexes(Kind kind) { return kind == Kind::index || kind == Kind::primary_key || kind == Kind::unique; }

bool has_partitions(const ObjectKey& table, const data::Surroundings& around) {
  const auto children = around.catalog.children_before(data::then(table, around));
  return std::any_of(children.begin(), children.end(),
                     [](const ObjectKey& child) { return child.kind == Kind::table; });
}

}  // namespace

void keep_partition_index_names(const Object& dropped, Step& step, const data::Surroundings& around) {
  const ObjectKey key = key_of(dropped);
  const auto table = parent_of(dropped);
  if (!makes_indexes(key.kind) || !table || table->kind != Kind::table || !has_partitions(*table, around)) return;
  const std::string& plain = key.part.empty() ? key.name : key.part;
  const std::string name = quoted(table->schema, plain);
  const std::string kept = data::kept_table("index_names", plain, around, table->schema + '\n' + table->name.str());
  const std::string tree = fmt::format(
      "pg_catalog.pg_partition_tree({}) p\n"
      "  join pg_catalog.pg_index i on i.indexrelid = p.relid\n"
      "  join pg_catalog.pg_class x on x.oid = i.indexrelid\n"
      "  join pg_catalog.pg_class t on t.oid = i.indrelid\n"
      "  join pg_catalog.pg_namespace n on n.oid = t.relnamespace",
      literal(name));
  const Statement keep{"keep the names of the partitions' indexes below " + name,
                       fmt::format("create table {} as\n"
                                   "select n.nspname as schema_name, t.relname as partition_name, "
                                   "x.relname as index_name\n"
                                   "  from {}\n where p.level > 0",
                                   kept, tree),
                       {},
                       Work::instant};
  const std::string give_back = fmt::format(
      "  for _gw_index in\n"
      "    select n.nspname as schema_name, x.relname as name, kept.index_name as old_name\n"
      "      from {}\n"
      "      join {} kept on kept.schema_name = n.nspname and kept.partition_name = t.relname\n"
      "     where p.level > 0 and x.relname <> kept.index_name\n"
      "  loop\n"
      "    execute format('alter index %I.%I rename to %I', _gw_index.schema_name, _gw_index.name, "
      "_gw_index.old_name);\n"
      "  end loop;",
      data::indented(tree, 4), kept);
  step.keeps = true;
  step.remarks.push_back(kept + " has the names of the partitions' indexes, until finalize");
  step.up.insert(step.up.begin(), {data::kept_schema(), keep});
  step.down.push_back({"give the partitions' indexes below " + name + " their names back",
                       data::block("  _gw_index record;", give_back),
                       {},
                       Work::instant});
  step.down.push_back(data::drop_kept(kept));
  step.finalize = {data::drop_kept(kept)};
}

}  // namespace godwit::kinds
