// SPDX-License-Identifier: Apache-2.0
// `extract`: distinct values become rows, the source gets the link, and what was written since finds its way back.
#include "tests/db/data/applied.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

const char* const deals =
    "schema app; table app.deals { id integer primary key; company text not null; email text; at date not null default "
    "'2024-01-01'; }";

const char* const companies =
    "table app.companies { id integer generated always as identity primary key; name text not null unique; domain "
    "text; "
    "} alter table app.deals { company_id integer references app.companies; } ";

const char* const extraction =
    "extract app.deals -> app.companies { key name = trim(company); set domain = lower(split_part(email, '@', 2)); "
    "first by at desc; link company_id = id; } ";

const char* const three_deals =
    "insert into app.deals values (1, 'Acme', 'a@old.test', '2024-01-01'), (2, ' Acme ', 'b@NEW.test', '2024-05-01'), "
    "(3, 'Zen', null, '2024-03-01')";

}  // namespace

TEST_CASE("extract: the first row of each key decides, every row is linked") {
  Applied it(deals, std::string(companies) + extraction, three_deals);
  CHECK(it.server.text("select string_agg(concat_ws(' ', name, domain), '; ' order by name) from app.companies") ==
        "Acme new.test; Zen");
  CHECK(it.server.text("select string_agg(d.id || ' ' || c.name, '; ' order by d.id) from app.deals d join "
                       "app.companies c on c.id = d.company_id") == "1 Acme; 2 Acme; 3 Zen");
  CHECK(it.server.notices().find("extract deals_company_id: 2 moved, 0 already there") != std::string::npos);
  it.down();
  CHECK(it.rows("app.deals") ==
        "1 Acme a@old.test 2024-01-01 | 2  Acme  b@NEW.test 2024-05-01 | 3 Zen null 2024-03-01");
  CHECK(it.residue() == "");
}

TEST_CASE("extract: names written since go back into the column that was dropped") {
  Applied it(deals, std::string(companies) + extraction + "drop column app.deals.company;", three_deals);
  it.server.run(
      "insert into app.companies (name) values ('Bolt'), ('Idle');"
      "insert into app.deals (id, company_id) select 4, id from app.companies where name = 'Bolt';"
      "insert into app.deals (id, company_id) select 5, id from app.companies where name = 'Acme';"
      "update app.companies set name = 'Zen Ltd' where name = 'Zen';"
      "insert into app.deals (id) values (6)");
  it.down();
  CHECK(it.rows("app.deals") ==
        "1 Acme a@old.test 2024-01-01 | 2  Acme  b@NEW.test 2024-05-01 | 3 Zen Ltd null 2024-03-01 | 4 Bolt null "
        "2024-01-01 | 5 Acme null 2024-01-01");
  // The deal without a company has no place where one is required; of a company, no more than its name has.
  CHECK(it.residue() ==
        "2 no place in the shape of before; 3 no place in the shape of before; 4 no place in the shape of before; 6 "
        "refused by column app.deals.company");
}

TEST_CASE("extract: a link that was taken away empties the column, one that never was leaves it") {
  Applied it("schema app; table app.deals { id integer primary key; company text; open boolean not null; }",
             std::string(companies) +
                 "extract app.deals -> app.companies { key name = company; link company_id = id; where open; } "
                 "drop column app.deals.company;",
             "insert into app.deals values (1, 'Acme', true), (2, 'Zen', true), (3, 'Old', false), (4, null, true)");
  CHECK(it.server.text("select string_agg(name, ' ' order by name) from app.companies") == "Acme Zen");
  it.server.run("update app.deals set company_id = null where id = 2");
  it.down();
  CHECK(it.rows("app.deals") == "1 Acme true | 2 null true | 3 Old false | 4 null true");
}

TEST_CASE("extract: into a table that has some of the keys already") {
  Applied it(std::string(deals) +
                 "sequence app.numbers as integer start 100; table app.companies { id integer primary key default "
                 "nextval('app.numbers'); name text not null unique; note text; } ",
             "alter table app.deals { company_id integer references app.companies; }"
             "extract app.deals -> app.companies { key name = trim(company); link company_id = id; }",
             std::string("insert into app.companies values (1, 'Acme', 'ours'), (2, 'Other', null);") + three_deals);
  CHECK(it.rows("app.companies") == "1 Acme ours | 2 Other null | 100 Zen null");
  CHECK(it.server.text("select string_agg(id || ' ' || company_id, '; ' order by id) from app.deals") ==
        "1 1; 2 1; 3 100");
  it.down();
  CHECK(it.rows("app.companies") == "1 Acme ours | 2 Other null");
  CHECK(it.residue() == "");
}

TEST_CASE("extract: keys of two columns, and a table without a link") {
  const std::string before = "schema app; table app.stays { id integer primary key; country text; city text; } ";
  Applied it(before,
             "table app.cities { country text; city text; primary key (country, city); } extract app.stays -> "
             "app.cities { key country = upper(country), city = city; }",
             "insert into app.stays values (1, 'de', 'Ulm'), (2, 'DE', 'Ulm'), (3, 'de', null), (4, 'at', 'Ulm')");
  CHECK(it.server.text("select string_agg(country || ' ' || city, '; ' order by country) from app.cities") ==
        "AT Ulm; DE Ulm");
  it.down();
  CHECK(it.residue() == "");
}

TEST_CASE("a backfill carries back what its `reverse set` says") {
  Applied it("schema app; table app.people { id integer primary key; first text; last text not null; }",
             "alter table app.people { name text; } backfill app.people p { set name = concat_ws(' ', first, last); "
             "reverse set first = nullif(split_part(p.name, ' ', 1), ''), last = split_part(p.name, ' ', 2); } "
             "drop column app.people.first; drop column app.people.last;",
             "insert into app.people values (1, 'Ann', 'Lee'), (2, null, 'Bo'), (3, 'Cy  ', 'Day')");
  it.server.run(
      "update app.people set name = 'Anna Lee' where id = 1; insert into app.people (id, name) values (4, 'Di Eve'), "
      "(5, 'A B "
      "C'), "
      "(6, null)");
  it.down();
  CHECK(it.rows("app.people") == "1 Anna Lee | 2 null Bo | 3 Cy   Day | 4 Di Eve | 5 A B");
  CHECK(it.residue() == "5 changed since; 6 refused by column app.people.last");
}
