// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/conversion.h"

#include "base/identifier.h"
#include "compiler/data/declare_common.h"
#include "compiler/kinds/column.h"
#include "compiler/kinds/type_change.h"
#include "compiler/kinds/types.h"
#include "compiler/model/ledger.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

namespace {

constexpr const char* failures =
    "data_exception or integrity_constraint_violation or cannot_coerce or\n"
    "             datatype_mismatch or raise_exception";

/// One change of type, looked at from both sides. Present names.
struct Converting {
  const Column& from;
  const Column& to;
  const Conversion& conversion;
  const data::Surroundings& around;

  ObjectKey key = key_of(from), table = table_of(key);
  std::string name = quoted(from.name), table_name = quoted(from.schema, from.table);
  std::string kept = quoted(conversion.kept.name), made = quoted(conversion.made.name);

  /// Labels of an enum are kept as text.
  static bool as_text(const Column& column, const Column& hidden) { return column.type.text != hidden.type.text; }

  bool enum_like(const Column& column, const Column& hidden) const {
    return column.type.declared && column.type.declared->kind == Kind::enum_type && as_text(column, hidden);
  }

  /// `expression`, in the column's own type, as what a hidden column holds of it.
  std::string held(const std::string& expression, const Column& column, const Column& hidden) const {
    if (!as_text(column, hidden)) return expression;
    const bool bare = expression == name;
    return fmt::format("{}::{}", bare ? expression : '(' + expression + ')', hidden.type.text);
  }

  /// What the migration makes of the old value.
  std::string forward() const {
    if (to.using_expression) return to.using_expression->text;
    const std::string& old_type = conversion.kept.type.text;
    const std::string& new_type = conversion.made.type.text;
    if (enum_like(to, conversion.made)) {
      const bool text = old_type == "text" && !enum_like(from, conversion.kept);
      return fmt::format("{}{}::{}", name, text ? "" : "::text", to.type.text);
    }
    if (enum_like(from, conversion.kept)) return new_type == "text" ? name + "::text" : name + "::text::" + new_type;
    if (data::assignable(old_type, new_type).value_or(false)) return name;
    return data::as_type(name, from.type.text, to, around);
  }

  /// Does the column still hold what the migration made of it?
  std::string untouched() const { return data::same(held(name, to, conversion.made), made, conversion.made.type.text); }

  std::string touched() const {
    std::string condition = data::differs(held(name, to, conversion.made), made, conversion.made.type.text);
    if (from.not_null) condition += fmt::format(" or {} is null", kept);
    return condition;
  }

  /// PostgreSQL's own way back has a value for each that can have been written, and it is the same one.
  bool returns_always() const {
    if (to.reverse_using || from.reverse_using || !conversion.plain || (from.not_null && !to.not_null)) return false;
    if (as_text(from, conversion.kept)) return false;
    const std::string& old_type = from.type.text;
    if (old_type == "text" || old_type == "character varying") return true;
    return widens(conversion.made.type.text, old_type);
  }

  std::string back() const {
    if (to.reverse_using) return to.reverse_using->text;
    return name;
  }

  /// The written conversion, over the row with the value that goes back in the column's place.
  std::string again() const {
    if (!to.using_expression) return "_gw_old";
    return sql::respelled(*to.using_expression, [&](const Reference& reference) -> std::optional<std::string> {
      if (reference.target == key) return "_gw_old";
      return std::nullopt;
    });
  }
};

Statement alter_table(const Converting& c, const std::string& title, const std::vector<std::string>& actions,
                      Work work) {
  std::string sql = "alter table " + c.table_name;
  for (const std::string& action : actions) {
    sql += (&action == &actions.front() ? "" : ",") + std::string(actions.size() > 1 ? "\n  " : " ") + action;
  }
  return {title, std::move(sql), {{c.table, Lock::access_exclusive}}, work};
}

std::string typed(const Column& column) {
  return column.type.text + (column.collation.empty() ? "" : " collate " + column.collation);
}

std::string retyped(const std::string& name, const Column& column, const std::string& value) {
  return fmt::format("alter column {} type {} using {}", name, typed(column), value);
}

Statements hold_and_change(const Converting& c) {
  const Conversion& x = c.conversion;
  const std::string column = c.table_name + '.' + c.name;
  const std::string forward = c.forward();
  Statements out{alter_table(
      c, "make room for what " + column + " holds and for what it becomes",
      {fmt::format("add column {} {}", c.kept, typed(x.kept)), fmt::format("add column {} {}", c.made, typed(x.made))},
      Work::instant)};
  std::vector<std::string> actions{retyped(c.kept, x.kept, c.held(c.name, c.from, x.kept))};
  if (!x.moving) actions.push_back(retyped(c.made, x.made, c.held(forward, c.to, x.made)));
  actions.push_back(retyped(c.name, c.to, forward));
  out.push_back(alter_table(c, "change type of " + column, actions, Work::rewrite));
  if (x.moving) {
    out.push_back(alter_table(c, "note what " + column + " became",
                              {retyped(c.made, x.made, c.held(c.name, c.to, x.made))}, Work::rewrite));
  }
  return out;
}

/// Rows written since, one by one, so that one that has no way back holds up no other.
Statement carry_back(const Converting& c) {
  const Conversion& x = c.conversion;
  const std::string column = c.table_name + '.' + c.name, row = quoted(c.from.table);
  const data::Names row_key = data::row_key_then(c.table, c.around);
  const auto residue = [&](const std::string& reason) {
    return data::to_residue(c.table, row, row_key, "restore type of column " + column, reason,
                            fmt::format("{} where ctid = _gw_row", c.table_name), c.around);
  };
  const auto indented = [](const std::string& text, const std::string& by) {
    std::string out = by;
    for (const char letter : text) out += letter == '\n' ? "\n" + by : std::string(1, letter);
    return out;
  };
  std::string checks;
  if (Converting::as_text(c.from, x.kept)) checks += fmt::format("      perform _gw_old::{};\n", c.from.type.text);
  if (c.from.not_null) {
    checks += fmt::format(
        "      if _gw_old is null then\n        raise not_null_violation using message = {};\n      end if;\n",
        literal("null in " + column));
  }
  const std::string again = c.to.using_expression
                                ? fmt::format("      select {} into _gw_again from {} where ctid = _gw_row;\n",
                                              c.held(c.again(), c.to, x.made), c.table_name)
                                : std::string("      _gw_again := _gw_old;\n");
  const std::string body = fmt::format(
      "  for _gw_row in select ctid from {} where {} loop\n"
      "    begin\n"
      "      select {} into _gw_old from {} where ctid = _gw_row;\n"
      "{}"
      "    exception when {} then\n"
      "{};\n"
      "      continue;\n"
      "    end;\n"
      "    begin\n"
      "{}"
      "      select {} into _gw_same from {} where ctid = _gw_row;\n"
      "    exception when {} then\n"
      "      _gw_same := false;\n"
      "    end;\n"
      "    if not _gw_same then\n"
      "{};\n"
      "    end if;\n"
      "    update {} set {} = _gw_old where ctid = _gw_row;\n"
      "  end loop;",
      c.table_name, c.touched(), c.held(c.back(), c.from, x.kept), c.table_name, checks, failures,
      indented(residue("'no way back: ' || sqlerrm"), "      "), again,
      data::same(c.held(c.name, c.to, x.made), "_gw_again", x.made.type.text), c.table_name, failures,
      indented(residue("'carried back only in part: the old type has no place for the rest'"), "      "), c.table_name,
      c.kept);
  return data::writes("convert back what was written to " + column + " since",
                      data::block(fmt::format("  _gw_row tid;\n  _gw_old {};\n  _gw_again {};\n  _gw_same boolean;",
                                              x.kept.type.text, x.made.type.text),
                                  body),
                      c.table);
}

void append(Statements& all, Statements more) {
  for (Statement& statement : more) all.push_back(std::move(statement));
}

Statements change_back(const Converting& c, const std::set<ObjectKey>& absent) {
  const Conversion& x = c.conversion;
  const std::string column = c.table_name + '.' + c.name;
  Statements out;
  std::string value = Converting::as_text(c.from, x.kept) ? fmt::format("{}::{}", c.kept, c.from.type.text) : c.kept;
  if (c.returns_always()) {
    value = fmt::format("case when {} then {} else {}::{} end", c.untouched(), c.kept, c.name, x.kept.type.text);
  } else {
    out.push_back(data::residue_table());
    Statements writing{carry_back(c)};
    data::Writes what{false, true, false};
    if (c.from.not_null) {
      what.deletes = true;
      for (Statement& statement :
           data::remove_rows(c.table, "rows without a value for " + column,
                             fmt::format("{}.{} is null", quoted(c.from.table), c.kept), c.around))
        writing.push_back(std::move(statement));
    }
    for (Statement& statement : data::without_triggers(std::move(writing), c.table, what, c.around, absent))
      out.push_back(std::move(statement));
  }
  out.push_back(alter_table(c, "bring back the type of " + column, {retyped(c.name, c.from, value)}, Work::rewrite));
  append(out, forget_conversion(x));
  return out;
}

/// All but the type: what must go before it changes, what comes after it has.
std::pair<Statements, Statements> around_type(const Column& from, const Column& to) {
  Column bare = from;
  bare.default_value.reset();
  bare.not_null = from.not_null && to.not_null;
  Column changed = to;
  changed.default_value.reset();
  changed.not_null = bare.not_null;
  changed.storage.clear();
  changed.compression.clear();
  changed.statistics = from.statistics;
  return {alter(from, bare).statements, alter(changed, to).statements};
}

template <typename Written>
void note(const Written& fragment, const data::Surroundings& around, Step& step) {
  if (!fragment) return;
  for (const Reference& reference : fragment->references) {
    if (around.catalog.find(reference.target) != nullptr) {
      step.needs.push_back({reference.target, false});
    } else {
      step.uses_old.push_back(reference.target);
    }
  }
}

}  // namespace

Statements convert_values(const Column& from, const Column& to, const Conversion& conversion,
                          const data::Surroundings& around) {
  auto [statements, last] = around_type(from, to);
  append(statements, hold_and_change({from, to, conversion, around}));
  append(statements, std::move(last));
  return std::move(statements);
}

Statements convert_values_back(const Column& from, const Column& to, const Conversion& conversion,
                               const data::Surroundings& around, const std::set<ObjectKey>& absent) {
  auto [statements, last] = around_type(to, from);
  append(statements, change_back({from, to, conversion, around}, absent));
  append(statements, std::move(last));
  return std::move(statements);
}

Statements forget_conversion(const Conversion& conversion) {
  const std::string table = quoted(conversion.from.schema, conversion.from.table);
  return {{"drop what was kept of " + table + '.' + quoted(conversion.from.name),
           "alter table " + table + "\n  drop column " + quoted(conversion.kept.name) + ",\n  drop column " +
               quoted(conversion.made.name),
           {{table_of(key(conversion.from)), Lock::access_exclusive}},
           Work::instant}};
}

Statements finalize_conversion(const Conversion& conversion, const std::string& migration) {
  const Column& from = conversion.from;
  const std::string title = "drop what was kept of " + quoted(from.schema, from.table) + '.' + quoted(from.name);
  const auto dropped = [&](const Column& hidden) {
    return Statement{title,
                     ledger::drop_hidden_column_sql(migration, from.schema, from.table, hidden.name),
                     {{table_of(key(from)), Lock::access_exclusive}},
                     Work::instant};
  };
  return {dropped(conversion.kept), dropped(conversion.made)};
}

std::vector<Step> convert_column(const Object& before, const Object& after, const Conversion& conversion,
                                 const data::Surroundings& around, const std::set<ObjectKey>& absent) {
  const auto& from = std::get<Column>(before);
  Column to = std::get<Column>(after);
  const bool becomes_not_null = !from.not_null && to.not_null;
  to.not_null = to.not_null && from.not_null;
  const Converting converting{from, to, conversion, around};
  const std::string column = converting.table_name + '.' + converting.name;

  Step step;
  step.span = to.origin.span;
  step.subject = converting.key;
  step.title = "change type of " + column;
  step.changes = {converting.key};
  step.makes = {key_of(conversion.kept), key_of(conversion.made)};
  step.needs = needs_of(after);
  note(to.using_expression, around, step);
  note(to.reverse_using, around, step);
  step.keeps = true;
  step.remarks = {fmt::format("what it held stays beside it as {}, what it became as {}, until finalize",
                              converting.kept, converting.made)};
  step.up = convert_values(from, to, conversion, around);
  step.down = convert_values_back(from, to, conversion, around, absent);
  step.finalize = finalize_conversion(conversion, around.migration);
  std::vector<Step> steps{std::move(step)};
  if (becomes_not_null) {
    Step tighten;
    tighten.phase = Phase::validate;
    tighten.span = to.origin.span;
    tighten.subject = converting.key;
    tighten.up = alter(to, std::get<Column>(after)).statements;
    tighten.down = alter(std::get<Column>(after), to).statements;
    tighten.title = tighten.up.front().title;
    tighten.needs = {{converting.key, false}};
    tighten.follows_previous = true;
    steps.push_back(std::move(tighten));
  }
  return steps;
}

Statements fit_before(const Object& before, const Object& after, const data::Surroundings& around,
                      const std::set<ObjectKey>& absent) {
  if (const auto* type = std::get_if<CompositeType>(&before))
    return attributes_to_residue(*type, std::get<CompositeType>(after), around);
  const auto* from = std::get_if<Column>(&before);
  const auto* to = std::get_if<Column>(&after);
  if (from == nullptr || to == nullptr || from->type == to->type || from->generated) return {};
  if (!keeps_values(from->type.text, to->type.text)) return {};
  const ObjectKey key = key_of(before);
  const std::string condition =
      values_without_place(quoted(from->table) + '.' + quoted(from->name), from->type.text, to->type.text);
  if (condition.empty()) return {};
  return data::unfit_to_residue(key, condition, from->type.text, from->not_null, around, absent);
}

bool reads_types(const Object& object) {
  if (const auto* index = std::get_if<Index>(&object)) {
    const auto computed = [](const IndexElement& element) { return element.column.empty(); };
    return index->where || std::any_of(index->elements.begin(), index->elements.end(), computed);
  }
  const Kind kind = key_of(object).kind;
  return kind == Kind::check || kind == Kind::foreign_key || kind == Kind::exclude || kind == Kind::statistics;
}

}  // namespace godwit::kinds
