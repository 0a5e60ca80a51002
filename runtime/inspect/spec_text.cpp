// SPDX-License-Identifier: Apache-2.0
#include "runtime/inspect/spec_text.h"

#include "base/identifier.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace godwit::inspecting {

namespace {

/// Parts that stand together without a line between them.
Part block_group(Part part) {
  if (part <= Part::exclude) return Part::exclude;
  if (part <= Part::statistics) return Part::statistics;
  if (part == Part::trigger) return part;
  return part <= Part::policy ? Part::policy : Part::comment;
}

}  // namespace

void Page::add(const std::string& text, const std::vector<std::size_t>& objects) {
  spec_.text += text + '\n';
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  spec_.objects.insert(spec_.objects.end(), lines, objects);
}

std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

SpecText::SpecText(const Inspection& inspection, const Refusals& refusals)
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
  const auto rank = [this](std::size_t i) { return std::tie(item(i).group, item(i).schema, item(i).name); };
  std::sort(roots_.begin(), roots_.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  for (std::vector<std::size_t>& list : children_) {
    std::stable_sort(list.begin(), list.end(), [this](std::size_t a, std::size_t b) {
      return std::tie(item(a).part, item(a).name) < std::tie(item(b).part, item(b).name);
    });
  }
}

std::string SpecText::reason_of(std::size_t object) const {
  const Item& carried = item(object);
  if (carried.parent != no_object && carried_[carried.parent]) return {};
  if (const auto found = refusals_.items.find(object); found != refusals_.items.end()) return found->second;
  return carried.reason.empty() ? "it needs what is carried as SQL" : carried.reason;
}

void SpecText::write(Page& page, std::size_t root, bool with_what_follows) const {
  std::vector<std::size_t> inside, behind;
  collect(root, inside, behind);
  if (!with_what_follows) behind.clear();
  const Item& object = item(root);
  if (object.kind == "schema" && object.name == "public" && inside.empty() && behind.empty()) return;
  if (object.kind == "table" || object.kind == "foreign table") {
    write_table(page, root, inside);
  } else if (inside.empty()) {
    page.add(object.text + ";", {root});
  } else {
    page.add(object.text + " {", {root});
    for (const std::size_t part : inside) page.add("    " + item(part).text + ";", {part});
    page.add("}", {root});
  }
  for (const std::size_t part : behind) page.add(item(part).text + ";", {part});
  page.add("");
}

/// What stands in the block of `root` and what follows it, parts of parts included.
void SpecText::collect(std::size_t parent, std::vector<std::size_t>& inside, std::vector<std::size_t>& behind) const {
  for (const std::size_t child : children_[parent]) {
    if (item(child).with_parent) continue;
    if (is_partition(item(child))) {
      // stands in the block of its table, and what is said of it behind that
    } else if (item(child).in_block) {
      inside.push_back(child);
    } else if (item(child).beside.empty()) {
      behind.push_back(child);
    }
    collect(child, inside, behind);
  }
}

std::vector<std::size_t> SpecText::beside(std::size_t table, const ColumnText& column) const {
  std::vector<std::size_t> parts;
  for (const std::size_t child : children_[table]) {
    if (!item(child).beside.empty() && item(child).column == column.name) parts.push_back(child);
  }
  return parts;
}

std::string SpecText::column_line(std::size_t table, const ColumnText& column) const {
  const std::vector<std::size_t> parts = beside(table, column);
  const bool is_key = std::any_of(parts.begin(), parts.end(),
                                  [this](std::size_t part) { return item(part).part == Part::primary_key; });
  return column.type + (column.not_null && !is_key ? " not null" : "") + column.value;
}

void SpecText::write_table(Page& page, std::size_t root, const std::vector<std::size_t>& inside) const {
  const Item& table = item(root);
  page.add(table.text + " {", {root});
  for (const ColumnText& column : table.columns) {
    std::string line = "    " + column_line(root, column);
    std::vector<std::size_t> objects = beside(root, column);
    for (const std::size_t part : objects) line += ' ' + item(part).beside;
    objects.push_back(root);
    page.add(line + ";", objects);
  }
  Part before = Part::none;
  bool is_said = table.partition_key.empty();
  for (const std::size_t part : inside) {
    const Part group = block_group(item(part).part);
    if (group > Part::partition && !std::exchange(is_said, true)) write_partitions(page, root);
    if (group != before) page.add("");
    before = group;
    page.add("    " + item(part).text + ";", {part});
  }
  if (!is_said) write_partitions(page, root);
  page.add("}", {root});
}

void SpecText::write_partitions(Page& page, std::size_t table) const {
  page.add("");
  page.add("    partition by " + item(table).partition_key + ";", {table});
  write_partitions_in(page, table, "    ");
}

void SpecText::write_partitions_in(Page& page, std::size_t table, const std::string& indent) const {
  for (const std::size_t child : children_[table]) {
    if (is_partition(item(child))) write_partition(page, child, indent);
  }
}

void SpecText::write_partition(Page& page, std::size_t partition, const std::string& indent) const {
  const Item& object = item(partition);
  const std::string by = object.partition_key.empty() ? "" : " partition by " + object.partition_key;
  const std::vector<std::size_t>& parts = children_[partition];
  const bool is_leaf =
      std::none_of(parts.begin(), parts.end(), [this](std::size_t part) { return is_partition(item(part)); });
  page.add(indent + object.text + by + (is_leaf ? ";" : " {"), {partition});
  if (is_leaf) return;
  write_partitions_in(page, partition, indent + "    ");
  page.add(indent + "}", {partition});
}

std::string sql_block(const std::string& title, const std::vector<std::string>& after, std::string up,
                      const std::string& down) {
  const bool one_line = std::count(up.begin(), up.end(), '\n') == 1;
  if (one_line)
    up = ' ' + up.substr(0, up.size() - 1) + ' ';
  else
    up = '\n' + up;
  std::string text = "sql " + literal(title);
  if (!after.empty()) text += " after " + joined(after, ", ");
  return text + " {\n    up " + dollar_quoted(up) + ";\n    down " +
         dollar_quoted(down.empty() ? " " : ' ' + down + ' ') + ";\n}\n";
}

void SpecText::write_block(Page& page, const CarriedBlock& block, const std::string& number) const {
  std::string up;
  const bool as_text = refusals_.sql.contains(block.root);
  for (const std::size_t object : block.objects) {
    const std::string& sql = item(object).up;
    if (!sql.empty())
      up += (as_text ? "do " + dollar_quoted(" begin execute " + literal(sql) + "; end ", "run") : sql) + ";\n";
  }
  const std::string& down = item(block.root).down;
  const std::string title = number + ' ' + in_one_line(title_of(block.root));
  page.add(sql_block(title, {block.after.begin(), block.after.end()}, up, down.empty() ? "" : down + ";"),
           {block.root});
}

}  // namespace godwit::inspecting
