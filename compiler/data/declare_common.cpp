// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/declare_common.h"

#include "base/identifier.h"
#include "compiler/sql/literals.h"
#include "compiler/sql/pg_query.h"

#include <algorithm>
#include <set>

namespace godwit::data {

namespace {

std::set<ObjectKey> dropped_by(const kinds::Declaring& d) {
  std::set<ObjectKey> dropped, irreversible;
  for (const kinds::DropIntent& drop : d.drops) {
    if (drop.irreversible) irreversible.insert(drop.key);
  }
  for (const auto& [key, old] : d.catalog.touched()) {
    if (!old || (key.kind != Kind::table && key.kind != Kind::column)) continue;
    const ObjectKey& present = kinds::renamed_key(key, d.renamed_keys);
    const bool gone_for_good =
        irreversible.contains(present) || (key.kind == Kind::column && irreversible.contains(table_of(present)));
    if (d.catalog.find(present) == nullptr && !gone_for_good) dropped.insert(present);
  }
  return dropped;
}

std::string word_of(const ast::Sql& text, const sql::Token& token) {
  return folded(text.text.substr(token.begin, token.end - token.begin));
}

}  // namespace

Judging::Judging(const kinds::Declaring& declaring)
    : dropped(dropped_by(declaring)),
      around{declaring.catalog, declaring.renamed_keys, dropped, declaring.sources, {}} {}

const Column* target_column(const ObjectKey& table, const ast::Name& name, kinds::Declaring& d) {
  const auto* column = d.catalog.get<Column>(column_key(table, name.text));
  if (column != nullptr && !column->hidden) return column;
  std::vector<std::string> names;
  for (const OutputColumn& one : d.relation(table).columns) names.push_back(one.name);
  auto report =
      d.diagnostics.add(codes::unknown_column, name.span, "`{}` has no column `{}`", table_sql(table), name.text);
  if (const auto near = closest(name.text, names)) report.hint("it has `{}`", *near);
  return nullptr;
}

Span span_of(const ast::Assignment& assignment) {
  return {assignment.column.span.file, assignment.column.span.begin, assignment.value.span.end};
}

bool changes_by_itself(const sql::Analysis& value) {
  static const std::set<std::string, std::less<>> of_the_moment{"age",
                                                                "clock_timestamp",
                                                                "current_date",
                                                                "current_role",
                                                                "current_time",
                                                                "current_user",
                                                                "localtime",
                                                                "localtimestamp",
                                                                "current_timestamp",
                                                                "now",
                                                                "session_user",
                                                                "user",
                                                                "statement_timestamp",
                                                                "transaction_timestamp"};
  return std::any_of(value.calls.begin(), value.calls.end(),
                     [](const sql::Call& call) { return call.volatility == 'v' || of_the_moment.contains(call.name); });
}

bool first_time(const ast::Name& column, std::map<std::string, Span>& given, kinds::Declaring& d) {
  const auto [earlier, is_new] = given.emplace(column.text, column.span);
  if (!is_new) {
    d.diagnostics.add(codes::bad_move, column.span, "`{}` is assigned twice", column.text)
        .note(earlier->second, "assigned here first");
  }
  return is_new;
}

void check_type(const sql::Analysis& value, const Column& column, Span span, kinds::Declaring& d) {
  if (const auto literal = sql::string_literal(d.sources.text(span))) {
    if (const auto fault = sql::stored_literal_fault(column.type.text, *literal, d.world)) {
      auto report = d.diagnostics.add(codes::type_mismatch, span, "{}", fault.message);
      if (!fault.hint.empty()) report.hint("{}", fault.hint);
    }
    return;
  }
  std::string to = column.type.text;
  if (column.type.declared) {
    if (column.type.declared->kind != Kind::domain) return;
    to = d.world.base_type(*column.type.declared);
  }
  if (assignable(value.type, to).value_or(true)) return;
  d.diagnostics
      .add(codes::type_mismatch, span, "a value of type `{}` cannot be stored in `{}`, which is `{}`", value.type,
           quoted(column.name), column.type.text)
      .hint("PostgreSQL has no cast on assignment between the two: write one, such as `({})::{}`", d.sources.text(span),
            column.type.text);
}

void check_not_null(const ObjectKey& table, const std::set<std::string>& given, Span span, std::string_view what,
                    kinds::Declaring& d) {
  Names key;
  for (const ObjectKey& child : d.catalog.children(table)) {
    if (const auto* primary = d.catalog.get<PrimaryKey>(child)) key = primary->columns;
  }
  for (const ObjectKey& child : d.catalog.children(table)) {
    const auto* column = d.catalog.get<Column>(child);
    if (column == nullptr || column->hidden || given.contains(column->name)) continue;
    const bool required = column->not_null || std::find(key.begin(), key.end(), column->name) != key.end();
    const bool filled = column->default_value || column->identity || column->generated;
    const auto* domain = column->type.declared ? d.catalog.get<Domain>(*column->type.declared) : nullptr;
    if (!required || filled || (domain != nullptr && domain->default_value)) continue;
    d.diagnostics
        .add(codes::bad_move, span, "{} gives no value to `{}` of `{}`, which is not null and has no default", what,
             quoted(column->name), table_sql(table))
        .note(column->origin.span, "declared here")
        .hint("give `{}` a value, or the column a default", quoted(column->name));
  }
}

bool check_plain(const sql::Analysis& analysis, Span span, const Code& code, kinds::Declaring& d) {
  const char* what = analysis.aggregate ? "an aggregate" : analysis.window ? "a window function" : nullptr;
  if (what == nullptr && analysis.set_returning) what = "a function that returns several rows";
  if (what == nullptr) return true;
  d.diagnostics.add(code, span, "{} cannot stand here: the expression is evaluated for each row", what)
      .hint("read from a query in parentheses, which may group and count");
  return false;
}

bool check_boolean(const sql::Analysis& analysis, Span span, const Code& code, kinds::Declaring& d) {
  if (analysis.type.empty() || analysis.type == "boolean" || analysis.type == "unknown") return true;
  const auto fits = assignable(analysis.type, "boolean");
  if (!fits.has_value()) return true;
  d.diagnostics.add(code, span, "a condition is wanted here, and this is of type `{}`", analysis.type);
  return false;
}

void check_not_in(const ast::Sql& text, kinds::Declaring& d) {
  const auto tokens = sql::tokens(text.text);
  if (!tokens) return;
  std::vector<sql::Token> words;
  for (const sql::Token& token : *tokens) {
    if (token.kind != sql::Token::Kind::comment) words.push_back(token);
  }
  for (std::size_t i = 0; i + 3 < words.size(); ++i) {
    if (word_of(text, words[i]) != "not" || word_of(text, words[i + 1]) != "in") continue;
    std::size_t next = i + 2;
    if (word_of(text, words[next]) != "(") continue;
    while (next < words.size() && word_of(text, words[next]) == "(") ++next;
    if (next == words.size()) continue;
    const std::string word = word_of(text, words[next]);
    if (word != "select" && word != "with") continue;
    d.diagnostics
        .add(codes::not_in_subquery, kinds::Declaring::span_in(text, words[i].begin, words[i + 1].end),
             "`not in` over a subquery is never true when the subquery gives a null, and reads it again for each row")
        .hint("write `not exists (select from … where … = …)`");
  }
}

std::optional<Amount> read_reject(const Rare<ast::Amount>& written, const std::string& table, bool told_apart,
                                  kinds::Declaring& d) {
  if (!written) return std::nullopt;
  const Span place = written->text.span;
  if (written->percent && written->value > 100) {
    d.diagnostics.add(codes::bad_move, place, "no more than all rows can be rejected")
        .hint("say how many may be set aside at most: `reject up to 0.1%;` or `reject up to 20;`");
  } else if (written->value <= 0) {
    d.diagnostics.add(codes::bad_move, place, "`reject up to {}` rejects no row", written->text.text)
        .hint("leave it out: a row that does not fit stops the migration");
  } else if (!told_apart) {
    d.diagnostics.add(codes::bad_move, place, "rows of {} cannot be told apart, so none can be set aside", table)
        .hint("give the table a primary key, or leave `reject` out");
  } else {
    return Amount{written->value, written->percent, written->text.text};
  }
  return std::nullopt;
}

bool unique_over(const ObjectKey& table, const Names& columns, const Catalog& catalog) {
  const std::set<std::string> wanted(columns.begin(), columns.end());
  const auto are = [&](const Names& names) { return std::set<std::string>(names.begin(), names.end()) == wanted; };
  for (const ObjectKey& child : catalog.children(table)) {
    const Object* object = catalog.find(child);
    if (const auto* primary = std::get_if<PrimaryKey>(object); primary != nullptr && are(primary->columns)) return true;
    if (const auto* unique = std::get_if<Unique>(object); unique != nullptr && are(unique->columns)) return true;
    const auto* index = std::get_if<Index>(object);
    if (index == nullptr || !index->unique) continue;
    // A partial index counts when its condition is about the key itself (`where account is not null`).
    const auto of_key = [&](const Reference& reference) {
      return reference.target.kind != Kind::column || wanted.contains(reference.target.part);
    };
    if (index->where && !std::all_of(index->where->references.begin(), index->where->references.end(), of_key))
      continue;
    Names names;
    for (const IndexElement& element : index->elements) names.push_back(element.column);
    if (are(names)) return true;
    // `lower(email)`, `coalesce(account, '')`: an expression over one of the columns makes it unique too.
    std::set<std::string> read;
    for (const IndexElement& element : index->elements) {
      for (const Reference& reference : element.text.references) {
        if (reference.target.kind == Kind::column && table_of(reference.target) == table)
          read.insert(reference.target.part);
      }
    }
    if (read == wanted) return true;
  }
  return false;
}

}  // namespace godwit::data
