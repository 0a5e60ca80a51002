// SPDX-License-Identifier: Apache-2.0
#include "runtime/baseline.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/model/ledger.h"
#include "runtime/drift.h"
#include "runtime/errors.h"
#include "runtime/script_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;

/// The catalog of a database that may have no ledger: the function that reads it exists for this transaction only.
Result<std::vector<CatalogRow>, ServerError> peek_catalog(Session& session) {
  if (auto begun = session.exec("begin;\n" + ledger::bootstrap_sql()); !begun) {
    (void)session.exec("rollback;");
    return unexpected(begun.error());
  }
  auto catalog = read_catalog(session);
  (void)session.exec("rollback;");
  return catalog;
}

bool holds_objects(const std::vector<CatalogRow>& catalog) {
  // Every database has a schema public with an owner, grants and a comment.
  static const std::set<std::string> always = {"schema", "owner", "grant", "comment"};
  return std::any_of(catalog.begin(), catalog.end(), [](const CatalogRow& row) {
    return !row.key.schema.empty() && !(row.key.schema == "public" && always.contains(row.key.kind) &&
                                        (row.key.kind == "schema" || row.key.name.starts_with("schema public")));
  });
}

/// A database that is dropped with this object.
class ScratchDatabase {
 public:
  ScratchDatabase(Session& control, std::string name) : control_(control), name_(std::move(name)) {}

  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  ~ScratchDatabase() { (void)control_.exec("drop database if exists " + quoted(name_) + " with (force);"); }

 private:
  Session& control_;
  std::string name_;
};

/// It names the server process that made it, so that a later run can tell whether that is still there.
std::string scratch_name(const Session& control) {
  return fmt::format("godwit_scratch_{}_{:08x}", control.backend_pid(), std::random_device{}());
}

/// A run that was killed while it compared leaves its scratch database behind.
void drop_leftovers(Runner& runner, const std::string& migration) {
  const auto names = runner.control().exec(
      "select d.datname from pg_database d where d.datname ~ '^godwit_scratch_[0-9]+_[0-9a-f]{8}$'\n"
      "  and pg_has_role(d.datdba, 'usage')\n"
      "  and not exists (select from pg_stat_activity a where a.pid::text = substring(d.datname from '_([0-9]+)_')\n"
      "    and coalesce(a.application_name, ' control') like '% control') order by 1;");
  if (!names) return;
  for (std::size_t i = 0; i < names->rows.size(); ++i) {
    const std::string drop = "drop database if exists " + quoted(names->text(i, 0)) + " with (force);";
    const bool done = runner.control().exec(drop).has_value();
    runner.reporter()("notice", migration,
                      done ? "dropped " + names->text(i, 0) + ", which a run that was killed has left behind"
                           : "a run that was killed has left a database behind: `" + drop + "` removes it");
  }
}

/// The catalog before and after the baseline ran in an empty database.
struct Built {
  std::vector<CatalogRow> before, after;
};

Result<Built, RuntimeError> build(const ConnectionString& scratch, const Baselines& baselines) {
  auto session = connect(scratch, "godwit scratch");
  if (!session) return unexpected(session.error());
  Built built;
  auto before = peek_catalog(*session);
  if (!before) return unexpected(bookkeeping_error(before.error(), "reading the scratch database"));
  built.before = std::move(*before);
  for (const Script* baseline : baselines) {
    for (const ScriptStep& step : baseline->steps) {
      const auto done = session->exec(step.sql);
      if (done) continue;
      RuntimeError error = step_error(*baseline, step, done.error());
      error.message = "the baseline cannot be built in a scratch database to compare it: " + error.message;
      return unexpected(error);
    }
  }
  auto after = read_catalog(*session);
  if (!after) return unexpected(bookkeeping_error(after.error(), "reading the scratch database"));
  built.after = std::move(*after);
  return built;
}

/// On a server of our own, when the user may not create a database: same major version, same role names.
Result<Built, RuntimeError> build_elsewhere(Session& session, const Baselines& baselines) {
  const auto refused = [&](const std::string& reason) {
    return runtime_error(
        Kind::refused, codes::no_scratch_database,
        fmt::format("the database has objects, and the baseline {} cannot be built to compare them: {}",
                    baselines.front()->id, reason),
        "give the user `createdb` (`alter role … createdb`), or run it where PostgreSQL's server "
        "programs of the same version are installed");
  };
  auto server = EphemeralServer::start();
  if (const auto* error = std::get_if<RuntimeError>(&server)) {
    return unexpected(refused("the user may not create a database, and " + error->message));
  }
  const ConnectionString admin(std::get<0>(server)->connection());
  auto setup = connect(admin, "godwit scratch");
  if (!setup) return unexpected(setup.error());
  if (setup->server_version() / 10000 != session.server_version() / 10000) {
    return unexpected(
        refused(fmt::format("the user may not create a database, and the server programs here are of "
                            "PostgreSQL {}, not {}",
                            setup->server_version() / 10000, session.server_version() / 10000)));
  }
  const auto roles =
      session.exec("select rolname, rolname = current_user from pg_roles where rolname !~ '^pg_' order by 1;");
  if (!roles) return unexpected(bookkeeping_error(roles.error(), "reading the roles"));
  std::string user;
  for (std::size_t i = 0; i < roles->rows.size(); ++i) {
    const std::string& name = roles->text(i, 0);
    if (roles->is_true(i, 1)) user = name;
    (void)setup->exec("create role " + quoted(name) + ";");  // the server's own superuser exists already
    if (roles->is_true(i, 1)) (void)setup->exec("alter role " + quoted(name) + " superuser login;");
  }
  if (auto made = setup->exec("create database godwit_scratch template template0;"); !made) {
    return unexpected(bookkeeping_error(made.error(), "creating a scratch database"));
  }
  return build(admin.with("dbname", "godwit_scratch").with("user", user), baselines);
}

Result<Built, RuntimeError> build_scratch(Runner& runner, const Baselines& baselines) {
  Session& control = runner.control();
  const auto locale = control.exec(
      "select format('encoding %L lc_collate %L lc_ctype %L', pg_encoding_to_char(encoding), datcollate, datctype)\n"
      "from pg_database where datname = current_database();");
  if (!locale) return unexpected(bookkeeping_error(locale.error(), "looking at the database"));
  drop_leftovers(runner, baselines.front()->id);
  const std::string name = scratch_name(control);
  const auto made = control.exec("create database " + quoted(name) + " template template0 " + locale->text(0, 0) + ";");
  if (!made && made.error().sqlstate == "42501") return build_elsewhere(control, baselines);
  if (!made) return unexpected(bookkeeping_error(made.error(), "creating a scratch database"));
  const ScratchDatabase scratch(control, name);
  return build(runner.connection().with("dbname", name), baselines);
}

/// What the baseline answers for: schemas in which it made or changed something, and what it made outside of schemas.
class Territory {
 public:
  Territory(const Built& built, std::vector<CatalogRow>& expected) {
    std::vector<CatalogRow> changed;
    std::set_difference(built.after.begin(), built.after.end(), built.before.begin(), built.before.end(),
                        std::back_inserter(changed));
    for (const CatalogRow& row : changed) {
      if (row.key.schema.empty()) {
        names_.insert(row.key);
        if (row.key.kind == "publication") publications_.insert(row.key.name + ' ');
      } else {
        schemas_.insert(row.key.schema);
      }
    }
    std::copy_if(built.after.begin(), built.after.end(), std::back_inserter(expected),
                 [this](const CatalogRow& row) { return holds(row.key); });
  }

  bool holds(const CatalogKey& key) const {
    if (!key.schema.empty()) return schemas_.contains(key.schema);
    if (names_.contains(key)) return true;
    return key.kind == "publication member" &&
           std::any_of(publications_.begin(), publications_.end(),
                       [&](const std::string& name) { return key.name.starts_with(name); });
  }

 private:
  std::set<std::string> schemas_, publications_;
  std::set<CatalogKey> names_;
};

}  // namespace

Result<BaselineMatch, RuntimeError> match_baselines(Runner& runner, const Baselines& baselines) {
  const Script& first = *baselines.front();
  auto live = peek_catalog(runner.work());
  if (!live) return unexpected(bookkeeping_error(live.error(), "reading the database"));
  if (!holds_objects(*live)) return BaselineMatch::absent;
  runner.reporter()("comparing_baseline", first.id, "building it in a scratch database");
  const auto built = build_scratch(runner, baselines);
  if (!built) return unexpected(built.error());
  std::vector<CatalogRow> expected, actual;
  const Territory territory(*built, expected);
  std::copy_if(live->begin(), live->end(), std::back_inserter(actual),
               [&](const CatalogRow& row) { return territory.holds(row.key); });
  if (!holds_objects(actual)) return BaselineMatch::absent;
  const std::vector<Difference> differences = compare(expected, actual);
  if (differences.empty()) return BaselineMatch::equal;
  const std::vector<std::string> lines = describe(differences, "baseline");
  RuntimeError error =
      runtime_error(Kind::refused, codes::baseline_differs,
                    fmt::format("the database is not as the baseline {} says: {} difference{}", first.id, lines.size(),
                                lines.size() == 1 ? "" : "s"),
                    "correct the baseline (`godwit inspect` writes one from this database), or the database");
  error.migration = first.id;
  error.detail = joined(lines);
  return unexpected(error);
}

Script adoption_of(const Script& baseline) {
  Script adoption = baseline;
  std::erase_if(adoption.steps, [](const ScriptStep& step) {
    const std::string& sql = step.sql;
    return !sql.starts_with("begin;") && !sql.starts_with("commit;") &&
           sql.find("insert into godwit.migration (id, sequence") == std::string::npos;
  });
  for (ScriptStep& step : adoption.steps) {
    if (step.sql.find("insert into godwit.migration (id, sequence") != std::string::npos) {
      step.sql = "set local godwit.adopting = on;\n" + step.sql;
    }
  }
  return adoption;
}

}  // namespace godwit
