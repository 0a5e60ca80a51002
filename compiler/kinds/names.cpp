// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/names.h"

#include "base/identifier.h"

#include <array>

namespace godwit::kinds {

namespace {

constexpr std::array relations{Kind::table, Kind::view, Kind::materialized_view, Kind::sequence, Kind::index};
constexpr std::array types{Kind::enum_type, Kind::domain, Kind::table, Kind::view, Kind::materialized_view};

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

bool name_is_free(const ObjectKey& key, Span span, Declaring& d) {
  return is_free_among(relations, key, span, d) && is_free_among(types, key, span, d);
}

}  // namespace godwit::kinds
