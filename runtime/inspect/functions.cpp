// SPDX-License-Identifier: Apache-2.0
// Functions and procedures. Aggregates stand with what a spec cannot say.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// A head that is too long for a line is broken where its clauses begin.
std::string one_line_or_few(std::string head) {
  constexpr std::size_t width = 100;
  if (head.size() < width) return head;
  for (const std::string_view word : {" returns ", " language "}) {
    const std::size_t at = find_outside(head, word);
    if (at != std::string::npos) head.replace(at, 1, "\n    ");
  }
  return head;
}

/// The server's `CREATE OR REPLACE FUNCTION …` from behind the name on, its body in the shortest dollar quotes.
std::string behind_name(const std::string& definition, const std::string& body, std::string_view mark) {
  const std::string quoted_body = std::string(mark) + body + std::string(mark);
  const std::size_t at = body.empty() ? std::string::npos : definition.rfind(quoted_body);
  const std::string head = definition.substr(0, at);
  const std::size_t open = find_outside(head, "(");
  std::string text = one_line_or_few(compact(head.substr(open)));
  if (at != std::string::npos) text += dollar_quoted(body) + definition.substr(at + quoted_body.size());
  return trimmed(text);
}

}  // namespace

Done read_functions(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect p.oid, n.nspname, p.proname, p.prokind, oidvectortypes(p.proargtypes), pg_get_functiondef(p.oid), "
      "p.prosrc, l.lanname\n"
      "from pg_proc p join space n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang\n"
      "where p.prokind <> 'a' and " +
      not_of_extension("pg_proc", "p.oid") +
      "\n  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and "
      "d.deptype = 'i')\n"
      "order by 2, 3, 5;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    const bool procedure = text(3) == "p";
    Item item;
    item.kind = procedure ? "procedure" : "function";
    item.schema = text(1);
    item.group = Group::functions;
    const std::string name = quoted(item.schema, text(2));
    item.name = text(2) + "(" + text(4) + ")";
    item.target = item.kind + ' ' + name + "(" + text(4) + ")";
    // The server's own quotes: `$function$` and `$procedure$`, longer where the body holds them.
    std::string mark = procedure ? "$procedure" : "$function";
    while (text(6).find(mark + "$") != std::string::npos) mark += 'x';
    const std::string definition = name + behind_name(text(5), text(6), mark + "$");
    item.up = "create " + item.kind + ' ' + definition;
    item.down = "drop " + item.target;
    item.text = item.kind + ' ' + definition;
    if (text(7) == "sql") item.body = text(6);
    reading.items.add(std::move(item), address("pg_proc", text(0)));
  }
  return {};
}

}  // namespace godwit::inspecting
