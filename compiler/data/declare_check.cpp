// SPDX-License-Identifier: Apache-2.0
// `check 'title' before warn { … }`
#include "compiler/data/declare_common.h"

#include "base/identifier.h"

#include <algorithm>
#include <variant>

namespace godwit::kinds {

namespace {

using namespace data;
using Check = data::Check;  // not the constraint

void declare_count(const ast::CountCondition& count, const ast::Check& item, Check& check, Declaring& d) {
  const bool old = check.when == Check::When::before;
  switch (count.comparison) {
    case ast::CountCondition::Comparison::none: check.condition = Check::Condition::none; break;
    case ast::CountCondition::Comparison::at_most: check.condition = Check::Condition::at_most; break;
    case ast::CountCondition::Comparison::at_least: check.condition = Check::Condition::at_least; break;
  }
  if (count.amount) check.amount = Amount{count.amount->value, count.amount->percent, count.amount->text.text};
  std::vector<sql::Visible> visible;
  if (count.of.table) {
    const auto key = d.existing_relation(*count.of.table,
                                         {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view}, old);
    if (!key) return;
    check.table = key;
    check.alias = count.of.alias ? count.of.alias->text : key->name.str();
    visible.push_back({check.alias, d.relation(*key, old)});
  } else {
    check_not_in(*count.of.query, d);
    const sql::Analysis query = d.analyze(Form::query, *count.of.query, {}, old);
    if (!query.problems.empty()) return;
    check.query = query.fragment;
    check.alias = count.of.alias ? count.of.alias->text : "found";
    visible.push_back(
        {check.alias, {{Kind::table, {}, check.alias, {}, Kind::schema, {}}, query.output, query.output_known}});
    if (query.fragment.references.empty()) {
      d.diagnostics.add(codes::bad_check, count.of.query->span,
                        "this query reads no table, so it says nothing about the database");
    }
  }
  if (check.amount && check.amount->percent && !count.where) {
    d.diagnostics
        .add(codes::bad_check, count.amount->text.span,
             "without a condition a check counts all rows: that is always 100 per cent")
        .hint("say which rows are counted: `… where …`");
  }
  if (check.condition == Check::Condition::at_least && check.amount && check.amount->value <= 0) {
    d.diagnostics.add(codes::bad_check, item.span, "there are always at least {} rows", check.amount->text);
  }
  if (!count.where) return;
  check_not_in(*count.where, d);
  const sql::Analysis where = d.analyze(Form::expression, *count.where, visible, old);
  if (!where.problems.empty()) return;
  if (where.constant) {
    d.diagnostics.add(codes::bad_check, count.where->span, "this condition is the same for every row");
    return;
  }
  if (check_plain(where, count.where->span, codes::bad_check, d) &&
      check_boolean(where, count.where->span, codes::bad_check, d)) {
    check.where = where.fragment;
  }
}

void declare_unchanged(const ast::UnchangedCondition& unchanged, const ast::Check& item, Check& check, Declaring& d) {
  check.condition = Check::Condition::unchanged;
  check.when = Check::When::both;
  if (item.when != ast::Check::When::unspecified) {
    d.diagnostics.add(codes::bad_check, item.title.span, "`unchanged` is evaluated on both sides of the migration")
        .hint("leave `before` or `after` out");
  }
  check_not_in(unchanged.query, d);
  // What is right afterwards and wrong before names something that this migration makes.
  const sql::Analysis before = sql::analyze(Form::query, unchanged.query.text, d.old_world);
  if (!before.problems.empty() && sql::analyze(Form::query, unchanged.query.text, d.world).problems.empty()) {
    const sql::Problem& first = before.problems.front();
    d.diagnostics
        .add(codes::bad_check, Declaring::span_in(unchanged.query, first.begin, first.end),
             "`{}` is not there before this migration, so there is nothing to compare with",
             unchanged.query.text.substr(first.begin, first.end - first.begin))
        .hint("compare with what it replaces, under the names of before, or write an `after` check");
    return;
  }
  const sql::Analysis query = d.analyze(Form::query, unchanged.query, {}, true);
  if (!query.problems.empty()) return;
  check.query = query.fragment;
  if (query.fragment.references.empty()) {
    d.diagnostics.add(codes::bad_check, unchanged.query.span,
                      "this query reads no table, so it says nothing about the database");
  }
  std::set<ObjectKey> reported;
  for (const Reference& reference : query.fragment.references) {
    const ObjectKey& present = renamed_key(reference.target, d.renamed_keys);
    if (d.catalog.find(present) != nullptr || d.catalog.before(reference.target) == nullptr) continue;
    if (!reported.insert(reference.target).second) continue;
    d.diagnostics
        .add(codes::bad_check, unchanged.query.span,
             "{} is dropped by this migration, so the query cannot be evaluated after it", describe(reference.target))
        .hint("leave it out of the query, or compare what replaces it with two checks, `before` and `after`");
  }
}

void declare_that(const ast::ThatCondition& that, Check& check, Declaring& d) {
  check.condition = Check::Condition::that;
  check_not_in(that.expression, d);
  const sql::Analysis expression = d.analyze(Form::expression, that.expression, {}, check.when == Check::When::before);
  if (!expression.problems.empty()) return;
  if (expression.constant) {
    d.diagnostics.add(codes::bad_check, that.expression.span, "this condition is always the same");
    return;
  }
  if (check_boolean(expression, that.expression.span, codes::bad_check, d)) check.where = expression.fragment;
}

}  // namespace

void declare(const ast::Check& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;
  const std::size_t errors = d.diagnostics.error_count();
  Check check;
  check.title = item.title.value;
  check.warn = item.warn;
  check.span = item.span;
  check.when = item.when == ast::Check::When::before ? Check::When::before : Check::When::after;
  for (const Intent& other : d.intents) {
    const auto* earlier = std::get_if<Check>(&other);
    if (earlier == nullptr || earlier->title != check.title) continue;
    d.diagnostics.add(codes::duplicate_name, item.title.span, "two checks are called `{}`", check.title)
        .note(earlier->span, "this is the other one");
    break;
  }
  if (const auto* count = std::get_if<ast::CountCondition>(&item.condition)) declare_count(*count, item, check, d);
  if (const auto* unchanged = std::get_if<ast::UnchangedCondition>(&item.condition))
    declare_unchanged(*unchanged, item, check, d);
  if (const auto* that = std::get_if<ast::ThatCondition>(&item.condition)) declare_that(*that, check, d);
  if (d.diagnostics.error_count() == errors) d.intents.push_back(std::move(check));
}

}  // namespace godwit::kinds
