// SPDX-License-Identifier: Apache-2.0
// The database as a value, as the specs describe it. It grows by replaying specs; a journal says what the last spec
// touched, so that what a migration costs depends on what it changes, not on what exists.
#pragma once

#include "compiler/model/object.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace godwit {

/// How the catalog learns what a kind knows: filled in by compiler/kinds.
struct KindFacts {
  std::optional<ObjectKey> (*parent)(const Object&);  // dropped along with it
  std::vector<Need> (*needs)(const Object&);          // the parent not included
  bool (*names_an_index)(Kind);                       // `part` of its key names a relation of the schema
};

class Catalog {
 public:
  explicit Catalog(KindFacts facts);

  /// The object of that key, or nullptr.
  const Object* find(const ObjectKey& key) const;
  ObjectPtr pointer(const ObjectKey& key) const;
  template <typename T>
  const T* get(const ObjectKey& key) const {
    if (key.kind != kind_of<T>()) return nullptr;
    const Object* object = find(key);
    return object == nullptr ? nullptr : std::get_if<T>(object);
  }
  /// Adds the object, or replaces the one of its key.
  void put(Object object);
  void put(ObjectPtr object);
  void erase(const ObjectKey& key);

  /// Objects that belong to `parent` (columns, constraints, indexes, grants, … of a table), ordered by key; columns by
  /// ordinal.
  std::vector<ObjectKey> children(const ObjectKey& parent) const;
  /// The table whose columns and constraints a partition has, at whatever depth it stands; any other table itself.
  ObjectKey root_of(ObjectKey table) const;
  /// The place of the last column of `table`, counted from 1; 0 when it has none.
  int last_ordinal(const ObjectKey& table) const;
  /// Objects whose needs name `key`, ordered.
  std::vector<ObjectKey> dependents(const ObjectKey& key) const;
  /// Every key of a kind, ordered.
  std::vector<ObjectKey> keys(Kind kind) const;
  std::vector<ObjectKey> keys() const;
  /// All functions of that name, whatever their arguments; `before`: as they were when the journal began.
  std::vector<ObjectKey> routines_named(const std::string& schema, const std::string& name, bool before) const;
  /// The constraints whose index has that name, whatever their tables.
  std::vector<ObjectKey> constraints_named(const std::string& schema, const std::string& name) const;
  std::size_t size() const;
  /// True when any object of the kind is there.
  bool has(Kind kind) const { return counts_[static_cast<std::size_t>(kind)] > 0; }

  /// SQL of the user's own may have made what the catalog does not list: operators, casts, sequences, languages.
  void expect_unlisted() { unlisted_ = true; }
  bool expects_unlisted() const { return unlisted_; }
  /// The same of anything at all, tables and functions among it.
  void expect_foreign_sql() { foreign_sql_ = true; }
  bool runs_foreign_sql() const { return foreign_sql_; }

  /// Starts a new journal: from here on `touched` and `before` speak of what changed since.
  void begin_journal();
  /// Keys whose object was added, replaced or erased since, with what stood there before (nullptr: nothing).
  const std::map<ObjectKey, ObjectPtr>& touched() const { return journal_; }
  /// The object as it was when the journal began.
  ObjectPtr before(const ObjectKey& key) const;
  std::vector<ObjectKey> children_before(const ObjectKey& parent) const;
  std::vector<ObjectKey> dependents_before(const ObjectKey& key) const;

 private:
  struct Child {
    int ordinal;  // a column's place in its table
    ObjectKey key;

    auto operator<=>(const Child&) const = default;
  };
  struct Entry {
    ObjectPtr object;
    std::vector<Child> children;  // in order
    std::vector<ObjectKey> dependents;
  };

  void link(const ObjectPtr& object);
  void unlink(const ObjectPtr& object);

  KindFacts facts_;
  std::unordered_map<ObjectKey, Entry, ObjectKeyHash> entries_;
  std::map<ObjectKey, ObjectPtr> journal_;
  std::map<std::pair<std::string, std::string>, std::vector<ObjectKey>>
      routines_;  // every signature ever seen, by name
  std::map<std::pair<std::string, std::string>, std::vector<ObjectKey>> index_names_;  // those ever seen
  std::array<std::size_t, std::variant_size_v<Object>> counts_{};                      // by kind
  bool journaling_ = false;
  bool unlisted_ = false;
  bool foreign_sql_ = false;
};

}  // namespace godwit
