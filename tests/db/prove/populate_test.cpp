// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/populate.h"

#include "tests/db/runtime/support.h"

#include <catch2/catch.hpp>

using namespace godwit;
using namespace godwit::test;

namespace {

Population populated(const Database& database, std::size_t rows, std::uint64_t seed = 1) {
  Session session = open(database);
  auto population = populate(session, rows, seed, true);
  REQUIRE(population.has_value());
  return std::move(*population);
}

}  // namespace

TEST_CASE("rows are made for types, not null, checks, unique and foreign keys") {
  const Database database;
  database.exec(R"(
    create schema app;
    create type app.mood as enum ('sad', 'it''s', 'ok "really"');
    create domain app.email as text not null check (value ~ '@');
    create domain app.score as numeric(3,1) check (value between 0 and 10);
    create table app.parents (a integer, b text, primary key (a, b), at timestamptz not null, on_day date not null,
      for_time interval not null, u uuid unique not null, ok boolean not null);
    create table app."Odd ""Names""" (
      id bigint generated always as identity primary key, a integer not null, b text not null,
      foreign key (a, b) references app.parents,
      boss bigint references app."Odd ""Names""",
      mood app.mood not null, moods app.mood[] not null, email app.email, score app.score,
      kind text not null check (kind in ('one', 'two')), age smallint not null check (age > 17),
      twice smallint generated always as (age * 2) stored,
      tags text[] not null, data jsonb not null, raw bytea not null, ip inet not null, during tstzrange not null,
      short varchar(3) not null unique, bits bit(4) not null, money numeric(8,2) not null, place point not null);
    create table app.lists (id integer primary key, parent integer not null references app.lists);
  )");
  const Population population = populated(database, 8);
  CHECK(population.not_filled == std::vector<std::string>{});
  CHECK(population.rows == 24);
  CHECK(database.value("select count(*) from app.\"Odd \"\"Names\"\"\"") == "8");
}

TEST_CASE("the same seed gives the same rows, another seed others") {
  const auto rows_of_seed = [](std::uint64_t seed) {
    const Database database;
    database.exec("create table t (id integer primary key, a text, b integer, c boolean)");
    populated(database, 20, seed);
    return database.value("select string_agg(t::text, ' ' order by id) from t");
  };
  CHECK(rows_of_seed(7) == rows_of_seed(7));
  CHECK(rows_of_seed(7) != rows_of_seed(8));
}

TEST_CASE("tables for which no row can be made are told with the server's reason; others are left as they are") {
  const Database database;
  database.exec(
      "create table t (a text check (md5(a) like '00000000%') not null); create table full_already (a integer);"
      "insert into full_already values (1)");
  const Population population = populated(database, 3);
  REQUIRE(population.not_filled.size() == 1);
  CHECK(population.not_filled.front().find("public.t: ") == 0);
  CHECK(population.not_filled.front().find("violates check constraint") != std::string::npos);
  CHECK(database.value("select count(*) from full_already") == "1");
}
