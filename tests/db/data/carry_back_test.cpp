// SPDX-License-Identifier: Apache-2.0
// Credentials leave a table of people, the application goes on writing, and everything goes back: each rule of the way
// back on a real server. Hiding and unhiding columns is the planner's; here it is spelled out.
#include "tests/db/data/server.h"
#include "tests/support/data_project.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

const char* const before_sql = R"(
  create table app.users (
    id text primary key, email text not null unique, name text,
    access_token text, refresh_token text, expired boolean, telegram_id text unique, signup_token text,
    updated_at timestamptz not null default '2020-01-01',
    constraint secret_needs_access check (refresh_token is null or access_token is not null or refresh_token <> 'lonely'));
  create function app.touch() returns trigger language plpgsql as $$ begin new.updated_at := '2030-01-01'; return new; end $$;
  create trigger touch before update on app.users for each row execute function app.touch();
  insert into app.users (id, email, access_token, refresh_token, expired, telegram_id, signup_token) values
    ('u1', 'u1@x', 'a1', 'r1', null, 't1', 's1'), ('u2', 'u2@x', 'a2', 'r2', true, null, null),
    ('u3', 'u3@x', null, null, null, null, null), ('u4', 'u4@x', 'a4', null, false, 't4', null),
    ('u5', 'u5@x', 'a5', 'r5', null, null, 'left behind'), ('u6', 'u6@x', 'a6', 'r6', null, 't6', null),
    ('u7', 'u7@x', null, null, null, 't7', 's7');)";

const char* const target_sql = R"(
  create table app.links (
    id bigint generated always as identity primary key, user_id text not null references app.users (id) on delete cascade,
    service text not null, account text, access_token text, refresh_token text, expired boolean not null default false,
    credentials jsonb not null default '{}', is_active boolean not null default true,
    linked_at timestamptz not null default now(), unique (user_id, service, account));)";

const char* const hide_sql = R"(
  alter table app.users drop constraint secret_needs_access;
  alter table app.users rename column access_token to _gw_keep_access_token;
  alter table app.users rename column refresh_token to _gw_keep_refresh_token;
  alter table app.users rename column expired to _gw_keep_expired;
  alter table app.users rename column telegram_id to _gw_keep_telegram_id;
  alter table app.users rename column signup_token to _gw_keep_signup_token;)";

const char* const unhide_sql = R"(
  alter table app.users rename column _gw_keep_access_token to access_token;
  alter table app.users rename column _gw_keep_refresh_token to refresh_token;
  alter table app.users rename column _gw_keep_expired to expired;
  alter table app.users rename column _gw_keep_telegram_id to telegram_id;
  alter table app.users rename column _gw_keep_signup_token to signup_token;)";

struct Credentials : Project {
  std::vector<Step> all;

  explicit Credentials(const Set& gmail_reverse = {}) {
    table("app.users",
          {{"id", "text", true},
           {"email", "text", true},
           {"name", "text"},
           {"access_token", "text"},
           {"refresh_token", "text"},
           {"expired", "boolean"},
           {"telegram_id", "text"},
           {"signup_token", "text"},
           {"updated_at", "timestamp with time zone", true, "'2020-01-01'"}},
          {"id"});
    unique("app.users", "users_email_key", {"email"});
    unique("app.users", "users_telegram_id_key", {"telegram_id"});
    check("app.users", "secret_needs_access",
          "refresh_token is null or access_token is not null or refresh_token <> 'lonely'");
    touch_trigger("app.users", "touch");
    begin();
    table("app.links",
          {{"id", "bigint", true, {}, true},
           {"user_id", "text", true},
           {"service", "text", true},
           {"account", "text"},
           {"access_token", "text"},
           {"refresh_token", "text"},
           {"expired", "boolean", true, "false"},
           {"credentials", "jsonb", true, "'{}'"},
           {"is_active", "boolean", true, "true"},
           {"linked_at", "timestamp with time zone", true, "now()"}},
          {"id"});
    unique("app.links", "links_key", {"user_id", "service", "account"});
    for (const char* name : {"access_token", "refresh_token", "expired", "telegram_id", "signup_token"})
      drop_column("app.users", name);
    catalog.erase({Kind::check, "app", "users", "secret_needs_access", Kind::schema, {}});
    catalog.erase({Kind::unique, "app", "users", "users_telegram_id_key", Kind::schema, {}});

    data::Move gmail = move("gmail", "app.users", "app.links", "access_token is not null or refresh_token is not null",
                            {{"user_id", "id"},
                             {"service", "'gmail'"},
                             {"account", "email"},
                             {"access_token", "access_token"},
                             {"refresh_token", "refresh_token"},
                             {"expired", "coalesce(expired, false)"}},
                            {"user_id", "service", "account"}, gmail_reverse);
    gmail.sample = 100;
    data::Move telegram = move("telegram", "app.users", "app.links", "telegram_id is not null",
                               {{"user_id", "id"},
                                {"service", "'telegram'"},
                                {"account", "telegram_id"},
                                {"credentials", "jsonb_strip_nulls(jsonb_build_object('signup_token', signup_token))"}},
                               {"user_id", "service", "account"}, {{"signup_token", "credentials ->> 'signup_token'"}});
    telegram.sample = 3;
    telegram.rest = {data::Rest::Action::warn, "tokens without an account stay", std::nullopt,
                     expression("signup_token is not null", "app.users", true)};
    for (const data::Move& one : {gmail, telegram}) {
      for (Step& step : steps(one)) all.push_back(std::move(step));
    }
  }

  void up(Server& server) const {
    server.run(before_sql);
    server.run("create table app.was as select * from app.users");
    server.begin();
    server.run(target_sql);
    for (const Step& step : all) server.run(script(step.up));
    server.run(hide_sql);
    server.commit();
  }

  void down(Server& server) const {
    server.begin();
    server.run(unhide_sql);
    for (auto step = all.rbegin(); step != all.rend(); ++step) server.run(script(step->down));
    server.run(data::residue_table().sql);
    server.run(data::rows_to_residue(key("app.links"), around()).sql);
    server.run("drop table app.links");
    server.run(
        "alter table app.users add constraint secret_needs_access "
        "check (refresh_token is null or access_token is not null or refresh_token <> 'lonely')");
    server.commit();
  }

  // Differences from the rows of before, as `id:column`.
  static std::string changed(Server& server) {
    return server.text(R"(
      select coalesce(string_agg(k || ':' || f.key, ' ' order by k, f.key), '') from (
        select coalesce(u.id, w.id) as k, coalesce(to_jsonb(u), '{}') as now, coalesce(to_jsonb(w), '{}') as was
          from app.users u full join app.was w using (id)) x,
        lateral (select key from jsonb_object_keys(now || was) as key where now -> key is distinct from was -> key) f)");
  }

  static std::string residue(Server& server) {
    return server.text(
        "select coalesce(string_agg(concat_ws(' ', row_data->>'user_id', row_data->>'service', row_data->>'account', "
        "reason), '; ' order by row_data->>'user_id', row_data->>'service', row_data->>'account'), '') from "
        "godwit_kept.residue");
  }
};

}  // namespace

TEST_CASE("rows move, and without writes in between everything is as it was") {
  Server server;
  const Credentials project;
  project.up(server);
  CHECK(server.text("select string_agg(concat_ws(' ', user_id, service, account, access_token, refresh_token, expired, "
                    "credentials), '; ' "
                    "order by user_id, service) from app.links") ==
        "u1 gmail u1@x a1 r1 f {}; u1 telegram t1 f {\"signup_token\": \"s1\"}; u2 gmail u2@x a2 r2 t {}; u4 gmail "
        "u4@x a4 f {}; "
        "u4 telegram t4 f {}; u5 gmail u5@x a5 r5 f {}; u6 gmail u6@x a6 r6 f {}; u6 telegram t6 f {}; "
        "u7 telegram t7 f {\"signup_token\": \"s7\"}");
  CHECK(server.notices().find("move gmail: 5 moved, 0 already there, 2 left behind, 7 in all") != std::string::npos);
  CHECK(server.notices().find("tokens without an account stay: 1 of 7 rows (14.29 per cent); keys u5") !=
        std::string::npos);
  project.down(server);
  CHECK(Credentials::changed(server) == "");
  CHECK(Credentials::residue(server) == "");
  CHECK(server.text("select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = "
                    "'godwit_kept'::regnamespace "
                    "and relkind = 'r'") == "residue");
}

TEST_CASE("what the application writes in between goes back to where it belongs") {
  Server server;
  const Credentials project;
  project.up(server);
  SECTION("a person who came later has all credentials") {
    server.run(
        "insert into app.users (id, email) values ('late', 'late@x');"
        "insert into app.links (user_id, service, account, access_token, refresh_token) values ('late', 'gmail', "
        "'late@x', 'la', 'lr');"
        "insert into app.links (user_id, service, account, credentials) values ('late', 'telegram', '999', "
        "'{\"signup_token\": \"ls\"}')");
    project.down(server);
    CHECK(server.text("select concat_ws(' ', access_token, refresh_token, expired, telegram_id, signup_token) from "
                      "app.users where id = 'late'") == "la lr 999 ls");
    CHECK(Credentials::residue(server) == "");
  }
  SECTION("a new value goes back, what was not touched keeps the old one") {
    server.run("update app.links set access_token = 'fresh' where user_id = 'u1' and service = 'gmail'");
    project.down(server);
    CHECK(Credentials::changed(server) == "u1:access_token");
    CHECK(server.text("select concat_ws(' ', access_token, refresh_token, expired) from app.users where id = 'u1'") ==
          "fresh r1");
  }
  SECTION("a first connection goes back") {
    server.run(
        "insert into app.links (user_id, service, account, access_token) values ('u3', 'gmail', 'u3@x', 'first')");
    project.down(server);
    CHECK(Credentials::changed(server) == "u3:access_token");
  }
  SECTION("a second account has no place: the first stays, the second is residue") {
    server.run(
        "insert into app.links (user_id, service, account, access_token) values ('u4', 'gmail', 'second@x', 'second')");
    project.down(server);
    CHECK(Credentials::changed(server) == "");
    CHECK(Credentials::residue(server) == "u4 gmail second@x no place in the shape of before");
  }
  SECTION("so does a second account where the account itself goes back") {
    server.run("insert into app.links (user_id, service, account) values ('u4', 'telegram', 'a-before-t4')");
    project.down(server);
    CHECK(Credentials::changed(server) == "");
    CHECK(Credentials::residue(server) == "u4 telegram a-before-t4 no place in the shape of before");
  }
  SECTION("a service that the old shape does not know is residue") {
    server.run("insert into app.links (user_id, service, account) values ('u5', 'whatsapp', '+370')");
    project.down(server);
    CHECK(Credentials::changed(server) == "");
    CHECK(Credentials::residue(server) == "u5 whatsapp +370 no place in the shape of before");
  }
  SECTION("what was withdrawn does not come back to life") {
    server.run("delete from app.links where user_id = 'u6' and service = 'gmail'");
    project.down(server);
    CHECK(Credentials::changed(server) == "u6:access_token u6:refresh_token");
    CHECK(server.text("select telegram_id from app.users where id = 'u6'") == "t6");
  }
  SECTION("a person who left stays away, ordinary writes stay") {
    server.run("delete from app.users where id = 'u6'; update app.users set name = 'new name' where id = 'u7'");
    project.down(server);
    CHECK(server.text("select count(*) from app.users where id = 'u6'") == "0");
    CHECK(Credentials::changed(server).find("u7:name u7:updated_at") != std::string::npos);
    CHECK(Credentials::changed(server).find("u1:") == std::string::npos);
  }
  SECTION("an account whose address changed is still found") {
    server.run(
        "update app.users set email = 'moved@x' where id = 'u2'; update app.links set access_token = 'b2' where "
        "user_id = 'u2'");
    project.down(server);
    CHECK(server.text("select concat_ws(' ', access_token, refresh_token) from app.users where id = 'u2'") == "b2 r2");
  }
  SECTION("what the old shape holds only in part is noted") {
    server.run("update app.links set is_active = false where user_id = 'u2'");
    project.down(server);
    CHECK(Credentials::changed(server) == "");
    CHECK(Credentials::residue(server) ==
          "u2 gmail u2@x carried back only in part: the old shape has no place for the rest");
  }
  SECTION("a value that a unique constraint of before refuses is residue") {
    server.run(
        "insert into app.users (id, email) values ('late', 'late@x');"
        "insert into app.links (user_id, service, account) values ('late', 'telegram', 't1')");
    project.down(server);
    CHECK(Credentials::changed(server).find("u1") == std::string::npos);
    CHECK(server.text("select coalesce(telegram_id, 'none') from app.users where id = 'late'") == "none");
    CHECK(Credentials::residue(server) == "late telegram t1 no place in the shape of before");
  }
  SECTION("a unique value that was withdrawn is free for somebody else") {
    server.run(
        "delete from app.links where user_id = 'u1' and service = 'telegram';"
        "insert into app.links (user_id, service, account) values ('u3', 'telegram', 't1')");
    project.down(server);
    CHECK(Credentials::changed(server) == "u1:signup_token u1:telegram_id u3:telegram_id");
    CHECK(Credentials::residue(server) == "");
  }
  SECTION("a value that a check of before refuses is residue") {
    server.run(
        "insert into app.links (user_id, service, account, refresh_token) values ('u3', 'gmail', 'u3@x', 'lonely')");
    project.down(server);
    CHECK(Credentials::changed(server) == "");
    CHECK(Credentials::residue(server) == "u3 gmail u3@x no place in the shape of before");
  }
}

TEST_CASE("a written reverse decides: what was only unlinked does not come back, and is kept") {
  Server server;
  const Credentials project({{"access_token", "case when is_active then access_token end"},
                             {"refresh_token", "case when is_active then refresh_token end"},
                             {"expired", "case when is_active then expired end"}});
  project.up(server);
  server.run("update app.links set is_active = false where user_id = 'u1' and service = 'gmail'");
  project.down(server);
  CHECK(Credentials::changed(server) == "u1:access_token u1:refresh_token");
  CHECK(Credentials::residue(server) ==
        "u1 gmail u1@x carried back only in part: the old shape has no place for the rest");
}
