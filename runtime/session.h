// SPDX-License-Identifier: Apache-2.0
// One connection to a server, and what it answers, as plain values. The only door to libpqxx.
#pragma once

#include "base/result.h"
#include "runtime/connection_string.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit {

/// The server's (or libpq's) own words, taken apart.
struct ServerError {
  std::string sqlstate, message, detail, hint, context;
  bool lost = false;  // the connection is gone
};

/// `ERROR:  message` with its DETAIL, HINT and CONTEXT lines, as libpq writes them.
ServerError read_server_error(std::string_view text, std::string_view sqlstate);

/// What the last statement of a chunk returned.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;

  bool empty() const { return rows.empty(); }

  /// The field as text, empty for null.
  const std::string& text(std::size_t row, std::size_t column) const;

  bool is_true(std::size_t row, std::size_t column) const { return text(row, column) == "t"; }
};

struct Notice {
  std::string severity;  // NOTICE, WARNING, INFO …
  std::string message;   // with its detail and hint, one line
};

class Session {
 public:
  /// look: for a query or two whose answer no setting changes; work: everything else.
  enum class Use { look, work };

  /// Connects once; the session never reconnects by itself. One that is to work is settled.
  static Result<Session, ServerError> open(const ConnectionString& connection, const std::string& application_name,
                                           Use use = Use::work);
  /// The settings that everything else relies on, whatever the database or the user has.
  Result<void, ServerError> settle(const std::string& application_name);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Sends the statements as one chunk, exactly as they stand.
  Result<Rows, ServerError> exec(const std::string& sql);
  /// What the server remarked since the last call.
  std::vector<Notice> take_notices();
  bool is_open() const;
  int server_version() const;  // 150004
  /// The server process, as it said itself when the session was settled: a pooler tells libpq another number.
  int backend_pid() const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace godwit
