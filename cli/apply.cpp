// SPDX-License-Identifier: Apache-2.0
// godwit apply: compiles the specs and applies what is pending. What runs is what was reviewed: a committed artifact
// that differs from what its spec says stops the command.
#include "cli/artifacts.h"
#include "cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>

namespace godwit::cli {
namespace {

/// Nothing when the folder holds no artifact that differs from the compilation.
Expected<void> reviewed(const Project& project, const Compilation& compilation) {
  const auto differences = compare_folder(project.migrations_folder(), compilation.migrations);
  if (!differences) return tl::make_unexpected(differences.error());
  for (const Difference& difference : *differences) {
    if (difference.kind != Difference::Kind::differs || !difference.runs) continue;
    return tl::make_unexpected(
        Failure{Exit::refused,
                fmt::format("`{}/{}` differs from what the specs say", project.settings.migrations, difference.name),
                "run `godwit compile` and review the result; `--allow-edited` runs the files as they are", "GW5010"});
  }
  return {};
}

std::atomic<bool> interrupted{false};

/// While it lives, the first interrupt pauses behind the batch that runs; the next one ends the program.
class InterruptFlag {
 public:
  explicit InterruptFlag(bool in_force) : in_force_(in_force) {
    if (!in_force_) return;
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, note);
  }
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;
  ~InterruptFlag() {
    if (!in_force_) return;
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  }

  const std::atomic<bool>& flag() const { return interrupted; }

 private:
  static void note(int signal) {
    interrupted = true;
    std::signal(signal, SIG_DFL);
  }

  bool in_force_;
};

}  // namespace

Expected<Exit> run_apply(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto compilation = compile_project(context, *project);
  if (!compilation) return tl::make_unexpected(compilation.error());
  if (!compilation->ok) return Exit::findings;
  if (!context.options.allow_edited)
    if (auto same = reviewed(*project, *compilation); !same) return tl::make_unexpected(same.error());
  const auto migrations = context.options.allow_edited
                              ? runnable_from_folder(project->migrations_folder(), compilation->migrations)
                              : Expected<std::vector<Migration>>(runnable(compilation->migrations));
  if (!migrations) return tl::make_unexpected(migrations.error());

  const auto database = open_database(context.options, *project);
  if (!database) return tl::make_unexpected(database.error());
  RunOptions options = run_options(context.options);
  options.throttle = project->settings.throttle;
  options.vacuum_every = project->settings.vacuum_every;
  const bool in_batches = std::any_of(migrations->begin(), migrations->end(),
                                      [](const Migration& migration) { return runs_in_parts(migration); });
  const InterruptFlag interrupted(in_batches);
  options.stop = &interrupted.flag();
  const auto outcome = with_hooks(context, *project, [&](const Observer& observer) {
    return apply(database->connection, *migrations, options, observer);
  });
  auto ended = finish_run(context, outcome);
  if (ended && database->ephemeral())
    context.out.line("applied to a private server that is gone now; nothing else was touched");
  return ended;
}

}  // namespace godwit::cli
