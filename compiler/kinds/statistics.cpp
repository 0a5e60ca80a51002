// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/statistics.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {}  // namespace

std::optional<ObjectKey> parent(const Statistics& x) { return x.table; }

void needs(const Statistics& x, std::vector<Need>& out) {
  for (const Reference& reference : x.definition.references) {
    if (reference.target != x.table) need(reference.target, out);
  }
}

void rename(Statistics& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  x.table = renamed_key(x.table, renames);
  x.definition = sql::renamed(x.definition, renames);
}

Statements create(const Statistics& x, const Parts&) {
  const std::string name = "create statistics " + quoted(x.schema, x.name);
  return {{name,
           name + ' ' + x.definition.text + " from " + quoted(x.table.schema, x.table.name),
           {{x.table, Lock::share_update_exclusive}},
           Work::instant}};
}

Statements drop(const Statistics& x) {
  const std::string sql = "drop statistics " + quoted(x.schema, x.name);
  return {{sql, sql, {{x.table, Lock::share_update_exclusive}}, Work::instant}};
}

// PostgreSQL changes nothing of a statistics object but its name, schema, owner and target.
Alteration alter(const Statistics&, const Statistics&) { return {true, false, {}}; }

std::optional<std::string> part(const Statistics&) { return std::nullopt; }

std::string verify(const Statistics& x) {
  return "exists (select from pg_catalog.pg_statistic_ext where oid = " + address_of(key(x)).oid +
         " and stxrelid = to_regclass(" + literal(quoted(x.table.schema, x.table.name)) + "))";
}

void declare_statistics(const ast::ExtendedStatistics& item, const ObjectKey& table, Declaring& d) {
  const auto text = sql::parse_statistics(item.definition.text);
  if (!text) {
    d.syntax_error(item.definition, text.error().offset, text.error().message);
    return;
  }
  if (text->expressions) {
    d.needs_postgres(14, item.definition.span, "statistics on an expression",
                     "put the expression in a generated column");
  }
  for (const std::string& kind : text->kinds) {
    if (kind == "ndistinct" || kind == "dependencies" || kind == "mcv") continue;
    d.diagnostics
        .add(codes::bad_option, place_of_word(item.definition, kind), "there are no statistics of kind `{}`", kind)
        .hint("PostgreSQL has `ndistinct`, `dependencies` and `mcv`");
  }
  if (text->columns.size() == 1 && !text->expressions) {
    d.diagnostics.add(codes::bad_option, item.definition.span, "extended statistics are about two columns or more")
        .hint("for one column alone write `statistics 1000` behind it");
  }
  Statistics statistics;
  statistics.schema = table.schema;
  statistics.name = item.name.text;
  statistics.table = table;
  statistics.definition = d.analyze(Form::statistics, item.definition, {{table.name, d.relation(table)}}).fragment;
  statistics.origin.span = item.span;
  const Statistics* there = d.catalog.get<Statistics>(key(statistics));
  if (there != nullptr && there->table != table && !d.declared_here.contains(key(statistics))) {
    d.diagnostics.add(codes::duplicate_name, item.name.span, "`{}` names statistics of `{}` already", item.name.text,
                      quoted(there->table.schema, there->table.name));
    return;
  }
  d.declare(std::move(statistics), item.name.span);
}

}  // namespace godwit::kinds
