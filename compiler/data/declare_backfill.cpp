// SPDX-License-Identifier: Apache-2.0
// `backfill t a { set …; from …; where …; reverse set …; }`: its expressions stand where those of `update … from …`
// stand, and read tables and columns as they were before the migration, what is new besides.
#include "compiler/data/declare_backfill.h"

#include "compiler/data/declare_batch.h"
#include "compiler/data/declare_common.h"
#include "compiler/data/declare_in_step.h"

#include "base/identifier.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace godwit::kinds {

namespace {

using namespace data;

// Names as they were before the migration; what is new, under the name it has after it. `renames` leads from each to
// what it is called when the backfill runs.
class BothWorlds : public sql::World {
 public:
  BothWorlds(const Declaring& d, Renames& renames) : d_(d), renames_(renames) {}

  std::optional<sql::Relation> relation(const std::string& schema, const std::string& name) const override {
    const auto before = d_.old_world.relation(schema, name);
    return before ? with_new_columns(*before) : d_.world.relation(schema, name);
  }
  /// The table as both see it, under the key it had before if there was one.
  sql::Relation table(const ObjectKey& present) const {
    const std::set<ObjectKey> none;
    const Surroundings around{d_.catalog, d_.renamed_keys, none, d_.sources, {}};
    if (!existed_before(present, around)) return d_.relation(present);
    return with_new_columns(d_.relation(then(present, around), true));
  }
  std::vector<sql::Routine> routines(const std::string& schema, const std::string& name) const override {
    auto found = d_.world.routines(schema, name);
    return found.empty() ? d_.old_world.routines(schema, name) : found;
  }
  std::optional<ObjectKey> type(const std::string& schema, const std::string& name) const override {
    const auto found = d_.world.type(schema, name);
    return found ? found : d_.old_world.type(schema, name);
  }
  std::optional<ObjectKey> collation(const std::string& schema, const std::string& name) const override {
    const auto found = d_.world.collation(schema, name);
    return found ? found : d_.old_world.collation(schema, name);
  }
  std::vector<sql::OwnOperator> operators(const std::string& schema, const std::string& name) const override {
    auto found = d_.world.operators(schema, name);
    return found.empty() ? d_.old_world.operators(schema, name) : found;
  }
  std::optional<ObjectKey> cast(const std::string& from, const std::string& to) const override {
    const auto found = d_.world.cast(from, to);
    return found ? found : d_.old_world.cast(from, to);
  }
  bool has_own_operators() const override { return d_.world.has_own_operators(); }
  std::string base_type(const ObjectKey& type) const override {
    const std::string found = d_.world.base_type(type);
    return found.empty() ? d_.old_world.base_type(type) : found;
  }
  std::vector<OutputColumn> fields(const ObjectKey& type) const override {
    const auto found = d_.world.fields(type);
    return found.empty() ? d_.old_world.fields(type) : found;
  }
  std::string subtype(const ObjectKey& type) const override {
    const std::string found = d_.world.subtype(type);
    return found.empty() ? d_.old_world.subtype(type) : found;
  }
  bool schema_exists(const std::string& schema) const override {
    return d_.world.schema_exists(schema) || d_.old_world.schema_exists(schema);
  }
  bool has_extensions() const override { return d_.world.has_extensions(); }
  std::vector<std::string> names_like(Kind kind) const override { return d_.world.names_like(kind); }

 private:
  sql::Relation with_new_columns(sql::Relation before) const {
    const ObjectKey& present = renamed_key(before.key, d_.renamed_keys);
    if (d_.catalog.find(present) == nullptr || present.kind != Kind::table) return before;
    std::map<std::string, std::string> old_names;
    for (OutputColumn& column : before.columns) {
      const ObjectKey key = renamed_key(column_key(before.key, column.name), d_.renamed_keys);
      old_names.emplace(column.name, key.part);
      if (const Column* now = d_.catalog.get<Column>(key)) column.type = now->type.text;
    }
    for (OutputColumn& column : d_.relation(present).columns) {
      if (!old_names.contains(column.name)) {
        if (present != before.key) renames_[column_key(before.key, column.name)] = column_key(present, column.name);
        before.columns.push_back(std::move(column));
      }
    }
    return before;
  }

  const Declaring& d_;
  Renames& renames_;
};

// Fragments of a backfill see its table and its from list, so each is analysed as part of a query over both.
class Scope {
 public:
  Scope(const ObjectKey& table, std::string alias, std::string from, Declaring& d)
      : d_(d), renames_(d.renamed_keys), world_(d, renames_), from_text_(std::move(from)) {
    visible_.push_back({std::move(alias), world_.table(table)});
  }

  std::optional<Fragment> from(const ast::Sql& text) {
    static constexpr std::string_view head = "select * from ";
    const auto analysis = analyze(std::string(head) + text.text, text, head.size());
    if (!analysis) return std::nullopt;
    from_ = part(analysis->fragment, head.size(), analysis->fragment.text.size());
    return from_;
  }

  /// The expression's analysis, its fragment cut out of the query around it.
  std::optional<sql::Analysis> expression(const ast::Sql& text) {
    static constexpr std::string_view head = "select ";
    const std::string tail = from_text_.empty() ? "" : " from " + from_text_;
    auto analysis = analyze(std::string(head) + text.text + tail, text, head.size());
    if (!analysis) return std::nullopt;
    const std::size_t tail_size = from_ ? std::string_view(" from ").size() + from_->text.size() : 0;
    analysis->fragment = part(analysis->fragment, head.size(), analysis->fragment.text.size() - tail_size);
    analysis->type = analysis->output.size() == 1 ? analysis->output.front().type : std::string{};
    return analysis;
  }

 private:
  static Fragment part(const Fragment& whole, std::size_t begin, std::size_t end) {
    Fragment cut{Form::expression, whole.text.substr(begin, end - begin), {}, {}};
    cut.normal = cut.text;
    for (Reference reference : whole.references) {
      if (reference.begin < begin || reference.end > end) continue;
      const auto shift = static_cast<std::uint32_t>(begin);
      reference.begin -= shift;
      reference.end -= shift;
      reference.qualifier -= shift;
      cut.references.push_back(std::move(reference));
    }
    return cut;
  }

  std::optional<sql::Analysis> analyze(const std::string& query, const ast::Sql& text, std::size_t begin) {
    sql::Analysis analysis = sql::analyze(Form::query, query, world_, visible_);
    if (analysis.problems.empty()) {
      analysis.fragment = sql::renamed(analysis.fragment, renames_);
      return analysis;
    }
    for (const sql::Problem& problem : analysis.problems) {
      if (problem.begin < begin || problem.begin > begin + text.text.size()) continue;
      auto report = d_.diagnostics.add(
          problem.code, Declaring::span_in(text, problem.begin - begin, problem.end - begin), "{}", problem.message);
      if (!problem.hint.empty()) report.hint("{}", problem.hint);
    }
    return std::nullopt;
  }

  Declaring& d_;
  Renames renames_;
  BothWorlds world_;
  std::vector<sql::Visible> visible_;
  std::string from_text_;
  std::optional<Fragment> from_;
};

std::optional<Fragment> condition(const ast::Sql& text, Scope& scope, Declaring& d) {
  check_not_in(text, d);
  const auto found = scope.expression(text);
  if (!found || !check_plain(*found, text.span, codes::bad_move, d) ||
      !check_boolean(*found, text.span, codes::bad_move, d)) {
    return std::nullopt;
  }
  return found->fragment;
}

void read_set(const ast::Backfill& item, Scope& scope, Backfill& backfill, Declaring& d) {
  std::map<std::string, Span> given;
  for (const ast::Assignment& set : item.set) {
    const Column* column = target_column(backfill.table, set.column, d);
    const auto value = scope.expression(set.value);
    check_not_in(set.value, d);
    if (column == nullptr || !value || !first_time(set.column, given, d)) continue;
    if (column->generated || (column->identity && column->identity->always)) {
      d.diagnostics.add(codes::bad_move, set.column.span, "`{}` is generated and takes no value", set.column.text);
      continue;
    }
    if (!check_plain(*value, set.value.span, codes::bad_move, d)) continue;
    check_type(*value, *column, set.value.span, d);
    backfill.set.push_back({set.column.text, value->fragment, span_of(set), value->type, changes_by_itself(*value)});
    d.filled_columns.insert(column_key(backfill.table, set.column.text));
  }
  if (item.set.empty()) {
    d.diagnostics.add(codes::no_effect, item.span, "this backfill sets no column")
        .hint("say what to fill: `set column = expression;`");
  }
}

// The column of before the migration that takes a value back, or nullptr after a report.
const Column* returned_column(const Backfill& backfill, const ast::Assignment& set, const Surroundings& around,
                              Declaring& d) {
  const std::string table = table_sql(backfill.table);
  const ObjectKey old = column_key(then(backfill.table, around), set.column.text);
  const ObjectKey present = column_key(backfill.table, now(old, around).part);
  const Column* column = existed_before(backfill.table, around) ? column_then(present, around) : nullptr;
  if (column == nullptr || column->hidden) {
    d.diagnostics
        .add(codes::unknown_column, set.column.span, "`{}` had no column `{}` before this migration", table,
             set.column.text)
        .hint("a rollback carries values back into columns that it leaves");
    return nullptr;
  }
  const auto filled = [&](const Assignment& one) { return one.column == present.part; };
  if (std::any_of(backfill.set.begin(), backfill.set.end(), filled)) {
    d.diagnostics
        .add(codes::bad_move, set.column.span,
             "`{}` is filled by this backfill, so its old values come back by themselves", set.column.text)
        .hint("leave it out of `reverse set`");
    return nullptr;
  }
  if (column->generated || (column->identity && column->identity->always)) {
    d.diagnostics.add(codes::bad_move, set.column.span, "`{}` is generated and takes no value", set.column.text);
    return nullptr;
  }
  return column;
}

void read_reverse(const ast::Backfill& item, const Surroundings& around, Backfill& backfill, Declaring& d) {
  if (!item.reverse) return;  // `reverse none` is what it does anyway
  Scope scope(backfill.table, backfill.alias, {}, d);
  std::map<std::string, Span> given;
  for (const ast::Assignment& set : *item.reverse) {
    check_not_in(set.value, d);
    const Column* column = returned_column(backfill, set, around, d);
    const auto value = scope.expression(set.value);
    if (column == nullptr || !value || !first_time(set.column, given, d)) continue;
    if (!check_plain(*value, set.value.span, codes::bad_move, d)) continue;
    check_type(*value, *column, set.value.span, d);
    const ObjectKey old = column_key(then(backfill.table, around), set.column.text);
    backfill.reverse.push_back(
        {now(old, around).part, value->fragment, span_of(set), value->type, changes_by_itself(*value)});
  }
}

// Rows set aside are told apart by what the backfill fills.
void check_other_rejects(const Backfill& backfill, Span place, Declaring& d) {
  const auto columns = [](const Backfill& one) {
    std::set<std::string> names;
    for (const Assignment& set : one.set) names.insert(set.column);
    return names;
  };
  for (const data::Intent& intent : d.intents) {
    const auto* other = std::get_if<Backfill>(&intent);
    if (other == nullptr || !other->reject || other->table != backfill.table || columns(*other) != columns(backfill))
      continue;
    d.diagnostics
        .add(codes::bad_move, place, "two backfills of `{}` fill the same columns, and both set rows aside",
             table_sql(backfill.table))
        .note(other->span, "this is the other one")
        .hint("make one of them, with `case` in its `set`");
    return;
  }
}

// A row that is set aside has no value in a new column, which must then take none.
void read_reject_of(const ast::Backfill& item, bool told_apart, const Surroundings& around, Backfill& backfill,
                    Declaring& d) {
  backfill.reject = read_reject(item.reject, '`' + table_sql(backfill.table) + '`', told_apart, d);
  if (!backfill.reject) return;
  check_other_rejects(backfill, item.reject->text.span, d);
  for (const Assignment& set : backfill.set) {
    const ObjectKey key = column_key(backfill.table, set.column);
    const Column* column = column_now(key, around);
    if (column == nullptr || existed_before(key, around) || !column->not_null || column->default_value) continue;
    d.diagnostics
        .add(codes::bad_move, item.reject->text.span, "a rejected row would have no value in `{}`, which is `not null`",
             set.column)
        .hint("give the column a default, or let it be null");
  }
}

}  // namespace

std::optional<Backfill> read_backfill(const ast::Backfill& item, const Link* link, Declaring& d) {
  const std::size_t errors = d.diagnostics.error_count();
  const auto table = d.existing_table(item.table);
  if (!table || refuse_inheritors(*table, "a backfill of", item.table.span, d)) return std::nullopt;
  Backfill backfill;
  backfill.table = *table;
  backfill.alias = item.alias ? item.alias->text : table->name.str();
  if (link != nullptr) backfill.title = link->title;
  backfill.span = item.span;
  Scope scope(*table, backfill.alias, item.from ? item.from->text : std::string{}, d);
  if (item.from) {
    check_not_in(*item.from, d);
    backfill.from = scope.from(*item.from);
    if (!backfill.from) return std::nullopt;
  }
  const Judging judging(d);
  read_set(item, scope, backfill, d);
  if (item.where) backfill.where = condition(*item.where, scope, d);
  read_reverse(item, judging.around, backfill, d);
  if (link != nullptr) {
    Scope own(*table, backfill.alias, {}, d);
    if (!link->differs.text.empty()) backfill.differs = condition(link->differs, own, d);
    if (const auto unmatched = own.expression(link->unmatched)) backfill.unmatched = unmatched->fragment;
  }
  if (link == nullptr) {
    BatchedRows rows{*table, false, {}, item.span, {}};
    for (const Assignment& set : backfill.set) rows.expressions.push_back(set.value);
    for (const auto* clause : {&backfill.from, &backfill.where}) {
      if (*clause) rows.expressions.push_back(**clause);
    }
    if (item.reject) rows.obstacle = "`reject` sets rows aside in one statement";
    backfill.batch = read_batch(item.batch, rows, d);
  }
  if (d.diagnostics.error_count() != errors) return std::nullopt;
  const bool overwrites = std::any_of(backfill.set.begin(), backfill.set.end(), [&](const Assignment& set) {
    return existed_before(column_key(*table, set.column), judging.around);
  });
  const bool told_apart = !row_key_now(*table, judging.around).empty();
  read_reject_of(item, told_apart, judging.around, backfill, d);
  if (d.diagnostics.error_count() != errors) return std::nullopt;
  if (!told_apart && (overwrites || !backfill.reverse.empty())) {
    d.diagnostics
        .add(codes::bad_move, item.table.span,
             "rows of `{}` cannot be told apart, so what is overwritten could not be given back", table_sql(*table))
        .hint("give it a primary key, or fill a new column");
    return std::nullopt;
  }
  read_in_step(item, backfill, d);
  return backfill;
}

void declare(const ast::Backfill& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;
  if (auto backfill = read_backfill(item, nullptr, d)) d.intents.push_back(std::move(*backfill));
}

}  // namespace godwit::kinds
