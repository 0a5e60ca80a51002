// SPDX-License-Identifier: Apache-2.0
#include "pooler.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace godwit::test {

namespace {

sockaddr_un address(const std::string& path) {
  sockaddr_un result{};
  result.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof result.sun_path);
  std::memcpy(result.sun_path, path.c_str(), path.size() + 1);
  return result;
}

bool read_all(int file, char* data, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = read(file, data + done, size - done);
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

void write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t sent = send(file, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;
    done += static_cast<std::size_t>(sent);
  }
}

std::uint32_t number(const char* bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, 4);
  return ntohl(value);
}

std::string bytes_of(std::uint32_t value) {
  value = htonl(value);
  std::string text(4, '\0');
  std::memcpy(text.data(), &value, 4);
  return text;
}

/// One message with its type byte; empty when the other side is gone.
std::string read_message(int file) {
  std::string text(5, '\0');
  if (!read_all(file, text.data(), 5)) return "";
  const std::uint32_t size = number(text.data() + 1);
  text.resize(1 + size);
  return read_all(file, text.data() + 5, size - 4) ? text : "";
}

/// What the server says until it is ready for the next query.
std::string read_answer(int server) {
  std::string answer;
  for (std::string message = "?"; !message.empty() && message[0] != 'Z';) answer += message = read_message(server);
  return answer;
}

}  // namespace

Pooler::Pooler(const std::string& database) {
  folder_ = "/tmp/godwit-pooler-XXXXXX";
  REQUIRE(mkdtemp(folder_.data()) != nullptr);
  const std::string port = std::getenv("PGPORT"), user = std::getenv("PGUSER");
  const sockaddr_un behind = address(std::string(std::getenv("PGHOST")) + "/.s.PGSQL." + port);
  server_ = socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(connect(server_, reinterpret_cast<const sockaddr*>(&behind), sizeof behind) == 0);
  std::string start = bytes_of(3U << 16U);
  for (const std::string& word : {std::string("user"), user, std::string("database"), database}) start += word + '\0';
  start += '\0';
  write_all(server_, bytes_of(static_cast<std::uint32_t>(start.size() + 4)) + start);
  greeting_ = read_answer(server_);
  const sockaddr_un front = address(folder_ + "/.s.PGSQL.6432");
  listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(bind(listener_, reinterpret_cast<const sockaddr*>(&front), sizeof front) == 0);
  REQUIRE(listen(listener_, 8) == 0);
  REQUIRE(pipe(stop_) == 0);
  thread_ = std::thread([this] { serve(); });
}

Pooler::~Pooler() {
  close(stop_[1]);
  thread_.join();
  for (const int file : {stop_[0], listener_, server_}) close(file);
  std::filesystem::remove_all(folder_);
}

std::string Pooler::connection() const { return "host=" + folder_ + " port=6432 sslmode=disable gssencmode=disable"; }

void Pooler::serve() {
  struct Client {
    int file;
    bool is_new;
  };

  std::vector<Client> clients;
  while (true) {
    std::vector<pollfd> waiting = {{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Client& client : clients) waiting.push_back({client.file, POLLIN, 0});
    poll(waiting.data(), waiting.size(), -1);
    if (waiting[0].revents != 0) break;
    for (std::size_t i = clients.size(); i-- > 0;) {
      if (waiting[i + 2].revents == 0 || relay(clients[i].file, clients[i].is_new)) continue;
      close(clients[i].file);
      clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (waiting[1].revents != 0) clients.push_back({accept(listener_, nullptr, nullptr), true});
  }
  for (const Client& client : clients) close(client.file);
}

bool Pooler::relay(int client, bool& is_new) {
  if (is_new) {
    std::string size(4, '\0');
    if (!read_all(client, size.data(), 4)) return false;
    std::string start(number(size.data()) - 4, '\0');
    if (!read_all(client, start.data(), start.size())) return false;
    write_all(client, greeting_);
    is_new = false;
    return true;
  }
  const std::string message = read_message(client);
  if (message.empty() || message[0] != 'Q') return false;
  write_all(server_, message);
  write_all(client, read_answer(server_));
  return true;
}

}  // namespace godwit::test
