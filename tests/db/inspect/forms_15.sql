-- The same on top of forms.sql, with what came with PostgreSQL 14 and 15.
alter table app.plain alter ext set compression pglz;
alter table app.has_grants add unique nulls not distinct (name);
create table app.sets_null (id integer primary key, a integer, b integer, foreign key (a) references app.ring_a on delete set null (a));
create function app.atomic(x integer) returns integer language sql immutable begin atomic select x + 1; end;
create function app.plus(x integer) returns integer immutable return x + 1;
create publication of_schema for tables in schema app;
alter publication feed set table app.has_grants (id, name) where (id > 5), app.ring_a;
create statistics app.of_expression on (n + 1), v2 from app.plain;
create view app.as_caller with (security_invoker = true) as select id from app.has_grants;
