// SPDX-License-Identifier: Apache-2.0
// `extract source -> target { key …; set …; first by …; link …; where …; }` is two steps that exist already: a move of
// the distinct keys into the target, and a backfill of the link. The texts of both are put together here, after what
// the user wrote was checked where it stands.
#include "compiler/data/declare_backfill.h"
#include "compiler/data/declare_common.h"

#include "base/identifier.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

namespace {

using namespace data;

/// An assignment of the extract, checked: `key name = trim(company)`.
struct Extracted {
  ast::Name column;
  std::string sql;  // as the target column's type
  Fragment value;
};

struct Extraction {
  const ast::Extract& item;
  Declaring& d;
  ObjectKey source;  // as it was before the migration
  ObjectKey present;
  ObjectKey target;
  Names row_key;  // of the source, names of before
  std::vector<sql::Visible> visible;
  std::vector<Extracted> key, set;
};

// SQL that nobody wrote stands where the extract stands.
ast::Sql made(std::string text, Span span) {
  const std::size_t size = text.size();
  return {std::move(text), span, 0, size};
}

std::vector<Extracted> read_assignments(const std::vector<ast::Assignment>& items, const Extraction& of) {
  std::vector<Extracted> found;
  const Judging judging(of.d);
  for (const ast::Assignment& one : items) {
    check_not_in(one.value, of.d);
    const Column* column = target_column(of.target, one.column, of.d);
    const sql::Analysis value = of.d.analyze(Form::expression, one.value, of.visible, true);
    if (column == nullptr || !value.problems.empty()) continue;
    if (column->generated) {
      of.d.diagnostics.add(codes::bad_move, one.column.span, "`{}` is generated and takes no value", one.column.text);
      continue;
    }
    if (!check_plain(value, one.value.span, codes::bad_move, of.d)) continue;
    check_type(value, *column, one.value.span, of.d);
    found.push_back({one.column, as_type(one.value.text, value.type, *column, judging.around), value.fragment});
  }
  return found;
}

void check_key(const Extraction& of) {
  const Span place = of.item.key.empty() ? of.item.target.span : of.item.key.front().column.span;
  if (of.item.key.empty()) {
    of.d.diagnostics.add(codes::bad_move, place, "this extract has no key")
        .hint("say what makes a row of `{}`: `key column = expression;`", table_sql(of.target));
    return;
  }
  Names columns;
  for (const Extracted& one : of.key) columns.push_back(one.column.text);
  if (columns.size() != of.item.key.size() || unique_over(of.target, columns, of.d.catalog)) return;
  of.d.diagnostics
      .add(codes::bad_move, place, "nothing makes ({}) unique in `{}`, so a row could be linked to several",
           listed(columns), table_sql(of.target))
      .hint("declare `unique ({});` in the table", listed(columns));
}

void check_order(const Extraction& of) {
  if (!of.item.first_by) return;
  const ast::Sql& order = *of.item.first_by;
  std::string head = fmt::format("select from {} order by ", table_sql(of.source));
  const std::size_t added = head.size();
  of.d.analyze(Form::query, {head + order.text, order.span, 0, added}, {}, true);
}

void check_where(const Extraction& of) {
  if (!of.item.where) return;
  const ast::Sql& where = *of.item.where;
  check_not_in(where, of.d);
  const sql::Analysis found = of.d.analyze(Form::expression, where, of.visible, true);
  if (found.problems.empty() && check_plain(found, where.span, codes::bad_move, of.d))
    check_boolean(found, where.span, codes::bad_move, of.d);
}

// The source's rows that have a key: `from app.deals where …`.
std::string source_rows(const Extraction& of, std::string_view indent) {
  std::vector<std::string> conditions;
  if (of.item.where) conditions.push_back(fmt::format("({})", of.item.where->text));
  for (const Extracted& one : of.key) conditions.push_back(fmt::format("({}) is not null", one.sql));
  return fmt::format("{0}from {1}\n{0}where {2}", indent, table_sql(of.source), joined(conditions, " and "));
}

// One row for each key; of several source rows the first decides.
std::string distinct_rows(const Extraction& of) {
  std::vector<std::string> columns, names, partition;
  for (const std::vector<Extracted>* part : {&of.key, &of.set}) {
    for (const Extracted& one : *part) {
      columns.push_back(fmt::format("{} as {}", one.sql, quoted(one.column.text)));
      names.push_back(quoted(one.column.text));
    }
  }
  if (of.set.empty()) return fmt::format("select distinct {}\n{}", joined(columns, ", "), source_rows(of, "  "));
  for (const Extracted& one : of.key) partition.push_back(one.sql);
  std::string order = of.item.first_by ? of.item.first_by->text + ", " : "";
  std::string turn = "turn";
  while (std::find(names.begin(), names.end(), turn) != names.end()) turn += '_';
  return fmt::format(
      "select {}\n  from (select {},\n               row_number() over (partition by {} order by {}{}) as {}\n{}) as "
      "numbered\n where {} = 1",
      joined(names, ", "), joined(columns, ", "), joined(partition, ", "), order, listed(of.row_key), turn,
      source_rows(of, "          "), turn);
}

ast::Move move_of(const Extraction& of, const std::string& name) {
  const Span span = of.item.span;
  ast::Move move;
  move.source.query = made(distinct_rows(of), span);
  move.source.span = of.item.source.span;
  move.target = of.item.target;
  move.name = ast::Name{name, of.item.target.span};
  for (const std::vector<Extracted>* part : {&of.key, &of.set}) {
    for (const Extracted& one : *part) move.set.push_back({one.column, made(quoted(one.column.text), span)});
  }
  for (const Extracted& one : of.key) move.key.push_back(one.column);
  move.on_conflict = ast::OnConflict::skip;
  move.on_conflict_span = of.item.target.span;
  move.span = span;
  return move;
}

// The link's expressions read the target as it is after the migration; in a backfill they meet its names of before.
struct Linked {
  ast::Name column;
  std::string sql;
};

std::vector<Linked> read_links(const Extraction& of, const Renames& back) {
  std::vector<Linked> links;
  const std::vector<sql::Visible> visible{{of.target.name, of.d.relation(of.target)}};
  for (const ast::Assignment& one : of.item.link) {
    check_not_in(one.value, of.d);
    const Column* column = target_column(of.present, one.column, of.d);
    const sql::Analysis value = of.d.analyze(Form::expression, one.value, visible);
    if (column == nullptr || !value.problems.empty()) continue;
    if (!check_plain(value, one.value.span, codes::bad_move, of.d)) continue;
    check_type(value, *column, one.value.span, of.d);
    links.push_back({one.column, sql::renamed(value.fragment, back).text});
  }
  return links;
}

// `select id as row_id, trim(company) as key_name from app.deals where …`
std::string wanted_rows(const Extraction& of, std::size_t indent) {
  std::vector<std::string> columns;
  for (const std::string& column : of.row_key)
    columns.push_back(fmt::format("{} as {}", quoted(column), labelled("row", column)));
  for (const Extracted& one : of.key)
    columns.push_back(fmt::format("{} as {}", one.sql, labelled("key", one.column.text)));
  return fmt::format("(select {}\n{})", joined(columns, ", "), source_rows(of, std::string(indent + 3, ' ')));
}

// `select name as key_name, id as link_company_id from app.companies`
std::string found_rows(const Extraction& of, const std::vector<Linked>& links, const Surroundings& around) {
  std::vector<std::string> columns;
  for (const Extracted& one : of.key) {
    const ObjectKey old = then(column_key(of.target, one.column.text), around);
    columns.push_back(fmt::format("{} as {}", quoted(old.part), labelled("key", one.column.text)));
  }
  for (const Linked& link : links)
    columns.push_back(fmt::format("{} as {}", link.sql, labelled("link", link.column.text)));
  return fmt::format("(select {} from {})", joined(columns, ", "), table_sql(then(of.target, around)));
}

// The dropped column that a key is made of, and nothing else: what is in the target now can go back into it.
std::optional<std::string> origin(const Extraction& of, const Extracted& key, const Judging& judging) {
  std::optional<std::string> column;
  for (const Reference& reference : key.value.references) {
    if (reference.target == of.source) continue;
    if (reference.target.kind != Kind::column || table_of(reference.target) != of.source) return std::nullopt;
    if (column && *column != reference.target.part) return std::nullopt;
    column = reference.target.part;
  }
  if (!column || !judging.dropped.contains(now(column_key(of.source, *column), judging.around))) return std::nullopt;
  const Column* before = of.d.catalog.get<Column>(column_key(of.target, key.column.text));
  const ObjectPtr old = of.d.catalog.before(column_key(of.source, *column));
  const auto* source = old ? std::get_if<Column>(old.get()) : nullptr;
  if (before == nullptr || source == nullptr || !assignable(before->type.text, source->type.text).value_or(false))
    return std::nullopt;
  return column;
}

void declare_link(const Extraction& of, const std::vector<Linked>& links, const std::string& title) {
  const Judging judging(of.d);
  const Span span = of.item.span;
  const std::string found = found_rows(of, links, judging.around);
  std::vector<std::string> match, rows, linked;
  for (const Extracted& one : of.key) {
    const std::string label = labelled("key", one.column.text);
    match.push_back(fmt::format("found.{0} = wanted.{0}", label));
  }
  for (const std::string& column : of.row_key)
    rows.push_back(fmt::format("linked.{} = wanted.{}", quoted(column), labelled("row", column)));
  const std::string matches = joined(match, " and ");

  ast::Backfill backfill;
  backfill.table = of.item.source;
  backfill.table.schema = ast::Name{of.present.schema, of.item.source.span};
  backfill.table.name.text = of.present.name.str();
  backfill.alias = ast::Name{"linked", of.item.source.span};
  backfill.span = span;
  backfill.from = made(fmt::format("{} as wanted,\n               {} as found", wanted_rows(of, 15), found), span);
  backfill.where = made(fmt::format("{} and {}", joined(rows, " and "), matches), span);
  Link link;
  link.title = title;
  link.unmatched =
      made(fmt::format("(select count(*)\n  from {} as wanted\n where not exists (select from {} as found\n"
                       "                    where {}))",
                       wanted_rows(of, 7), found, matches),
           span);
  for (const Linked& one : links) {
    const std::string label = labelled("link", one.column.text);
    linked.push_back(fmt::format("found.{} = linked.{}", label, quoted(one.column.text)));
    backfill.set.push_back({one.column, made("found." + label, span)});
  }
  std::vector<std::string> differ;
  std::vector<ast::Assignment> reverse;
  for (const Extracted& one : of.key) {
    const auto column = origin(of, one, judging);
    if (!column) break;
    const std::string value = fmt::format("(select found.{} from {} as found where {})",
                                          labelled("key", one.column.text), found, joined(linked, " and "));
    reverse.push_back({ast::Name{*column, one.column.span}, made(value, span)});
    differ.push_back(fmt::format("{} is distinct from ({})", value, one.sql));
  }
  if (reverse.size() == of.key.size()) {
    backfill.reverse = std::move(reverse);
    link.differs = made(joined(differ, " or "), span);
  }
  if (auto done = read_backfill(backfill, &link, of.d)) of.d.intents.push_back(std::move(*done));
}

}  // namespace

void declare(const ast::Extract& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;
  if (item.batch) d.later(item.batch->span, "`batch`");
  const std::size_t errors = d.diagnostics.error_count();
  const auto source = d.existing_relation(item.source, {Kind::table}, true);
  const auto target = d.existing_table(item.target);
  if (!source || !target) return;
  if (const ObjectKey root = d.old_world.root_of(*source); root != *source) {
    d.is_partition(*source, root, item.source.span);
    return;
  }
  const ObjectKey present = renamed_key(*source, d.renamed_keys);
  if (refuse_inheritors(present, "an extract from", item.source.span, d)) return;
  Extraction of{item, d, *source, present, *target, {}, {{source->name, d.relation(*source, true)}}, {}, {}};
  of.key = read_assignments(item.key, of);
  of.set = read_assignments(item.set, of);
  check_key(of);
  check_order(of);
  check_where(of);
  Renames back;
  for (const auto& [old, now_called] : d.renamed_keys) back.emplace(now_called, old);
  const std::vector<Linked> links = read_links(of, back);
  {
    const Judging judging(d);
    for (const std::string& column : row_key_then(present, judging.around))
      of.row_key.push_back(then(column_key(present, column), judging.around).part);
  }
  if (of.row_key.empty()) {
    d.diagnostics.add(codes::bad_move, item.source.span, "rows of `{}` cannot be told apart", table_sql(*source))
        .hint("give it a primary key (or a unique constraint over columns that are not null) in a migration before");
  }
  if (d.diagnostics.error_count() != errors) return;
  const std::string name =
      links.empty() ? source->name.str() : fmt::format("{}_{}", source->name.str(), links.front().column.text);
  declare(move_of(of, name), d, pass);
  if (d.diagnostics.error_count() != errors) return;
  Move& move = std::get<Move>(d.intents.back());
  move.word = "extract";
  move.fills_key = true;
  if (!links.empty()) declare_link(of, links, fmt::format("extract {}: the link", name));
}

}  // namespace godwit::kinds
