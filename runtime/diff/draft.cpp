// SPDX-License-Identifier: Apache-2.0
// The draft, object by object in the order of a file: what is new as a baseline would write it, what differs as the
// smallest declaration that states it, what goes as a drop.
#include "base/identifier.h"
#include "runtime/diff/compare.h"
#include "runtime/diff/renames.h"
#include "runtime/inspect/spec_text.h"

#include <godwit/diff.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace godwit {

using namespace inspecting;
using namespace diffing;

namespace {

bool is_about(const Item& item) {
  return item.part == Part::grant || item.part == Part::owner || item.part == Part::comment;
}

/// Taking it away and making it anew loses no row and no value.
bool can_be_made_anew(const Item& item) {
  const bool holds_data = item.kind == "table" || item.kind == "sequence";
  return !holds_data && item.group != Group::types && item.group != Group::schemas;
}

/// A part of a table with a `drop` of its own.
bool has_drop(const Item& part) {
  return (part.part <= Part::trigger && part.part != Part::inheritance) || part.part == Part::policy;
}

class Drafting {
 public:
  Drafting(const DiffSide& from, const DiffSide& to)
      : from_side_(from),
        to_side_(to),
        from_(from.inspection, from.refusals),
        to_(to.inspection, to.refusals),
        pairs_(pairs_of(from_.items(), to_.items())) {}

  Draft run() {
    note_gone_columns();
    for (const std::size_t root : to_.roots()) {
      if (!to_.is_carried(root)) come_to(root);
    }
    for (const CarriedBlock& block : to_.blocks()) carry(block);
    std::vector<CarriedBlock> gone(from_.blocks().rbegin(), from_.blocks().rend());
    for (const CarriedBlock& block : gone) take_away(block);
    for (const std::size_t root : from_.roots()) {
      if (pairs_.in_to[root] == no_object && !from_.is_carried(root)) drop(root);
    }
    finish();
    return std::move(draft_);
  }

 private:
  const Item& from(std::size_t i) const { return from_.item(i); }

  const Item& to(std::size_t i) const { return to_.item(i); }

  /// The object of `from` that `i` of `to` is, or `no_object`.
  std::size_t before(std::size_t i) const { return pairs_.in_from[i]; }

  bool is_changed(std::size_t i) const { return before(i) != no_object && !are_alike(from(before(i)), to(i)); }

  bool is_gone(std::size_t i) const { return pairs_.in_to[i] == no_object; }

  void by_hand(const std::string& words) { draft_.by_hand.push_back(words); }

  // ---- what is there afterwards ----

  void come_to(std::size_t root) {
    const std::size_t old = before(root);
    if (old == no_object) return write_new(root);
    if (from_.is_carried(old)) {
      if (from(old).up != to(root).up)
        by_hand(fmt::format("{} is not the same, and SQL made it ({})", to(root).target, from_.reason_of(old)));
    } else if (is_partition(from(old))) {
      return detach(old, root);
    } else if (to(root).kind == "table") {
      change_table(old, root);
    } else if (to(root).kind == "foreign table") {
      if (!are_alike(from(old), to(root)) || parts_change(old, root)) {
        to_.write(page_, root, false);
        whole_.insert(root);
      }
    } else if (!are_alike(from(old), to(root)) || parts_change(old, root)) {
      restate(old, root);
    }
    about(old, root);
    for (const std::size_t part : to_.children(root)) {
      if (before(part) != no_object) {
        about(before(part), part);
      } else {
        say_about_new(part);
        if (is_partition(to(part))) against_defaults(part);
      }
    }
    page_.add("");
  }

  void write_new(std::size_t root) {
    to_.write(page_, root);
    against_defaults(root);
  }

  /// A new object has what the default privileges of before give it, unless the draft says otherwise.
  void against_defaults(std::size_t object) {
    std::vector<Right> given = rights_by_default(from_.items(), to(object));
    for (const std::size_t part : to_.children(object)) {
      if (to(part).part == Part::owner)  // holds everything
        std::erase_if(given, [&](const Right& right) { return right.role == to(part).words; });
    }
    std::vector<Right> wanted = rights_of(grants_of(to_, object));
    std::erase_if(wanted, [&](const Right& right) {
      return std::none_of(given.begin(), given.end(), [&](const Right& other) {
        return other.role == right.role && other.privilege == right.privilege;
      });
    });
    for (const RightsChange& change : change_rights(given, wanted))
      page_.add(change.verb + " on " + to(object).target + change.role + ";");
    for (const std::size_t part : to_.children(object)) {
      if (is_partition(to(part)) && before(part) == no_object) against_defaults(part);
    }
  }

  /// What is said about a new part, and about the partitions below it.
  void say_about_new(std::size_t part) {
    for (const std::size_t remark : to_.children(part)) {
      if (is_partition(to(remark))) say_about_new(remark);
      if (is_about(to(remark))) page_.add(to(remark).text + ";");
    }
  }

  /// Whether a part changes that only the whole object's statement says.
  bool parts_change(std::size_t old, std::size_t root) const {
    const auto changes = [&](std::size_t part) {
      return !is_about(to(part)) && (before(part) == no_object || is_changed(part));
    };
    const std::vector<std::size_t>& parts = to_.children(root);
    const std::vector<std::size_t>& old_parts = from_.children(old);
    return std::any_of(parts.begin(), parts.end(), changes) ||
           std::any_of(old_parts.begin(), old_parts.end(),
                       [&](std::size_t part) { return !is_about(from(part)) && is_gone(part); });
  }

  /// The object's own statement; what is said about it (owner, privileges, comment) stays and is compared by itself.
  void restate(std::size_t old, std::size_t root) {
    if (to(root).kind == "default privileges") page_.add(from(old).words + ";");
    std::vector<std::string> inside;
    for (const std::size_t part : to_.children(root)) {
      if (to(part).in_block && !is_about(to(part))) inside.push_back("    " + to(part).text + ";");
    }
    page_.add((to(root).named.empty() ? to(root).text : to(root).named) + (inside.empty() ? ";" : " {"));
    for (const std::string& line : inside) page_.add(line);
    if (!inside.empty()) page_.add("}");
    drop_parts(old);
    for (const std::string& value : from(old).values) {
      const std::vector<std::string>& now = to(root).values;
      if (std::find(now.begin(), now.end(), value) == now.end())
        page_.add(fmt::format("drop value {} {};", quoted(to(root).schema, to(root).name), value));
    }
  }

  void drop_parts(std::size_t old) {
    for (const std::size_t part : from_.children(old)) {
      if (is_gone(part) && has_drop(from(part))) page_.add("drop " + from(part).target + ";");
    }
  }

  // ---- tables ----

  std::string whole_line(const SpecText& side, std::size_t table, const ColumnText& column) const {
    std::string line = column.type + (column.not_null ? " not null" : "") + column.value;
    for (const std::size_t part : side.beside(table, column)) {
      if (side.item(part).part == Part::storage) line += ' ' + side.item(part).beside;
    }
    return line;
  }

  void change_table(std::size_t old, std::size_t table) {
    std::vector<std::string> lines;
    std::vector<const ColumnText*> new_columns;
    std::set<std::size_t> said;
    for (const ColumnText& column : to(table).columns) {
      const ColumnText* was = column_named(from(old), column.name);
      if (was == nullptr) {
        new_columns.push_back(&column);
        std::string line = to_.column_line(table, column);
        for (const std::size_t part : to_.beside(table, column)) {
          if (before(part) != no_object) continue;  // a constraint of that name that other columns had
          line += ' ' + to(part).beside;
          said.insert(part);
        }
        lines.push_back(line);
      } else if (whole_line(from_, old, *was) != whole_line(to_, table, column)) {
        lines.push_back(whole_line(to_, table, column));
      }
    }
    const std::vector<std::string> parents = parents_of(from_, old), parents_now = parents_of(to_, table);
    bool whole = !all_in(parents, parents_now);
    for (const std::size_t part : from_.children(old)) {
      const Item& gone = from(part);
      if (!is_gone(part) || is_about(gone) || gone.with_parent || has_drop(gone)) continue;
      if (gone.part == Part::row_security) {
        lines.emplace_back("row level security off");
      } else if (gone.beside.empty()) {
        whole = true;  // only what a whole table does not state goes
      }
    }
    for (const std::size_t part : to_.children(table)) {
      const Item& now = to(part);
      if (is_about(now) || said.contains(part) || now.with_parent || is_partition(now)) continue;
      if (!now.beside.empty() && now.part == Part::storage) continue;
      if (before(part) == no_object || is_changed(part)) lines.push_back(now.named.empty() ? now.text : now.named);
    }
    if (whole) {
      to_.write(page_, table, false);
      whole_.insert(table);
    } else {
      write_alter(table, lines, change_partitions(old, table));
      drop_parts(old);
    }
    drop_columns(old, table, new_columns);
    if (!only_adds_behind(parents, parents_now))
      by_hand(fmt::format("{} inherits from its parents in another order", to(table).target));
    if (columns_change_places(from(old), to(table)))
      by_hand(
          fmt::format("the columns of {} stand in another order, which PostgreSQL never changes", to(table).target));
  }

  /// The new partitions of the table. What else differs in how a table is partitioned would move its rows.
  std::vector<std::size_t> change_partitions(std::size_t old, std::size_t table) {
    std::vector<std::size_t> added;
    if (from(old).partition_key != to(table).partition_key)
      by_hand(fmt::format("{} is partitioned in another way", to(table).target));
    for (const std::size_t part : to_.children(table)) {
      if (!is_partition(to(part))) continue;
      const std::size_t was = before(part);
      if (was == no_object) {
        added.push_back(part);
      } else if (!is_partition(from(was))) {
        attach(was, table, part);
      } else if (from(was).text != to(part).text || !same_partitions(was, part)) {
        by_hand(fmt::format("{} has another place among the partitions, or others below it", to(part).target));
      }
    }
    return added;
  }

  // What comes into force last, whatever its place: what else differs in such a table is for the draft after.

  /// What a table has of its own as it joins another is refused, and named, when the draft is compiled.
  void attach(std::size_t old, std::size_t table, std::size_t partition) {
    for (const std::size_t part : from_.children(old)) {
      if (from(part).part == Part::trigger || from(part).part == Part::policy)
        page_.add("drop " + from(part).target + ";");
    }
    page_.add(fmt::format("alter {} {{", to(table).target));
    page_.add(fmt::format("    attach {};", to(partition).text));
    page_.add("}");
    if (shape(from_, old, Shape::columns) != shape(to_, table, Shape::columns))
      by_hand(fmt::format("{} has other columns than {}: they differ no more once it is attached", from(old).target,
                          to(table).target));
    if (!same_below(old, partition))
      by_hand(fmt::format("{} has others below it among the partitions", to(partition).target));
  }

  void detach(std::size_t old, std::size_t table) {
    const std::size_t parent = from(old).parent;
    if (is_gone(parent)) {
      return by_hand(fmt::format("{} stays, and {}, of which it is a partition, goes: detach it in a spec before",
                                 to(table).target, from(parent).target));
    }
    page_.add(fmt::format("alter {} {{", from(parent).target));
    page_.add(fmt::format("    detach partition {};", quoted(to(table).schema, to(table).name)));
    page_.add("}");
    if (!same_below(old, table)) by_hand(fmt::format("{} has others below it among the partitions", to(table).target));
    if (shape(from_, old, Shape::everything) != shape(to_, table, Shape::everything))
      by_hand(fmt::format("{} is not what {} leaves it: draft again once it is detached", to(table).target,
                          from(parent).target));
    about(old, table);
    page_.add("");
  }

  enum class Shape { columns, everything };

  /// What makes a table fit for a partition, and what one leaves with.
  static std::vector<std::string> shape(const SpecText& side, std::size_t table, Shape of) {
    const std::vector<Item>& all = side.items().all;
    while (is_partition(all[table])) table = all[table].parent;
    std::vector<std::string> words;
    for (const ColumnText& column : side.item(table).columns) {
      words.push_back(column.name + ' ' + column.type);
      if (of == Shape::everything) words.back() += (column.not_null ? " not null" : "") + column.value;
    }
    for (const std::size_t part : side.children(table)) {
      const Item& item = side.item(part);
      const bool stays_behind = item.part == Part::trigger || item.part == Part::policy;
      if (of == Shape::everything && has_drop(item) && !stays_behind) words.push_back(item.kind);
    }
    std::sort(words.begin(), words.end());
    return words;
  }

  bool same_below(std::size_t old, std::size_t now) const {
    const auto listed = [](const SpecText& side, std::size_t table) {
      Page page;
      for (const std::size_t part : side.children(table)) {
        if (is_partition(side.item(part))) side.write_partition(page, part, "");
      }
      return page.take().text;
    };
    return from(old).partition_key == to(now).partition_key && listed(from_, old) == listed(to_, now);
  }

  bool same_partitions(std::size_t old, std::size_t now) const {
    const auto listed = [](const SpecText& side, std::size_t partition) {
      Page page;
      side.write_partition(page, partition, "");
      return page.take().text;
    };
    return listed(from_, old) == listed(to_, now);
  }

  void write_alter(std::size_t table, const std::vector<std::string>& lines,
                   const std::vector<std::size_t>& partitions) {
    if (lines.empty() && partitions.empty()) return;
    page_.add("alter " + to(table).target + " {");
    for (const std::string& line : lines) page_.add("    " + line + ";");
    for (const std::size_t partition : partitions) to_.write_partition(page_, partition, "    ");
    page_.add("}");
  }

  /// The tables from which one inherits, as a spec names them.
  static std::vector<std::string> parents_of(const SpecText& side, std::size_t table) {
    for (const std::size_t part : side.children(table)) {
      if (side.item(part).part == Part::inheritance) return parents_in(side.item(part));
    }
    return {};
  }

  /// Whether one of the parents that stay has it too.
  bool goes_with_parents(std::size_t old, std::size_t table, const std::string& column) const {
    const std::vector<std::string> parents = parents_of(from_, old), stay = parents_of(to_, table);
    return std::any_of(from_.roots().begin(), from_.roots().end(), [&](std::size_t root) {
      const std::string parent = quoted(from(root).schema, from(root).name);
      return all_in({parent}, parents) && all_in({parent}, stay) && column_named(from(root), column) != nullptr;
    });
  }

  void drop_columns(std::size_t old, std::size_t table, const std::vector<const ColumnText*>& new_columns) {
    const std::string name = quoted(to(table).schema, to(table).name);
    for (const ColumnText& column : from(old).columns) {
      if (column_named(to(table), column.name) != nullptr) continue;
      if (column.inherited && goes_with_parents(old, table, column.name)) continue;
      const std::string full = name + '.' + quoted(column.name);
      ask("column", full, renames_of_column(column, new_columns));
      page_.add("drop column " + full + ";");
    }
  }

  void ask(const std::string& kind, const std::string& name, const std::vector<std::string>& candidates) {
    if (candidates.empty()) return;
    std::vector<std::string> names;
    for (const std::string& candidate : candidates) names.push_back(quoted(candidate));
    const std::string question = fmt::format("was the {} {} renamed to {}?", kind, name, joined(names, " or "));
    draft_.questions.push_back(question);
    page_.add(fmt::format(
        "-- W{} Then this stands for its drop, and the new {} goes from this draft:", question.substr(1), kind));
    for (const std::string& candidate : names)
      page_.add(fmt::format("--   rename {} {} -> {};", kind, name, candidate));
  }

  // ---- owners, privileges, comments ----

  std::vector<const Item*> grants_of(const SpecText& side, std::size_t object) const {
    std::vector<const Item*> grants;
    for (const std::size_t part : side.children(object)) {
      if (side.item(part).part == Part::grant) grants.push_back(&side.item(part));
    }
    return grants;
  }

  /// The statements about an object that both sides have, where its own statement does not say them.
  void about(std::size_t old, std::size_t now) {
    const bool says_block = whole_.contains(now);
    const std::string& target = to(now).target;
    for (const std::size_t part : to_.children(now)) {
      const Item& item = to(part);
      if (item.part != Part::owner && item.part != Part::comment) continue;
      const bool is_said = says_block && (item.in_block || !item.beside.empty());
      if (is_said || !(before(part) == no_object || is_changed(part))) continue;
      if (item.part == Part::owner) {
        page_.add(fmt::format("owner of {} to {};", target, item.words));
      } else if (!is_beside_new_column(old, item)) {
        page_.add(fmt::format("comment on {} {};", commented(item, target), item.words));
      }
    }
    for (const std::size_t part : from_.children(old)) {
      const Item& item = from(part);
      if (!is_gone(part) || (says_block && (item.in_block || !item.beside.empty()))) continue;
      if (item.part == Part::comment && !gone_columns_.contains(item.name))
        page_.add(fmt::format("comment on {} '';", commented(item, target)));
      if (item.part == Part::owner)
        by_hand(fmt::format("{} belongs to {} in {} and to the connecting role in {}", target, item.words,
                            from_side_.name, to_side_.name));
    }
    if (says_block) return;
    std::vector<Right> rights = rights_of(grants_of(from_, old));
    std::erase_if(rights, [&](const Right& right) { return goes_with_column(old, right); });
    for (const RightsChange& change : change_rights(rights, rights_of(grants_of(to_, now))))
      page_.add(change.verb + " on " + target + change.role + ";");
  }

  /// A right on a column that goes.
  bool goes_with_column(std::size_t table, const Right& right) const {
    const std::size_t open = right.privilege.find(" (");
    if (open == std::string::npos) return false;
    const std::string column = right.privilege.substr(open + 2, right.privilege.size() - open - 3);
    return gone_columns_.contains("column " + quoted(from(table).schema, from(table).name) + '.' + column);
  }

  /// `column app.t.c` for the comment of a column, else what the comment's parent is called.
  static std::string commented(const Item& comment, const std::string& target) {
    return comment.name.starts_with("column ") ? comment.name : target;
  }

  bool is_beside_new_column(std::size_t old_table, const Item& comment) const {
    return !comment.beside.empty() && column_named(from(old_table), comment.column) == nullptr;
  }

  // ---- what is carried as SQL ----

  void add_sql(const std::string& title, const std::vector<std::string>& after, const std::string& up,
               const std::string& down) {
    page_.add(sql_block(fmt::format("{:02} {}", ++sql_blocks_, in_one_line(title)), after, up, down));
  }

  static std::string statement(const std::string& sql) { return sql.empty() ? "" : sql + ";\n"; }

  void carry(const CarriedBlock& block) {
    const bool is_new = std::all_of(block.objects.begin(), block.objects.end(),
                                    [this](std::size_t object) { return before(object) == no_object; });
    if (is_new) return to_.write_block(page_, block, fmt::format("{:02}", ++sql_blocks_));
    const std::vector<std::string> after(block.after.begin(), block.after.end());
    for (const std::size_t object : block.objects) {
      const Item& now = to(object);
      const std::size_t old = before(object);
      const std::string& title = to_.title_of(object);
      if (old == no_object) {
        add_sql(title, after, statement(now.up), statement(now.down));
      } else if (now.up != from(old).up && can_be_made_anew(now)) {
        add_sql(title, after, statement(from(old).down) + statement(now.up),
                statement(now.down) + statement(from(old).up));
      } else if (now.up != from(old).up) {
        by_hand(fmt::format("{} is not the same, and a spec has no form for it ({})", title, to_.reason_of(object)));
      }
    }
  }

  void take_away(const CarriedBlock& block) {
    std::string again;
    for (const std::size_t object : block.objects) again += statement(from(object).up);
    const std::size_t root = block.root;
    if (is_gone(root)) {
      if (goes_with_parent(root)) return;
      if (!can_be_made_anew(from(root))) return by_hand(from_.title_of(root) + " is to go: it is no object of a spec");
      return add_sql(from_.title_of(root) + " goes", {}, statement(from(root).down), again);
    }
    for (const std::size_t object : block.objects) {
      if (is_gone(object) && !goes_with_parent(object))
        add_sql(from_.title_of(object) + " goes", {}, statement(from(object).down), statement(from(object).up));
    }
  }

  bool goes_with_parent(std::size_t object) const {
    const std::size_t parent = from(object).parent;
    return (parent != no_object && is_gone(parent)) || is_rule_of_gone(object);
  }

  /// A rule stands by itself, but goes with its relation.
  bool is_rule_of_gone(std::size_t object) const {
    if (from(object).kind != "rule") return false;
    const std::vector<std::size_t>& needs = from(object).needs;
    return std::any_of(needs.begin(), needs.end(), [&](std::size_t need) {
      return is_gone(need) && from(object).target.ends_with(" on " + quoted(from(need).schema, from(need).name));
    });
  }

  /// Default privileges go with the schema in which they are given.
  bool goes_with_schema(std::size_t object) const {
    const std::vector<std::size_t>& needs = from(object).needs;
    return from(object).kind == "default privileges" &&
           std::any_of(needs.begin(), needs.end(), [this](std::size_t need) { return is_gone(need); });
  }

  // ---- what goes ----

  void note_gone_columns() {
    for (const std::size_t root : from_.roots()) {
      const Item& table = from(root);
      const std::size_t now = pairs_.in_to[root];
      for (const ColumnText& column : table.columns) {
        if (now == no_object || (!is_partition(to(now)) && column_named(to(now), column.name) == nullptr))
          gone_columns_.insert("column " + quoted(table.schema, table.name) + '.' + quoted(column.name));
      }
    }
  }

  void drop(std::size_t root) {
    const Item& gone = from(root);
    if (goes_with_its_column(root) || is_rule_of_gone(root) || goes_with_schema(root)) return;
    if (is_kept_alive(root))
      return by_hand(fmt::format(
          "`{};` belongs into the next spec: what is dropped here needs it until godwit finalize", gone.down));
    if (gone.kind == "table") {
      std::vector<const Item*> new_tables;
      for (const std::size_t other : to_.roots()) {
        if (to(other).kind == "table" && before(other) == no_object) new_tables.push_back(&to(other));
      }
      ask("table", quoted(gone.schema, gone.name), renames_of_table(gone, new_tables));
    }
    page_.add((gone.kind == "default privileges" ? gone.words : gone.down) + ";");
  }

  /// A dropped table, or one with dropped columns, stays with all that it needs until its rollback window closes.
  bool is_kept_alive(std::size_t root) const {
    const Group group = from(root).group;
    if (group != Group::types && group != Group::functions && group != Group::extensions) return false;
    for (std::size_t i = 0; i < from_.items().all.size(); ++i) {
      const std::vector<std::size_t>& needs = from(i).needs;
      if (std::find(needs.begin(), needs.end(), root) == needs.end()) continue;
      const std::size_t holder = root_of(from_.items(), i);
      if (is_gone(root) && holder != root && loses_columns(holder)) return true;
    }
    return false;
  }

  bool loses_columns(std::size_t table) const {
    return from(table).kind == "table" &&
           std::any_of(from(table).columns.begin(), from(table).columns.end(), [&](const ColumnText& column) {
             return gone_columns_.contains("column " + quoted(from(table).schema, from(table).name) + '.' +
                                           quoted(column.name));
           });
  }

  bool goes_with_its_column(std::size_t sequence) const {
    const std::vector<std::size_t>& parts = from_.children(sequence);
    return std::any_of(parts.begin(), parts.end(), [this](std::size_t part) {
      return from(part).kind == "owner column" && gone_columns_.contains("column " + from(part).words);
    });
  }

  // ---- the head ----

  void finish() {
    const std::string body = page_.take().text;
    if (body.find_first_not_of('\n') == std::string::npos && draft_.by_hand.empty()) return;
    std::string head = fmt::format("-- What makes {} into {}, drafted by godwit diff: to be read, and decided.\n",
                                   from_side_.name, to_side_.name);
    if (!draft_.by_hand.empty()) head += "-- Left to do by hand:\n";
    for (const std::string& line : draft_.by_hand) head += "--   " + in_one_line(line) + '\n';
    draft_.text = head + body;
  }

  DiffSide from_side_, to_side_;
  SpecText from_, to_;
  Pairs pairs_;
  Page page_;
  Draft draft_;
  std::set<std::size_t> whole_;         // tables that are stated whole, with what is said about them
  std::set<std::string> gone_columns_;  // "column app.users.name"
  std::size_t sql_blocks_ = 0;
};

}  // namespace

Draft draft_of(const DiffSide& from, const DiffSide& to) { return Drafting(from, to).run(); }

}  // namespace godwit
