// SPDX-License-Identifier: Apache-2.0
// Compiled specs on a server, with rows written between `up` and `down`.
#pragma once

#include "tests/db/data/server.h"

#include <godwit/compile.h>

#include <stdexcept>
#include <string>

namespace godwit::test {

/// A migration on top of another, which is applied and final, with rows.
class Ready {
 public:
  Ready(const std::string& before, const std::string& after, const std::string& rows) {
    server.run(
        "drop schema if exists app cascade; drop schema if exists godwit cascade; drop schema if exists godwit_kept "
        "cascade; drop extension if exists citext cascade; drop schema if exists ext cascade");
    const Compilation compiled = compile({{{"1_before.gw", before}, {"2_after.gw", after}}, {}});
    if (!compiled.ok) throw std::runtime_error(compiled.report(ReportFormat::text));
    server.run(compiled.migrations.front().up_sql);
    server.run(compiled.migrations.front().finalize_sql);
    if (!rows.empty()) server.run(rows);
    migration_ = compiled.migrations.back();
  }

  void up() { server.run(migration_.up_sql); }

  /// What the server says when it cannot be applied.
  std::string up_error() { return server.error(migration_.up_sql); }

  RollbackClass rollback_class() const { return migration_.rollback_class; }

  void down() { server.run(migration_.down_sql); }

  void finalize() { server.run(migration_.finalize_sql); }

  /// The rows of a table: `1 007 | 2 8`.
  std::string rows(const std::string& table) {
    return server.text(
        "select string_agg(concat_ws(' ', variadic array(select coalesce(value, 'null') from "
        "json_each_text(to_json(t)))), ' | ' order by t.id) from " +
        table + " as t");
  }

  std::string residue() {
    return server.text(
        "select case when to_regclass('godwit_kept.residue') is null then '' else (xpath('/row/all/text()', "
        "query_to_xml('select string_agg(concat_ws('' '', row_data ->> ''id'', reason), ''; '' order by row_data ->> "
        "''id'') as all from godwit_kept.residue', true, true, '')))[1]::text end");
  }

  Server server;

 private:
  CompiledMigration migration_;
};

/// The same, applied; `down` takes it back.
class Applied : public Ready {
 public:
  Applied(const std::string& before, const std::string& after, const std::string& rows = {})
      : Ready(before, after, rows) {
    up();
  }
};

}  // namespace godwit::test
