-- Objects that a spec has no form for, and what hangs on them.
create schema app;
create schema other;
create extension citext schema other;
create extension hstore;
create extension pgcrypto;

create type app.address as (street text, city text collate "C");
create type app.span as range (subtype = float8, subtype_diff = float8mi);
create collation app.plain (provider = libc, locale = 'C');
create domain app.short as text collate app.plain check (length(value) < 10);
create domain app.late as integer;
alter domain app.late add constraint positive check (value > 0) not valid;

create table app.people (id integer primary key, home app.address, name other.citext not null unique, tags hstore, code app.short);
create table app.letters (id bigint generated always as identity, to_person integer references app.people on delete cascade, during app.span);
create view app.homes as select id, (home).city as city from app.people;
create function app.city_of(p app.people) returns text language sql stable as $$ select (p.home).city $$;
create function app.count_people() returns bigint language sql stable as $$ select count(*) from app.people $$;
comment on type app.address is 'Where somebody lives';
comment on column app.address.city is 'A city';
grant usage on type app.span to reporting;
revoke usage on type app.address from public;

create procedure app.tidy(in p_days integer default 3) language plpgsql as $$ begin perform p_days; end $$;
comment on procedure app.tidy(integer) is 'Now and then';
create function app.add_up(a integer, b integer) returns integer language sql immutable as $$ select a + b $$;
create aggregate app.total(integer) (sfunc = app.add_up, stype = integer, initcond = '0', parallel = safe);
comment on aggregate app.total(integer) is 'A sum';
revoke execute on function app.total(integer) from public;
create function app.same(a app.address, b app.address) returns boolean language sql immutable as $$ select a.city = b.city $$;
create operator app.=== (function = app.same, leftarg = app.address, rightarg = app.address, commutator = operator(app.===));
create function app.to_text(a app.address) returns text language sql immutable as $$ select a.city $$;
create cast (app.address as text) with function app.to_text(app.address) as assignment;
create function app.compare(a integer, b integer) returns integer language sql immutable as $$ select a - b $$;
create operator class app.odd_order for type integer using btree as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 app.compare(integer, integer);

create table app.events (at date not null, kind text not null default 'x', body jsonb, primary key (at, kind)) partition by range (at);
create table app.events_2024 partition of app.events for values from ('2024-01-01') to ('2025-01-01');
create table app.events_rest partition of app.events default;
create index on app.events (kind);
create table app.notes (id integer primary key, at date, kind text, foreign key (at, kind) references app.events);
create table app.base (id integer not null, made timestamptz default now());
create table app.special (extra text, check (id > 0)) inherits (app.base);
create table app.of_address of app.address;
grant select on app.events to reporting;
comment on table app.events is 'By year';

create function app.refuse() returns trigger language plpgsql as $$ begin return null; end $$;
create table app.guarded (id integer primary key, v integer, w integer);
create trigger off before insert on app.guarded for each row execute function app.refuse();
alter table app.guarded disable trigger off;
create trigger always_on before delete on app.guarded for each row execute function app.refuse();
alter table app.guarded enable always trigger always_on;
create rule quiet as on update to app.guarded where new.v = old.v do instead nothing;
create view app.guarded_view as select id, v from app.guarded;
alter view app.guarded_view alter column v set default 7;
create trigger through instead of insert on app.guarded_view for each row execute function app.refuse();
alter table app.guarded cluster on guarded_pkey;
alter table app.guarded alter column v set (n_distinct = -0.5);
alter table app.guarded force row level security;
create index guarded_expression on app.guarded ((v + 1));
alter index app.guarded_expression alter column 1 set statistics 700;
create statistics app.guarded_stats on v, w from app.guarded;
alter statistics app.guarded_stats set statistics 900;

create text search dictionary app.plain_words (template = simple, stopwords = english);
create text search configuration app.words (parser = default);
alter text search configuration app.words add mapping for asciiword, word with app.plain_words, english_stem;
create foreign data wrapper nowhere options (debug 'true');
create server far type 'none' version '1' foreign data wrapper nowhere options (host 'far');
create foreign table app.distant (id integer options (name 'x') not null, v text default 'a') server far options (path '/x');
create function app.on_ddl() returns event_trigger language plpgsql as $$ begin null; end $$;
create event trigger watch on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function app.on_ddl();
alter event trigger watch disable;
alter default privileges in schema app grant select on tables to reporting;
alter default privileges revoke execute on functions from public;
alter default privileges for role app_owner grant usage on schemas to app_backend with grant option;
comment on type app.base is 'Its rows';
