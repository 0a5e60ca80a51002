// SPDX-License-Identifier: Apache-2.0
// What was found, written as specs: pure, and the same for the same findings.
#include "base/identifier.h"
#include "runtime/inspect/areas.h"
#include "runtime/inspect/carried.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace godwit {

using namespace inspecting;

namespace {

/// A text that grows by lines, each with the objects that stand on it.
class Page {
 public:
  void add(const std::string& text, const std::vector<std::size_t>& objects = {}) {
    spec_.text += text + '\n';
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    spec_.objects.insert(spec_.objects.end(), lines, objects);
  }

  BaselineSpec take() { return std::move(spec_); }

 private:
  BaselineSpec spec_;
};

class Writer {
 public:
  Writer(const Inspection& inspection, const Refusals& refusals)
      : inspection_(inspection),
        items_(inspection.details->items),
        refusals_(refusals),
        carried_(carried_items(items_, refusals.items)),
        blocks_(carried_blocks(items_, carried_)),
        children_(items_.all.size()) {
    for (std::size_t i = 0; i < items_.all.size(); ++i) {
      const std::size_t parent = items_.all[i].parent;
      if (parent == no_object) roots_.push_back(i);
      if (parent != no_object && !carried_[i]) children_[parent].push_back(i);
    }
    std::sort(roots_.begin(), roots_.end(), [this](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    for (std::vector<std::size_t>& list : children_) {
      std::stable_sort(list.begin(), list.end(), [this](std::size_t a, std::size_t b) {
        return std::tie(items_.all[a].part, items_.all[a].name) < std::tie(items_.all[b].part, items_.all[b].name);
      });
    }
  }

  Baseline run(BaselineSplit split) {
    Baseline baseline;
    for (const CarriedBlock& block : blocks_) {
      for (const std::size_t object : block.objects) baseline.as_sql.push_back({object, reason_of(object)});
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

  std::tuple<Group, const std::string&, const std::string&> rank(std::size_t i) const {
    return {items_.all[i].group, items_.all[i].schema, items_.all[i].name};
  }

  template <typename Chosen>
  BaselineSpec spec(const std::string& name, Chosen chosen) {
    Page page;
    head(page, name, chosen);
    for (const std::size_t root : roots_) {
      if (carried_[root] || !chosen(root)) continue;
      write(page, root);
    }
    std::size_t number = 0;
    for (const CarriedBlock& block : blocks_) {
      ++number;
      if (chosen(root_of(items_, block.root))) write_block(page, block, number);
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
    for (const CarriedBlock& block : blocks_) {
      if (!chosen(root_of(items_, block.root))) continue;
      if (!any) page.add("-- Carried as SQL, for a spec cannot say it:");
      any = true;
      for (const std::size_t object : block.objects) {
        const std::string reason = reason_of(object);
        if (!reason.empty()) page.add("--   " + in_one_line(title_of(object) + ": " + reason));
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

  std::string reason_of(std::size_t object) const {
    const Item& item = items_.all[object];
    if (item.parent != no_object && carried_[item.parent]) return {};
    if (const auto found = refusals_.items.find(object); found != refusals_.items.end()) return found->second;
    return item.reason.empty() ? "it needs what is carried as SQL" : item.reason;
  }

  const std::string& title_of(std::size_t object) const { return inspection_.objects[object].title; }

  static std::string in_one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }

  // ---- objects ----

  void write(Page& page, std::size_t root) {
    const Item& item = items_.all[root];
    std::vector<std::size_t> inside, behind;
    collect(root, inside, behind);
    if (item.kind == "schema" && item.name == "public" && inside.empty() && behind.empty()) return;
    if (item.kind == "table") {
      write_table(page, root, inside);
    } else if (inside.empty()) {
      page.add(item.text + ";", {root});
    } else {
      page.add(item.text + " {", {root});
      for (const std::size_t part : inside) page.add("    " + items_.all[part].text + ";", {part});
      page.add("}", {root});
    }
    for (const std::size_t part : behind) page.add(items_.all[part].text + ";", {part});
    page.add("");
  }

  /// What stands in the block of `root` and what follows it, parts of parts included.
  void collect(std::size_t parent, std::vector<std::size_t>& inside, std::vector<std::size_t>& behind) const {
    for (const std::size_t child : children_[parent]) {
      const Item& item = items_.all[child];
      if (item.with_parent) continue;
      if (is_partition(item)) {
        // stands in the block of its table, and what is said of it behind that
      } else if (item.in_block) {
        inside.push_back(child);
      } else if (item.beside.empty()) {
        behind.push_back(child);
      }
      collect(child, inside, behind);
    }
  }

  void write_table(Page& page, std::size_t root, const std::vector<std::size_t>& inside) {
    const Item& table = items_.all[root];
    page.add(table.text + " {", {root});
    for (const ColumnText& column : table.columns) {
      std::string behind;
      bool is_key = false;
      std::vector<std::size_t> objects;
      for (const std::size_t child : children_[root]) {
        const Item& part = items_.all[child];
        if (part.beside.empty() || part.column != column.name) continue;
        behind += ' ' + part.beside;
        is_key = is_key || part.part == Part::primary_key;
        objects.push_back(child);
      }
      objects.push_back(root);
      const char* not_null = column.not_null && !is_key ? " not null" : "";
      page.add("    " + column.type + not_null + column.value + behind + ";", objects);
    }
    Part before = Part::none;
    bool is_said = table.partition_key.empty();
    for (const std::size_t part : inside) {
      const Part group = block_group(items_.all[part].part);
      if (group > Part::partition && !std::exchange(is_said, true)) write_partitions(page, root);
      if (group != before) page.add("");
      before = group;
      page.add("    " + items_.all[part].text + ";", {part});
    }
    if (!is_said) write_partitions(page, root);
    page.add("}", {root});
  }

  void write_partitions(Page& page, std::size_t table) {
    page.add("");
    page.add("    partition by " + items_.all[table].partition_key + ";", {table});
    write_partitions_in(page, table, "    ");
  }

  void write_partitions_in(Page& page, std::size_t table, const std::string& indent) {
    for (const std::size_t child : children_[table]) {
      const Item& item = items_.all[child];
      if (!is_partition(item)) continue;
      const std::string by = item.partition_key.empty() ? "" : " partition by " + item.partition_key;
      const auto is_inner = [this](std::size_t each) { return is_partition(items_.all[each]); };
      const bool is_leaf = std::none_of(children_[child].begin(), children_[child].end(), is_inner);
      page.add(indent + item.text + by + (is_leaf ? ";" : " {"), {child});
      if (is_leaf) continue;
      write_partitions_in(page, child, indent + "    ");
      page.add(indent + "}", {child});
    }
  }

  /// Parts that stand together without a line between them.
  static Part block_group(Part part) {
    if (part <= Part::exclude) return Part::exclude;
    if (part <= Part::statistics) return Part::statistics;
    if (part == Part::trigger) return part;
    return part <= Part::policy ? Part::policy : Part::comment;
  }

  // ---- sql ----

  void write_block(Page& page, const CarriedBlock& block, std::size_t number) {
    const std::size_t width = std::to_string(blocks_.size()).size();
    std::string up;
    const bool as_text = refusals_.sql.contains(block.root);
    for (const std::size_t object : block.objects) {
      const std::string& sql = items_.all[object].up;
      if (!sql.empty())
        up += (as_text ? "do " + dollar_quoted(" begin execute " + literal(sql) + "; end ", "run") : sql) + ";\n";
    }
    std::string down = items_.all[block.root].down;
    if (!down.empty()) down += ";";
    const std::string title = fmt::format("{:0{}} {}", number, width, in_one_line(title_of(block.root)));
    const bool one_line = std::count(up.begin(), up.end(), '\n') == 1;
    if (one_line)
      up = ' ' + up.substr(0, up.size() - 1) + ' ';
    else
      up = '\n' + up;
    std::string text = "sql " + literal(title);
    const std::vector<std::string> after(block.after.begin(), block.after.end());
    if (!after.empty()) text += " after " + joined(after, ", ");
    text += " {\n    up " + dollar_quoted(up) + ";\n    down " + dollar_quoted(down.empty() ? " " : ' ' + down + ' ') +
            ";\n}\n";
    page.add(text, {block.root});
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
  const Refusals& refusals_;
  std::vector<bool> carried_;
  std::vector<CarriedBlock> blocks_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> roots_;
};

}  // namespace

Baseline baseline_of(const Inspection& inspection, const Refusals& refusals, BaselineSplit split) {
  return Writer(inspection, refusals).run(split);
}

}  // namespace godwit
