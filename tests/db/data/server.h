// SPDX-License-Identifier: Apache-2.0
// A connection to the server of tests/support/with_server.sh, with fresh schemas for each test.
#pragma once

#include <memory>
#include <string>

namespace godwit::test {

class Server {
 public:
  enum class Use { fresh, beside };  // beside: another session, which leaves everything as it is
  explicit Server(Use use = Use::fresh);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Statements between begin() and commit() are one transaction, others are each their own.
  void begin();
  void commit();
  void rollback();
  void run(const std::string& sql);
  /// What went wrong, empty when nothing did; outside of a transaction only.
  std::string error(const std::string& sql);
  std::string text(const std::string& query);
  /// Asks, inside of the transaction where there is one, until the answer is true.
  void wait_for(const std::string& condition);
  /// Every notice and warning so far.
  const std::string& notices() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace godwit::test
