-- The same, with what came with PostgreSQL 16 to 18.
create table app.computed (a integer, b integer generated always as (a * 2) virtual, c integer not null);
grant maintain on app.computed to reporting;
create table app.bookings (room int4range, during int4range, constraint never_twice unique (room, during without overlaps));
alter table app.computed add constraint loose check (a > 0) not enforced;
create table parts.with_identity (id integer generated always as identity, k integer, later integer) partition by list (k);
create table parts.with_identity_1 partition of parts.with_identity for values in (1);
create table parts.with_identity_2 (k integer, id integer not null, later integer);
alter table parts.with_identity attach partition parts.with_identity_2 for values in (2);
alter table parts.with_identity add constraint late foreign key (later) references app.ring_a not valid;
