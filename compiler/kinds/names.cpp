// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/names.h"

#include "base/identifier.h"
#include "compiler/kinds/planning.h"

#include <algorithm>
#include <array>
#include <set>

namespace godwit::kinds {

namespace {

constexpr std::array relations{Kind::table,    Kind::foreign_table, Kind::view, Kind::materialized_view,
                               Kind::sequence, Kind::index};
constexpr std::array types{Kind::enum_type, Kind::domain,        Kind::composite_type, Kind::range_type,
                           Kind::table,     Kind::foreign_table, Kind::view,           Kind::materialized_view};

bool asks_everyone(Kind kind) { return kind == Kind::view || kind == Kind::materialized_view; }

/// Of two objects with one name one reports it: a view, which is declared after the others.
template <typename Kinds>
bool is_free_among(const Kinds& kinds, const ObjectKey& key, Span span, Declaring& d) {
  bool competes = false;
  for (const Kind kind : kinds) competes = competes || kind == key.kind;
  if (!competes) return true;
  for (const Kind kind : kinds) {
    if (asks_everyone(kind) && !asks_everyone(key.kind)) continue;
    ObjectKey other = key;
    other.kind = kind;
    const Object* object = kind == key.kind ? nullptr : d.catalog.find(other);
    if (object == nullptr) continue;
    d.diagnostics
        .add(codes::duplicate_name, span, "the name `{}` is taken by a {}", quoted(key.schema, key.name), name_of(kind))
        .note(span_of(*object), "declared here");
    return false;
  }
  return true;
}

}  // namespace

void check_index_names(Declaring& d) {
  std::set<ObjectKey> reported;
  const auto check = [&](const ObjectKey& key, const std::string& name) {
    std::vector<ObjectKey> holders = d.catalog.constraints_named(key.schema, name);
    if (holders.empty()) return;
    for (const Kind kind : relations) {
      const ObjectKey other{kind, key.schema, name, {}, Kind::schema, {}};
      if (d.catalog.find(other) != nullptr) holders.push_back(other);
    }
    for (const ObjectKey& holder : holders) {
      if (holder == key || reported.contains(holder)) continue;
      reported.insert(key);
      d.diagnostics
          .add(codes::duplicate_name, span_of(*d.catalog.find(key)), "the name `{}` is taken by {}",
               quoted(key.schema, name), describe(holder))
          .note(span_of(*d.catalog.find(holder)), "declared here")
          .hint(
              "the index behind a constraint shares one set of names with tables: name the constraint yourself, "
              "`constraint … unique (…)`");
      return;
    }
  };
  // Tables, sequences and indexes share one set of names; views have asked everyone by now.
  constexpr std::array shells{Kind::table, Kind::foreign_table, Kind::sequence, Kind::index};
  const auto is_shell = [&](Kind kind) { return std::find(shells.begin(), shells.end(), kind) != shells.end(); };
  for (const auto& [key, before] : d.catalog.touched()) {
    if (!is_shell(key.kind) || d.catalog.find(key) == nullptr) continue;
    for (const Kind kind : shells) {
      const ObjectKey other{kind, key.schema, key.name, {}, Kind::schema, {}};
      const Object* holder = kind == key.kind ? nullptr : d.catalog.find(other);
      if (holder == nullptr || reported.contains(other)) continue;
      const auto here = d.declared_here.find(key);
      if (here == d.declared_here.end()) continue;
      reported.insert(key);
      d.diagnostics
          .add(codes::duplicate_name, here->second, "the name `{}` is taken by {}", quoted(key.schema, key.name),
               describe(other))
          .note(span_of(*holder), "declared here")
          .hint("tables, views, sequences and indexes of a schema share one set of names");
    }
  }
  // The constraint is the one to name; it is only looked for from the other side when it stands there already.
  for (const bool constraints : {true, false}) {
    for (const auto& [key, before] : d.catalog.touched()) {
      if (!names_a_relation(key.kind) || names_an_index(key.kind) != constraints) continue;
      if (d.catalog.find(key) != nullptr) check(key, constraints ? key.part : key.name);
    }
  }
}

bool name_is_free(const ObjectKey& key, Span span, Declaring& d) {
  return is_free_among(relations, key, span, d) && is_free_among(types, key, span, d);
}

}  // namespace godwit::kinds
