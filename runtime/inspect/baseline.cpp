// SPDX-License-Identifier: Apache-2.0
// What was found, written as specs: pure, and the same for the same findings.
#include "base/identifier.h"
#include "runtime/inspect/areas.h"
#include "runtime/inspect/spec_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace godwit {

using namespace inspecting;

namespace {

class Writer {
 public:
  Writer(const Inspection& inspection, const Refusals& refusals)
      : inspection_(inspection), items_(inspection.details->items), text_(inspection, refusals) {}

  Baseline run(BaselineSplit split) {
    Baseline baseline;
    for (const CarriedBlock& block : text_.blocks()) {
      for (const std::size_t object : block.objects) baseline.as_sql.push_back({object, text_.reason_of(object)});
    }
    if (split == BaselineSplit::none) {
      baseline.specs.push_back(spec({}, [](std::size_t) { return true; }));
      return baseline;
    }
    if (split == BaselineSplit::by_area) {
      const Areas areas = areas_of(items_);
      for (std::size_t i = 0; i < areas.names.size(); ++i)
        add_unless_empty(baseline, spec(areas.names[i], [&](std::size_t root) { return areas.of[root] == i; }));
      if (baseline.specs.empty()) baseline.specs.push_back(spec({}, [](std::size_t) { return true; }));
      return baseline;
    }
    const auto schemas = schemas_in_order(baseline.not_split);
    if (schemas.empty()) {
      baseline.specs.push_back(spec({}, [](std::size_t) { return true; }));
      return baseline;
    }
    for (const std::string& name : schemas) {
      add_unless_empty(baseline, spec(name, [&](std::size_t root) { return items_.all[root].schema == name; }));
    }
    if (baseline.specs.empty()) baseline.specs.push_back(spec({}, [](std::size_t) { return true; }));
    return baseline;
  }

 private:
  static void add_unless_empty(Baseline& baseline, BaselineSpec spec) {
    const bool is_empty =
        std::all_of(spec.objects.begin(), spec.objects.end(), [](const auto& at) { return at.empty(); });
    if (!is_empty) baseline.specs.push_back(std::move(spec));
  }

  template <typename Chosen>
  BaselineSpec spec(const std::string& name, Chosen chosen) {
    Page page;
    head(page, name, chosen);
    for (const std::size_t root : text_.roots()) {
      if (!text_.is_carried(root) && chosen(root)) text_.write(page, root);
    }
    const std::size_t width = std::to_string(text_.blocks().size()).size();
    std::size_t number = 0;
    for (const CarriedBlock& block : text_.blocks()) {
      ++number;
      if (chosen(root_of(items_, block.root))) text_.write_block(page, block, fmt::format("{:0{}}", number, width));
    }
    BaselineSpec out = page.take();
    out.name = name;
    return out;
  }

  // ---- the head of a file ----

  template <typename Chosen>
  void head(Page& page, const std::string& name, Chosen chosen) {
    const int major = inspection_.server_version / 10000;
    page.add(fmt::format("-- Read from database {} (PostgreSQL {}) by godwit inspect.", inspection_.database, major));
    bool any = false;
    for (const CarriedBlock& block : text_.blocks()) {
      if (!chosen(root_of(items_, block.root))) continue;
      if (!any) page.add("-- Carried as SQL, for a spec cannot say it:");
      any = true;
      for (const std::size_t object : block.objects) {
        const std::string reason = text_.reason_of(object);
        if (!reason.empty()) page.add("--   " + in_one_line(text_.title_of(object) + ": " + reason));
      }
    }
    if (!inspection_.not_carried.empty()) {
      page.add("-- Not carried:");
      for (const std::string& line : inspection_.not_carried) page.add("--   " + in_one_line(line));
    }
    const std::string title = name.empty() ? inspection_.database : name;
    std::string text = "migration " + literal("Baseline of " + title) +
                       " {\n    baseline;\n    requires postgres >= " + std::to_string(major) + ";\n";
    if (!items_.search_path.empty()) text += "    search path " + joined(items_.search_path, ", ") + ";\n";
    page.add(text + "}\n");
  }

  // ---- by schema ----

  /// The schemas, each behind those that it needs; nothing when two need each other.
  std::vector<std::string> schemas_in_order(std::string& obstacle) const {
    std::map<std::string, std::set<std::string>> needs;
    const auto schema_of = [&](std::size_t i) { return items_.all[root_of(items_, i)].schema; };
    for (std::size_t i = 0; i < items_.all.size(); ++i) {
      std::set<std::string>& mine = needs[schema_of(i)];
      for (const std::size_t need : items_.all[i].needs) {
        if (schema_of(need) != schema_of(i)) mine.insert(schema_of(need));
      }
    }
    std::vector<std::string> order;
    while (!needs.empty()) {
      const auto free = std::find_if(needs.begin(), needs.end(),
                                     [](const auto& entry) { return !entry.first.empty() && entry.second.empty(); });
      const bool only_nameless = needs.size() == 1 && needs.begin()->first.empty() && needs.begin()->second.empty();
      if (free == needs.end() && !only_nameless) {
        for (const auto& [schema, of] : needs) {
          if (!schema.empty()) obstacle += (obstacle.empty() ? "" : ", ") + quoted(schema);
        }
        obstacle = "the schemas " + obstacle + " need each other";
        return {};
      }
      const std::string name = free == needs.end() ? std::string() : free->first;
      order.push_back(name);
      needs.erase(name);
      for (auto& [schema, of] : needs) of.erase(name);
    }
    return order;
  }

  const Inspection& inspection_;
  const Items& items_;
  SpecText text_;
};

}  // namespace

Baseline baseline_of(const Inspection& inspection, const Refusals& refusals, BaselineSplit split) {
  return Writer(inspection, refusals).run(split);
}

}  // namespace godwit
