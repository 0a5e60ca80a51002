// SPDX-License-Identifier: Apache-2.0
// Small hand-written migrations and databases of their own for the tests of the runtime.
#pragma once

#include "compiler/model/script.h"
#include "runtime/session.h"

#include <godwit/runtime.h>

#include <mutex>
#include <string>
#include <vector>

namespace godwit::test {

/// A new database, dropped at the end of the test.
class Database {
 public:
  explicit Database(const std::string& like = "template1");
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  const std::string& name() const { return name_; }

  std::string connection() const { return "dbname=" + name_; }

  /// Runs SQL; fails the test when the server refuses it.
  Rows exec(const std::string& sql) const;
  /// The first field of the answer.
  std::string value(const std::string& sql) const;
  /// Everything that pg_dump says about the schema, but for godwit's own.
  std::string dump() const;
  /// Runs a script with psql -v ON_ERROR_STOP=1 -f. Returns its exit status.
  int psql(const std::string& script) const;

 private:
  std::string name_;
};

/// A session on the database, for what must stay open.
Session open(const Database& database, const std::string& application = "test");

/// What a tiny migration does; everything else of its artifacts is written around it as the compiler does.
struct Sketch {
  std::string id;
  std::vector<ScriptStep> up, down, finalize, verify;
  std::vector<std::pair<std::string, std::string>> facts;  // added to the up artifact's
  std::string checksum = "c1", window = "48h";
  bool baseline = false;
};

Migration compiled(const Sketch& sketch);
Script up_script(const Migration& migration);

/// create table app.<name>, in spec specs/<id>.gw
Sketch table_sketch(const std::string& id, const std::string& name);

/// Records events.
struct Recorder {
  std::vector<Event> events;
  std::mutex mutex;
  Observer observer();
  bool saw(const std::string& name, const std::string& part = "");
};

template <typename T>
const RuntimeError* error_of(const Outcome<T>& outcome) {
  return std::get_if<RuntimeError>(&outcome);
}

/// The outcomes of a report, comma-separated: `a applied, b already applied`; an error as `GW5016 message`.
std::string summary(const Outcome<RunReport>& outcome);

}  // namespace godwit::test
