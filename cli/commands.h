// SPDX-License-Identifier: Apache-2.0
// The commands, one file each, and what several of them need. A command prints through Output and says how it ended.
#pragma once

#include "cli/connection.h"
#include "cli/failure.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/project.h"

#include <godwit/compile.h>
#include <godwit/runtime.h>

#include <functional>
#include <string>

namespace godwit::cli {

struct Context {
  const Options& options;
  Output& out;
};

Expected<Exit> run_fmt(Context& context);
Expected<Exit> run_check(Context& context);
Expected<Exit> run_compile(Context& context);
Expected<Exit> run_plan(Context& context);
Expected<Exit> run_apply(Context& context);
Expected<Exit> run_rollback(Context& context);
Expected<Exit> run_finalize(Context& context);
Expected<Exit> run_status(Context& context);
Expected<Exit> run_verify(Context& context);
Expected<Exit> run_prove(Context& context);
Expected<Exit> run_inspect(Context& context);
Expected<Exit> run_diff(Context& context);
Expected<Exit> run_explain(Context& context);

/// Reads and compiles the project's specs and prints what was found. With errors, `ok` is false and the command ends
/// with Exit::findings.
Expected<Compilation> compile_project(Context& context, const Project& project);

/// The flags that the runtime takes.
RunOptions run_options(const Options& options);
Observer observer(Context& context);
/// Calls `run` with an observer that also calls the hooks of the project and of the command line, and waits for them.
Outcome<RunReport> with_hooks(Context& context, const Project& project,
                              const std::function<Outcome<RunReport>(const Observer&)>& run);

/// Prints what a run did; a failed one is the command's failure.
Expected<Exit> finish_run(Context& context, const Outcome<RunReport>& outcome);

/// "0.21 s"
std::string seconds_text(double seconds);
/// `count` and the noun, in the plural when there is not exactly one.
std::string counted(std::size_t count, const std::string& noun);

}  // namespace godwit::cli
