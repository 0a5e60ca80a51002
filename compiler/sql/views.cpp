// SPDX-License-Identifier: Apache-2.0
// Views and materialized views.
#include "compiler/sql/definition.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::sql {

namespace {

// The query from `as` on, without the words that end the statement (`with check option`, `with no data`).
Part query_part(const Definition& definition, bool has_tail) {
  const std::size_t first = definition.find("as", definition.begin()) + 1;
  std::size_t last = definition.end();
  while (last > first && definition.tokens.spelling(last - 1) == ";") --last;
  if (has_tail) {
    --last;
    while (last > first && !definition.tokens.is(last, "with")) --last;
  }
  return definition.part(first, last);
}

}  // namespace

Result<ViewText, SyntaxError> parse_view(std::string_view text, bool recursive) {
  auto parsed = parse_definition(recursive ? "create recursive view v " : "create view v ", text, "", "ViewStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Json& body = (*parsed)->body();
  ViewText view;
  view.columns = string_values(field(body, "aliases"));
  view.options = option_pairs(field(body, "options"));
  const std::string check = text_of(body, "withCheckOption");
  const bool checked = check == "LOCAL_CHECK_OPTION" || check == "CASCADED_CHECK_OPTION";
  if (checked) view.options.emplace_back("check_option", check == "LOCAL_CHECK_OPTION" ? "local" : "cascaded");
  std::sort(view.options.begin(), view.options.end());
  view.query = query_part(**parsed, checked);
  return view;
}

Result<MaterializedViewText, SyntaxError> parse_materialized_view(std::string_view text) {
  auto parsed = parse_definition("create materialized view v ", text, "", "CreateTableAsStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const Json& into = field(definition.body(), "into");
  MaterializedViewText view;
  view.columns = string_values(field(into, "colNames"));
  view.method = text_of(into, "accessMethod");
  view.tablespace = text_of(into, "tableSpaceName");
  for (const auto& [name, value] : option_pairs(field(into, "options"))) {
    view.parameters += (view.parameters.empty() ? "" : ", ") + name + " = " + value;
  }
  view.no_data = flag(into, "skipData");
  const TokenList& tokens = definition.tokens;
  std::size_t end = definition.end();
  while (end > 0 && tokens.spelling(end - 1) == ";") --end;
  // `with data` and `with no data`; a column that is called so has no `with` before it.
  const bool has_tail = end > 2 && tokens.is(end - 1, "data") &&
                        (tokens.is(end - 2, "with") || (tokens.is(end - 2, "no") && tokens.is(end - 3, "with")));
  view.query = query_part(definition, has_tail);
  return view;
}

}  // namespace godwit::sql
