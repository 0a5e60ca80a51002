// SPDX-License-Identifier: Apache-2.0
// measure FILE COMMAND…   runs the command and appends to FILE one line: seconds of CPU (user and system, children
// included), seconds by the clock, and the peak of resident memory in KiB. Its status is the command's.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) return 2;
  if (child == 0) {
    execvp(argv[2], argv + 2);
    std::perror(argv[2]);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return 2;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  std::FILE* out = std::fopen(argv[1], "a");
  if (out == nullptr) return 2;
  std::fprintf(out, "%.4f %.4f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), elapsed.count(),
               usage.ru_maxrss);
  std::fclose(out);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
