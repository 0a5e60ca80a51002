// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/grammar/parsing.h"

#include <catch2/catch.hpp>

using namespace godwit;
using test::parsed;
using test::Parsed;

namespace {

/// One item of a table, parsed without a mistake.
Parsed item(const std::string& text) {
  Parsed out = parsed("table t {\n    " + text + "\n}\n");
  INFO(text);
  CHECK(out.report().empty());
  REQUIRE(out.file.declarations.size() == 1);
  REQUIRE(out.get<ast::Table>().items.size() == 1);
  return out;
}

template <typename T>
bool is(const std::string& text) {
  const Parsed out = item(text);
  return std::holds_alternative<T>(out.get<ast::Table>().items.front());
}

std::vector<std::string> texts(const std::vector<ast::Name>& names) {
  std::vector<std::string> out;
  for (const ast::Name& name : names) out.push_back(name.text);
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a word that can begin an item is a column when a type follows it") {
  for (const char* text : {"comment text;",
                           "index integer;",
                           "owner text;",
                           "policy integer;",
                           "trigger text not null;",
                           "revoke text;",
                           "revoke numeric(5,2);",
                           "exclude boolean;",
                           "statistics text;",
                           "statistics numeric(5,2) not null;",
                           "tablespace text;",
                           "tablespace app.t;",
                           "unlogged boolean;",
                           "inherits text;",
                           "partition text default 'x';",
                           "partition integer;",
                           "replica text;",
                           "replica identity;",
                           "drop text;",
                           "row integer;",
                           "with_data text;",
                           "policy p;",
                           "comment app.words;",
                           "index varchar(10) default 'a';",
                           "owner \"to\";",
                           "\"comment\" text;",
                           "policy integer using policy::integer;",
                           "Comment TEXT;",
                           "keep text;",
                           "value text;",
                           "key text;",
                           "view text;",
                           "function text;",
                           "migration text;",
                           "rows bigint;",
                           "enum text;"}) {
    INFO(text);
    CHECK(is<ast::Column>(text));
  }
}

TEST_CASE("the same words begin their items") {
  CHECK(is<ast::CommentClause>("comment 'words';"));
  CHECK(is<ast::CommentClause>("comment E'a\\nb';"));
  CHECK(is<ast::CommentClause>("COMMENT $$words$$;"));
  CHECK(is<ast::Index>("index on (x);"));
  CHECK(is<ast::Index>("index integer on (x);"));
  CHECK(is<ast::Index>("unique index on (x);"));
  CHECK(is<ast::OwnerClause>("owner to app;"));
  CHECK(is<ast::Policy>("policy p for all using (true);"));
  CHECK(is<ast::Policy>("policy p using (true);"));
  CHECK(is<ast::Policy>("policy p to public;"));
  CHECK(is<ast::Trigger>("trigger touch before update for each row execute function f();"));
  CHECK(is<ast::Trigger>("constraint trigger c after insert deferrable for each row execute function f();"));
}

TEST_CASE("items that are no columns") {
  CHECK(is<ast::GrantClause>("grant select to a;"));
  CHECK(is<ast::GrantClause>("revoke all from public;"));
  CHECK(is<ast::GrantClause>("revoke update (a, b) from public;"));
  CHECK(is<ast::GrantClause>("revoke insert, update from public;"));
  CHECK(is<ast::GrantClause>("revoke grant option for select from a;"));
  CHECK(is<ast::ExtendedStatistics>("statistics s on a, (lower(b));"));
  CHECK(is<ast::ExtendedStatistics>("statistics s (dependencies, mcv) on a, b;"));
  CHECK(is<ast::TablespaceClause>("tablespace fast;"));
  CHECK(is<ast::Unlogged>("unlogged;"));
  CHECK(is<ast::Inherits>("inherits (a, app.b);"));
  CHECK(is<ast::ReplicaIdentity>("replica identity full;"));
  CHECK(is<ast::ReplicaIdentity>("replica identity using index i;"));
  CHECK(is<ast::ReplicaIdentity>("replica identity default;"));
  CHECK(is<ast::StorageParameters>("with (fillfactor = 70);"));
  CHECK(is<ast::PartitionBy>("partition by range (a);"));
  CHECK(is<ast::Partition>("partition p for values in (1);"));
  CHECK(is<ast::Partition>("partition p default;"));
  CHECK(is<ast::RowSecurity>("row level security;"));
  CHECK(is<ast::Constraint>("exclude using gist (room with =);"));
  CHECK(is<ast::Constraint>("exclude (room with =);"));
}

TEST_CASE("a column's clauses come in any order") {
  const Parsed out = item(
      "body text check (body <> '') no inherit collate \"C\" not null comment 'c' storage external default 'x' || "
      "lower('Y') compression lz4 statistics 500 unique references app.other (id) on delete set null (body) on update "
      "cascade match full deferrable initially deferred;");
  const auto& column = out.item<ast::Column>();
  CHECK(column.name.text == "body");
  CHECK(column.type.text == "text");
  CHECK(column.collation->text == "\"C\"");
  CHECK(column.not_null);
  CHECK(column.default_value->text == "'x' || lower('Y')");
  CHECK(column.comment->value == "c");
  CHECK(column.storage->text == "external");
  CHECK(column.compression->text == "lz4");
  CHECK(column.statistics->value == 500);
  REQUIRE(column.constraints.size() == 3);
  const auto& check = std::get<ast::CheckConstraint>(column.constraints[0].body);
  CHECK(check.expression.text == "body <> ''");
  CHECK(check.no_inherit);
  CHECK_FALSE(std::get<ast::KeyConstraint>(column.constraints[1].body).primary);
  const auto& fk = std::get<ast::ForeignKeyConstraint>(column.constraints[2].body);
  CHECK(fk.target.schema->text == "app");
  CHECK(texts(fk.target_columns) == Names{"id"});
  CHECK(fk.match_full);
  CHECK(fk.on_delete.kind == ast::ReferentialAction::Kind::set_null);
  CHECK(texts(fk.on_delete.columns) == Names{"body"});
  CHECK(fk.on_update.kind == ast::ReferentialAction::Kind::cascade);
  CHECK(column.constraints[2].deferrable);
  CHECK(column.constraints[2].initially_deferred);
}

TEST_CASE("types are as PostgreSQL spells them") {
  for (const char* type :
       {"timestamp(3) with time zone", "double precision", "character varying(10)", "numeric(5, 2)", "text[]",
        "integer array", "integer array[3]", "app.\"My Type\"", "interval year to month", "time without time zone",
        "bit varying(3)[][]", "\"char\"", "app.t.u", "national character varying(3)", "interval day to second(3)"}) {
    const Parsed out = item("c " + std::string(type) + " not null;");
    CHECK(out.item<ast::Column>().type.text == type);
    CHECK(out.item<ast::Column>().not_null);
  }
}

TEST_CASE("a default reaches to the next clause") {
  const auto expression = [](const std::string& text) {
    return item("c text default " + text + ';').item<ast::Column>().default_value->text;
  };
  CHECK(expression("null not null") == "null");
  CHECK(expression("1 is not distinct from 2 not null") == "1 is not distinct from 2");
  CHECK(expression("(1 is not null) not null") == "(1 is not null)");
  CHECK(expression("reverse('a') || reverse('b') unique") == "reverse('a') || reverse('b')");
  CHECK(expression("comment 'c'") == "comment 'c'");
  CHECK(expression("a.comment comment 'c'") == "a.comment");
  CHECK(expression("'check' check (true)") == "'check'");
  CHECK(expression("$$ ; not null $$ not null") == "$$ ; not null $$");
  CHECK(expression("'a'::text -- why\n    not null") == "'a'::text");
  CHECK(expression("now() - interval '1 day' generated_at") == "now() - interval '1 day' generated_at");
  CHECK(expression("array[1, 2] references t") == "array[1, 2]");
}

TEST_CASE("generated and identity columns, conversions") {
  CHECK(item("a int generated always as (b + 1) stored;").item<ast::Column>().generated->expression.text == "b + 1");
  CHECK(item("a int generated always as (b) virtual;").item<ast::Column>().generated->is_virtual);
  CHECK(item("a int generated always as identity;").item<ast::Column>().identity->always);
  const Parsed identity = item("a int generated by default as identity (start 10 cache 2) primary key;");
  CHECK_FALSE(identity.item<ast::Column>().identity->always);
  CHECK(identity.item<ast::Column>().identity->options->text == "start 10 cache 2");
  const Parsed changed = item("a bigint using a::bigint reverse using a::integer not null;");
  CHECK(changed.item<ast::Column>().using_expression->text == "a::bigint");
  CHECK(changed.item<ast::Column>().reverse_using->text == "a::integer");
  CHECK(item("a int null;").item<ast::Column>().not_null == false);
  CHECK(item("a int constraint positive check (a > 0);").item<ast::Column>().constraints[0].name->text == "positive");
}

TEST_CASE("constraints of a table") {
  const Parsed key = item(
      "constraint k unique nulls not distinct (a, b) include (c) with (fillfactor = 70) using index "
      "tablespace fast not deferrable initially immediate;");
  const auto& unique = std::get<ast::KeyConstraint>(key.item<ast::Constraint>().body);
  CHECK(key.item<ast::Constraint>().name->text == "k");
  CHECK(unique.nulls_not_distinct);
  CHECK(texts(unique.columns) == Names{"a", "b"});
  CHECK(texts(unique.include) == Names{"c"});
  CHECK(unique.with->text == "fillfactor = 70");
  CHECK(unique.tablespace->text == "fast");
  CHECK_FALSE(key.item<ast::Constraint>().deferrable);
  CHECK(std::get<ast::KeyConstraint>(item("primary key (a);").item<ast::Constraint>().body).primary);
  const Parsed fk = item("foreign key (a, b) references o (c, d) match simple on delete no action not valid;");
  CHECK(fk.item<ast::Constraint>().not_valid);
  CHECK_FALSE(std::get<ast::ForeignKeyConstraint>(fk.item<ast::Constraint>().body).match_full);
  const Parsed exclude = item("exclude using gist (a with =) where (b > 0) deferrable;");
  CHECK(std::get<ast::ExcludeConstraint>(exclude.item<ast::Constraint>().body).definition.text ==
        "using gist (a with =) where (b > 0)");
  CHECK(exclude.item<ast::Constraint>().deferrable);
}

TEST_CASE("an index") {
  const Parsed out = item(
      "unique index i on using gin (a desc nulls last, lower(b), c text_ops, (d || ',')) include (e) "
      "nulls not distinct with (fastupdate = off) tablespace fast where a is not null;");
  const auto& index = out.item<ast::Index>();
  CHECK(index.unique);
  CHECK(index.name->text == "i");
  CHECK(index.method->text == "gin");
  REQUIRE(index.elements.size() == 4);
  CHECK(index.elements[0].column->text == "a");
  CHECK(index.elements[0].text.text == "a desc nulls last");
  CHECK_FALSE(index.elements[1].column);
  CHECK(index.elements[2].column->text == "c");
  CHECK(index.elements[3].text.text == "(d || ',')");
  CHECK(texts(index.include) == Names{"e"});
  CHECK(index.nulls_not_distinct);
  CHECK(index.with->text == "fastupdate = off");
  CHECK(index.tablespace->text == "fast");
  CHECK(index.where->text == "a is not null");
}

TEST_CASE("a trigger is split where the table's name stands in PostgreSQL") {
  const Parsed out = item(
      "trigger t before update of a, b or insert from other referencing old table as o when (true) "
      "execute function f();");
  CHECK(out.item<ast::Trigger>().events.text == "before update of a, b or insert");
  CHECK(out.item<ast::Trigger>().rest.text == "from other referencing old table as o when (true) execute function f()");
}

TEST_CASE("partitions nest") {
  const Parsed out = item(
      "partition p for values from (1) to (9) partition by list (b) { partition q for values in "
      "('a') partition by hash (c) { partition r for values with (modulus 2, remainder 0); }\n"
      "partition app.s default; };");
  const auto& partition = out.item<ast::Partition>();
  CHECK(partition.bound.text == "for values from (1) to (9)");
  CHECK(partition.by->strategy.text == "list (b)");
  REQUIRE(partition.partitions.size() == 2);
  CHECK(partition.partitions[0].by->strategy.text == "hash (c)");
  CHECK(partition.partitions[0].partitions.at(0).name.name.text == "r");
  CHECK(partition.partitions[1].name.schema->text == "app");
}

TEST_CASE("alter table drops parts") {
  const Parsed out =
      parsed("alter table t { drop constraint c; drop index i; drop policy p; drop trigger g; drop text; }");
  CHECK(out.report().empty());
  CHECK(out.get<ast::Table>().alter);
  CHECK(out.item<ast::DropPart>(0).what.text == "constraint");
  CHECK(out.item<ast::DropPart>(3).name.text == "g");
  CHECK(out.item<ast::Column>(4).name.text == "drop");
}

TEST_CASE("alter table attaches and detaches partitions") {
  const Parsed out = parsed(
      "alter table t { attach partition app.p for values in (1, 2); attach partition q default; detach partition "
      "app.r; "
      "attach text; detach partition; attach partition; }");
  CHECK(out.report().empty());
  CHECK(out.item<ast::AttachPartition>(0).name.schema->text == "app");
  CHECK(out.item<ast::AttachPartition>(0).bound.text == "for values in (1, 2)");
  CHECK(out.item<ast::AttachPartition>(1).bound.text == "default");
  CHECK(out.item<ast::DetachPartition>(2).name.name.text == "r");
  CHECK(out.item<ast::Column>(3).name.text == "attach");
  CHECK(out.item<ast::Column>(4).type.text == "partition");
  CHECK(out.item<ast::Column>(5).name.text == "attach");
}

TEST_CASE("a clause given twice is reported once and the column is kept") {
  const Parsed out = parsed("table t {\n    a int not null default 1 not null;\n    b int default 1 default 2;\n}\n");
  CHECK(out.report() == "GW1007 2:30 `not null` is given twice\nGW1007 3:21 `default` is given twice\n");
  CHECK(out.get<ast::Table>().items.size() == 2);
}
