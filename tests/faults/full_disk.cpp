// SPDX-License-Identifier: Apache-2.0
// A disk that is full, for a server that is started with this in LD_PRELOAD: as long as the file exists that
// GODWIT_FULL_DISK names, no file of a database can grow. What is there can be written, the write-ahead log too:
// without room for that a server stops at once, which is a fault of its own.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_of_database(int file) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = readlink(link.c_str(), path.data(), path.size() - 1);
  return length > 0 && std::strstr(path.data(), "/base/") != nullptr;
}

bool refuses(int file, off_t end) {
  const int before = errno;
  const char* const full = std::getenv("GODWIT_FULL_DISK");
  struct stat status {};
  const bool refused = full != nullptr && access(full, F_OK) == 0 && is_of_database(file) &&
                       fstat(file, &status) == 0 && end > status.st_size;
  errno = refused ? ENOSPC : before;
  return refused;
}

off_t size_of(const iovec* parts, int count) {
  off_t size = 0;
  for (int i = 0; i < count; ++i) size += static_cast<off_t>(parts[i].iov_len);
  return size;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  const off_t at = lseek(file, 0, SEEK_CUR);
  return at >= 0 && refuses(file, at + static_cast<off_t>(count)) ? -1 : next(file, bytes, count);
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return refuses(file, at + static_cast<off_t>(count)) ? -1 : next(file, bytes, count, at);
}

ssize_t pwritev(int file, const iovec* parts, int count, off_t at) {
  static auto* const next = real<ssize_t(int, const iovec*, int, off_t)>("pwritev");
  return refuses(file, at + size_of(parts, count)) ? -1 : next(file, parts, count, at);
}

int posix_fallocate(int file, off_t at, off_t length) {
  static auto* const next = real<int(int, off_t, off_t)>("posix_fallocate");
  return refuses(file, at + length) ? ENOSPC : next(file, at, length);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off_t at) { return pwrite(file, bytes, count, at); }
ssize_t pwritev64(int file, const iovec* parts, int count, off_t at) { return pwritev(file, parts, count, at); }
int posix_fallocate64(int file, off_t at, off_t length) { return posix_fallocate(file, at, length); }
}
