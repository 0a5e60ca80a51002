// SPDX-License-Identifier: Apache-2.0
// `backfill t a { set …; from …; where …; }`: its expressions stand where those of `update … from …` stand, and may
// still read what the migration drops.
#include "compiler/data/declare_common.h"

#include "base/identifier.h"

#include <algorithm>
#include <map>
#include <utility>

namespace godwit::kinds {

namespace {

using namespace data;

// Fragments of a backfill see its table and its from list, so each is analysed as part of a query over both.
class Scope {
 public:
  Scope(const ast::Backfill& item, const ObjectKey& table, std::string alias, Declaring& d)
      : d_(d), renames_(d.renamed_keys) {
    sql::Relation relation = d.relation(table);
    // Columns that are there until the migration hides them, under the names they have by then.
    for (const auto& [key, old] : d.catalog.touched()) {
      const auto* column = old ? std::get_if<Column>(old.get()) : nullptr;
      if (column == nullptr || column->hidden || table_of(renamed_key(key, d.renamed_keys)) != table) continue;
      const bool known = std::any_of(relation.columns.begin(), relation.columns.end(),
                                     [&](const OutputColumn& one) { return one.name == column->name; });
      if (known) continue;
      relation.columns.push_back({column->name, column->type.text});
      const ObjectKey& present = renamed_key(key, d.renamed_keys);
      if (present.part != column->name) renames_[column_key(table, column->name)] = present;
    }
    visible_.push_back({std::move(alias), std::move(relation)});
    if (item.from) from_text_ = item.from->text;
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

  // Names are looked up as they are after the migration, and when that does not do, as they were before it.
  std::optional<sql::Analysis> analyze(const std::string& query, const ast::Sql& text, std::size_t begin) {
    sql::Analysis now = sql::analyze(Form::query, query, d_.world, visible_);
    if (now.problems.empty()) {
      now.fragment = sql::renamed(now.fragment, own_renames());
      return now;
    }
    sql::Analysis before = sql::analyze(Form::query, query, d_.old_world, visible_);
    if (before.problems.empty()) {
      before.fragment = sql::renamed(before.fragment, renames_);
      return before;
    }
    for (const sql::Problem& problem : now.problems) {
      if (problem.begin < begin || problem.begin > begin + text.text.size()) continue;
      auto report = d_.diagnostics.add(
          problem.code, Declaring::span_in(text, problem.begin - begin, problem.end - begin), "{}", problem.message);
      if (!problem.hint.empty()) report.hint("{}", problem.hint);
    }
    return std::nullopt;
  }

  // Old names of the table's own columns.
  Renames own_renames() const {
    Renames own;
    for (const auto& [key, to] : renames_) {
      if (!d_.renamed_keys.contains(key)) own.emplace(key, to);
    }
    return own;
  }

  Declaring& d_;
  Renames renames_;
  std::vector<sql::Visible> visible_;
  std::string from_text_;
  std::optional<Fragment> from_;
};

}  // namespace

void declare(const ast::Backfill& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;
  if (item.batch) d.later(item.batch->span, "`batch`");
  if (item.keep_in_step) d.later(*item.keep_in_step, "`keep in step`");
  const std::size_t errors = d.diagnostics.error_count();
  const auto table = d.existing_table(item.table);
  if (!table) return;
  Backfill backfill;
  backfill.table = *table;
  backfill.alias = item.alias ? item.alias->text : table->name;
  backfill.span = item.span;
  Scope scope(item, *table, backfill.alias, d);
  if (item.from) {
    check_not_in(*item.from, d);
    backfill.from = scope.from(*item.from);
    if (!backfill.from) return;
  }
  const Judging judging(d);
  bool overwrites = false;
  std::map<std::string, Span> given;
  for (const ast::Assignment& set : item.set) {
    const Column* column = target_column(*table, set.column, d);
    const auto value = scope.expression(set.value);
    check_not_in(set.value, d);
    if (column == nullptr || !value) continue;
    const auto [earlier, is_new] = given.emplace(set.column.text, set.column.span);
    if (!is_new) {
      d.diagnostics.add(codes::bad_move, set.column.span, "`{}` is assigned twice", set.column.text)
          .note(earlier->second, "assigned here first");
      continue;
    }
    if (column->generated || (column->identity && column->identity->always)) {
      d.diagnostics.add(codes::bad_move, set.column.span, "`{}` is generated and takes no value", set.column.text);
      continue;
    }
    if (!check_plain(*value, set.value.span, codes::bad_move, d)) continue;
    check_type(*value, *column, set.value.span, d);
    overwrites = overwrites || existed_before(column_key(*table, set.column.text), judging.around);
    const Span span{set.column.span.file, set.column.span.begin, set.value.span.end};
    backfill.set.push_back({set.column.text, value->fragment, span, value->type});
  }
  if (item.set.empty()) {
    d.diagnostics.add(codes::no_effect, item.span, "this backfill sets no column")
        .hint("say what to fill: `set column = expression;`");
  }
  if (item.where) {
    check_not_in(*item.where, d);
    const auto where = scope.expression(*item.where);
    if (where && check_plain(*where, item.where->span, codes::bad_move, d) &&
        check_boolean(*where, item.where->span, codes::bad_move, d)) {
      backfill.where = where->fragment;
    }
  }
  if (d.diagnostics.error_count() != errors) return;
  if (overwrites && row_key_now(*table, judging.around).empty()) {
    d.diagnostics
        .add(codes::bad_move, item.table.span,
             "rows of `{}` cannot be told apart, so what is overwritten could not be given back", table_sql(*table))
        .hint("give it a primary key, or fill a new column");
    return;
  }
  d.intents.push_back(std::move(backfill));
}

}  // namespace godwit::kinds
