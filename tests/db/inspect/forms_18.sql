-- The same, with what came with PostgreSQL 16 to 18.
create table app.computed (a integer, b integer generated always as (a * 2) virtual, c integer not null);
grant maintain on app.computed to reporting;
create table app.bookings (room int4range, during int4range, constraint never_twice unique (room, during without overlaps));
alter table app.computed add constraint loose check (a > 0) not enforced;
