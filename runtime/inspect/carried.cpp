// SPDX-License-Identifier: Apache-2.0
#include "runtime/inspect/carried.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <tuple>

namespace godwit::inspecting {

namespace {

bool has_form(const Item& item) { return !item.text.empty() || !item.beside.empty() || item.with_parent; }

/// The words of a function's body in SQL, in lower case.
std::set<std::string> words_of(const std::string& body) {
  std::set<std::string> words;
  std::string word;
  for (const char c : body + ' ') {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '_' || byte >= 0x80) {
      word += static_cast<char>(std::tolower(byte));
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  return words;
}

/// The name by which a query would call it; nothing for what no query names.
std::string called(const Item& item) {
  switch (item.group) {
    case Group::types:
    case Group::sequences:
    case Group::tables:
    case Group::views: return item.parent == no_object || is_partition(item) ? item.name : "";
    case Group::functions: return item.name.substr(0, item.name.find('('));
    case Group::schemas:
    case Group::extensions:
    case Group::publications:
    case Group::others: return {};
  }
  return {};
}

bool needs_carried(const Items& items, const std::vector<std::size_t>& needs, const std::vector<bool>& carried,
                   std::size_t i) {
  if (items.all[i].parent != no_object && carried[items.all[i].parent]) return true;
  if (items.all[i].with_parent) return false;
  for (const std::size_t need : needs) {
    if (carried[need]) return true;
  }
  return false;
}

/// Sorts as a file does: by group, schema, name, and what belongs to an object behind it.
using Rank = std::tuple<int, std::string, std::string, int, std::string, std::size_t>;

/// The table, partition or other object by whose name it is sorted.
std::size_t home_of(const Items& items, std::size_t i) {
  while (items.all[i].parent != no_object && !is_partition(items.all[i])) i = items.all[i].parent;
  return i;
}

Rank rank_of(const Items& items, std::size_t i) {
  const Item& item = items.all[i];
  const Item& root = items.all[home_of(items, i)];
  return {comes_last(item) * 100 + static_cast<int>(root.group),
          root.schema,
          root.name,
          static_cast<int>(item.part),
          item.name,
          i};
}

class Ordering {
 public:
  Ordering(const Items& items, const std::vector<bool>& carried)
      : items_(items),
        carried_(carried),
        needs_(needs_of(items)),
        waiting_(items.all.size(), 0),
        after_(items.all.size()) {
    for (std::size_t i = 0; i < items.all.size(); ++i) {
      if (!carried[i]) continue;
      std::set<std::size_t> first;
      for (const std::size_t need : needs_[i]) {
        if (carried[need] && need != i) first.insert(need);
      }
      const std::size_t parent = items.all[i].parent;
      if (parent != no_object && carried[parent]) first.insert(parent);
      for (const std::size_t each : first) after_[each].push_back(i);
      waiting_[i] = first.size();
      (first.empty() ? ready_ : waits_).emplace(rank_of(items, i), i);
    }
  }

  std::vector<CarriedBlock> run() {
    std::size_t last = no_object;
    while (!ready_.empty() || !waits_.empty()) {
      // A circle (a function whose body names what calls it): the first in order begins it.
      auto& list = ready_.empty() ? waits_ : ready_;
      const auto next = of_same_root(list, last);
      last = next->second;
      list.erase(next);
      take(last);
      for (const std::size_t other : after_[last]) {
        if (--waiting_[other] > 0) continue;
        const auto found = waits_.find(rank_of(items_, other));
        if (found != waits_.end()) ready_.insert(waits_.extract(found));
      }
    }
    return std::move(blocks_);
  }

 private:
  using Queue = std::map<Rank, std::size_t>;

  /// What belongs to the object that was just made comes next, so that both stand in one block.
  Queue::iterator of_same_root(Queue& list, std::size_t last) const {
    if (last == no_object) return list.begin();
    const std::size_t root = home_of(items_, last);
    Rank first = rank_of(items_, root);
    std::get<3>(first) = 0;
    const auto found = list.lower_bound(first);
    return found != list.end() && home_of(items_, found->second) == root ? found : list.begin();
  }

  void take(std::size_t i) {
    const std::size_t parent = items_.all[i].parent;
    const bool joins = parent != no_object && carried_[parent] && block_of_.contains(parent) &&
                       block_of_.at(parent) == blocks_.size() - 1;
    if (!joins) {
      blocks_.emplace_back();
      blocks_.back().root = i;
    }
    CarriedBlock& block = blocks_.back();
    block.objects.push_back(i);
    block_of_[i] = blocks_.size() - 1;
    if (parent != no_object) need(block, parent);
    for (const std::size_t each : needs_[i]) {
      if (!becomes_part(i, each)) need(block, each);
    }
    if (comes_last(items_.all[i]) != 0) wait_for_all(block);
  }

  /// Behind what is made behind SQL: that needs to be named only.
  void wait_for_all(CarriedBlock& block) const {
    for (const CarriedBlock& other : blocks_) {
      for (const std::string& target : other.after) {
        if (is_made_late(target)) block.after.insert(target);
      }
    }
    for (std::size_t i = 0; i < items_.all.size(); ++i) {
      if (items_.all[i].kind == "materialized view" && !carried_[i]) block.after.insert(items_.all[i].target);
    }
  }

  static bool is_made_late(std::string_view target) {
    constexpr std::array<std::string_view, 5> kinds{"constraint ", "index ", "trigger ", "view ", "materialized view "};
    return std::any_of(kinds.begin(), kinds.end(), [&](std::string_view kind) { return target.starts_with(kind); });
  }

  /// The index of a partition that is SQL becomes a part of the table's, whichever is made first.
  bool becomes_part(std::size_t i, std::size_t need) const {
    return items_.all[i].with_parent && items_.all[i].part <= Part::index &&
           items_.all[i].part == items_.all[need].part;
  }

  void need(CarriedBlock& block, std::size_t i) {
    if (!carried_[i]) {
      const Item& item = items_.all[i];
      const bool is_first = item.group <= Group::extensions;  // schemas and extensions are made before anything else
      if (item.with_parent) {
        need(block, item.parent);
        for (const std::size_t each : needs_[i]) need(block, each);
      } else if (!item.target.empty() && !is_first) {
        block.after.insert(item.target);
      }
      return;
    }
    const auto other = block_of_.find(i);
    if (other == block_of_.end() || &blocks_[other->second] == &block) return;
    const std::set<std::string> theirs = blocks_[other->second].after;
    block.after.insert(theirs.begin(), theirs.end());
  }

  const Items& items_;
  const std::vector<bool>& carried_;
  std::vector<std::vector<std::size_t>> needs_;
  std::vector<std::size_t> waiting_;
  std::vector<std::vector<std::size_t>> after_;
  Queue ready_, waits_;
  std::map<std::size_t, std::size_t> block_of_;
  std::vector<CarriedBlock> blocks_;
};

}  // namespace

int comes_last(const Item& item) {
  if (item.kind == "default privileges") return 1;
  return item.kind == "event trigger" ? 2 : 0;
}

// A body in SQL is only text to the server, and is read when the function is made.
std::vector<std::vector<std::size_t>> needs_of(const Items& items) {
  std::multimap<std::string, std::size_t> names;
  std::vector<std::vector<std::size_t>> needs(items.all.size());
  for (std::size_t i = 0; i < items.all.size(); ++i) {
    std::string name = called(items.all[i]);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!name.empty()) names.emplace(std::move(name), i);
  }
  for (std::size_t i = 0; i < items.all.size(); ++i) {
    needs[i] = items.all[i].needs;
    if (items.all[i].body.empty()) continue;
    for (const std::string& word : words_of(items.all[i].body)) {
      for (auto [at, end] = names.equal_range(word); at != end; ++at) {
        if (at->second != i) needs[i].push_back(at->second);
      }
    }
  }
  return needs;
}

std::size_t root_of(const Items& items, std::size_t item) {
  while (items.all[item].parent != no_object) item = items.all[item].parent;
  return item;
}

std::vector<bool> carried_items(const Items& items, const std::map<std::size_t, std::string>& refused) {
  std::vector<bool> carried(items.all.size());
  for (std::size_t i = 0; i < items.all.size(); ++i) carried[i] = !has_form(items.all[i]) || refused.contains(i);
  const auto needs = needs_of(items);
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < items.all.size(); ++i) {
      if (carried[i] || !needs_carried(items, needs[i], carried, i)) continue;
      carried[i] = true;
      more = true;
    }
  }
  return carried;
}

std::vector<CarriedBlock> carried_blocks(const Items& items, const std::vector<bool>& carried) {
  return Ordering(items, carried).run();
}

}  // namespace godwit::inspecting
