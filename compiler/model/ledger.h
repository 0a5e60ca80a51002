// SPDX-License-Identifier: Apache-2.0
// The ledger in the database: schema `godwit` (what ran) and `godwit_kept` (what is kept until a window closes).
// These are the bookkeeping statements that every artifact carries, so that psql alone leaves the same ledger as the
// runtime. docs/ledger.md describes the tables.
#pragma once

#include <string>
#include <vector>

namespace godwit::ledger {

/// The form of the tables that bootstrap_sql makes, as godwit.version says it.
inline constexpr int version = 2;

/// Creates schema godwit, its tables and its functions when they are absent, and brings older versions up to date.
/// Safe to run again; the first bookkeeping step of every up artifact.
std::string bootstrap_sql();

/// Refuses (with SQLSTATE GW001 and a hint) when the migration is applied already, when one of `requires` is not
/// applied, or when the server is older than `oldest_postgres`. Holds the ledger against other runners until the end of
/// the transaction.
std::string up_guard_sql(const std::string& id, const std::vector<std::string>& required, int oldest_postgres);

/// What an up artifact records as its last act, or, of a migration in parts, at the end of the first.
struct UpRecord {
  std::string id, title, checksum;  // checksum of the spec's meaning
  std::string rollback_window;      // a PostgreSQL interval: "48h"
  std::string rollback_class;
  bool baseline = false;
  std::string_view down_sql, finalize_sql, verify_sql;  // the artifacts themselves: a rollback never depends on files
  std::size_t steps = 0;
  bool hides_columns = false;
};
/// Records the migration as applied (also after a rollback), appends an event, and remembers the catalog.
std::string up_record_sql(const UpRecord& record);

// ---- a migration in parts, each a transaction of its own ------------------------------------------------------------

/// True (one row, one column) when the part is what comes next: the first of a migration that is not begun, another
/// when the one before it is done.
std::string part_gate_sql(const std::string& id, int part);
/// Refuses unless the migration was begun by this very spec. Holds the ledger until the end of the transaction.
std::string part_guard_sql(const std::string& id, const std::string& checksum);
/// Records the migration as begun, its first part done: like up_record_sql, and the state is `begun`.
std::string begun_record_sql(const UpRecord& record);
std::string part_record_sql(const std::string& id, int part);
/// Records a begun migration as applied; its rollback window opens now.
std::string completed_record_sql(const UpRecord& record);
/// True (one row, one column) when the migration is `begun` (or else `applied`).
std::string state_gate_sql(const std::string& id, const std::string& state);

// ---- the way back ---------------------------------------------------------------------------------------------------

/// Refuses unless the migration is the last one applied, not finalized, and its window is open
/// (`set godwit.late_rollback = on` allows a late one).
std::string down_guard_sql(const std::string& id);
std::string down_record_sql(const std::string& id);
/// The way back of an applied migration in several transactions, as parts_done below zero counts them. True (one row,
/// one column) when the part is what comes next.
std::string back_gate_sql(const std::string& id, int part);
/// Refuses unless the part is what comes next. Holds the ledger until the end of the transaction.
std::string back_guard_sql(const std::string& id, int part);
std::string back_record_sql(const std::string& id, int part);

/// Refuses unless the migration is applied, and not on its way back.
std::string finalize_guard_sql(const std::string& id);
std::string finalize_record_sql(const std::string& id);

/// Creates schema godwit_kept when it is absent: the first step that keeps something.
/// Drops a column that the migration hid in the table of that name, whatever the table is called by now.
std::string drop_hidden_column_sql(const std::string& id, const std::string& schema, const std::string& table,
                                   const std::string& column);
/// The same for a table that took hidden columns along when it ceased to be a partition: notes those that are there,
/// and drops what was noted.
std::string note_hidden_columns_sql(const std::string& id, const std::string& schema, const std::string& table);
std::string drop_hidden_columns_sql(const std::string& id, const std::string& schema, const std::string& table);
std::string kept_schema_sql();
/// Creates godwit_kept.residue (migration, step, table_name text; key, row_data jsonb; reason text; noted_at, which
/// stays at its default now(): it tells one rollback's rows from another's) and its schema when they are absent.
std::string residue_table_sql();
/// Creates godwit_kept.rejected (migration, step, table_name text; key, row_data jsonb; sqlstate, reason text;
/// noted_at) and its schema when they are absent: rows that did not fit where a move or backfill puts them.
std::string rejected_table_sql();

/// The same for godwit_kept.conflict: what lost where both sides of what is kept in step were written at once.
std::string conflict_table_sql();
/// Says how many conflicts the step had; without any the table goes, unless another step may still need it.
std::string settle_conflicts_sql(const std::string& id, const std::string& step);

/// Drops the table of rejected rows when it is empty.
std::string drop_empty_rejected_sql();
/// Forgets the rows that a step rejected.
std::string forget_rejected_sql(const std::string& id, const std::string& step);
/// Drops the residue table when it is empty, and godwit_kept when nothing is left in it.
std::string drop_empty_kept_schema_sql();

}  // namespace godwit::ledger
