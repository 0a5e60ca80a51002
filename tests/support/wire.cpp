// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace godwit::test::wire {

namespace {

/// False when the path is too long for a socket.
bool set_address(sockaddr_un& address, const std::string& path) {
  if (path.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return true;
}

bool read_all(int file, char* data, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = read(file, data + done, size - done);
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

/// The rest of a message whose first bytes, a type of `type_size` bytes and the length, are read here too.
std::string read_sized(int file, std::size_t type_size) {
  std::string text(type_size + 4, '\0');
  if (!read_all(file, text.data(), text.size())) return "";
  std::uint32_t size = 0;
  std::memcpy(&size, text.data() + type_size, 4);
  size = ntohl(size);
  if (size < 4) return "";
  text.resize(type_size + size);
  return read_all(file, text.data() + type_size + 4, size - 4) ? text : "";
}

}  // namespace

int connect_to_server() {
  const char* const host = std::getenv("PGHOST");
  const char* const port = std::getenv("PGPORT");
  if (host == nullptr || port == nullptr) return -1;
  sockaddr_un address{};
  if (!set_address(address, std::string(host) + "/.s.PGSQL." + port)) return -1;
  const int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return file;
  close(file);
  return -1;
}

int listen_in(const std::string& folder, const std::string& port) {
  sockaddr_un address{};
  if (!set_address(address, folder + "/.s.PGSQL." + port)) return -1;
  const int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(file, 8) == 0) return file;
  close(file);
  return -1;
}

void write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t sent = send(file, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;
    done += static_cast<std::size_t>(sent);
  }
}

std::string read_start(int file) { return read_sized(file, 0); }

std::string read_message(int file) { return read_sized(file, 1); }

std::string read_answer(int server) {
  std::string answer;
  for (std::string message = "?"; !message.empty() && message[0] != 'Z';) answer += message = read_message(server);
  return answer;
}

std::string bytes_of(std::uint32_t value) {
  value = htonl(value);
  std::string text(4, '\0');
  std::memcpy(text.data(), &value, 4);
  return text;
}

}  // namespace godwit::test::wire
