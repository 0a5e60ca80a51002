// SPDX-License-Identifier: Apache-2.0
// A fragment becomes a statement, PostgreSQL's parser reads it, the Analyzer walks the tree; what comes out speaks of
// the fragment's own bytes.
#include "compiler/sql/analyze.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/fast_path.h"
#include "compiler/sql/normal.h"
#include "compiler/sql/routine.h"
#include "compiler/sql/types.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace godwit::sql {

namespace {

struct Parsed {
  std::string text;        // the whole statement
  std::size_t prefix = 0;  // bytes before the fragment
  Json statement;          // the one statement's node
  std::vector<Token> tokens;
};

std::string in_backticks(std::string message) {
  std::replace(message.begin(), message.end(), '"', '`');
  return message;
}

Problem syntax_problem(const SyntaxError& error, std::string_view fragment, std::size_t prefix) {
  const std::size_t begin = std::min(error.offset < prefix ? 0 : error.offset - prefix, fragment.size());
  std::size_t end = begin;
  if (const auto found = tokens(std::string(fragment)); found.has_value()) {
    for (const Token& token : *found) {
      if (token.begin == begin) end = token.end;
    }
  }
  std::string message = in_backticks(error.message);
  // What stands behind the fragment in the wrapping statement is not the user's.
  if (begin == fragment.size() && message.starts_with("syntax error at or near"))
    message = "syntax error at end of input";
  return {codes::sql_syntax, begin, std::max(begin, end), std::move(message), {}};
}

Result<Parsed, SyntaxError> parse(std::string_view before, std::string_view fragment, std::string_view after) {
  Parsed parsed;
  parsed.prefix = before.size();
  parsed.text.reserve(before.size() + fragment.size() + after.size());
  parsed.text.append(before).append(fragment).append(after);
  auto tree = parse_tree(parsed.text);
  if (!tree.has_value()) return unexpected(std::move(tree.error()));
  auto scanned = tokens(parsed.text);
  if (!scanned.has_value()) return unexpected(std::move(scanned.error()));
  parsed.tokens = std::move(*scanned);
  Json& statements = (*tree)["stmts"];
  if (!statements.is_array() || statements.empty())
    return unexpected(SyntaxError{"syntax error at end of input", parsed.text.size()});
  if (statements.size() > 1) {
    const auto second = static_cast<std::size_t>(number_of(statements[1], "stmt_location"));
    return unexpected(SyntaxError{"syntax error at or near \";\"", second == 0 ? 0 : second - 1});
  }
  parsed.statement = std::move(statements[0]["stmt"]);
  return parsed;
}

// The fragment must have filled its place in the statement and nothing else.
std::optional<SyntaxError> misplaced(Form form, const Parsed& parsed) {
  const auto refuse = [&](const char* message) { return SyntaxError{message, parsed.prefix}; };
  const std::string_view kind = kind_of(parsed.statement);
  const Json& body = body_of(parsed.statement);
  const auto has_any = [&body](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&body](const char* name) { return body.contains(name); });
  };
  switch (form) {
    case Form::expression: {
      if (kind != "SelectStmt" || !body.contains("targetList")) return refuse("an expression is expected");
      const Json& targets = field(body, "targetList");
      if (targets.size() != 1)
        return SyntaxError{"one expression is expected, not a list", location_of(body_of(targets[1]))};
      const Json& value = field(body_of(targets[0]), "val");
      const bool star = is(value, "ColumnRef") && is(field(body_of(value), "fields").back(), "A_Star") &&
                        field(body_of(value), "fields").size() == 1;
      if (star || body_of(targets[0]).contains("name") ||
          has_any({"fromClause", "whereClause", "groupClause", "havingClause", "windowClause", "sortClause",
                   "limitCount", "limitOffset", "lockingClause", "intoClause", "distinctClause", "larg",
                   "withClause"})) {
        return refuse("one expression is expected");
      }
      return std::nullopt;
    }
    case Form::query:
      if (kind != "SelectStmt" || body.contains("intoClause")) return refuse("a query is expected");
      return std::nullopt;
    case Form::index_element:
      if (kind != "IndexStmt" || field(body, "indexParams").size() != 1 ||
          has_any({"whereClause", "options", "tableSpace", "indexIncludingParams", "nulls_not_distinct"})) {
        return refuse("one index element is expected");
      }
      return std::nullopt;
    case Form::exclude:
      if (kind != "AlterTableStmt" || field(body, "cmds").size() != 1) return refuse("an exclusion is expected");
      return std::nullopt;
    case Form::trigger_events:
    case Form::trigger_rest:
      if (kind != "CreateTrigStmt") return refuse("a trigger's definition is expected");
      return std::nullopt;
    case Form::statistics:
      if (kind != "CreateStatsStmt") return refuse("statistics are expected");
      return std::nullopt;
    case Form::partition_key:
      if (kind != "CreateStmt" || has_any({"options", "tablespacename", "accessMethod"}))
        return refuse("`range (…)`, `list (…)` or `hash (…)` is expected");
      return std::nullopt;
    case Form::partition_bound:
      if (kind != "CreateStmt" || has_any({"partspec", "options", "tablespacename", "accessMethod"}))
        return refuse("`for values …` or `default` is expected");
      return std::nullopt;
    case Form::rule:
      if (kind != "RuleStmt") return refuse("a rule's definition is expected");
      return std::nullopt;
    case Form::routine:
    case Form::procedure:
      if (kind != "CreateFunctionStmt") return refuse("a routine's definition is expected");
      return std::nullopt;
  }
  return std::nullopt;
}

// The first tokens of the elements of a bracketed or bare list: elements are separated by commas at its depth.
std::vector<std::size_t> elements(const TokenList& list, std::size_t first) {
  std::vector<std::size_t> starts{first};
  std::size_t depth = 0;
  for (std::size_t i = first; i < list.size(); ++i) {
    const std::string_view word = list.spelling(i);
    if (word == "(" || word == "[") ++depth;
    if ((word == ")" || word == "]") && depth-- == 0) break;
    if (word == "," && depth == 0) starts.push_back(i + 1);
  }
  return starts;
}

void walk_index_elements(const Json& list, Analyzer& analyzer, const TokenList& token_list, std::size_t first) {
  const std::vector<std::size_t> starts = elements(token_list, first);
  for (std::size_t i = 0; i < list.size() && i < starts.size(); ++i) {
    analyzer.index_element(body_of(list[i]), analyzer.root(), starts[i]);
  }
}

void walk_exclusion(const Json& body, Analyzer& analyzer, const TokenList& token_list) {
  const Json& constraint = body_of(field(body_of(field(body, "cmds")[0]), "def"));
  std::size_t open = 0;
  while (open < token_list.size() && token_list.spelling(open) != "(") ++open;
  const std::vector<std::size_t> starts = elements(token_list, open + 1);
  const std::string method = text_of(constraint, "access_method");
  std::size_t i = 0;
  for (const Json& pair : field(constraint, "exclusions")) {
    const Json& items = field(body_of(pair), "items");
    if (items.empty() || i >= starts.size()) break;
    const std::string type = analyzer.index_element(body_of(items[0]), analyzer.root(), starts[i]);
    analyzer.check_exclusion(method.empty() ? "btree" : method, body_of(items[0]),
                             string_values(field(body_of(items[1]), "items")), type, starts[i++]);
  }
  analyzer.expression(field(constraint, "where_clause"), analyzer.root());
}

void walk_trigger(Form form, const Json& body, Analyzer& analyzer, const TokenList& token_list) {
  for (std::size_t i = 0; i + 1 < token_list.size() && body.contains("columns"); ++i) {
    if (!token_list.is(i, "of")) continue;
    for (std::size_t k = i + 1; token_list.is_name(k); k += 2) {
      analyzer.column_at(k, analyzer.root());
      if (token_list.spelling(k + 1) != ",") break;
    }
    break;
  }
  analyzer.expression(field(body, "whenClause"), analyzer.root());
  if (form == Form::trigger_events) return;  // the function is the wrapping's
  for (std::size_t i = token_list.size(); i-- > 1;) {
    if ((token_list.is(i, "function") || token_list.is(i, "procedure")) && token_list.is(i - 1, "execute")) {
      analyzer.function_name(string_values(field(body, "funcname")), i + 1);
      break;
    }
  }
}

void walk_statistics(const Json& body, Analyzer& analyzer, const TokenList& token_list) {
  std::size_t on = 0;
  while (on < token_list.size() && !token_list.is(on, "on")) ++on;
  walk_index_elements(field(body, "exprs"), analyzer, token_list, on + 1);
}

void walk_partition_key(const Json& body, Analyzer& analyzer, const TokenList& token_list) {
  std::size_t open = 0;
  while (open < token_list.size() && !token_list.is(open, "by")) ++open;
  walk_index_elements(field(field(body, "partspec"), "partParams"), analyzer, token_list, open + 3);
}

void walk_partition_bound(const Json& body, Analyzer& analyzer) {
  const Json& bound = field(body, "partbound");
  for (const char* list : {"listdatums", "lowerdatums", "upperdatums"}) {
    for (const Json& value : field(bound, list)) {
      if (!is(value, "ColumnRef")) {
        analyzer.expression(value, analyzer.root());
        continue;
      }
      const std::vector<std::string> names = string_values(field(body_of(value), "fields"));  // no column stands here
      if (names != std::vector<std::string>{"minvalue"} && names != std::vector<std::string>{"maxvalue"})
        analyzer.expression(value, analyzer.root());
    }
  }
}

void walk_rule(const Json& body, Analyzer& analyzer) {
  analyzer.table_source(field(body, "relation"), analyzer.root());
  analyzer.expression(field(body, "whereClause"), analyzer.root());
  for (const Json& action : field(body, "actions")) analyzer.statement(action, analyzer.root());
}

// Writes the schemas in, and moves every place to where it is then.
Fragment qualified(Form form, std::string_view fragment, const Analyzer& analyzer, std::size_t prefix) {
  auto insertions = analyzer.insertions;
  // What ends a name comes before what begins the next one.
  const auto order = [](const Analyzer::Insertion& one) { return std::pair(one.at, one.text.front() != ')'); };
  std::sort(insertions.begin(), insertions.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  insertions.erase(std::unique(insertions.begin(), insertions.end(),
                               [&](const auto& a, const auto& b) { return order(a) == order(b); }),
                   insertions.end());
  Fragment result;
  result.form = form;
  std::size_t done = 0;
  for (const Analyzer::Insertion& insertion : insertions) {
    if (insertion.at < prefix || insertion.at - prefix > fragment.size()) continue;
    const std::size_t at = insertion.at - prefix;
    result.text.append(fragment.substr(done, at - done)).append(insertion.text);
    done = at;
  }
  result.text.append(fragment.substr(done));

  // An insertion at a name's first byte is part of that name.
  const auto moved = [&](std::size_t offset) {
    std::size_t shift = 0;
    for (const Analyzer::Insertion& insertion : insertions) {
      if (insertion.at < offset) shift += insertion.text.size();
    }
    return static_cast<std::uint32_t>(offset - prefix + shift);
  };
  for (const Reference& reference : analyzer.references) {
    if (reference.begin < prefix || reference.end - prefix > fragment.size()) continue;
    result.references.push_back(
        {reference.target, moved(reference.begin), moved(reference.end), moved(reference.qualifier)});
  }
  std::sort(result.references.begin(), result.references.end(), [](const Reference& a, const Reference& b) {
    return std::tie(a.begin, a.end, a.target) < std::tie(b.begin, b.end, b.target);
  });
  result.references.erase(std::unique(result.references.begin(), result.references.end()), result.references.end());
  return result;
}

void check_identifiers(const TokenList& list, std::vector<Problem>& problems) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].kind != Token::Kind::identifier || list[i].end - list[i].begin <= max_identifier_bytes) continue;
    const std::string name = list.name(i);
    if (name.size() <= max_identifier_bytes) continue;
    problems.push_back({codes::identifier_too_long,
                        list[i].begin,
                        list[i].end,
                        fmt::format("identifier of {} bytes, PostgreSQL keeps {}", name.size(), max_identifier_bytes),
                        {}});
  }
}

Result<Parsed, SyntaxError> parse_form(Form form, std::string_view text) {
  const Wrapping around = wrapping_of(form);
  auto parsed = parse(around.before, text, around.after);
  if (!parsed.has_value() && form == Form::trigger_rest) {  // deferrable triggers have a grammar of their own
    auto constraint = parse("create constraint trigger t after insert on t ", text, "");
    if (constraint.has_value()) return constraint;
  }
  if (parsed.has_value()) {
    if (auto error = misplaced(form, *parsed)) return unexpected(std::move(*error));
  }
  return parsed;
}

// `app.channel`, `channel[]`: a type of the catalog by its plain name.
std::optional<TypeName> declared_type(std::string_view text, const World& world) {
  const bool array = text.ends_with("[]");
  if (array) text.remove_suffix(2);
  const std::size_t dot = text.find('.');
  const std::string schema(dot == std::string_view::npos ? std::string_view() : text.substr(0, dot));
  const std::string name(dot == std::string_view::npos ? text : text.substr(dot + 1));
  const auto plain = [](const std::string& word) {
    return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
           word.size() <= max_identifier_bytes && godwit::quoted(word) == word;
  };
  if (!plain(name) || (dot != std::string_view::npos && !plain(schema))) return std::nullopt;
  const auto key = world.type(schema, name);
  if (!key) return std::nullopt;
  const bool multirange = key->kind == Kind::range_type && key->name != name;
  return TypeName{(multirange ? godwit::quoted(key->schema, name) : sql_name(*key)) + (array ? "[]" : ""), key};
}

std::string shown_type(const std::string& type) { return type == "unknown" ? "text" : type; }

}  // namespace

Analysis analyze(Form form, std::string_view text, const World& world, const std::vector<Visible>& visible) {
  if (!world.has_own_operators()) {
    if (auto plain = plain_analysis(form, text, world, visible)) return std::move(*plain);
  }
  Analysis analysis;
  analysis.fragment.form = form;
  analysis.fragment.text = std::string(text);
  const auto parsed = parse_form(form, text);
  if (!parsed.has_value()) {
    const std::size_t prefix = wrapping_of(form).before.size();
    analysis.problems.push_back(syntax_problem(parsed.error(), text, prefix));
    analysis.fragment.normal = analysis.fragment.text;
    analysis.output_known = false;
    return analysis;
  }
  const TokenList list(parsed->text, parsed->tokens);
  Analyzer analyzer(parsed->text, list, world, visible);
  const Json& body = body_of(parsed->statement);
  analyzer.own_depth = form == Form::query ? 1 : 0;
  switch (form) {
    case Form::expression:
      analysis.type = analyzer.expression(field(body_of(field(body, "targetList")[0]), "val"), analyzer.root());
      if (analysis.type == "unknown") analysis.type.clear();
      analysis.constant = analyzer.constant;
      break;
    case Form::query: {
      const QueryColumns columns = analyzer.query(parsed->statement, analyzer.root());
      for (const ScopeColumn& column : columns.columns)
        analysis.output.push_back({column.name, shown_type(column.type)});
      analysis.output_known = columns.known;
      break;
    }
    case Form::index_element: {
      const std::size_t first = list.at(parsed->prefix);
      const Json& element = body_of(field(body, "indexParams")[0]);
      analysis.operator_class = string_values(field(element, "opclass"));
      analysis.ordered = text_of(element, "ordering") != "SORTBY_DEFAULT" ||
                         text_of(element, "nulls_ordering") != "SORTBY_NULLS_DEFAULT";
      analysis.type = analyzer.index_element(element, analyzer.root(), first);
      break;
    }
    case Form::exclude: walk_exclusion(body, analyzer, list); break;
    case Form::trigger_events:
    case Form::trigger_rest: walk_trigger(form, body, analyzer, list); break;
    case Form::statistics: walk_statistics(body, analyzer, list); break;
    case Form::partition_key: walk_partition_key(body, analyzer, list); break;
    case Form::partition_bound: walk_partition_bound(body, analyzer); break;
    case Form::rule: walk_rule(body, analyzer); break;
    case Form::routine:
    case Form::procedure: walk_routine(parsed->statement, parsed->text, list, analyzer, world, visible); break;
  }
  check_identifiers(list, analyzer.problems);

  const std::size_t prefix = parsed->prefix;
  const auto in_fragment = [&](std::size_t offset) {
    return offset < prefix ? 0 : std::min(offset - prefix, text.size());
  };
  analysis.fragment = qualified(form, text, analyzer, prefix);
  analysis.fragment.normal = normal_form(form, analysis.fragment.text);
  for (Problem problem : analyzer.problems) {
    problem.begin = in_fragment(problem.begin);
    problem.end = in_fragment(problem.end);
    analysis.problems.push_back(std::move(problem));
  }
  std::stable_sort(analysis.problems.begin(), analysis.problems.end(),
                   [](const Problem& a, const Problem& b) { return a.begin < b.begin; });
  for (Star star : analyzer.stars) {
    if (form != Form::query && form != Form::rule) break;
    star.begin = in_fragment(star.begin);
    star.end = in_fragment(star.end);
    analysis.stars.push_back(std::move(star));
  }
  std::sort(analysis.stars.begin(), analysis.stars.end(),
            [](const Star& a, const Star& b) { return a.begin < b.begin; });
  for (Call call : analyzer.calls) {
    call.begin = in_fragment(call.begin);
    call.end = in_fragment(call.end);
    analysis.calls.push_back(std::move(call));
  }
  for (NewerCall call : analyzer.newer) {
    call.begin = in_fragment(call.begin);
    call.end = in_fragment(call.end);
    analysis.newer.push_back(std::move(call));
  }
  const auto place = [&](const std::optional<std::size_t>& at) {
    return at ? std::optional(in_fragment(*at)) : std::nullopt;
  };
  analysis.subquery = place(analyzer.subquery);
  analysis.aggregate = place(analyzer.aggregate);
  analysis.window = place(analyzer.window);
  analysis.set_returning = place(analyzer.set_returning);
  analysis.data_change = place(analyzer.data_change);
  return analysis;
}

TypeAnalysis analyze_type(std::string_view text, const World& world) {
  TypeAnalysis analysis;
  if (auto plain = plain_type(text)) {
    analysis.type.text = std::move(*plain);
    return analysis;
  }
  const std::string lower = folded(text);
  for (const auto& [name, type] : {std::pair{"serial", "integer"},
                                   {"serial4", "integer"},
                                   {"bigserial", "bigint"},
                                   {"serial8", "bigint"},
                                   {"smallserial", "smallint"},
                                   {"serial2", "smallint"}}) {
    if (lower != name) continue;
    analysis.type.text = type;
    analysis.is_serial = true;
    return analysis;
  }
  if (auto declared = declared_type(text, world)) {
    analysis.type = std::move(*declared);
    return analysis;
  }
  constexpr std::string_view before = "select null::";
  const auto parsed = parse(before, text, "");
  const auto refuse = [&](const SyntaxError& error) {
    analysis.problems.push_back(syntax_problem(error, text, before.size()));
    return analysis;
  };
  if (!parsed.has_value()) return refuse(parsed.error());
  if (auto error = misplaced(Form::expression, *parsed)) return refuse({"a type is expected", before.size()});
  const Json& value = field(body_of(field(body_of(parsed->statement), "targetList")[0]), "val");
  const Json& type = field(body_of(value), "typeName");
  if (!is(value, "TypeCast") || !type.is_object() || !is(field(body_of(value), "arg"), "A_Const") ||
      flag(type, "setof")) {
    return refuse({"a type is expected", before.size()});
  }
  const TokenList list(parsed->text, parsed->tokens);
  Analyzer analyzer(parsed->text, list, world, {});
  analysis.type = analyzer.type_name(type);
  check_identifiers(list, analyzer.problems);
  for (Problem problem : analyzer.problems) {
    problem.begin = std::min(problem.begin - before.size(), text.size());
    problem.end = std::min(problem.end - before.size(), text.size());
    analysis.problems.push_back(std::move(problem));
  }
  return analysis;
}

}  // namespace godwit::sql
