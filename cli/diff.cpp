// SPDX-License-Identifier: Apache-2.0
// godwit diff: what makes one of {specs, database, SQL file} into another, as the draft of a spec. Specs and SQL files
// become databases on a private server first, so that the server's words are compared with the server's words.
#include "cli/artifacts.h"
#include "cli/baseline.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/sql_file.h"

#include <godwit/diff.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace godwit::cli {
namespace {

namespace fs = std::filesystem;

/// One side, read.
struct Side {
  std::string name;  // as the draft calls it
  Inspection inspection;
  BaselineDraft baseline;
  std::vector<SpecFile> specs;  // what a draft on top of this side is compiled with
  bool is_live = false;
};

/// Reads the sides. The private server is started when the first of them needs it.
class Sides {
 public:
  Sides(Context& context, const Project& project) : context_(context), project_(project) {}

  Expected<Side> read(const std::string& given) {
    if (given == "specs") return of_specs(project_, "the specs");
    if (given == "database") {
      const auto database = open_database(context_.options, project_);
      if (!database) return tl::make_unexpected(database.error());
      return of_database(database->connection);
    }
    std::error_code error;
    if (given.ends_with(".sql")) return of_sql(given);
    if (given.find("://") != std::string::npos || given.find('=') != std::string::npos) return of_database(given);
    if (!fs::is_directory(given, error))
      return fail(Exit::usage, fmt::format("`{}` is nothing that can be compared", given),
                  "name `specs`, `database`, a folder of specs, a file that ends in `.sql`, or a connection string");
    Project other = project_;
    other.root = given;
    other.settings.specs = ".";
    return of_specs(other, "the specs in " + given);
  }

  /// Servers of two versions do not spell alike: what runs on another one than the private server is built there.
  Expected<void> build_again(Side& side) { return from_migrations(side, side.baseline.migrations); }

 private:
  Expected<Side> of_specs(const Project& project, const std::string& name) {
    Side side;
    side.name = name;
    const auto compilation = compile_project(context_, project);
    if (!compilation) return tl::make_unexpected(compilation.error());
    if (!compilation->ok) return fail(Exit::findings, name + " do not compile");
    auto specs = read_specs(project);
    if (!specs) return tl::make_unexpected(specs.error());
    if (auto done = from_migrations(side, compilation->migrations); !done) return tl::make_unexpected(done.error());
    side.specs = std::move(*specs);
    return side;
  }

  Expected<Side> of_sql(const std::string& path) {
    Side side;
    side.name = path;
    const auto text = read_file(path, path);
    if (!text) return tl::make_unexpected(text.error());
    auto pieces = read_sql(*text, path);
    if (!pieces) return tl::make_unexpected(pieces.error());
    std::vector<SqlStatement> statements;
    statements.reserve(pieces->size());
    for (SqlPiece& piece : *pieces) statements.push_back({std::move(piece.text), piece.line});
    const auto server = private_server();
    if (!server) return tl::make_unexpected(server.error());
    Outcome<Inspection> outcome = inspect_statements(*server, statements);
    if (auto* error = std::get_if<RuntimeError>(&outcome)) {
      if (!error->place.empty()) error->place = path + ':' + error->place;
      return tl::make_unexpected(failure_of(*error));
    }
    if (auto done = keep(side, outcome); !done) return tl::make_unexpected(done.error());
    return side;
  }

  Expected<Side> of_database(const std::string& connection) {
    Side side;
    side.is_live = true;
    Outcome<Inspection> outcome = inspect(connection, {"godwit diff"});
    if (auto done = keep(side, outcome); !done) return tl::make_unexpected(done.error());
    side.name = "database " + side.inspection.database;
    return side;
  }

  Expected<void> from_migrations(Side& side, const std::vector<CompiledMigration>& migrations) {
    const auto server = private_server();
    if (!server) return tl::make_unexpected(server.error());
    Outcome<Inspection> outcome = inspect_migrations(*server, runnable(migrations));
    return keep(side, outcome);
  }

  Expected<void> keep(Side& side, Outcome<Inspection>& outcome) {
    if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));
    side.inspection = std::move(std::get<Inspection>(outcome));
    auto baseline = write_baseline(side.inspection, BaselineSplit::none, project_.settings.compile);
    if (!baseline) return tl::make_unexpected(baseline.error());
    side.baseline = std::move(*baseline);
    side.specs = side.baseline.specs;
    return {};
  }

  Expected<std::string> private_server() {
    if (!server_) {
      Options options = context_.options;
      options.database = "ephemeral";
      options.environment.clear();
      auto opened = open_database(options, project_);
      if (!opened) return tl::make_unexpected(opened.error());
      server_ = std::move(*opened);
    }
    return server_->connection;
  }

  Context& context_;
  const Project& project_;
  std::optional<Database> server_;
};

int major_of(const Side& side) { return side.inspection.server_version / 10000; }

Expected<void> read_alike(Sides& sides, Side& from, Side& to) {
  if (major_of(from) == major_of(to)) return {};
  for (Side* side : {&from, &to}) {
    if (!side->is_live) continue;
    if (auto done = sides.build_again(*side); !done) return done;
  }
  return {};
}

/// What the compiler says to the draft on top of the side that it starts from.
void try_draft(Context& context, const Side& from, const SpecFile& draft, const CompileOptions& options) {
  std::vector<SpecFile> specs = from.specs;
  specs.push_back(draft);
  const Compilation outcome = compile({std::move(specs), options});
  context.out.findings(outcome);
  if (!outcome.ok) context.out.remark("the draft does not compile before that is decided");
}

Expected<void> may_be_written(const Options& options) {
  std::error_code error;
  if (options.output.empty() || options.force || !fs::exists(options.output, error)) return {};
  return fail(Exit::usage, fmt::format("`{}` exists", options.output),
              "`--force` writes over it; another name keeps both");
}

Expected<void> write(Context& context, const SpecFile& draft) {
  const std::string& path = context.options.output;
  if (path.empty()) {
    context.out.set("spec", draft.text);
    context.out.line(draft.text.substr(0, draft.text.size() - 1));
    return {};
  }
  if (auto written = write_files({{path, draft.text}}); !written) return written;
  context.out.line("wrote " + path);
  return {};
}

}  // namespace

Expected<Exit> run_diff(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  if (auto free = may_be_written(context.options); !free) return tl::make_unexpected(free.error());
  std::vector<std::string> names = context.options.sides;
  if (names.empty()) names.emplace_back("specs");
  if (names.size() == 1) names.emplace_back("database");
  Sides sides(context, *project);
  auto from = sides.read(names[0]);
  if (!from) return tl::make_unexpected(from.error());
  auto to = sides.read(names[1]);
  if (!to) return tl::make_unexpected(to.error());
  if (auto done = read_alike(sides, *from, *to); !done) return tl::make_unexpected(done.error());

  const Draft draft = draft_of({from->name, from->inspection, from->baseline.refusals},
                               {to->name, to->inspection, to->baseline.refusals});
  context.out.set("differs", !draft.text.empty());
  context.out.set("questions", draft.questions);
  context.out.set("by_hand", draft.by_hand);
  for (const Side* side : {&*from, &*to}) {
    for (const std::string& line : side->inspection.not_carried)
      context.out.remark(fmt::format("not compared, in {}: {}", side->name, line));
  }
  if (draft.text.empty()) {
    context.out.line(fmt::format("{} and {} do not differ", from->name, to->name));
    return Exit::done;
  }
  SpecFile spec{"99999999999999_draft.gw", draft.text};
  Formatted formatted = format_spec(spec);
  if (!formatted.outcome.ok) {
    context.out.findings(formatted.outcome);
    return fail(Exit::failed, "what was drafted cannot be put into canonical layout",
                "please report this with both schemas: it is a mistake of godwit's");
  }
  spec.text = std::move(formatted.text);
  if (auto written = write(context, spec); !written) return tl::make_unexpected(written.error());
  try_draft(context, *from, spec, project->settings.compile);
  for (const std::string& question : draft.questions) context.out.remark(question);
  for (const std::string& line : draft.by_hand) context.out.remark("by hand: " + line);
  return Exit::findings;
}

}  // namespace godwit::cli
