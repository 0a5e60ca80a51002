// SPDX-License-Identifier: Apache-2.0
// Specs to reviewable SQL. One pure function: no file, no database, no clock; the same request gives the same bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit {

/// One spec. The migration's id is the file name without `.gw`.
struct SpecFile {
  std::string path;  // as diagnostics and comments show it: "specs/20250916000001_contacts.gw"
  std::string text;
};

struct CompileOptions {
  int oldest_postgres = 13;         // what the emitted SQL must run on; `requires postgres` in a spec may raise it
  std::string lock_timeout = "3s";  // a PostgreSQL duration; a spec's header overrides it
  int lock_retries = 10;
  std::string rollback_window = "48h";
};

struct CompileRequest {
  std::vector<SpecFile> specs;  // in any order: they are sorted by file name, then by `after`
  CompileOptions options;
};

/// What a rollback can promise, best first.
enum class RollbackClass { exact, exact_while_window_open, lossy, impossible };
std::string_view name_of(RollbackClass rollback_class);

/// Everything compiled for one migration. File names in a migrations folder: id + ".up.sql", ".down.sql",
/// ".finalize.sql", ".verify.sql", ".plan.json", ".md".
struct CompiledMigration {
  std::string id;
  std::string title;
  std::string checksum;  // of the spec's meaning, "sha256:…"
  bool baseline = false;
  RollbackClass rollback_class = RollbackClass::exact;
  std::string up_sql, down_sql, finalize_sql, verify_sql, plan_json, review_md;
};

/// A diagnostic as a program sees it; lines and columns count from 1.
struct Finding {
  std::string code;  // "GW1203"
  bool error = true;
  std::string path;
  std::size_t line = 0, column = 0;
  std::string message, hint;
};

enum class ReportFormat { text, json, github, sarif };

/// The outcome: migrations in the order in which they apply (empty when there are errors), and every finding.
struct Compilation {
  std::vector<CompiledMigration> migrations;
  std::vector<Finding> findings;  // in file order
  bool ok = false;                // no errors

  /// The findings as people or tools read them.
  std::string report(ReportFormat format, bool colour = false) const;

  struct Details;
  std::shared_ptr<const Details> details;
};

/// Compiles all specs of a project. Never throws for wrong input.
Compilation compile(const CompileRequest& request);

/// What a spec is known by, before any of it is compiled.
struct Heading {
  std::string id, title;
  std::string checksum;  // as CompiledMigration has it
};

/// The headings of a project in the order in which its migrations apply; none when a spec cannot be parsed. Only what
/// the text alone shows is found: names are not looked up.
struct Headings {
  std::vector<Heading> migrations;
  Compilation outcome;
};
Headings read_headings(const CompileRequest& request);

/// One spec in canonical layout, or the findings that prevent it. Comments are kept.
struct Formatted {
  std::string text;
  Compilation outcome;
};
Formatted format_spec(const SpecFile& spec);

/// A statement of an SQL text and the line on which it begins.
struct SqlPiece {
  std::string text;
  std::size_t line = 1;
};

/// The statements of an SQL text, without psql's own commands. A text that PostgreSQL 15's parser does not take is one
/// piece: what is wrong with it, or new in it, the server knows.
std::vector<SqlPiece> split_sql(const std::string& text);

/// The version of godwit, "0.1.0".
std::string_view version();

}  // namespace godwit
