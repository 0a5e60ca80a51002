// SPDX-License-Identifier: Apache-2.0
// Databases of the private server that the test runs under, reached through psql and pg_dump alone.
#pragma once

#include <filesystem>
#include <string>

namespace godwit::laws {

struct Output {
  bool ok = false;
  std::string text;  // standard output and errors
};

/// Fresh and empty, dropped at the end.
class Database {
 public:
  Database();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Output psql(const std::string& sql) const;
  /// A few rows for every table that has none, whatever its columns. Nullable columns whose name has an even number of
  /// bytes hold a null; values are 1, 2, 3 in the column's type, so that every reference finds its key.
  Output fill() const;
  /// Schema and rows, godwit's own left out.
  std::string snapshot() const;

 private:
  Output run(const std::string& command) const;
  void make_tablespace() const;

  std::filesystem::path folder_;
};

}  // namespace godwit::laws
