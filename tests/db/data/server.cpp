// SPDX-License-Identifier: Apache-2.0
#include "tests/db/data/server.h"

#include "compiler/model/ledger.h"

#include <pqxx/pqxx>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace godwit::test {

namespace {

class Notices : public pqxx::errorhandler {
 public:
  explicit Notices(pqxx::connection& connection) : pqxx::errorhandler(connection) {}

  bool operator()(const char message[]) noexcept override {
    text += message;
    return false;
  }

  std::string text;
};

}  // namespace

struct Server::Connection {
  pqxx::connection link;
  Notices notices{link};
  std::unique_ptr<pqxx::work> work;
};

Server::Server(Use use) : connection_(std::make_unique<Connection>()) {
  if (use == Use::beside) return;
  run("drop schema if exists app cascade; drop schema if exists godwit_kept cascade; create schema app");
  run(ledger::kept_schema_sql());
  connection_->notices.text.clear();
}

Server::~Server() { connection_->work.reset(); }

void Server::begin() { connection_->work = std::make_unique<pqxx::work>(connection_->link); }

void Server::commit() {
  connection_->work->commit();
  connection_->work.reset();
}

void Server::rollback() { connection_->work.reset(); }

void Server::run(const std::string& sql) {
  try {
    if (connection_->work) {
      connection_->work->exec(sql);
      return;
    }
    pqxx::work work(connection_->link);
    work.exec(sql);
    work.commit();
  } catch (const pqxx::sql_error& failure) {
    throw std::runtime_error(std::string(failure.what()) + "in\n" + sql);
  }
}

std::string Server::error(const std::string& sql) {
  try {
    pqxx::work work(connection_->link);
    work.exec(sql);
    work.commit();
  } catch (const pqxx::sql_error& failure) {
    return failure.what();
  }
  return {};
}

std::string Server::text(const std::string& query) {
  pqxx::work work(connection_->link);
  const pqxx::result result = work.exec(query);
  return result.empty() || result[0][0].is_null() ? std::string{} : std::string(result[0][0].c_str());
}

void Server::wait_for(const std::string& condition) {
  for (int tries = 0; tries < 1000; ++tries) {
    if (connection_->work->exec(condition)[0][0].as<bool>()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("never true: " + condition);
}

const std::string& Server::notices() const { return connection_->notices.text; }

}  // namespace godwit::test
