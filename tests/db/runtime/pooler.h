// SPDX-License-Identifier: Apache-2.0
// A pooler in transaction mode, as small as can be: every client's queries go to one server process.
#pragma once

#include <string>
#include <thread>

namespace godwit::test {

class Pooler {
 public:
  /// Serves the database in front of the server that PGHOST, PGPORT and PGUSER name.
  explicit Pooler(const std::string& database);
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;
  ~Pooler();

  std::string connection() const;

 private:
  std::string folder_, greeting_;  // greeting: what the server says after a start-up, sent to every client
  int server_ = -1, listener_ = -1, stop_[2] = {-1, -1};
  std::thread thread_;

  void serve();
  bool relay(int client, bool& is_new);
};

}  // namespace godwit::test
