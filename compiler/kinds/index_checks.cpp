// SPDX-License-Identifier: Apache-2.0
// Indexes and storage parameters.
#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/sql/access_methods.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace godwit::kinds {

namespace {

struct Parameter {
  std::string_view owner, name;
  double lowest = 0, highest = -1;  // no range when the first is above the second
};

// Manual 18, CREATE TABLE and CREATE INDEX, "Storage Parameters"; src/backend/access/common/reloptions.c.
constexpr auto parameters = std::to_array<Parameter>({
    {"table", "fillfactor", 10, 100},
    {"table", "toast_tuple_target", 128, 32736},
    {"table", "parallel_workers", 0, 1024},
    {"table", "autovacuum_enabled"},
    {"table", "vacuum_index_cleanup"},
    {"table", "vacuum_truncate"},
    {"table", "vacuum_max_eager_freeze_failure_rate", 0, 1},
    {"table", "autovacuum_vacuum_threshold"},
    {"table", "autovacuum_vacuum_max_threshold"},
    {"table", "autovacuum_vacuum_scale_factor", 0, 100},
    {"table", "autovacuum_vacuum_insert_threshold"},
    {"table", "autovacuum_vacuum_insert_scale_factor", 0, 100},
    {"table", "autovacuum_analyze_threshold"},
    {"table", "autovacuum_analyze_scale_factor", 0, 100},
    {"table", "autovacuum_vacuum_cost_delay"},
    {"table", "autovacuum_vacuum_cost_limit", 1, 10000},
    {"table", "autovacuum_freeze_min_age"},
    {"table", "autovacuum_freeze_max_age"},
    {"table", "autovacuum_freeze_table_age"},
    {"table", "autovacuum_multixact_freeze_min_age"},
    {"table", "autovacuum_multixact_freeze_max_age"},
    {"table", "autovacuum_multixact_freeze_table_age"},
    {"table", "log_autovacuum_min_duration"},
    {"table", "user_catalog_table"},
    {"table", "oids"},
    {"btree", "fillfactor", 10, 100},
    {"btree", "vacuum_cleanup_index_scale_factor"},
    {"btree", "deduplicate_items"},
    {"hash", "fillfactor", 10, 100},
    {"gist", "fillfactor", 10, 100},
    {"gist", "buffering"},
    {"spgist", "fillfactor", 10, 100},
    {"gin", "fastupdate"},
    {"gin", "gin_pending_list_limit", 64, 2147483647},
    {"brin", "pages_per_range", 1, 131072},
    {"brin", "autosummarize"},
});

std::optional<double> number(const std::string& written) {
  std::string text = written;
  std::erase(text, '\'');
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void check_parameters(const ast::Sql& text, std::string_view owner, Declaring& d) {
  const auto parsed = sql::parse_parameters(text.text);
  if (!parsed || d.world.has_extensions()) return;
  std::vector<std::string> names;
  for (const Parameter& one : parameters) {
    if (one.owner == owner) names.emplace_back(one.name);
  }
  for (const auto& [name, value] : *parsed) {
    if (name.find('.') != std::string::npos) continue;
    const auto known = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& one) { return one.owner == owner && one.name == name; });
    if (known == parameters.end()) {
      auto report =
          d.diagnostics.add(codes::bad_option, place_of_word(text, name), "`{}` is no storage parameter of a {}{}",
                            name, owner, owner == "table" ? "" : " index");
      if (const auto near = closest(name, names)) report.hint("`{}` is one", *near);
      continue;
    }
    const auto given = number(value);
    if (!given || known->lowest > known->highest || (*given >= known->lowest && *given <= known->highest)) continue;
    d.diagnostics.add(codes::bad_option, place_of_word(text, name), "`{}` goes from {} to {}, and this is {}", name,
                      known->lowest, known->highest, value);
  }
}

void check_index(const ast::Index& item, const std::vector<sql::Analysis>& elements, Declaring& d) {
  const std::string name = item.method ? item.method->text : "btree";
  if (d.world.has_extensions()) return;
  const sql::AccessMethod* method = sql::access_method(name);
  if (method == nullptr) {
    auto report = d.diagnostics.add(codes::bad_option, item.method->span, "there is no index method `{}`", name);
    const auto near = closest(name, sql::access_method_names());
    if (near) {
      report.hint("`{}` is one", *near);
    } else {
      report.hint("an extension that brings it is declared with `extension …;`");
    }
    return;
  }
  const Span place = item.method ? item.method->span : item.span;
  if (item.unique && !method->unique)
    d.diagnostics.add(codes::bad_option, place, "a {} index cannot be unique", name).hint("a btree index can");
  if (elements.size() > 1 && !method->several_columns)
    d.diagnostics.add(codes::bad_option, item.elements[1].text.span, "a {} index has one column", name);
  if (!item.include.empty() && !method->includes)
    d.diagnostics.add(codes::bad_option, item.include.front().span, "a {} index cannot include other columns", name);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].ordered && !method->ordered) {
      d.diagnostics.add(codes::bad_option, item.elements[i].text.span, "a {} index has no order", name)
          .hint("leave `asc`, `desc` and `nulls` out");
    }
    const std::string fault = sql::class_fault(name, elements[i].operator_class, elements[i].type, d.world);
    if (fault.empty()) continue;
    const Span span = elements[i].operator_class.empty()
                          ? item.elements[i].text.span
                          : place_of_word(item.elements[i].text, elements[i].operator_class.back());
    d.diagnostics.add(codes::type_mismatch, span, "{}", fault)
        .hint("an operator class that an extension brings is known once `extension …;` is declared");
  }
  if (item.with) check_parameters(*item.with, name, d);
}

}  // namespace godwit::kinds
