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

std::vector<Step> hide_column(const Object& object, const Object& hidden_object, Span span, Statements violators) {
  const auto& column = std::get<Column>(object);
  const auto& hidden = std::get<Column>(hidden_object);
  const ObjectKey table{Kind::table, column.schema, column.table, {}, Kind::schema, {}};
  const std::string table_name = quoted(column.schema, column.table);
  const std::string name = table_name + '.' + quoted(column.name);
  std::vector<Step> steps;
  if (column.not_null && !column.identity) {
    Step lift;
    lift.phase = Phase::keep;
    lift.title = "let new rows leave " + name + " empty";
    lift.span = span;
    lift.subject = key_of(object);
    lift.changes = {key_of(object)};
    const std::string alter = "alter table " + table_name + " alter column " + quoted(column.name);
    lift.up = {{lift.title, alter + " drop not null", {{table, Lock::access_exclusive}}, Work::instant}};
    lift.down = std::move(violators);
    lift.down.push_back(
        {"forbid null in " + name, alter + " set not null", {{table, Lock::access_exclusive}}, Work::scan});
    steps.push_back(std::move(lift));
  }
  Step hide;
  hide.phase = Phase::contract;
  hide.title = "hide column " + name;
  hide.span = span;
  hide.subject = key_of(object);
  hide.keeps = true;
  hide.remarks = {"its values stay in place as " + quoted(hidden.name) + " until finalize"};
  hide.unmakes = {key_of(object)};
  hide.makes = {key_of(hidden_object)};
  const std::string alter = "alter table " + table_name + " rename column ";
  hide.up = {{hide.title,
              alter + quoted(column.name) + " to " + quoted(hidden.name),
              {{table, Lock::access_exclusive}},
              Work::instant}};
  hide.down = {{"bring back column " + name,
                alter + quoted(hidden.name) + " to " + quoted(column.name),
                {{table, Lock::access_exclusive}},
                Work::instant}};
  hide.finalize = {{"drop the hidden column " + name,
                    "alter table " + table_name + " drop column " + quoted(hidden.name),
                    {{table, Lock::access_exclusive}},
                    Work::instant}};
  steps.push_back(std::move(hide));
  return steps;
}

std::string kept_table_name(const ObjectKey& table) {
  return std::string(truncated(table.schema + "__" + table.name, max_identifier_bytes));
}

Step keep_table(const ObjectKey& table, Span span) {
  const std::string name = quoted(table.schema, table.name);
  const std::string kept = kept_table_name(table);
  const std::string in_kept = quoted("godwit_kept", table.name);
  Step step;
  step.phase = Phase::contract;
  step.title = "keep table " + name;
  step.span = span;
  step.subject = table;
  step.keeps = true;
  step.remarks = {"the table moves to " + quoted("godwit_kept", kept) + " with everything on it until finalize"};
  step.unmakes = {table};
  step.up = {
      {"make room for what is kept", ledger::kept_schema_sql(), {}, Work::instant},
      {step.title, "alter table " + name + " set schema godwit_kept", {{table, Lock::access_exclusive}}, Work::instant},
      {step.title, "alter table " + in_kept + " rename to " + quoted(kept), {}, Work::instant}};
  step.down = {{"bring back table " + name,
                "alter table " + quoted("godwit_kept", kept) + " rename to " + quoted(table.name),
                {},
                Work::instant},
               {"bring back table " + name,
                "alter table " + in_kept + " set schema " + quoted(table.schema),
                {},
                Work::instant}};
  step.finalize = {{"drop the kept table " + name, "drop table " + quoted("godwit_kept", kept), {}, Work::instant}};
  return step;
}

}  // namespace godwit::kinds
