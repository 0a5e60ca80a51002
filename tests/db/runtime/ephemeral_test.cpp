// SPDX-License-Identifier: Apache-2.0
// The throwaway server, and that nothing of it stays.
#include "support.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <thread>

using namespace godwit;
using namespace godwit::test;

namespace {

std::string folder_of(const std::string& connection) { return connection.substr(5, connection.find(' ') - 5); }

bool is_gone(const std::string& folder) {
  for (int i = 0; i < 200 && std::filesystem::exists(folder); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return !std::filesystem::exists(folder);
}

}  // namespace

TEST_CASE("a throwaway server serves, and is removed with its object") {
  std::string folder;
  {
    auto server = EphemeralServer::start();
    REQUIRE(error_of(server) == nullptr);
    const std::string connection = std::get<0>(server)->connection();
    folder = folder_of(connection);
    CHECK(summary(apply(connection, {compiled(table_sketch("m1", "a"))}, {}, {})) == "m1 applied");
  }
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("a throwaway server does not outlive a killed process") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  if (child == 0) {
    auto server = EphemeralServer::start();
    const std::string connection = error_of(server) != nullptr ? "host= " : std::get<0>(server)->connection();
    (void)!write(ends[1], connection.data(), connection.size());
    pause();
    _exit(0);
  }
  std::array<char, 256> buffer{};
  const ssize_t size = read(ends[0], buffer.data(), buffer.size());
  close(ends[0]);
  close(ends[1]);
  REQUIRE(size > 10);
  const std::string folder = folder_of(std::string(buffer.data(), static_cast<std::size_t>(size)));
  CHECK(std::filesystem::exists(folder));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(is_gone(folder));
}
