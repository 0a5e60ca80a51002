// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/statements.h"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace godwit;

namespace {

// The part as text, after making sure that it stands where it says.
std::string placed(const std::string& text, const sql::Part& part) {
  CHECK(part.begin + part.text.size() <= text.size());
  CHECK(text.substr(part.begin, part.text.size()) == part.text);
  return part.text;
}

std::string placed(const std::string& text, const std::optional<sql::Part>& part) {
  return part ? placed(text, *part) : "-";
}

std::string joined(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string all;
  for (const auto& [name, value] : pairs) all += name + "=" + value + " ";
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("sequences") {
  const auto full = sql::parse_sequence(
      "as int start with 1000 increment by -3 minvalue -9 maxvalue 9223372036854775807 cache 10 cycle owned by "
      "app.t.c");
  REQUIRE(full.has_value());
  CHECK(full->options.type == "integer");
  CHECK(full->options.start == 1000);
  CHECK(full->options.increment == -3);
  CHECK(full->options.minimum == -9);
  CHECK(full->options.maximum == 9223372036854775807LL);
  CHECK(full->options.cache == 10);
  CHECK(full->options.cycle);
  CHECK(full->owned_by == Names{"app", "t", "c"});

  const auto none = sql::parse_sequence("");
  REQUIRE(none.has_value());
  CHECK(none->options == SequenceOptions{});
  CHECK(sql::parse_sequence("no maxvalue no cycle owned by none")->options == SequenceOptions{});

  CHECK(sql::parse_sequence("strat 1").error().offset == 0);
  CHECK(sql::parse_sequence("start 1 start 2").error().offset == 8);
  CHECK_FALSE(sql::parse_sequence("start 99999999999999999999").has_value());
  CHECK_FALSE(sql::parse_sequence("; drop table t").has_value());
}

TEST_CASE("domains") {
  const std::string text =
      "as character varying(12)[] collate \"C\" default 'a' || 'b' not null constraint c check (value ~ '@') check "
      "(length(value) > 3)";
  const auto domain = sql::parse_domain(text);
  REQUIRE(domain.has_value());
  CHECK(placed(text, domain->type) == "character varying(12)[]");
  CHECK(domain->collation == "\"C\"");
  CHECK(placed(text, domain->default_value) == "'a' || 'b'");
  CHECK(domain->not_null);
  REQUIRE(domain->checks.size() == 2);
  CHECK(domain->checks[0].name == "c");
  CHECK(placed(text, domain->checks[0].expression) == "value ~ '@'");
  CHECK(domain->checks[1].name.empty());
  CHECK(placed(text, domain->checks[1].expression) == "length(value) > 3");

  const auto plain = sql::parse_domain("app.x");
  REQUIRE(plain.has_value());
  CHECK(plain->type.text == "app.x");
  CHECK_FALSE(plain->not_null);
  CHECK(sql::parse_domain("text chek (1)").error().offset == 5);
}

TEST_CASE("views") {
  struct Case {
    std::string text, columns, options, query;
  };

  const std::vector<Case> cases{
      {"as select 1", "", "", "select 1"},
      {"(a, b) with (security_invoker) as select 1, 2", "a b ", "security_invoker=true ", "select 1, 2"},
      {"with (security_barrier = off) as select id from app.t where x with local check option", "",
       "check_option=local security_barrier=off ", "select id from app.t where x"},
      {"as select 1 /* as */ with cascaded check option;", "", "check_option=cascaded ", "select 1"},
      {"as select 1 with check option", "", "check_option=cascaded ", "select 1"},
      {"as with a as (select 1) select * from a -- with check option", "", "", "with a as (select 1) select * from a"},
      {"as table x;", "", "", "table x"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const auto view = sql::parse_view(one.text, false);
    REQUIRE(view.has_value());
    std::string columns;
    for (const std::string& name : view->columns) columns += name + " ";
    CHECK(columns == one.columns);
    CHECK(joined(view->options) == one.options);
    CHECK(placed(one.text, view->query) == one.query);
  }
  const std::string recursive = "(n) as values (1) union all select n + 1 from v where n < 9";
  CHECK(placed(recursive, sql::parse_view(recursive, true)->query) == recursive.substr(7));
  CHECK(sql::parse_view("as selec 1", false).error().offset == 3);
  CHECK(sql::parse_view("as select 1 from", false).error().offset == 16);
  CHECK_FALSE(sql::parse_view("as select 1; drop table t", false).has_value());
}

TEST_CASE("materialized views") {
  const std::string text =
      "(a) using heap with (fillfactor=70, autovacuum_enabled) tablespace x as select b as data from t with no data";
  const auto view = sql::parse_materialized_view(text);
  REQUIRE(view.has_value());
  CHECK(view->columns == Names{"a"});
  CHECK(view->method == "heap");
  CHECK(view->parameters == "autovacuum_enabled = true, fillfactor = 70");
  CHECK(view->tablespace == "x");
  CHECK(view->no_data);
  CHECK(placed(text, view->query) == "select b as data from t");
  for (const std::string tail : {"", " with data", ";"}) {
    const std::string other = "as select a as data from t" + tail;
    const auto plain = sql::parse_materialized_view(other);
    REQUIRE(plain.has_value());
    CHECK_FALSE(plain->no_data);
    CHECK(placed(other, plain->query) == "select a as data from t");
  }
}

TEST_CASE("routines: arguments, result, options, body") {
  using Mode = sql::RoutineText::Argument::Mode;
  const std::string text =
      "(a int default 3, out b text[], variadic c app.channel[] = '{}', \"D\" numeric(5,2) = f(1, 2)) returns record "
      "language plpgsql stable strict security definer set search_path = app, public cost 10 as $x$ begin 'a' end $x$";
  const auto routine = sql::parse_routine(text, false);
  REQUIRE(routine.has_value());
  REQUIRE(routine->arguments.size() == 4);
  CHECK(routine->arguments[0].name == "a");
  CHECK(placed(text, routine->arguments[0].type) == "int");
  CHECK(placed(text, routine->arguments[0].default_value) == "3");
  CHECK(routine->arguments[1].mode == Mode::out);
  CHECK(placed(text, routine->arguments[1].type) == "text[]");
  CHECK(routine->arguments[2].mode == Mode::variadic);
  CHECK(placed(text, routine->arguments[2].type) == "app.channel[]");
  CHECK(placed(text, routine->arguments[2].default_value) == "'{}'");
  CHECK(routine->arguments[3].name == "D");
  CHECK(placed(text, routine->arguments[3].type) == "numeric(5,2)");
  CHECK(placed(text, routine->arguments[3].default_value) == "f(1, 2)");
  CHECK(placed(text, routine->result) == "record");
  CHECK_FALSE(routine->returns_set);
  CHECK(routine->language == "plpgsql");
  CHECK(routine->volatility == 's');
  CHECK(routine->security_definer);
  CHECK(routine->sets_search_path);
  CHECK(placed(text, routine->body) == " begin 'a' end ");
  CHECK(routine->options == Names{"cost 10", "set search_path to 'app', 'public'", "strict"});
}

TEST_CASE("routines: other shapes") {
  const std::string set = "(text) returns setof app.t language sql as 'select 1'";
  const auto of_rows = sql::parse_routine(set, false);
  REQUIRE(of_rows.has_value());
  CHECK(of_rows->returns_set);
  CHECK(placed(set, of_rows->result) == "app.t");
  CHECK(placed(set, of_rows->body) == "select 1");

  const std::string table = "(x integer) returns table (a int, b character varying(3)) parallel safe return x + 1";
  const auto of_table = sql::parse_routine(table, false);
  REQUIRE(of_table.has_value());
  CHECK(of_table->returns_table);
  CHECK(of_table->returns_set);
  CHECK_FALSE(of_table->result.has_value());
  CHECK(placed(table, of_table->arguments[2].type) == "character varying(3)");
  CHECK(of_table->sql_body);
  CHECK(of_table->language == "sql");
  CHECK(placed(table, of_table->body) == "return x + 1");

  const std::string atomic = "() returns int begin atomic select 1; select 2; end";
  CHECK(placed(atomic, sql::parse_routine(atomic, false)->body) == "begin atomic select 1; select 2; end");

  // A body with escapes is not in the text as it is: its place is that of the literal.
  const std::string escaped = "() returns text language sql as 'select ''x'''";
  const auto with_escapes = sql::parse_routine(escaped, false);
  CHECK(with_escapes->body->text == "select 'x'");
  CHECK(with_escapes->body->begin == escaped.find('\''));

  const std::string procedure = "(inout a int) language plpgsql as $$ begin commit; end $$";
  const auto parsed = sql::parse_routine(procedure, true);
  REQUIRE(parsed.has_value());
  CHECK_FALSE(parsed->result.has_value());
  CHECK(placed(procedure, parsed->body) == " begin commit; end ");

  CHECK(sql::parse_routine("(a int retruns int", false).error().offset == 7);
  CHECK(sql::parse_routine("() returns int language sql as $$ open", false).error().offset == 31);
}

TEST_CASE("two spellings of one routine are the same") {
  const auto normal = [](const std::string& text) {
    const auto routine = sql::parse_routine(text, false);
    REQUIRE(routine.has_value());
    return sql::routine_normal(*routine);
  };
  const std::string one =
      "(a int, b varchar(3) = lower( 'X' )) returns app.t[] language sql stable cost 10 strict as $$ select 1 $$";
  CHECK(normal(one) ==
        normal("(in a INTEGER, b character varying(3) default lower('X'))\n returns app . t [] as $f$ select 1 $f$ "
               "strict stable -- c\n cost 10 language 'sql'"));
  CHECK(
      normal(one) !=
      normal(
          "(a int, b varchar(3) = lower('X')) returns app.t[] language sql stable cost 10 strict as $$ select  1 $$"));
  CHECK(normal(one) !=
        normal(
            "(a int, b varchar(4) = lower('X')) returns app.t[] language sql stable cost 10 strict as $$ select 1 $$"));
  CHECK(normal(one) !=
        normal(
            "(a int, c varchar(3) = lower('X')) returns app.t[] language sql stable cost 10 strict as $$ select 1 $$"));
  CHECK(normal(one) !=
        normal("(a int, b varchar(3)) returns app.t[] language sql stable cost 10 strict as $$ select 1 $$"));
  CHECK(normal("() returns int language sql as '1'") ==
        normal("() returns int language sql volatile security invoker parallel unsafe as '1'"));
}

TEST_CASE("triggers") {
  const std::string events = "before update of a, \"B\" or insert";
  const std::string rest = "for each row when (old.a is distinct from new.a) execute function app.f('x')";
  const auto trigger = sql::parse_trigger(events, rest, false);
  REQUIRE(trigger.has_value());
  CHECK(trigger->timing == "before");
  CHECK(trigger->on_insert);
  CHECK(trigger->on_update);
  CHECK_FALSE(trigger->on_delete);
  REQUIRE(trigger->columns.size() == 2);
  CHECK(placed(events, trigger->columns[1]) == "\"B\"");
  CHECK(trigger->for_each_row);
  CHECK(placed(rest, trigger->when) == "old.a is distinct from new.a");
  CHECK(placed(rest, trigger->function) == "app.f");
  CHECK(trigger->function_path == Names{"app", "f"});

  const auto statement =
      sql::parse_trigger("after delete or truncate", "for each statement execute procedure f()", false);
  REQUIRE(statement.has_value());
  CHECK(statement->timing == "after");
  CHECK(statement->on_delete);
  CHECK(statement->on_truncate);
  CHECK_FALSE(statement->for_each_row);

  const auto transition = sql::parse_trigger(
      "after update", "referencing new table as n old table as o for each statement execute function f()", false);
  CHECK(transition->transition_tables == Names{"n", "o"});
  CHECK(sql::parse_trigger("instead of insert", "for each row execute function f()", false)->timing == "instead of");
  CHECK(sql::parse_trigger("after insert", "deferrable initially deferred for each row execute function f()", true)
            .has_value());
  CHECK(sql::parse_trigger("after inser", "execute function f()", false).error().offset == 6);
  CHECK(sql::parse_trigger("after insert", "for each rwo execute function f()", false).error().offset == 12 + 9);
}

TEST_CASE("policies") {
  const std::string text = "as restrictive for select to a, current_user using (a = 1) with check (check_ok(b))";
  const auto policy = sql::parse_policy(text);
  REQUIRE(policy.has_value());
  CHECK(policy->restrictive);
  CHECK(policy->command == "select");
  CHECK(policy->roles == Names{"a", "current_user"});
  CHECK(placed(text, policy->using_expression) == "a = 1");
  CHECK(placed(text, policy->check_expression) == "check_ok(b)");

  const std::string plain = "to public with check (x in (1, 2))";
  const auto open = sql::parse_policy(plain);
  REQUIRE(open.has_value());
  CHECK_FALSE(open->restrictive);
  CHECK(open->command == "all");
  CHECK(open->roles.empty());
  CHECK_FALSE(open->using_expression.has_value());
  CHECK(placed(plain, open->check_expression) == "x in (1, 2)");
  CHECK(sql::parse_policy("for selct using (true)").error().offset == 4);
}

TEST_CASE("publications") {
  const std::string text = "for table app.a (x, y) where (b > 1), app.b, c with (publish = 'insert, update')";
  const auto publication = sql::parse_publication(text);
  REQUIRE(publication.has_value());
  REQUIRE(publication->tables.size() == 3);
  CHECK(publication->tables[0].path == Names{"app", "a"});
  CHECK(publication->tables[0].columns == Names{"x", "y"});
  CHECK(placed(text, publication->tables[0].where) == "b > 1");
  CHECK(text.substr(publication->tables[1].begin, 5) == "app.b");
  CHECK(publication->tables[2].path == Names{"c"});
  CHECK(joined(publication->options) == "publish=insert, update ");
  CHECK(sql::parse_publication("for all tables")->all_tables);
  CHECK(sql::parse_publication("for tables in schema s, t")->schemas == Names{"s", "t"});
}

TEST_CASE("statistics and storage parameters") {
  const auto statistics = sql::parse_statistics("(dependencies, mcv) on a, (lower(b))");
  REQUIRE(statistics.has_value());
  CHECK(statistics->kinds == Names{"dependencies", "mcv"});
  CHECK(statistics->columns == Names{"a"});
  CHECK(statistics->expressions);

  const auto parameters =
      sql::parse_parameters("fillfactor = 70, toast.autovacuum_enabled = off, n = 0.5, autovacuum_enabled");
  REQUIRE(parameters.has_value());
  CHECK(joined(*parameters) == "autovacuum_enabled=true fillfactor=70 n=0.5 toast.autovacuum_enabled=off ");
  CHECK(sql::parse_parameters("fillfactor 70").error().offset == 11);
  CHECK_FALSE(sql::parse_parameters("a = 1) tablespace (b").has_value());
}
