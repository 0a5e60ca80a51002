// SPDX-License-Identifier: Apache-2.0
#include "runtime/session.h"

#include "base/identifier.h"
#include "runtime/errors.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <cstdlib>

namespace godwit {

namespace {

/// Collects what the server remarks.
class NoticeCollector final : public pqxx::errorhandler {
 public:
  NoticeCollector(pqxx::connection_base& connection, std::vector<Notice>& notices)
      : pqxx::errorhandler(connection), notices_(notices) {}

  bool operator()(const char text[]) noexcept override {
    try {
      const std::string_view whole(text);
      const ServerError parts = read_server_error(whole, "");
      Notice notice{std::string(whole.substr(0, whole.find(':'))), parts.message};
      if (!parts.detail.empty()) notice.message += " (" + parts.detail + ")";
      if (!parts.hint.empty()) notice.message += "; " + parts.hint;
      notices_.push_back(std::move(notice));
    } catch (...) {  // a remark that finds no memory is lost
    }
    return false;
  }

 private:
  std::vector<Notice>& notices_;
};

Rows read_rows(const pqxx::result& result) {
  Rows rows;
  for (pqxx::row::size_type i = 0; i < result.columns(); ++i) rows.columns.emplace_back(result.column_name(i));
  rows.rows.reserve(result.size());
  for (const pqxx::row& row : result) {
    auto& fields = rows.rows.emplace_back();
    fields.reserve(row.size());
    for (const pqxx::field& field : row) {
      if (field.is_null()) {
        fields.emplace_back();
      } else {
        fields.emplace_back(std::string(field.c_str(), field.size()));
      }
    }
  }
  return rows;
}

}  // namespace

struct Session::State {
  std::vector<Notice> notices;
  pqxx::connection connection;
  NoticeCollector collector;
  int backend_pid = 0;

  explicit State(const std::string& text) : connection(text), collector(connection, notices) {
    connection.set_verbosity(pqxx::connection_base::verbose);
  }
};

const std::string& Rows::text(std::size_t row, std::size_t column) const {
  static const std::string nothing;
  const std::optional<std::string>& field = rows.at(row).at(column);
  return field ? *field : nothing;
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Session, ServerError> Session::open(const ConnectionString& connection, const std::string& application_name,
                                           Use use) {
  // Sent while connecting; poolers know both.
  ConnectionString full = connection.with("client_encoding", "UTF8").with("application_name", application_name);
  if (!full.has("connect_timeout") && std::getenv("PGCONNECT_TIMEOUT") == nullptr)
    full = full.with("connect_timeout", "10");
  try {
    Session session(std::make_unique<State>(full.text()));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // the only way to keep libpqxx 6 from reconnecting unseen
    session.state_->connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    if (use == Use::work) {
      if (auto settled = session.settle(application_name); !settled) return unexpected(settled.error());
    }
    return session;
  } catch (...) {
    return unexpected(current_server_error());
  }
}

Result<void, ServerError> Session::settle(const std::string& application_name) {
  std::string settings = fmt::format(
      "set application_name = {}; set client_encoding = 'UTF8'; set timezone = 'UTC'; set datestyle = 'ISO';\n"
      "set standard_conforming_strings = on; set idle_in_transaction_session_timeout = '10min';\n",
      literal(application_name));
  if (server_version() >= 140000) {
    // Some platforms refuse it; then a killed client's statement runs to its end, and the fence holds it off.
    settings +=
        "do $$ begin perform set_config('client_connection_check_interval', '1s', false);\n"
        "exception when others then null; end $$;\n";
  }
  const auto done = exec(settings + "select pg_backend_pid();");
  if (!done) return unexpected(done.error());
  state_->backend_pid = std::stoi(done->text(0, 0));
  return {};
}

Result<Rows, ServerError> Session::exec(const std::string& sql) {
  try {
    pqxx::nontransaction work(state_->connection);
    return read_rows(work.exec(sql));
  } catch (...) {
    ServerError error = current_server_error();
    error.lost = error.lost || !state_->connection.is_open();
    return unexpected(std::move(error));
  }
}

std::vector<Notice> Session::take_notices() { return std::exchange(state_->notices, {}); }

bool Session::is_open() const { return state_->connection.is_open(); }

int Session::server_version() const { return state_->connection.server_version(); }

int Session::backend_pid() const { return state_->backend_pid; }

}  // namespace godwit
