// SPDX-License-Identifier: Apache-2.0
#include "runtime/ledger.h"

#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/privileges.h"

#include <algorithm>

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
  const auto rows = session.exec(
      "select id, title, checksum, state, rollback_class,\n"
      "  to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),\n"
      "  to_char(window_until at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),\n"
      "  state = 'applied' and (window_until is null or window_until >= now())\n"
      "from godwit.migration order by sequence;");
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
    const auto text = [&](std::size_t column) { return rows->text(i, column); };
    ledger.rows.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), rows->is_true(i, 7)});
  }
  return ledger;
}

Result<std::string, RuntimeError> read_artifact(Session& session, const std::string& id, const std::string& column) {
  const auto rows = session.exec("select " + column + " from godwit.migration where id = " + literal(id) + ";");
  if (!rows) return unexpected(bookkeeping_error(rows.error(), "reading the ledger"));
  return rows->empty() ? std::string() : rows->text(0, 0);
}

}  // namespace godwit
