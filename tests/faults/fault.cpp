// SPDX-License-Identifier: Apache-2.0
// fault [OPTION…] -- COMMAND…   runs the command with a proxy between it and the server that PGHOST and PGPORT name,
// and breaks something at one query. Ends with the command's status, 128 + N when signal N ended it.
//
//   --at N         at the N-th query that the command sends, over all its connections (0: at none)
//   --last TEXT    counts only queries whose last line this is
//   --when MOMENT  before: the query never reaches the server; during: it does, and nobody waits for the answer;
//                  after: the server has done it, and its answer is lost
//   --what FAULT   kill: the command is killed with signal 9; cut: its connections are cut; gone: they are cut, and
//                  nobody answers new ones; run: --run, while the command waits (before or during the query), and the
//                  query goes its way
//   --run SHELL    what happens then; FAULT_PID is the command's process
//   --count FILE   writes how many queries were counted
//   --version TEXT the server says that it is of this version, as an old one would
#include "wire.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace wire = godwit::test::wire;

struct Options {
  long at = 0;
  std::string last, when = "before", what = "kill", run, count_file, version;
  char** command = nullptr;
};

bool read_options(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--" && i + 1 < argc) {
      options.command = argv + i + 1;
      return true;
    }
    if (i + 1 >= argc) return false;
    const std::string value = argv[i + 1];
    if (name == "--at") {
      options.at = std::atol(value.c_str());
    } else if (name == "--last") {
      options.last = value;
    } else if (name == "--when" && (value == "before" || value == "during" || value == "after")) {
      options.when = value;
    } else if (name == "--what" && (value == "kill" || value == "cut" || value == "gone" || value == "run")) {
      options.what = value;
    } else if (name == "--run") {
      options.run = value;
    } else if (name == "--count") {
      options.count_file = value;
    } else if (name == "--version") {
      options.version = value;
    } else {
      return false;
    }
  }
  return false;
}

/// Both ends of one connection of the command.
struct Connection {
  int client, server;
};

class Proxy {
 public:
  Proxy(Options options, std::string folder, int listener, pid_t command)
      : options_(std::move(options)), folder_(std::move(folder)), listener_(listener), command_(command) {}

  /// Relays until `ended` (a pipe whose other end the command holds) says that the command has ended.
  void serve(int ended) {
    while (true) {
      std::vector<pollfd> waiting = {{ended, POLLIN, 0}, {listener_, POLLIN, 0}};  // poll overlooks a listener of -1
      for (const Connection& each : connections_) {
        waiting.push_back({each.client, POLLIN, 0});
        waiting.push_back({each.server, POLLIN, 0});
      }
      if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) break;
      if (waiting[0].revents != 0) break;
      const std::size_t count = connections_.size();
      for (std::size_t i = count; i-- > 0 && connections_.size() == count;) {
        const Connection each = connections_[i];
        const bool lives = (waiting[2 * i + 2].revents == 0 || relay_query(each)) &&
                           (connections_.size() != count || waiting[2 * i + 3].revents == 0 || relay_answer(each));
        if (!lives && connections_.size() == count) {
          close_both(each);
          connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
          break;  // what the others have to say is said in the next round
        }
      }
      if (listener_ != -1 && waiting[1].revents != 0) welcome();
    }
    cut_all();
  }

  long counted() const { return counted_; }

 private:
  Options options_;
  std::string folder_;
  int listener_;
  pid_t command_;
  long counted_ = 0;
  std::vector<Connection> connections_;

  static void close_both(const Connection& connection) {
    close(connection.client);
    close(connection.server);
  }

  void cut_all() {
    for (const Connection& each : connections_) close_both(each);
    connections_.clear();
  }

  void welcome() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = wire::connect_to_server();
    const std::string start = client == -1 || server == -1 ? "" : wire::read_start(client);
    if (start.empty()) return close_both({client, server});
    wire::write_all(server, start);
    if (!options_.version.empty()) greet(client, server);
    connections_.push_back({client, server});
  }

  /// Passes on what the server says until it is ready, with another version.
  void greet(int client, int server) const {
    const std::string name = std::string("server_version") + '\0';
    for (std::string message = "?"; !message.empty() && message[0] != 'Z';) {
      message = wire::read_message(server);
      if (message.substr(0, 1) == "S" && message.compare(5, name.size(), name) == 0) {
        const std::string text = name + options_.version + '\0';
        message = "S" + wire::bytes_of(static_cast<std::uint32_t>(text.size() + 4)) + text;
      }
      wire::write_all(client, message);
    }
  }

  bool is_counted(const std::string& message) const {
    if (message[0] != 'Q') return false;
    std::string text = "\n" + message.substr(5, message.size() - 6);
    while (text.ends_with('\n')) text.pop_back();
    return options_.last.empty() || text.ends_with("\n" + options_.last);
  }

  bool relay_query(const Connection& connection) {
    const std::string message = wire::read_message(connection.client);
    if (message.empty()) return false;
    const bool is_the_one = is_counted(message) && ++counted_ == options_.at;
    if (is_the_one && options_.what == "run") {
      if (options_.when == "during") wire::write_all(connection.server, message);
      setenv("FAULT_PID", std::to_string(command_).c_str(), 1);
      if (std::system(options_.run.c_str()) != 0) std::fputs("fault: --run failed\n", stderr);
      if (options_.when == "before") wire::write_all(connection.server, message);
      return true;
    }
    if (!is_the_one || options_.when != "before") wire::write_all(connection.server, message);
    if (!is_the_one) return true;
    if (options_.when == "after") (void)wire::read_answer(connection.server);
    break_it();
    return true;
  }

  static bool relay_answer(const Connection& connection) {
    std::array<char, 65536> bytes{};
    const ssize_t got = read(connection.server, bytes.data(), bytes.size());
    if (got <= 0) return false;
    wire::write_all(connection.client, {bytes.data(), static_cast<std::size_t>(got)});
    return true;
  }

  void break_it() {
    if (options_.what == "kill") kill(command_, SIGKILL);
    if (options_.what == "gone") {
      close(listener_);
      listener_ = -1;
      std::filesystem::remove_all(folder_);
    }
    cut_all();
  }
};

int failed(const char* what) {
  std::perror(what);
  return 125;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!read_options(argc, argv, options)) {
    std::fputs(
        "usage: fault [--at N] [--last TEXT] [--when before|during|after] [--what kill|cut|gone|run] [--run SHELL] "
        "[--count FILE] "
        "-- COMMAND…\n",
        stderr);
    return 2;
  }
  std::string folder = "/tmp/godwit-fault-XXXXXX";
  const char* const port = std::getenv("PGPORT");
  if (port == nullptr || mkdtemp(folder.data()) == nullptr) return failed("fault: no folder or no PGPORT");
  const int listener = wire::listen_in(folder, port);
  std::array<int, 2> ends{};
  if (listener == -1 || pipe(ends.data()) != 0) return failed("fault: cannot listen");
  const pid_t command = fork();
  if (command == 0) {
    close(ends[0]);
    setenv("PGHOST", folder.c_str(), 1);
    execvp(options.command[0], options.command);
    _exit(failed(options.command[0]));
  }
  close(ends[1]);
  Proxy proxy(options, folder, listener, command);
  proxy.serve(ends[0]);
  int status = 0;
  const bool waited = waitpid(command, &status, 0) == command;
  std::filesystem::remove_all(folder);
  if (!options.count_file.empty()) std::ofstream(options.count_file) << proxy.counted() << '\n';
  if (!waited) return failed("fault: waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
