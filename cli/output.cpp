// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <godwit/compile.h>
#include <godwit/runtime.h>

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace godwit::cli {

using Json = nlohmann::ordered_json;

namespace {

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
         (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

std::string printed(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// As GitHub's workflow commands want their data and their properties.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\n')
      out += "%0A";
    else if (c == '\r')
      out += "%0D";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

Json sarif_result(const Finding& finding) {
  Json result = {{"ruleId", finding.code}, {"level", finding.error ? "error" : "warning"}};
  result["message"]["text"] = finding.message;
  Json location;
  location["physicalLocation"]["artifactLocation"]["uri"] = finding.path;
  if (finding.line > 0) location["physicalLocation"]["region"]["startLine"] = finding.line;
  result["locations"] = Json::array({location});
  return result;
}

/// `120000 of about 5000000 rows, 340 k rows/s, 14 s left`
std::string progress_text(const Event& event) {
  std::string text = event.rows_expected > event.rows
                         ? fmt::format("{} of about {} rows", event.rows, event.rows_expected)
                         : fmt::format("{} rows", event.rows);
  if (event.rows_a_second <= 0) return text;
  text += event.rows_a_second >= 1000 ? fmt::format(", {:.0f} k rows/s", event.rows_a_second / 1000)
                                      : fmt::format(", {:.0f} rows/s", event.rows_a_second);
  if (event.rows_expected <= event.rows) return text;
  const double left = static_cast<double>(event.rows_expected - event.rows) / event.rows_a_second;
  return text + (left < 120 ? fmt::format(", {:.0f} s left", left) : fmt::format(", {:.0f} min left", left / 60));
}

}  // namespace

struct Output::State {
  Format format = Format::text;
  bool verbose = false;
  bool colour_out = false, colour_err = false, live = false;
  bool unfinished_line = false;
  std::string command, events_name;
  std::FILE* events = nullptr;
  Json document = Json::object();
  Json sarif;

  /// stdout belongs to the events when they were sent there.
  std::FILE* results() const { return events == stdout ? stderr : stdout; }

  void print(std::FILE* to, const std::string& text) {
    if (unfinished_line) std::fputs("\r\033[K", stderr);
    unfinished_line = false;
    std::fwrite(text.data(), 1, text.size(), to);
  }

  void print_error(const std::string& text) { print(stderr, text); }

  std::string error_styled(const std::string& text, const char* style) const {
    return colour_err ? fmt::format("\033[{}m{}\033[0m", style, text) : text;
  }
};

Output::Output(const Options& options) : state_(std::make_unique<State>()) {
  state_->format = options.format;
  state_->verbose = options.verbose;
  state_->command = options.command;
  state_->events_name = options.events;
  state_->colour_out = wants_colour(STDOUT_FILENO);
  state_->colour_err = wants_colour(STDERR_FILENO);
  state_->live = state_->colour_err && options.format == Format::text && !options.verbose;
}

Output::~Output() {
  if (state_->events != nullptr && state_->events != stdout) std::fclose(state_->events);
}

Expected<void> Output::open_events() {
  if (state_->events_name.empty()) return {};
  state_->events = state_->events_name == "-" ? stdout : std::fopen(state_->events_name.c_str(), "ae");
  if (state_->events == nullptr)
    return fail(Exit::usage, fmt::format("cannot write events to `{}`: {}", state_->events_name, std::strerror(errno)),
                "name a file in a folder that exists and is writable, or `-`");
  return {};
}

void Output::line(const std::string& text) {
  if (state_->format == Format::text) state_->print(state_->results(), text + "\n");
}

void Output::set(const std::string& key, const Json& value) { state_->document[key] = value; }

void Output::remark(const std::string& text) { state_->print_error(text + "\n"); }

void Output::findings(const Compilation& compilation) {
  switch (state_->format) {
    case Format::text: state_->print_error(compilation.report(ReportFormat::text, state_->colour_err)); return;
    case Format::json: state_->document["findings"] = Json::parse(compilation.report(ReportFormat::json)); return;
    case Format::github: state_->print(state_->results(), compilation.report(ReportFormat::github)); return;
    case Format::sarif: state_->sarif = Json::parse(compilation.report(ReportFormat::sarif)); return;
  }
}

void Output::finding(const Finding& finding) {
  switch (state_->format) {
    case Format::text: state_->print(state_->results(), fmt::format("{}: {}\n", finding.path, finding.message)); return;
    case Format::json:
      state_->document["files"].push_back(
          {{"path", finding.path}, {"kind", finding.code}, {"message", finding.message}});
      return;
    case Format::github:
      state_->print(state_->results(), fmt::format("::{} file={}::{}\n", finding.error ? "error" : "warning",
                                                   escaped(finding.path, true), escaped(finding.message, false)));
      return;
    case Format::sarif:
      if (state_->sarif.is_null()) state_->sarif = Json::parse(compile({}).report(ReportFormat::sarif));
      state_->sarif["runs"][0]["results"].push_back(sarif_result(finding));
      return;
  }
}

void Output::failure(const Failure& failure) {
  if (state_->format == Format::json) {
    Json& error = state_->document["error"];
    error["message"] = failure.message;
    if (!failure.code.empty()) error["code"] = failure.code;
    for (const auto& [name, value] : failure.facts) error[name] = value;
    if (!failure.hint.empty()) error["hint"] = failure.hint;
    return;
  }
  if (state_->format == Format::github) {
    std::string place =
        failure.file.empty() ? "" : fmt::format(" file={},line={}", escaped(failure.file, true), failure.line);
    std::string text = failure.hint.empty() ? failure.message : failure.message + "\n" + failure.hint;
    state_->print(state_->results(), fmt::format("::error{}::{}\n", place, escaped(text, false)));
    return;
  }
  const std::string label = failure.code.empty() ? "error" : fmt::format("error[{}]", failure.code);
  std::string text = fmt::format("{}: {}\n", state_->error_styled(label, "1;31"), failure.message);
  for (const auto& [name, value] : failure.facts) {
    std::string indented;
    for (const char c : value) indented += c == '\n' ? std::string("\n             ") : std::string(1, c);
    text += fmt::format("  {:<10} {}\n", name + ":", indented);
  }
  if (!failure.hint.empty()) text += fmt::format("{}: {}\n", state_->error_styled("hint", "1;36"), failure.hint);
  state_->print_error(text);
}

void Output::event(const Event& event) {
  if (state_->events != nullptr) {
    const std::string text = event_json(event) + "\n";
    std::fwrite(text.data(), 1, text.size(), state_->events);
    std::fflush(state_->events);
  }
  if (state_->format != Format::text) return;
  static const std::map<std::string, const char*> verbs = {
      {"apply", "applying"}, {"rollback", "rolling back"}, {"finalize", "finalizing"}, {"check", "checking"}};
  if (event.name == "migration_started") {
    const auto verb = verbs.find(state_->command);
    if (verb != verbs.end()) state_->print_error(fmt::format("{} {}\n", verb->second, event.migration));
  } else if (event.name == "step_started" && state_->verbose) {
    state_->print_error(fmt::format("  [{}/{}] {}\n", event.number, event.total, event.step));
  } else if (event.name == "step_started" && state_->live) {
    std::fprintf(stderr, "\r\033[K  [%zu/%zu] %.90s", event.number, event.total, event.step.c_str());
    std::fflush(stderr);
    state_->unfinished_line = true;
  } else if (event.name == "batch" && (state_->live || state_->verbose)) {
    const std::string text =
        fmt::format("  [{}/{}] {}: {}", event.number, event.total, event.step, progress_text(event));
    if (state_->verbose) {
      state_->print_error(text + "\n");
    } else {
      std::fprintf(stderr, "\r\033[K%.110s", text.c_str());
      std::fflush(stderr);
      state_->unfinished_line = true;
    }
  } else if (event.name == "resumed") {
    state_->print_error(fmt::format("  {}\n", event.message));
  } else if (event.name == "notice" || event.name == "check") {
    state_->print_error(fmt::format("  {}\n", event.message));
  } else if (event.name == "maintenance_begun") {
    state_->print_error(fmt::format("  no writes of others until the end: {}\n", event.message));
  } else if (event.name == "draining") {
    state_->print_error(fmt::format("  {}\n", event.message));
  } else if (event.name == "throttled") {
    state_->print_error(fmt::format("  {} waits: {}\n", event.step, event.message));
  } else if (event.name == "unthrottled") {
    state_->print_error(fmt::format("  {} goes on after {:.1f} s\n", event.step, event.seconds));
  } else if (event.name == "vacuumed" && state_->verbose) {
    state_->print_error(
        fmt::format("  vacuumed {} after {} rows, {:.1f} s\n", event.message, event.rows, event.seconds));
  } else if (event.name == "warning") {
    state_->print_error(fmt::format("  {}: {}\n", state_->error_styled("warning", "1;33"), event.message));
  } else if (event.name == "drift") {
    state_->print_error(fmt::format("drift:\n{}\n", event.message));
  } else if (event.name == "waiting_for_lock" || event.name == "blocked" || event.name == "retry") {
    state_->print_error(fmt::format("  waiting: {}\n", event.message));
  }
}

void Output::finish(Exit exit) {
  if (state_->format == Format::json) {
    Json whole = {{"command", state_->command}, {"exit_code", static_cast<int>(exit)}};
    whole.update(state_->document);
    state_->print(stdout, printed(whole, state_->events == stdout ? -1 : 2));
  }
  if (!state_->sarif.is_null()) state_->print(stdout, printed(state_->sarif, 2));
  state_->print(stdout, "");
  std::fflush(stdout);
}

std::string Output::styled(std::string_view text, const char* style) const {
  return state_->colour_out ? fmt::format("\033[{}m{}\033[0m", style, text) : std::string(text);
}

}  // namespace godwit::cli
