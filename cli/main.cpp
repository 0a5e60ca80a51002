// SPDX-License-Identifier: Apache-2.0
// The program: reads the command line, runs one command, prints how it ended and exits with its code.
#include "cli/arguments.h"
#include "cli/commands.h"

#include <fmt/core.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <new>
#include <string_view>

namespace {

using namespace godwit::cli;

struct Command {
  std::string_view name;
  Expected<Exit> (*run)(Context&);
};

constexpr std::array<Command, 13> commands = {{{"fmt", run_fmt},
                                               {"check", run_check},
                                               {"compile", run_compile},
                                               {"plan", run_plan},
                                               {"apply", run_apply},
                                               {"rollback", run_rollback},
                                               {"finalize", run_finalize},
                                               {"status", run_status},
                                               {"verify", run_verify},
                                               {"prove", run_prove},
                                               {"inspect", run_inspect},
                                               {"diff", run_diff},
                                               {"explain", run_explain}}};

Expected<Exit> run(Context& context) {
  if (!context.options.directory.empty()) {
    std::error_code error;
    std::filesystem::current_path(context.options.directory, error);
    if (error)
      return fail(Exit::usage, fmt::format("cannot work in `{}`: {}", context.options.directory, error.message()),
                  "`-C` takes the folder of a project");
  }
  if (auto opened = context.out.open_events(); !opened) return tl::make_unexpected(opened.error());
  for (const Command& command : commands)
    if (command.name == context.options.command) return command.run(context);
  return fail(Exit::usage, fmt::format("there is no command `{}`", context.options.command));
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read_arguments(argc, argv);
  if (const auto* answer = std::get_if<Answer>(&arguments)) {
    fmt::print("{}", answer->text);
    return static_cast<int>(Exit::done);
  }
  const auto* options = std::get_if<Options>(&arguments);
  Options none;
  Output out(options != nullptr ? *options : none);
  Exit exit = Exit::usage;
  if (options == nullptr) {
    out.failure(std::get<Failure>(arguments));
  } else {
    Context context{*options, out};
    Expected<Exit> ended = run(context);
    exit = ended ? *ended : ended.error().exit;
    if (!ended) out.failure(ended.error());
  }
  out.finish(exit);
  return static_cast<int>(exit);
}
