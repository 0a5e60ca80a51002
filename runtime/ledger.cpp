// SPDX-License-Identifier: Apache-2.0
#include "runtime/ledger.h"

#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/privileges.h"

#include <algorithm>
#include <charconv>

namespace godwit {

const LedgerRow* Ledger::find(const std::string& id) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const LedgerRow& row) { return row.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

const LedgerRow* Ledger::last() const {
  const auto found = std::find_if(rows.rbegin(), rows.rend(), [](const LedgerRow& row) { return row.stands(); });
  return found == rows.rend() ? nullptr : &*found;
}

Result<Ledger, RuntimeError> read_ledger(Session& session) {
  const auto read = [&](const char* parts_done) {
    return session.exec(
        std::string("select id, title, checksum, state, rollback_class,\n"
                    "  to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),\n"
                    "  to_char(window_until at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),\n"
                    "  state = 'applied' and (window_until is null or window_until >= now()),\n  coalesce(") +
        parts_done + ", 0)\nfrom godwit.migration order by sequence;");
  };
  auto rows = read("parts_done");
  if (!rows && rows.error().sqlstate == "42703") rows = read("null");  // the ledger of an older version
  Ledger ledger;
  if (!rows) {
    const std::string& state = rows.error().sqlstate;
    if (state == "42P01" || state == "3F000") return ledger;  // no such table, no such schema
    RuntimeError error = bookkeeping_error(rows.error(), "reading the ledger");
    name_roles(session, error);
    return unexpected(error);
  }
  ledger.exists = true;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    const std::string& parts = text(8);
    int parts_done = 0;
    std::from_chars(parts.data(), parts.data() + parts.size(), parts_done);
    ledger.rows.push_back(
        {text(0), text(1), text(2), text(3), text(4), text(5), text(6), rows->is_true(i, 7), parts_done});
  }
  return ledger;
}

Result<std::string, RuntimeError> read_artifact(Session& session, const std::string& id, const std::string& column) {
  const auto rows = session.exec("select " + column + " from godwit.migration where id = " + literal(id) + ";");
  if (!rows) return unexpected(bookkeeping_error(rows.error(), "reading the ledger"));
  return rows->empty() ? std::string() : rows->text(0, 0);
}

}  // namespace godwit
