// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/planning.h"

#include "base/identifier.h"
#include "compiler/kinds/extension.h"
#include "compiler/model/ledger.h"

namespace godwit::kinds {

bool holds_data(Kind kind) {
  return kind == Kind::table || kind == Kind::column || kind == Kind::sequence || kind == Kind::schema ||
         kind == Kind::extension || kind == Kind::enum_type;
}

bool follows_type_change(Kind kind) {
  return kind == Kind::primary_key || kind == Kind::unique || kind == Kind::check || kind == Kind::foreign_key ||
         kind == Kind::exclude || kind == Kind::index || kind == Kind::statistics || kind == Kind::comment ||
         kind == Kind::grant || kind == Kind::owner;
}

bool waits_for_rows(Kind kind) {
  return kind == Kind::index || kind == Kind::trigger || kind == Kind::materialized_view;
}

bool belongs_to_contract(Kind kind) {
  switch (kind) {
    case Kind::view:
    case Kind::materialized_view:
    case Kind::function:
    case Kind::trigger:
    case Kind::policy:
    case Kind::owner:
    case Kind::grant:
    case Kind::comment:
    case Kind::publication:
    case Kind::publication_table: return true;
    case Kind::schema:
    case Kind::extension:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::sequence:
    case Kind::table:
    case Kind::column:
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
    case Kind::index:
    case Kind::statistics: return false;
  }
  return false;
}

bool names_a_relation(Kind kind) {
  return kind == Kind::table || kind == Kind::index || kind == Kind::sequence || kind == Kind::view ||
         kind == Kind::materialized_view || names_an_index(kind);
}

bool names_an_index(Kind kind) { return kind == Kind::primary_key || kind == Kind::unique || kind == Kind::exclude; }

std::optional<RelationName> relation_name(const ObjectKey& key) {
  if (!names_a_relation(key.kind)) return std::nullopt;
  return RelationName{key.schema, names_an_index(key.kind) ? key.part : key.name};
}

Statements leftovers_of(const Object& object) {
  const auto* extension = std::get_if<Extension>(&object);
  if (extension == nullptr || !extension->required) return {};
  return {{"forget who made extension " + quoted(extension->name),
           "do $$ begin\n  if to_regclass(" + literal(made_extension_mark(*extension)) +
               ") is not null then\n    drop table " + made_extension_mark(*extension) + ";\n  end if;\nend $$",
           {},
           Work::instant}};
}

bool is_lockable(Kind kind) { return kind == Kind::table; }

bool moves_when_dropped(Kind kind) { return kind == Kind::table || kind == Kind::sequence; }

std::optional<Object> relaxed(const Object& object) {
  const auto* column = std::get_if<Column>(&object);
  if (column == nullptr || !column->not_null || column->default_value || column->generated || column->identity ||
      !column->serial.empty()) {
    return std::nullopt;
  }
  Column nullable = *column;
  nullable.not_null = false;
  return nullable;
}

std::optional<Object> forerunner(const Object& object) {
  const auto* sequence = std::get_if<Sequence>(&object);
  if (sequence == nullptr || !sequence->owned_by) return std::nullopt;
  Sequence free = *sequence;
  free.owned_by.reset();
  return free;
}

bool tightens(const Object* from, const Object& to) {
  if (const auto* column = std::get_if<Column>(&to)) {
    const auto* before = from == nullptr ? nullptr : std::get_if<Column>(from);
    return before != nullptr && !before->not_null && column->not_null;
  }
  const Kind kind = key_of(to).kind;
  const bool is_constraint = kind == Kind::primary_key || kind == Kind::unique || kind == Kind::check ||
                             kind == Kind::foreign_key || kind == Kind::exclude ||
                             (kind == Kind::index && std::get<Index>(to).unique);
  return is_constraint;
}

bool is_column(Kind kind) { return kind == Kind::column; }

}  // namespace godwit::kinds
