-- Tables that refer to each other, and what one area, several, or none of them use.
create schema app;
create schema zoo;
create type app.state as enum ('open', 'closed');
create type app.weight as enum ('light', 'heavy');
create sequence app.numbers;
create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.twice(n integer) returns integer language sql immutable as $$ select 2 * n $$;

create table app.customers (id integer primary key, state app.state);
create table app.orders (id integer primary key default nextval('app.numbers'), customer integer references app.customers, state app.state);
create table app.lines (id integer primary key, ordered integer references app.orders, n integer check (app.twice(n) > 0));
create table app.parcels (id integer primary key, ordered integer references app.orders, weight app.weight);
create table app.people (id integer primary key, boss integer references app.people, state app.state);
create table app.notes (id integer primary key, body text);
create trigger touch before update on app.orders for each row execute function app.touch();
create trigger touch before update on app.people for each row execute function app.touch();
create view app.open_orders as select id from app.orders where state = 'open';
create view app.everybody as select id from app.customers union all select id from app.people;
create function app.count_people() returns bigint language sql stable as $$ select count(*) from app.people $$;

-- Two that need each other by what they call, not by a reference.
create table app.ring_a (id integer primary key);
create table app.ring_b (id integer primary key);
create function app.of_a() returns bigint language sql stable as $$ select count(*) from app.ring_a $$;
create function app.of_b() returns bigint language sql stable as $$ select count(*) from app.ring_b $$;
alter table app.ring_a add check (app.of_b() >= 0);
alter table app.ring_b add check (app.of_a() >= 0);

create type zoo.kind as enum ('bird', 'fish');
create table zoo.animals (id integer primary key, kind zoo.kind, keeper integer references app.people);
create publication feed for table app.orders, zoo.animals;
alter default privileges in schema app grant select on tables to public;
