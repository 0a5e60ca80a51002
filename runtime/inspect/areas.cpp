// SPDX-License-Identifier: Apache-2.0
#include "runtime/inspect/areas.h"

#include "runtime/inspect/carried.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace godwit::inspecting {

namespace {

constexpr std::size_t none = no_object, several = no_object - 1;

/// No area, one, or several.
void add(std::size_t& areas, std::size_t other) {
  if (other == none || areas == other) return;
  areas = areas == none ? other : several;
}

enum class Place { shared, area, about_several };

/// What is written together, unless a circle joins it with more: sorts as the specs do.
struct Bucket {
  bool last = false;  // what stands in no schema and is needed by nothing
  std::string schema;
  Place place = Place::shared;
  std::string table;           // after which the area is called
  std::size_t references = 0;  // to that table

  std::string name() const {
    if (place == Place::shared || schema.empty()) return schema;
    return schema + '.' + (place == Place::area ? table : "rest");
  }

  bool operator<(const Bucket& other) const {
    return std::tie(last, schema, place, table) < std::tie(other.last, other.schema, other.place, other.table);
  }
};

class Division {
 public:
  explicit Division(const Items& items)
      : items_(items), needs_(items.all.size()), joined_(items.all.size()), references_(items.all.size()) {
    std::iota(joined_.begin(), joined_.end(), std::size_t{0});
    read_needs();
    find_areas();
    spread();
    fill_buckets();
  }

  Areas run() {
    find_circles();
    return in_order();
  }

 private:
  using Circle = std::vector<std::size_t>;

  bool is_table(std::size_t root) const { return items_.all[root].group == Group::tables; }

  void read_needs() {
    const auto needs = needs_of(items_);
    for (std::size_t i = 0; i < items_.all.size(); ++i) {
      const std::size_t root = root_of(items_, i);
      if (root == i) roots_.push_back(i);
      for (const std::size_t need : needs[i]) {
        const std::size_t other = root_of(items_, need);
        if (items_.all[i].part == Part::foreign_key && items_.all[need].kind == "table") ++references_[other];
        if (other != root) needs_[root].insert(other);
      }
    }
  }

  // ---- areas: tables joined by references ----

  std::size_t area(std::size_t table) {
    while (joined_[table] != table) table = joined_[table] = joined_[joined_[table]];
    return table;
  }

  void find_areas() {
    for (const std::size_t root : roots_) {
      for (const std::size_t need : needs_[root]) {
        const bool joins = is_table(root) && is_table(need) && items_.all[root].schema == items_.all[need].schema;
        if (joins) joined_[area(root)] = area(need);
      }
    }
  }

  /// Which areas each other object is about, and which use it; through any number of others.
  void spread() {
    about_.assign(items_.all.size(), none);
    users_.assign(items_.all.size(), none);
    for (bool more = true; more;) {
      more = false;
      for (const std::size_t root : roots_) {
        for (const std::size_t need : needs_[root]) more = spread(root, need) || more;
      }
    }
  }

  bool spread(std::size_t root, std::size_t need) {
    std::size_t& about = about_[root];
    std::size_t& users = users_[need];
    const std::size_t old_about = about, old_users = users;
    if (!is_table(root)) add(about, is_table(need) ? area(need) : about_[need]);
    if (!is_table(need)) {
      add(users, is_table(root) ? area(root) : users_[root]);
      if (!is_table(root)) add(users, about);
    }
    return about != old_about || users != old_users;
  }

  // ---- buckets ----

  Bucket bucket_of(std::size_t root) {
    const Item& item = items_.all[root];
    Bucket bucket;
    bucket.last = comes_last(item) != 0 || (item.schema.empty() && users_[root] == none);
    if (bucket.last) return bucket;
    bucket.schema = item.schema;
    const auto in_area = [&](std::size_t one) {
      bucket.place = Place::area;
      bucket.table = items_.all[chiefs_.at(one)].name;
      bucket.references = references_[chiefs_.at(one)];
      return bucket;
    };
    const auto is_near = [&](std::size_t one) {
      return one != none && one != several && items_.all[one].schema == item.schema;
    };
    if (is_table(root)) return in_area(area(root));
    if (item.group == Group::schemas || item.group == Group::extensions) return bucket;
    if (is_near(about_[root])) return in_area(about_[root]);
    if (about_[root] != none) {
      bucket.place = Place::about_several;
    } else if (is_near(users_[root])) {
      return in_area(users_[root]);
    }
    return bucket;
  }

  void fill_buckets() {
    for (const std::size_t root : roots_) {
      if (!is_table(root)) continue;
      const auto [chief, is_first] = chiefs_.emplace(area(root), root);
      const std::size_t best = chief->second;
      const bool is_better = references_[root] != references_[best] ? references_[root] > references_[best]
                                                                    : items_.all[root].name < items_.all[best].name;
      if (!is_first && is_better) chief->second = root;
    }
    std::map<Bucket, std::size_t> numbers;
    for (const std::size_t root : roots_) numbers.emplace(bucket_of(root), 0);
    for (auto& [bucket, number] : numbers) {
      number = buckets_.size();
      buckets_.push_back(bucket);
    }
    bucket_.assign(items_.all.size(), 0);
    for (const std::size_t root : roots_) bucket_[root] = numbers.at(bucket_of(root));
    edges_.resize(buckets_.size());
    for (const std::size_t root : roots_) {
      for (const std::size_t need : needs_[root]) {
        if (bucket_[need] != bucket_[root]) edges_[bucket_[root]].insert(bucket_[need]);
      }
    }
  }

  // ---- circles ----

  /// Tarjan's: buckets that need each other get the same number.
  void find_circles() {
    seen_.assign(buckets_.size(), 0);
    low_.assign(buckets_.size(), 0);
    circle_.assign(buckets_.size(), none);
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      if (seen_[i] == 0) visit(i);
    }
  }

  void visit(std::size_t at) {
    seen_[at] = low_[at] = ++clock_;
    open_.push_back(at);
    for (const std::size_t next : edges_[at]) {
      if (seen_[next] == 0) {
        visit(next);
        low_[at] = std::min(low_[at], low_[next]);
      } else if (circle_[next] == none) {
        low_[at] = std::min(low_[at], seen_[next]);
      }
    }
    if (low_[at] != seen_[at]) return;
    circles_.emplace_back();
    while (circle_[at] == none) {
      circle_[open_.back()] = circles_.size() - 1;
      circles_.back().push_back(open_.back());
      open_.pop_back();
    }
    std::sort(circles_.back().begin(), circles_.back().end());
  }

  std::string name_of(const Circle& circle) const {
    const Bucket* best = &buckets_[circle.front()];
    std::set<std::string> schemas;
    for (const std::size_t i : circle) {
      schemas.insert(buckets_[i].schema);
      if (buckets_[i].place == best->place && buckets_[i].references > best->references) best = &buckets_[i];
    }
    if (circle.size() == 1 || schemas.size() == 1) return best->name();
    std::string name;
    for (const std::string& schema : schemas) name += (name.empty() || schema.empty() ? "" : " and ") + schema;
    return schemas.size() > 3 ? *schemas.rbegin() + " and others" : name;
  }

  /// Of those that need nothing more, the first by name.
  Areas in_order() {
    std::vector<std::set<std::size_t>> needs(circles_.size()), needed_by(circles_.size());
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      for (const std::size_t other : edges_[i]) {
        if (circle_[i] == circle_[other]) continue;
        needs[circle_[i]].insert(circle_[other]);
        needed_by[circle_[other]].insert(circle_[i]);
      }
    }
    std::set<std::pair<std::size_t, std::size_t>> ready;  // buckets are numbered in their order
    for (std::size_t i = 0; i < circles_.size(); ++i) {
      if (needs[i].empty()) ready.emplace(circles_[i].front(), i);
    }
    Areas areas;
    std::vector<std::size_t> place(circles_.size());
    while (!ready.empty()) {
      const std::size_t next = ready.begin()->second;
      ready.erase(ready.begin());
      place[next] = areas.names.size();
      areas.names.push_back(name_of(circles_[next]));
      for (const std::size_t other : needed_by[next]) {
        needs[other].erase(next);
        if (needs[other].empty()) ready.emplace(circles_[other].front(), other);
      }
    }
    for (std::size_t i = 0; i < items_.all.size(); ++i) areas.of.push_back(place[circle_[bucket_[root_of(items_, i)]]]);
    return areas;
  }

  const Items& items_;
  std::vector<std::size_t> roots_;
  std::vector<std::set<std::size_t>> needs_;   // of each root: other roots
  std::vector<std::size_t> joined_;            // of a table: another one of its area, or itself
  std::vector<std::size_t> references_;        // to a table
  std::map<std::size_t, std::size_t> chiefs_;  // of an area: the table that it is called after
  std::vector<std::size_t> about_, users_;     // of a root: an area, `none` or `several`
  std::vector<Bucket> buckets_;
  std::vector<std::size_t> bucket_;  // of a root
  std::vector<std::set<std::size_t>> edges_;
  std::vector<std::size_t> seen_, low_, circle_, open_;
  std::vector<Circle> circles_;
  std::size_t clock_ = 0;
};

}  // namespace

Areas areas_of(const Items& items) { return Division(items).run(); }

}  // namespace godwit::inspecting
