// SPDX-License-Identifier: Apache-2.0
// The guards and records of the artifacts as SQL text: what is refused before the first change, and what is written
// down after the last one.
#include "compiler/model/ledger.h"

#include "base/identifier.h"

#include <fmt/format.h>

namespace godwit::ledger {

namespace {

/// A DO block around the body, which is indented plain PL/pgSQL.
std::string block(const std::string& declarations, const std::string& body) {
  return "do " +
         dollar_quoted(
             "\n" + (declarations.empty() ? "" : "declare " + declarations + "\n") + "begin\n" + body + "end\n",
             "godwit") +
         ";";
}

/// One reason to refuse: `if condition then raise …`.
std::string refuse_if(const std::string& condition, const std::string& message, const std::string& hint) {
  return fmt::format(
      "  if {} then\n"
      "    raise exception using errcode = 'GW001',\n"
      "      message = {},\n"
      "      hint = {};\n"
      "  end if;\n",
      condition, message, hint);
}

/// What the ledger says of the migration (nothing when there is no ledger), held until the end of the transaction.
std::string read_state(const std::string& id, const std::string& more) {
  std::string body =
      "  if to_regclass('godwit.migration') is not null then\n    -- against other runners, until this transaction "
      "ends\n"
      "    lock table godwit.migration in share row exclusive mode;\n"
      "    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = " +
      literal(id) + ";\n";
  if (!more.empty()) body += "    " + more + "\n";
  return body + "  end if;\n";
}

const std::string create_kept_schema =
    "  if to_regnamespace('godwit_kept') is null then\n"
    "    create schema godwit_kept;\n"
    "  end if;\n";

std::string event_sql(const std::string& id, const std::string& what) {
  return fmt::format(
      "insert into godwit.event (migration, what, detail)\n"
      "select {}, {}, jsonb_build_object('catalog rows changed', godwit.remember());",
      literal(id), what);
}

}  // namespace

std::string up_guard_sql(const std::string& id, const std::vector<std::string>& required, int oldest_postgres) {
  const std::string name = literal(id);
  std::string body = refuse_if(
      fmt::format("current_setting('server_version_num')::integer < {}", oldest_postgres * 10000),
      fmt::format("{} || current_setting('server_version')",
                  literal(fmt::format("migration {} needs PostgreSQL {}, this server is ", id, oldest_postgres))),
      literal("compile it for this server's version (`requires postgres` in the spec), or upgrade the server"));
  body +=
      "  -- against other runners, until this transaction ends\n"
      "  lock table godwit.migration in share row exclusive mode;\n";
  body += refuse_if(
      fmt::format("exists (select from godwit.migration where id = {} and state <> 'rolled_back')", name),
      literal(fmt::format("migration {} is applied already", id)),
      literal("nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)"));
  if (required.empty()) return block("", body);
  body += fmt::format(
      "  select string_agg(id, ', ' order by n) into missing from unnest({}) with ordinality as needed (id, n)\n"
      "  where not exists (select from godwit.migration m where m.id = needed.id and m.state not in ('begun', "
      "'rolled_back')\n"
      "                    and m.parts_done is null);\n",
      text_array(required));
  body += refuse_if("missing is not null",
                    literal(fmt::format("migration {} comes after ", id)) + " || missing || ', which is not applied'",
                    literal("apply that first"));
  return block("missing text;", body);
}

namespace {

const std::string applied_or_adopted =
    "case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end";

std::string window_end(const UpRecord& record) {
  return record.rollback_window.empty() ? "null" : fmt::format("now() + interval {}", literal(record.rollback_window));
}

std::string hidden_columns_sql(const UpRecord& record) {
  return record.hides_columns ? fmt::format("select godwit.note_hidden_columns({});\n", literal(record.id)) : "";
}

/// The row of the ledger; `state` and `window` as SQL.
std::string record_sql(const UpRecord& record, const std::string& state, const std::string& window,
                       const std::string& end) {
  std::string sql = fmt::format(
      "insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,\n"
      "  window_until, down_sql, finalize_sql, verify_sql)\n"
      "select {0}, (select coalesce(max(sequence), 0) + 1 from godwit.migration), {1}, {2},\n"
      "  {7}, {3}, {4}, {5},\n"
      "  {6}",
      literal(record.id), literal(record.title), literal(record.checksum), record.baseline ? "true" : "false",
      literal(record.rollback_class), record.steps, window, state);
  const std::string rest =
      "\non conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, "
      "applied_at,\n"
      "  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =\n"
      "  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,\n"
      "   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,\n"
      "   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);\n" +
      end;
  constexpr std::size_t quotes = 64;
  sql.reserve(sql.size() + record.down_sql.size() + record.finalize_sql.size() + record.verify_sql.size() + quotes +
              rest.size());  // the artifacts of a large project are megabytes: they are copied once
  sql.append(",\n  ").append(dollar_quoted(record.down_sql, "down"));
  sql.append(",\n  ").append(dollar_quoted(record.finalize_sql, "finalize"));
  sql.append(",\n  ").append(dollar_quoted(record.verify_sql, "verify"));
  return sql.append(rest);
}

}  // namespace

std::string up_record_sql(const UpRecord& record) {
  return record_sql(record, applied_or_adopted, window_end(record),
                    hidden_columns_sql(record) + event_sql(record.id, applied_or_adopted));
}

std::string part_gate_sql(const std::string& id, int part) {
  if (part == 1)
    return fmt::format("select not exists (select from godwit.migration where id = {} and state = 'begun')",
                       literal(id));
  return fmt::format(
      "select exists (select from godwit.migration where id = {} and state = 'begun' and parts_done = {})", literal(id),
      part - 1);
}

std::string part_guard_sql(const std::string& id, const std::string& checksum) {
  std::string body =
      "  -- against other runners, until this transaction ends\n"
      "  lock table godwit.migration in share row exclusive mode;\n";
  body += refuse_if(
      fmt::format("not exists (select from godwit.migration where id = {} and state = 'begun' and checksum = {})",
                  literal(id), literal(checksum)),
      literal(fmt::format("migration {} was begun by another version of its spec", id)),
      literal(
          "go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew"));
  return block("", body);
}

std::string begun_record_sql(const UpRecord& record) {
  return record_sql(record, "'begun'", "null", part_record_sql(record.id, 1) + '\n' + event_sql(record.id, "'begun'"));
}

std::string part_record_sql(const std::string& id, int part) {
  return fmt::format("update godwit.migration set parts_done = {} where id = {};", part, literal(id));
}

std::string completed_record_sql(const UpRecord& record) {
  return fmt::format(
             "update godwit.migration set state = 'applied', applied_at = now(), applied_by = session_user,\n"
             "  window_until = {}, parts_done = null where id = {};\n",
             window_end(record), literal(record.id)) +
         hidden_columns_sql(record) + event_sql(record.id, "'applied'");
}

std::string state_gate_sql(const std::string& id, const std::string& state) {
  return fmt::format("select exists (select from godwit.migration where id = {} and state = {})", literal(id),
                     literal(state));
}

std::string down_guard_sql(const std::string& id) {
  std::string body = read_state(
      id,
      "select id into last_id from godwit.migration\n    where state <> 'rolled_back' order by sequence desc limit 1;");
  body += refuse_if("is_state is null or is_state = 'rolled_back'",
                    literal(fmt::format("migration {} is not applied, there is nothing to roll back", id)),
                    literal("`godwit status` (or `select id, state from godwit.migration`) shows what is applied"));
  body += refuse_if("is_state = 'adopted'",
                    literal(fmt::format("migration {} was adopted: what it states stood here before godwit", id)),
                    literal("an adopted baseline has no rollback"));
  body +=
      refuse_if("is_state = 'finalized'", literal(fmt::format("migration {} is finalized, what it kept is gone", id)),
                literal("write a new migration that leads back"));
  body += refuse_if("last_id <> " + literal(id),
                    literal(fmt::format("migration {} is not the last one applied, that is ", id)) + " || last_id",
                    literal("roll back the later ones first"));
  body += refuse_if(
      "closes_at < now() and is_part is null\n"
      "    and current_setting('godwit.late_rollback', true) is distinct from 'on'",
      literal(fmt::format("the rollback window of migration {} closed at ", id)) +
          " || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'",
      literal("to roll back all the same: `godwit rollback --late`; with psql, "
              "`set godwit.late_rollback = on;` first"));
  return block("is_state text; last_id text; closes_at timestamptz; is_part integer;", body);
}

std::string down_record_sql(const std::string& id) {
  return fmt::format(
             "update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = "
             "{0};\n"
             "delete from godwit.hidden_column where migration = {0};\n"
             "delete from godwit.checkpoint where migration = {0};\n",
             literal(id)) +
         event_sql(id, "'rolled back'");
}

std::string back_gate_sql(const std::string& id, int part) {
  return fmt::format(
      "select exists (select from godwit.migration where id = {} and state = 'applied' and coalesce(parts_done, 0) = "
      "{})",
      literal(id), 1 - part);
}

std::string back_guard_sql(const std::string& id, int part) {
  std::string body =
      "  -- against other runners, until this transaction ends\n"
      "  lock table godwit.migration in share row exclusive mode;\n";
  body += refuse_if(fmt::format("not exists (select from godwit.migration where id = {} and state = 'applied'\n"
                                "                 and coalesce(parts_done, 0) = {})",
                                literal(id), 1 - part),
                    literal(fmt::format("part {} of the way back of {} is not what comes next", part, id)),
                    literal("another runner is at work on it: `godwit status` shows where it stands"));
  return block("", body);
}

std::string back_record_sql(const std::string& id, int part) {
  return fmt::format("update godwit.migration set parts_done = {} where id = {};", -part, literal(id));
}

std::string finalize_guard_sql(const std::string& id) {
  std::string body = read_state(id, "");
  body += refuse_if("is_part < 0", literal(fmt::format("migration {} cannot be finalized, it is on its way back", id)),
                    literal("finish its rollback (`godwit rollback`, or its down artifact)"));
  body += refuse_if(
      "is_state is distinct from 'applied'",
      literal(fmt::format("migration {} cannot be finalized, it is ", id)) +
          " || coalesce(replace(is_state, '_', ' '), 'not applied')",
      literal("only a migration that is applied, and neither finalized nor rolled back, has a window to close"));
  return block("is_state text; closes_at timestamptz; is_part integer;", body);
}

std::string finalize_record_sql(const std::string& id) {
  return fmt::format("update godwit.migration set state = 'finalized', finalized_at = now() where id = {};\n",
                     literal(id)) +
         event_sql(id, "'finalized'");
}

std::string drop_hidden_column_sql(const std::string& id, const std::string& schema, const std::string& table,
                                   const std::string& column) {
  return fmt::format("select godwit.drop_hidden_column({}, {}, {}, {})", literal(id), literal(schema), literal(table),
                     literal(column));
}

std::string note_hidden_columns_sql(const std::string& id, const std::string& schema, const std::string& table) {
  return fmt::format(
      "insert into godwit.hidden_column\n"
      "select {}, {}, {}, a.attname, a.attrelid from pg_catalog.pg_attribute a\n"
      " where a.attrelid = {}::regclass and a.attname like '\\_gw\\_%' and not a.attisdropped",
      literal(id), literal(schema), literal(table), literal(quoted(schema, table)));
}

std::string drop_hidden_columns_sql(const std::string& id, const std::string& schema, const std::string& table) {
  return fmt::format(
      "select godwit.drop_hidden_column(h.migration, h.table_schema, h.table_name, h.name)\n"
      "  from godwit.hidden_column h\n"
      " where (h.migration, h.table_schema, h.table_name) = ({}, {}, {})",
      literal(id), literal(schema), literal(table));
}

std::string kept_schema_sql() { return block("", create_kept_schema); }

std::string residue_table_sql() {
  return block(
      "",
      create_kept_schema +
          "  if to_regclass('godwit_kept.residue') is null then\n"
          "    create table godwit_kept.residue (\n"
          "      migration text not null, step text not null, table_name text not null, key jsonb,\n"
          "      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()\n"
          "    );\n"
          "    alter table godwit_kept.residue replica identity full;  -- a publication for all tables takes it in\n"
          "  end if;\n");
}

std::string rejected_table_sql() {
  return block(
      "",
      create_kept_schema +
          "  if to_regclass('godwit_kept.rejected') is null then\n"
          "    create table godwit_kept.rejected (\n"
          "      migration text not null, step text not null, table_name text not null, key jsonb not null,\n"
          "      row_data jsonb not null, sqlstate text not null, reason text not null,\n"
          "      noted_at timestamptz not null default now()\n"
          "    );\n"
          "    alter table godwit_kept.rejected replica identity full;  -- a publication for all tables takes it in\n"
          "  end if;\n");
}

namespace {

std::string with_rejected(const std::string& first) {
  return block("something boolean;", "  if to_regclass('godwit_kept.rejected') is not null then\n" + first +
                                         "    select exists (select from godwit_kept.rejected) into something;\n"
                                         "    if not something then\n"
                                         "      drop table godwit_kept.rejected;\n"
                                         "    end if;\n"
                                         "  end if;\n");
}

}  // namespace

std::string drop_empty_rejected_sql() { return with_rejected(""); }

std::string forget_rejected_sql(const std::string& id, const std::string& step) {
  return with_rejected(fmt::format("    delete from godwit_kept.rejected where (migration, step) = ({}, {});\n",
                                   literal(id), literal(step)));
}

std::string conflict_table_sql() {
  return block(
      "",
      create_kept_schema +
          "  if to_regclass('godwit_kept.conflict') is null then\n"
          "    create table godwit_kept.conflict (\n"
          "      migration text not null, step text not null, table_name text not null, key jsonb not null,\n"
          "      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()\n"
          "    );\n"
          "    alter table godwit_kept.conflict replica identity full;  -- a publication for all tables takes it in\n"
          "  end if;\n");
}

std::string settle_conflicts_sql(const std::string& id, const std::string& step) {
  return block("conflicts bigint;",
               fmt::format("  select count(*) into conflicts from godwit_kept.conflict\n"
                           "   where (migration, step) = ({}, {});\n"
                           "  if conflicts > 0 then\n"
                           "    raise warning using message = {} || conflicts ||\n"
                           "      ' rows had both sides written at once: what lost is in godwit_kept.conflict';\n"
                           "  end if;\n"
                           "  if not exists (select from godwit_kept.conflict)\n"
                           "    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace\n"
                           "                                          and starts_with(proname, 'step_')) then\n"
                           "    drop table godwit_kept.conflict;\n"
                           "  end if;\n",
                           literal(id), literal(step), literal(step + ": ")));
}

std::string drop_empty_kept_schema_sql() {
  return block("something boolean;",
               "  if to_regclass('godwit_kept.residue') is not null then\n"
               "    select exists (select from godwit_kept.residue) into something;\n"
               "    if not something then\n"
               "      drop table godwit_kept.residue;\n"
               "    end if;\n"
               "  end if;\n"
               "  if to_regnamespace('godwit_kept') is not null and not exists (\n"
               "    select from pg_depend\n"
               "    where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('godwit_kept')\n"
               "      and deptype = 'n' and classid <> 'pg_default_acl'::regclass) then\n"
               "    drop schema godwit_kept;\n"
               "  end if;\n");
}

}  // namespace godwit::ledger
