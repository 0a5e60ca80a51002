// SPDX-License-Identifier: Apache-2.0
#include "runtime/drift.h"

#include "base/codes.h"
#include "runtime/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace godwit {

namespace {

/// The line of a definition that differs from the other's, shortened.
std::string differing_part(std::string_view text, std::string_view other) {
  while (true) {
    const std::size_t end = text.find('\n'), other_end = other.find('\n');
    if (end == std::string_view::npos || other_end == std::string_view::npos) break;
    if (text.substr(0, end) != other.substr(0, other_end)) break;
    text.remove_prefix(end + 1);
    other.remove_prefix(other_end + 1);
  }
  std::string line(text.substr(0, text.find('\n')));
  if (line.empty()) return "(nothing)";
  if (line.size() > 160) line = line.substr(0, 160) + "…";
  return line;
}

/// The things whose own line says it for all that belongs to them.
class Wholes {
 public:
  explicit Wholes(const std::vector<Difference>& differences) {
    for (const Difference& difference : differences) {
      if (difference.expected && difference.actual) continue;
      const CatalogKey& key = difference.key;
      if (key.kind == "owner" || key.kind == "grant" || key.kind == "comment") continue;
      if (key.kind == "schema") schemas_.insert(key.schema);
      names_.insert(key.name);
      titles_.insert(key.kind + ' ' + key.name);
    }
  }

  bool covers(const CatalogKey& key) const {
    if (schemas_.contains(key.schema) && key.kind != "schema") return true;
    if (key.kind == "owner" || key.kind == "comment") return titles_.contains(key.name);
    if (key.kind == "grant") return titles_.contains(key.name.substr(0, key.name.rfind(" to ")));
    for (const std::string_view part : {"column", "constraint", "trigger", "policy", "rule"}) {
      // A dot in a quoted name only makes a line too many.
      if (key.kind == part) return names_.contains(key.name.substr(0, key.name.rfind('.')));
    }
    return false;
  }

 private:
  std::set<std::string> schemas_, names_, titles_;
};

}  // namespace

Result<std::vector<CatalogRow>, ServerError> read_catalog(Session& session) {
  const auto rows = session.exec("select schema_name, kind, name, definition from godwit.catalog();");
  if (!rows) return unexpected(rows.error());
  std::vector<CatalogRow> catalog;
  catalog.reserve(rows->rows.size());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    catalog.push_back({{rows->text(i, 0), rows->text(i, 1), rows->text(i, 2)}, rows->text(i, 3)});
  }
  std::sort(catalog.begin(), catalog.end());
  return catalog;
}

Result<std::vector<Difference>, ServerError> find_drift(Session& session) {
  const auto rows = session.exec(
      "select schema_name, kind, name, o.definition, l.definition\n"
      "from godwit.catalog() l full join godwit.object o using (schema_name, kind, name)\n"
      "where l.definition is distinct from o.definition\n"
      "  and (o.definition is not null\n"
      "    or schema_name in (select schema_name from godwit.object where schema_name <> '')\n"
      "    or kind = 'publication member' and exists (select from godwit.object p\n"
      "         where p.kind = 'publication' and starts_with(l.name, p.name || ' ')))\n"
      "  and exists (select from godwit.object)\n"
      "order by schema_name, kind, name;");
  if (!rows) return unexpected(rows.error());
  std::vector<Difference> differences;
  for (const auto& row : rows->rows) {
    differences.push_back({{row[0].value_or(""), row[1].value_or(""), row[2].value_or("")}, row[3], row[4]});
  }
  return differences;
}

std::optional<RuntimeError> refuse_drift(Session& session, const std::string& way_out) {
  const auto drift = find_drift(session);
  if (!drift) return bookkeeping_error(drift.error(), "comparing the database with the ledger");
  if (drift->empty()) return std::nullopt;
  const std::vector<std::string> lines = describe(*drift, "ledger");
  RuntimeError error = runtime_error(RuntimeError::Kind::refused, codes::drift,
                                     fmt::format("the database was changed behind the ledger's back: {} difference{}",
                                                 lines.size(), lines.size() == 1 ? "" : "s"),
                                     way_out);
  error.detail = joined(lines);
  return error;
}

std::vector<Difference> compare(const std::vector<CatalogRow>& expected, const std::vector<CatalogRow>& actual) {
  std::vector<Difference> differences;
  auto wanted = expected.begin();
  auto found = actual.begin();
  while (wanted != expected.end() || found != actual.end()) {
    if (found == actual.end() || (wanted != expected.end() && wanted->key < found->key)) {
      differences.push_back({wanted->key, wanted->definition, std::nullopt});
      ++wanted;
    } else if (wanted == expected.end() || found->key < wanted->key) {
      differences.push_back({found->key, std::nullopt, found->definition});
      ++found;
    } else {
      if (wanted->definition != found->definition) {
        differences.push_back({wanted->key, wanted->definition, found->definition});
      }
      ++wanted;
      ++found;
    }
  }
  return differences;
}

std::vector<std::string> describe(const std::vector<Difference>& differences, const std::string& expected_name) {
  const Wholes wholes(differences);
  std::vector<std::string> lines;
  for (const Difference& difference : differences) {
    if (wholes.covers(difference.key)) continue;
    const std::string thing = difference.key.kind + ' ' + difference.key.name;
    if (!difference.expected) {
      lines.push_back("+ " + thing + " is only in the database");
    } else if (!difference.actual) {
      lines.push_back("- " + thing + " is missing in the database");
    } else {
      lines.push_back(fmt::format("~ {} differs: {} `{}`, database `{}`", thing, expected_name,
                                  differing_part(*difference.expected, *difference.actual),
                                  differing_part(*difference.actual, *difference.expected)));
    }
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(lines.size(), most); ++i) text += (i == 0 ? "" : "\n") + lines[i];
  if (lines.size() > most) text += fmt::format("\n… and {} more", lines.size() - most);
  return text;
}

}  // namespace godwit
