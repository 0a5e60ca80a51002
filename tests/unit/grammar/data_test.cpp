// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/grammar/parsing.h"

#include <catch2/catch.hpp>

using namespace godwit;
using test::Parsed;
using test::parsed;

namespace {

Parsed clean(std::string_view text) {
  Parsed out = parsed(text);
  INFO(text);
  CHECK(out.report().empty());
  return out;
}

}  // namespace

TEST_CASE("a move") {
  const Parsed out = clean(
      "move app.users u -> app.ui named gmail {\n  where a is not null;\n  set x = coalesce(a, 'b, c'), y = (1, 2);\n"
      "  key (x, y);\n  on conflict skip;\n  batch 10000 by id;\n  rest fail 'left' over 1% where a > 0;\n  sample "
      "100;\n"
      "  reject up to 0.1%;\n  keep in step;\n  reverse set a = x;\n}");
  const auto& move = out.get<ast::Move>();
  CHECK(move.source.table->name.text == "users");
  CHECK(move.source.alias->text == "u");
  CHECK(move.target.name.text == "ui");
  CHECK(move.name->text == "gmail");
  REQUIRE(move.set.size() == 2);
  CHECK(move.set[0].value.text == "coalesce(a, 'b, c')");
  CHECK(move.where->text == "a is not null");
  CHECK(move.key.size() == 2);
  CHECK(move.on_conflict == ast::OnConflict::skip);
  CHECK(move.batch->size.value == 10000);
  CHECK(move.batch->by->text == "id");
  CHECK(move.rest->action == ast::Rest::Action::fail);
  CHECK(move.rest->message->value == "left");
  CHECK(move.rest->over->percent);
  CHECK(move.rest->where->text == "a > 0");
  CHECK(move.sample->value == 100);
  CHECK(move.reject->value == Approx(0.1));
  CHECK(move.keep_in_step.has_value());
  CHECK(move.reverse->at(0).column.text == "a");
}

TEST_CASE("a backfill that sets rows aside") {
  const Parsed out = clean("backfill a { set b = c::integer; reject up to 20; }");
  CHECK(out.get<ast::Backfill>().reject->value == Approx(20));
  CHECK_FALSE(out.get<ast::Backfill>().reject->percent);
}

TEST_CASE("a move from a query, from sqlite, and one that is not reversed") {
  const Parsed out = clean(
      "move (select 1 as a) as q -> t { set a = a; reverse none; }\n"
      "move sqlite 'app.db' orders -> app.orders { set id = id; }\nmove sqlite 'app.db' { all; }\n"
      "move sqlite -> t { set a = a; }");
  CHECK(out.get<ast::Move>().source.query->text == "select 1 as a");
  CHECK(out.get<ast::Move>().source.alias->text == "q");
  CHECK(out.get<ast::Move>().reverse->empty());
  CHECK(out.get<ast::MoveSqlite>(1).move->target.name.text == "orders");
  CHECK(out.get<ast::MoveSqlite>(2).all);
  CHECK(out.get<ast::Move>(3).source.table->name.text == "sqlite");
}

TEST_CASE("backfill and extract") {
  const Parsed out = clean(
      "backfill app.contacts c { set o = x.id; from app.orgs x; where x.l = c.id; batch 5; keep in "
      "step; reverse set l = o; }\n"
      "extract app.deals -> app.companies { key name = trim(company); set d = lower(e); first by "
      "created_at desc; link company_id = id; where a; batch 10; }");
  const auto& backfill = out.get<ast::Backfill>();
  CHECK(backfill.alias->text == "c");
  CHECK(backfill.from->text == "app.orgs x");
  CHECK(backfill.reverse->size() == 1);
  const auto& extract = out.get<ast::Extract>(1);
  CHECK(extract.key.at(0).value.text == "trim(company)");
  CHECK(extract.first_by->text == "created_at desc");
  CHECK(extract.link.at(0).column.text == "company_id");
}

TEST_CASE("seed rows") {
  const Parsed out = clean("rows app.services key (id) { (id, name) : ('a', f(1, 2)), ('b', null); }");
  const auto& rows = out.get<ast::Rows>();
  CHECK(rows.key.at(0).text == "id");
  CHECK(rows.columns.size() == 2);
  REQUIRE(rows.values.size() == 2);
  CHECK(rows.values[0][1].text == "f(1, 2)");
}

TEST_CASE("checks") {
  const Parsed out = clean(
      "check 'a' before warn { at most 1.5% of app.users u where x; }\n"
      "check 'b' after { none of (select 1) as d; }\ncheck 'c' { unchanged (select count(*) from t); }\n"
      "check 'd' fail { that (1 = 1); }\ncheck 'e' { at least 3 of t; }");
  const auto& first = out.get<ast::Check>();
  CHECK(first.when == ast::Check::When::before);
  CHECK(first.warn);
  const auto& count = std::get<ast::CountCondition>(first.condition);
  CHECK(count.comparison == ast::CountCondition::Comparison::at_most);
  CHECK(count.amount->value == Approx(1.5));
  CHECK(count.amount->percent);
  CHECK(count.of.alias->text == "u");
  CHECK(count.where->text == "x");
  CHECK(std::get<ast::CountCondition>(out.get<ast::Check>(1).condition).of.query->text == "select 1");
  CHECK(std::get<ast::UnchangedCondition>(out.get<ast::Check>(2).condition).query.text == "select count(*) from t");
  CHECK(std::get<ast::ThatCondition>(out.get<ast::Check>(3).condition).expression.text == "1 = 1");
  CHECK_FALSE(std::get<ast::CountCondition>(out.get<ast::Check>(4).condition).amount->percent);
}

TEST_CASE("the escape hatch") {
  const Parsed out = clean(
      "sql 'p' after table app.events, function f(int) before view v { up $x$ select '$$'; $x$; down $$ "
      "select 2; $$; }\nsql 'q' { up $$a$$; irreversible; }");
  const auto& escape = out.get<ast::Escape>();
  CHECK(escape.up.text == " select '$$'; ");
  CHECK(out.sources->text(escape.up.span) == escape.up.text);
  CHECK(escape.after.at(1).kind.text == "function");
  CHECK(escape.before.at(0).kind.text == "view");
  CHECK(out.get<ast::Escape>(1).irreversible);
  CHECK(parsed("sql 'q' { down $$a$$; }").report() == "GW1001 1:5 `up` is missing\n");
  // Without a way back it parses; the compiler asks for `down` or `irreversible`.
  CHECK_FALSE(parsed("sql 'q' { up $$a$$; }").get<ast::Escape>().down.has_value());
}

TEST_CASE("a data clause given twice") {
  CHECK(parsed("move a -> b {\n  set x = 1;\n  where a;\n  where b;\n}").report() ==
        "GW1007 4:3 `where` is given twice\n");
}
