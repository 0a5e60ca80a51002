// SPDX-License-Identifier: Apache-2.0
// What may not change under the triggers that keep a table in step.
#include "compiler/kinds/planning.h"

namespace godwit::kinds {

bool writes_rows(const ObjectKey& made, const ObjectKey& table) {
  return (made.kind == Kind::trigger || made.kind == Kind::rule) && table_of(made) == table;
}

bool shapes_rows(const ObjectKey& key, const ObjectKey& table) {
  switch (key.kind) {
    case Kind::table: return key == table;
    case Kind::column:
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude: return table_of(key) == table;
    default: return writes_rows(key, table);
  }
}

}  // namespace godwit::kinds
