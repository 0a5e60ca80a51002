// SPDX-License-Identifier: Apache-2.0
// Every diagnostic godwit can give. GW10xx text, GW12xx names, GW14xx types and options, GW2xxx change and order,
// GW3xxx hazards, GW4xxx SQL, GW5xxx runtime, GW9xxx internal. A number is never reused; each has a page
// docs/diagnostics/GWnnnn.md and a case in tests/diagnostics (tests/tree asks for both).
#pragma once

#include "base/diagnostics.h"

namespace godwit::codes {

// GW10xx text
inline constexpr Code syntax{"GW1001", Severity::error, "text that is not in the language"};
inline constexpr Code unterminated{"GW1002", Severity::error, "quote, comment or bracket that is never closed"};
inline constexpr Code invalid_encoding{"GW1003", Severity::error, "invalid UTF-8 or a NUL byte"};
inline constexpr Code too_large{"GW1004", Severity::error, "file over 64 MiB"};
inline constexpr Code nesting_too_deep{"GW1005", Severity::error, "brackets nested deeper than 200"};
inline constexpr Code identifier_too_long{"GW1006", Severity::error, "identifier over 63 bytes"};
inline constexpr Code repeated_clause{"GW1007", Severity::error, "clause given twice"};
inline constexpr Code header_not_first{"GW1008", Severity::error, "header that is not the first item, or a second one"};

// GW12xx names
inline constexpr Code duplicate_name{"GW1201", Severity::error, "name declared twice"};
inline constexpr Code unknown_schema{"GW1202", Severity::error, "reference to an undeclared schema"};
inline constexpr Code unknown_table{"GW1203", Severity::error, "reference to an undeclared table"};
inline constexpr Code unknown_column{"GW1204", Severity::error, "reference to an undeclared column"};
inline constexpr Code unknown_function{"GW1205", Severity::error, "reference to an undeclared function"};
inline constexpr Code unknown_object{"GW1206", Severity::error, "reference to an undeclared object"};
inline constexpr Code ambiguous_column{"GW1207", Severity::error, "column name that fits several tables"};
inline constexpr Code reserved_name{"GW1208", Severity::error, "name reserved for godwit"};
inline constexpr Code duplicate_migration{"GW1209", Severity::error, "two migrations of one id"};
inline constexpr Code unknown_migration{"GW1210", Severity::error, "`after` names no migration"};

// GW14xx types and options
inline constexpr Code unknown_type{"GW1401", Severity::error, "reference to an undeclared type"};
inline constexpr Code bad_option{"GW1402", Severity::error, "option that does not apply"};
inline constexpr Code needs_newer_postgres{"GW1403", Severity::error, "feature newer than the target version"};
inline constexpr Code type_mismatch{"GW1404", Severity::error, "types that do not fit"};
inline constexpr Code bad_duration{"GW1405", Severity::error, "duration that cannot be read"};

// GW2xxx change and order
inline constexpr Code undeclared_column{"GW2001", Severity::error, "existing column that is not declared"};
inline constexpr Code dependents_remain{"GW2002", Severity::error, "drop whose dependents remain"};
inline constexpr Code cycle{"GW2003", Severity::error, "dependency cycle that cannot be broken"};
inline constexpr Code no_effect{"GW2004", Severity::error, "statement without effect"};
inline constexpr Code later_construct{"GW2005", Severity::error, "construct that this version does not plan"};
inline constexpr Code bad_key_reference{"GW2006", Severity::error,
                                        "foreign key to columns without a unique constraint"};
inline constexpr Code forbidden_expression{"GW2007", Severity::error, "expression that PostgreSQL does not take here"};
inline constexpr Code not_immutable{"GW2008", Severity::error, "function that is not immutable where it must be"};
inline constexpr Code policy_without_security{"GW2009", Severity::warning,
                                              "policy on a table without row level security"};
inline constexpr Code enum_value_removed{"GW2010", Severity::error, "enum value that is not declared any more"};
inline constexpr Code name_collision{"GW2011", Severity::error, "rename onto a name that is taken"};
inline constexpr Code bad_move{"GW2012", Severity::error, "move that cannot work"};
inline constexpr Code no_way_back{"GW2013", Severity::error, "change without a way back"};
inline constexpr Code bad_check{"GW2014", Severity::error, "check that cannot be evaluated"};
inline constexpr Code needs_irreversible{"GW2015", Severity::error, "irreversible step that is not spelled"};
inline constexpr Code not_null_without_value{"GW2016", Severity::error,
                                             "not null column without a value for existing rows"};

inline constexpr Code torn_name{"GW2017", Severity::error, "name that would have to follow two things"};
inline constexpr Code value_in_use{"GW2018", Severity::error, "dropped enum value that is still named"};

inline constexpr Code stored_type{"GW2020", Severity::error, "change of a type that columns hold values of"};
inline constexpr Code undeclared_partition{"GW2025", Severity::error, "existing partition that is not declared"};
inline constexpr Code bad_batch{"GW2026", Severity::error, "rows that cannot be gone over in batches"};
inline constexpr Code bad_step{"GW2027", Severity::error, "rows that cannot be kept in step"};

// GW3xxx hazards
inline constexpr Code public_secret{"GW3001", Severity::warning, "function open to everyone that returns a secret"};
inline constexpr Code definer_search_path{"GW3002", Severity::warning, "security definer without search_path"};
inline constexpr Code not_in_subquery{"GW3003", Severity::warning, "not in over a subquery"};
inline constexpr Code dynamic_mention{"GW3004", Severity::warning, "dynamic SQL that names a changed object"};
inline constexpr Code one_way_step{"GW3005", Severity::warning, "kept in step one way only"};

// GW4xxx SQL
inline constexpr Code sql_syntax{"GW4001", Severity::error, "SQL that PostgreSQL cannot parse"};

// GW5xxx runtime (cases in tests/unit/runtime and tests/db/runtime)
inline constexpr Code cannot_connect{"GW5001", Severity::error, "database that cannot be reached"};
inline constexpr Code bad_connection_string{"GW5002", Severity::error, "connection string that cannot be read"};
inline constexpr Code server_too_old{"GW5003", Severity::error, "server older than PostgreSQL 13"};
inline constexpr Code transaction_pooler{"GW5004", Severity::error, "connection through a pooler in transaction mode"};
inline constexpr Code missing_privilege{"GW5005", Severity::error, "privilege that the run needs"};
inline constexpr Code read_only_server{"GW5006", Severity::error, "server that takes no writes"};
inline constexpr Code another_runner{"GW5007", Severity::error, "another runner is at work"};
inline constexpr Code out_of_order{"GW5008", Severity::error, "pending migration before an applied one"};
inline constexpr Code spec_changed{"GW5009", Severity::error, "applied migration whose spec was edited"};
inline constexpr Code artifact_edited{"GW5010", Severity::error, "artifact edited by hand"};
inline constexpr Code bad_artifact{"GW5011", Severity::error, "artifact that cannot be read"};
inline constexpr Code drift{"GW5012", Severity::error, "database changed behind the ledger's back"};
inline constexpr Code baseline_differs{"GW5013", Severity::error, "database that is not as the baseline says"};
inline constexpr Code no_scratch_database{"GW5014", Severity::error, "no place to build the baseline for comparison"};
inline constexpr Code irreversible_not_allowed{"GW5015", Severity::error, "migration without a way back"};
inline constexpr Code statement_failed{"GW5016", Severity::error, "statement that the server refused"};
inline constexpr Code lock_not_granted{"GW5017", Severity::error, "lock that was not granted in time"};
inline constexpr Code connection_lost{"GW5018", Severity::error, "connection lost during the run"};
inline constexpr Code commit_in_doubt{"GW5019", Severity::error, "commit whose answer was lost"};
inline constexpr Code window_closed{"GW5020", Severity::error, "rollback after the window"};
inline constexpr Code not_applied{"GW5021", Severity::error, "migration that is not applied"};
inline constexpr Code nothing_to_undo{"GW5022", Severity::error, "rollback of an adopted or finalized migration"};
inline constexpr Code guard_refused{"GW5023", Severity::error, "run that the artifact's own guard refused"};
inline constexpr Code no_such_migration{"GW5024", Severity::error, "migration that nobody knows"};
inline constexpr Code fenced_off{"GW5025", Severity::error, "run that another runner took over"};
inline constexpr Code no_ephemeral_server{"GW5026", Severity::error, "throwaway server that did not start"};
inline constexpr Code newer_ledger{"GW5027", Severity::error, "ledger of a newer godwit"};
inline constexpr Code check_failed{"GW5028", Severity::error, "check that stopped the migration"};
inline constexpr Code paused{"GW5029", Severity::error, "run that paused between two batches"};
inline constexpr Code throttle_query_failed{"GW5030", Severity::error, "query of the throttling that failed"};
inline constexpr Code not_drained{"GW5031", Severity::error, "sessions that did not end in time"};
inline constexpr Code going_back{"GW5032", Severity::error, "run while a rollback is not done"};

// GW9xxx internal, reported by GODWIT_ASSERT
inline constexpr Code internal{"GW9001", Severity::error, "promise of godwit's own that does not hold"};

}  // namespace godwit::codes
