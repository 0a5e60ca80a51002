// SPDX-License-Identifier: Apache-2.0
#include "cli/hooks.h"

#include "cli/closest.h"

#include <godwit/events.h>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace godwit::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t longest_queue = 1000;

/// A file without a name, at its beginning: unlike a pipe it takes everything at once, and nobody has to read it.
std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_of(const std::string& text) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  if (file == nullptr) return file;
  fcntl(fileno(file.get()), F_SETFD, FD_CLOEXEC);
  std::fwrite(text.data(), 1, text.size(), file.get());
  std::rewind(file.get());  // writes it, too
  return file;
}

/// /bin/sh in a process group of its own, so that it ends as a whole and Ctrl-C does not reach it. It prints to stderr:
/// stdout is for results.
int start(const std::string& command, int input, pid_t& process) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string shell = "sh", option = "-c", text = command;
  char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  const int failed = posix_spawn(&process, "/bin/sh", &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

/// True when the process ended in time; otherwise its group is killed.
bool ended_in_time(pid_t process, double time_limit, int& status) {
  const auto end = Clock::now() + std::chrono::duration<double>(time_limit);
  for (auto pause = std::chrono::milliseconds(1); waitpid(process, &status, WNOHANG) == 0;
       pause = std::min(pause * 2, std::chrono::milliseconds(50))) {
    if (Clock::now() >= end) {
      kill(-process, SIGKILL);
      waitpid(process, &status, 0);
      return false;
    }
    std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace

std::string unknown_event(const std::string& name) {
  const std::vector<std::string>& names = event_names();
  if (name == "*" || std::find(names.begin(), names.end(), name) != names.end()) return {};
  return did_you_mean(name, names, fmt::format("the events are {}, and `*` is each of them", fmt::join(names, ", ")));
}

Hooks::Hooks(std::vector<Hook> hooks, double time_limit) : hooks_(std::move(hooks)), time_limit_(time_limit) {
  if (!hooks_.empty()) thread_ = std::thread([this] { work(); });
}

Hooks::~Hooks() { finish(); }

void Hooks::event(const Event& event) {
  for (std::size_t i = 0; i < hooks_.size(); ++i) {
    if (hooks_[i].event != event.name && hooks_[i].event != "*") continue;
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= longest_queue) {
      ++left_out_;
      continue;
    }
    queue_.push_back({i, event.name, event_json(event) + "\n"});
    changed_.notify_one();
  }
}

void Hooks::finish() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (left_out_ > 0) warn(fmt::format("hooks are slower than events: {} calls were left out", left_out_));
}

std::vector<std::string> Hooks::take_warnings() {
  const std::lock_guard lock(mutex_);
  return std::exchange(warnings_, {});
}

void Hooks::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const Call next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    if (!given_up_.contains(next.hook)) call(next);
    lock.lock();
  }
}

void Hooks::call(const Call& call) {
  const std::string& command = hooks_[call.hook].command;
  const std::string name = fmt::format("the hook of {} (`{}`)", call.event, command);
  const auto input = file_of(call.input);
  if (input == nullptr) return warn(fmt::format("{} was not run: {}", name, std::strerror(errno)));
  pid_t process = 0;
  if (const int failed = start(command, fileno(input.get()), process); failed != 0)
    return warn(fmt::format("{} was not run: {}", name, std::strerror(failed)));
  int status = 0;
  if (!ended_in_time(process, time_limit_, status)) {
    given_up_.insert(call.hook);
    return warn(fmt::format("{} did not end within {:g} s: it was killed, and is not run any more", name, time_limit_));
  }
  if (WIFSIGNALED(status)) return warn(fmt::format("{} was ended by signal {}", name, WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) return warn(fmt::format("{} failed with exit code {}", name, WEXITSTATUS(status)));
}

void Hooks::warn(std::string text) {
  const std::lock_guard lock(mutex_);
  warnings_.push_back(std::move(text));
}

}  // namespace godwit::cli
