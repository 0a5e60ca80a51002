// SPDX-License-Identifier: Apache-2.0
#include "pooler.h"

#include "wire.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace godwit::test {

Pooler::Pooler(const std::string& database) {
  folder_ = "/tmp/godwit-pooler-XXXXXX";
  REQUIRE(mkdtemp(folder_.data()) != nullptr);
  const std::string user = std::getenv("PGUSER");
  server_ = wire::connect_to_server();
  REQUIRE(server_ != -1);
  std::string start = wire::bytes_of(3U << 16U);
  for (const std::string& word : {std::string("user"), user, std::string("database"), database}) start += word + '\0';
  start += '\0';
  wire::write_all(server_, wire::bytes_of(static_cast<std::uint32_t>(start.size() + 4)) + start);
  greeting_ = wire::read_answer(server_);
  listener_ = wire::listen_in(folder_, "6432");
  REQUIRE(listener_ != -1);
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
    if (wire::read_start(client).empty()) return false;
    wire::write_all(client, greeting_);
    is_new = false;
    return true;
  }
  const std::string message = wire::read_message(client);
  if (message.empty() || message[0] != 'Q') return false;
  wire::write_all(server_, message);
  wire::write_all(client, wire::read_answer(server_));
  return true;
}

}  // namespace godwit::test
