// SPDX-License-Identifier: Apache-2.0
// A project folder and databases for tests that run the program: `godwit inspect`, `godwit diff`.
#pragma once

#include <godwit/compile.h>

#include <filesystem>
#include <string>

namespace godwit::test {

struct Output {
  int status = 0;
  std::string text;  // standard output and errors
};

/// A folder with a project, removed at the end of the program.
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  Output run(const std::string& command) const;
  /// GODWIT is the program.
  Output godwit(const std::string& arguments) const;
  Output psql(const std::string& database, const std::string& sql) const;

  std::filesystem::path spec(const std::string& name) const { return folder_ / "specs" / name; }

 private:
  std::filesystem::path folder_;
};

const Scratch& scratch();

/// Fails the test when the command did.
void must(const Output& output, const std::string& what);

/// A database that is dropped at the end of its test.
class Database {
 public:
  explicit Database(std::string name);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  void exec(const std::string& sql) const;

  /// Runs the migration and closes its window; nothing for nullptr.
  void finalized(const CompiledMigration* migration) const;
  /// Takes away what godwit keeps for itself.
  void forget_godwit() const;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// The dump, its privileges in one order: that in which they were given is not kept (docs/cli.md).
std::string dump_of(const Database& database);

/// The roles that golden cases and fixtures name.
void create_roles();

}  // namespace godwit::test
