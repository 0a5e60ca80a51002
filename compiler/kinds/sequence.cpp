// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/sequence.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/names.h"
#include "compiler/kinds/sequence_options.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

#include <limits>

namespace godwit::kinds {

namespace {

/// Every option with PostgreSQL's default put in (manual 15, CREATE SEQUENCE).
struct Effective {
  std::string type;
  long long start = 0, increment = 1, minimum = 0, maximum = 0, cache = 1;
  bool cycle = false;
};

Effective effective(const SequenceOptions& options) {
  Effective e;
  e.type = options.type.empty() ? "bigint" : options.type;
  e.increment = options.increment.value_or(1);
  const bool ascending = e.increment > 0;
  const long long largest = e.type == "smallint"  ? std::numeric_limits<std::int16_t>::max()
                            : e.type == "integer" ? std::numeric_limits<std::int32_t>::max()
                                                  : std::numeric_limits<std::int64_t>::max();
  e.minimum = options.minimum.value_or(ascending ? 1 : -largest - 1);
  e.maximum = options.maximum.value_or(ascending ? largest : -1);
  e.start = options.start.value_or(ascending ? e.minimum : e.maximum);
  e.cache = options.cache.value_or(1);
  e.cycle = options.cycle;
  return e;
}

std::string owner_column(const Sequence& x) {
  return x.owned_by ? quoted(x.owned_by->schema, x.owned_by->name) + '.' + quoted(x.owned_by->part) : "none";
}

/// The words of `alter sequence` that make `to` of `from`.
std::string change(const Sequence& from, const Sequence& to) {
  const Effective a = effective(from.options), b = effective(to.options);
  std::string words;
  const auto number = [&](const std::string& name, long long old_value, long long value) {
    if (old_value != value) words += ' ' + name + ' ' + std::to_string(value);
  };
  if (a.type != b.type) words += " as " + b.type;
  number("increment by", a.increment, b.increment);
  number("minvalue", a.minimum, b.minimum);
  number("maxvalue", a.maximum, b.maximum);
  number("start with", a.start, b.start);
  number("cache", a.cache, b.cache);
  if (a.cycle != b.cycle) words += b.cycle ? " cycle" : " no cycle";
  if (from.owned_by != to.owned_by) words += " owned by " + owner_column(to);
  return words;
}

/// The column after `owned by`, once all columns are known.
void declare_owned_by(const ast::Definition& item, const ObjectKey& sequence, Declaring& d) {
  const auto text = sql::parse_sequence(item.text.text);
  const Sequence* there = d.catalog.get<Sequence>(sequence);
  if (!text || text->owned_by.size() < 2 || there == nullptr) return;
  const std::vector<std::string>& path = text->owned_by;
  const auto relation = d.world.relation(path.size() > 2 ? path[path.size() - 3] : "", path[path.size() - 2]);
  if (!relation || relation->key.kind != Kind::table) {
    d.diagnostics.add(codes::unknown_table, item.text.span, "table `{}` is not declared", path[path.size() - 2]);
    return;
  }
  const ObjectKey column = column_key(relation->key, path.back());
  if (d.catalog.find(column) == nullptr) {
    d.diagnostics.add(codes::unknown_column, item.text.span, "`{}` has no column `{}`",
                      quoted(relation->key.schema, relation->key.name), path.back());
    return;
  }
  if (relation->key.schema != sequence.schema) {
    d.diagnostics.add(codes::bad_option, item.text.span, "a sequence stands in the schema of the table that owns it");
    return;
  }
  Sequence owned = *there;
  owned.owned_by = column;
  d.catalog.put(std::move(owned));
}

}  // namespace

std::optional<ObjectKey> parent(const Sequence& x) { return x.owned_by; }

void needs(const Sequence& x, std::vector<Need>& out) { need(schema_key(x.schema), out); }

void rename(Sequence& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  if (x.owned_by) x.owned_by = renamed_key(*x.owned_by, renames);
}

Statements create(const Sequence& x, const Parts&) {
  const std::string name = "create sequence " + quoted(x.schema, x.name);
  std::string sql = name;
  if (!x.options.type.empty() && x.options.type != "bigint") sql += " as " + x.options.type;
  const std::string options = sequence_options(x.options);
  if (!options.empty()) sql += ' ' + options;
  std::vector<LockOn> locks;
  if (x.owned_by) {
    sql += " owned by " + owner_column(x);
    locks.push_back({table_of(*x.owned_by), Lock::access_share});
  }
  return {{name, std::move(sql), std::move(locks), Work::instant}};
}

Statements drop(const Sequence& x) {
  const std::string sql = "drop sequence " + quoted(x.schema, x.name);
  return {{sql, sql, {{key(x), Lock::access_exclusive}}, Work::instant}};
}

Alteration alter(const Sequence& from, const Sequence& to) {
  const std::string words = change(from, to);
  if (words.empty()) return {};
  const std::string name = "alter sequence " + quoted(to.schema, to.name);
  return {false, false, {{name, name + words, {{key(to), Lock::share_row_exclusive}}, Work::instant}}};
}

std::optional<std::string> part(const Sequence&) { return std::nullopt; }

std::string verify(const Sequence& x) {
  const Effective e = effective(x.options);
  std::string sql = "exists (select from pg_catalog.pg_sequence s where s.seqrelid = to_regclass(" +
                    literal(quoted(x.schema, x.name)) + ") and s.seqtypid = to_regtype('" + e.type + "')";
  const auto number = [&](const std::string& column, long long value) {
    sql += " and s." + column + " = " + std::to_string(value);
  };
  number("seqstart", e.start);
  number("seqincrement", e.increment);
  number("seqmin", e.minimum);
  number("seqmax", e.maximum);
  number("seqcache", e.cache);
  sql += std::string(" and ") + (e.cycle ? "s.seqcycle" : "not s.seqcycle");
  if (x.owned_by) {
    sql +=
        " and exists (select from pg_catalog.pg_depend o join pg_catalog.pg_attribute a on a.attrelid = o.refobjid"
        " and a.attnum = o.refobjsubid where o.classid = 'pg_class'::regclass and o.objid = s.seqrelid and o.deptype = "
        "'a'"
        " and o.refobjid = to_regclass(" +
        literal(quoted(x.owned_by->schema, x.owned_by->name)) + ") and a.attname = " + literal(x.owned_by->part) + ")";
  }
  return sql + ")";
}

void declare_sequence(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass < Pass::relations || !item.name) return;
  const ObjectKey sequence{Kind::sequence, d.schema_for_new(*item.name), item.name->name.text, {}, Kind::schema, {}};
  if (pass == Pass::relations) {
    const auto text = sql::parse_sequence(item.text.text);
    if (!text) {
      d.syntax_error(item.text, text.error().offset, text.error().message);
      return;
    }
    check_sequence(text->options, {}, item.text, d);
    d.declare(Sequence{sequence.schema, sequence.name, text->options, std::nullopt, {item.name->span}},
              item.name->span);
  }
  if (pass == Pass::keys) name_is_free(sequence, item.name->span, d);
  if (pass == Pass::routines) declare_owned_by(item, sequence, d);
  declare_block(item, sequence, d, pass);
}

}  // namespace godwit::kinds
