// SPDX-License-Identifier: Apache-2.0
// A throwaway server. A small shell keeps it: it reads from a pipe that only this process holds open, so that the
// server ends and its folder goes with this process however that ends.
#include "base/codes.h"
#include "runtime/errors.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace godwit {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

RuntimeError failure(std::string message, std::string hint) {
  return runtime_error(RuntimeError::Kind::connection, codes::no_ephemeral_server, std::move(message), std::move(hint));
}

std::string output_of(const char* command) {
  std::string text;
  if (FILE* const pipe = popen(command, "r"); pipe != nullptr) {
    std::array<char, 256> buffer{};
    while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
    pclose(pipe);
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

bool has_server(const fs::path& folder) {
  return !folder.empty() && access((folder / "initdb").c_str(), X_OK) == 0 &&
         access((folder / "postgres").c_str(), X_OK) == 0;
}

/// PATH, then pg_config's folder, then the newest of Debian's.
fs::path find_programs() {
  const char* const path = std::getenv("PATH");
  for (std::string_view rest = path == nullptr ? "" : path; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (has_server(folder)) return folder;
  }
  if (fs::path folder = output_of("pg_config --bindir 2>/dev/null"); has_server(folder)) return folder;
  fs::path newest;
  int newest_version = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > newest_version && has_server(entry.path() / "bin")) {
      newest_version = version;
      newest = entry.path() / "bin";
    }
  }
  return newest;
}

/// Whom the server runs as: PostgreSQL refuses to run as root.
struct User {
  bool change = false;
  uid_t uid = 0;
  gid_t gid = 0;
};

std::optional<User> server_user() {
  if (geteuid() != 0) return User{};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* const entry = getpwnam(name); entry != nullptr) return User{true, entry->pw_uid, entry->pw_gid};
  }
  return std::nullopt;
}

// Holds the folder until the pipe on its input closes.
constexpr const char* keeper =
    "cd / && \"$1/initdb\" -D \"$2/data\" -U postgres -A trust -N -E UTF8 --locale=C >\"$2/log\" 2>&1 || exit 1\n"
    "\"$1/postgres\" -D \"$2/data\" -k \"$2\" -c listen_addresses= -c fsync=off -c full_page_writes=off "
    "-c synchronous_commit=off -c wal_level=logical -c jit=off >>\"$2/log\" 2>&1 </dev/null &\n"
    "server=$!\n"
    "read -r _\n"
    "kill -QUIT \"$server\" 2>/dev/null; wait \"$server\"\n"
    "rm -rf \"$2\"\n";

class Server final : public EphemeralServer {
 public:
  Server(fs::path folder, pid_t shell, int pipe) : folder_(std::move(folder)), shell_(shell), pipe_(pipe) {}

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  ~Server() override {
    close(pipe_);
    int status = 0;
    while (waitpid(shell_, &status, 0) == -1 && errno == EINTR) {
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string connection() const override {
    return "host=" + folder_.string() + " port=5432 user=postgres dbname=postgres";
  }

  bool has_ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(shell_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
  }

 private:
  fs::path folder_;
  pid_t shell_;
  int pipe_;
};

std::string last_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line, last;
  while (std::getline(in, line)) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

Outcome<std::unique_ptr<EphemeralServer>> EphemeralServer::start() {
  const fs::path programs = find_programs();
  if (programs.empty()) {
    return failure("no PostgreSQL server is installed (initdb was not found)",
                   "install one (Debian: postgresql-15), or give a database of your own");
  }
  const auto user = server_user();
  if (!user) return failure("a PostgreSQL server does not run as root", "run it as another user");

  // The path of a socket has at most 107 bytes, which a long TMPDIR may not leave room for.
  const char* const temporary = std::getenv("TMPDIR");
  const std::string parent = temporary != nullptr && *temporary != '\0' ? temporary : "/tmp";
  std::string folder = parent + "/godwit-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    return failure("no folder could be made in " + parent, "free some space there, or name another folder in TMPDIR");
  }
  if (user->change && chown(folder.c_str(), user->uid, user->gid) != 0) {
    rmdir(folder.c_str());
    return failure("the folder of the throwaway server could not be given to its user",
                   "run it as another user than root");
  }
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    rmdir(folder.c_str());
    return failure("no pipe could be made", "close some files");
  }
  const std::string programs_text = programs.string();
  const pid_t shell = fork();
  if (shell == 0) {
    // Only what is safe between fork and exec. A session of its own: Ctrl-C reaches us, not the keeper.
    setsid();
    dup2(ends[0], STDIN_FILENO);
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    const bool changed =
        !user->change || (setgroups(0, nullptr) == 0 && setgid(user->gid) == 0 && setuid(user->uid) == 0);
    if (changed) execl("/bin/sh", "sh", "-c", keeper, "godwit-keeper", programs_text.c_str(), folder.c_str(), nullptr);
    _exit(127);
  }
  close(ends[0]);
  auto server = std::make_unique<Server>(folder, shell, ends[1]);
  const ConnectionString connection(server->connection());
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (shell != -1 && !server->has_ended() && std::chrono::steady_clock::now() < deadline) {
    if (fs::exists(folder + "/.s.PGSQL.5432") && Session::open(connection, "godwit")) return {std::move(server)};
    std::this_thread::sleep_for(20ms);
  }
  return failure(
      "the throwaway server did not start: " + last_line(folder + "/log"),
      "the line above is the end of its log; check the space in /tmp and the installation in " + programs_text);
}

}  // namespace godwit
