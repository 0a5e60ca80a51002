// SPDX-License-Identifier: Apache-2.0
#include "runtime/inspect/unexpressed.h"

#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// `create type t as (a integer)` to `type t (a integer)`.
std::string spec_text(const std::string& create) {
  constexpr std::string_view first = "create ", attributes = " as (";
  std::string text = create.substr(first.size());
  if (const std::size_t at = text.find(attributes); at != std::string::npos) text.erase(at, attributes.size() - 2);
  return text;
}

/// A rule that is switched says so behind its text; `create` and the statement that switches it otherwise.
std::string form_of(const std::string& up) {
  const std::size_t end = up.find(";\n");
  if (end == std::string::npos) return spec_text(up);
  const std::string_view rest = std::string_view(up).substr(end + 2);
  if (!up.starts_with("create rule ") || !rest.starts_with("alter table ") || rest.find(";\n") != rest.npos) return {};
  for (const auto& [words, state] :
       {std::pair{" disable rule ", " disabled"}, std::pair{" enable always rule ", " enable always"},
        std::pair{" enable replica rule ", " enable replica"}}) {
    if (rest.find(words) != rest.npos) return spec_text(up.substr(0, end)) + state;
  }
  return {};
}

Done read(Reading& reading, const Unexpressed& kind) {
  const auto rows = reading.session.exec(std::string("with ") + spaces + '\n' + kind.query + "\norder by 2, 3, 1;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = kind.kind;
    item.schema = rows->text(i, 1);
    item.name = rows->text(i, 2);
    item.group = kind.group;
    item.sql_target = rows->text(i, 3);
    item.up = rows->text(i, 4);
    item.down = rows->text(i, 5);
    const std::string form = kind.has_form ? form_of(item.up) : "";
    if (!form.empty()) {
      item.target = rows->columns.size() > 6 ? rows->text(i, 6) : item.sql_target;
      item.text = lowered(form);
    } else {
      item.reason = kind.reason;
    }
    if (item.up.empty()) {
      reading.items.not_carried.push_back(item.kind + ' ' + item.name + ": " + kind.reason);
      continue;
    }
    reading.items.add(std::move(item), address(kind.catalog, rows->text(i, 0)));
  }
  return {};
}

}  // namespace

Done read_unexpressed(Reading& reading) {
  for (const auto& kinds :
       {unexpressed_types(reading.major), unexpressed_routines(reading.major), unexpressed_foreign(reading.major),
        unexpressed_text_search(reading.major), unexpressed_others(reading.major)}) {
    for (const Unexpressed& kind : kinds) {
      const Done done = attempt(reading, [&] { return read(reading, kind); });
      if (!done && done.error().lost) return done;
      if (!done)
        reading.items.not_carried.push_back(std::string("all of kind ") + kind.kind + ": " + done.error().message);
    }
  }
  return {};
}

}  // namespace godwit::inspecting
