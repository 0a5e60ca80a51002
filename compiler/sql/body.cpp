// SPDX-License-Identifier: Apache-2.0
// What a routine's body names. SQL bodies are parsed whole; of PL/pgSQL the tokens are followed from statement to
// statement, because every query and expression in it must be known by its exact place. Nothing in a body is an error
// but what PostgreSQL's parser refuses.
#include "compiler/sql/definition.h"
#include "compiler/sql/routine.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace godwit::sql {

namespace {

// What a body reads from: rows that stand around it (`old`, `new`), arguments and variables.
struct Around {
  const World& world;
  const std::vector<Visible>& visible;
  std::set<std::string> variables;
  std::map<std::string, Source> rows;  // variables that hold a row, by name
};

// One query or expression of a body, read by the parser as `before` + its text.
QueryColumns read_piece(std::string_view before, std::string text, std::size_t begin, const Around& around,
                        BodyNames& out) {
  const std::string whole = std::string(before) + std::move(text);
  const auto tree = parse_tree(whole);
  if (!tree.has_value()) {
    if (!out.error) {
      const std::size_t offset = tree.error().offset < before.size() ? 0 : tree.error().offset - before.size();
      out.error = SyntaxError{tree.error().message, begin + offset};
    }
    return {{}, false};
  }
  auto scanned = tokens(whole);
  if (!scanned.has_value()) return {{}, false};
  const TokenList list(whole, std::move(*scanned));
  Analyzer analyzer(whole, list, around.world, around.visible);
  analyzer.lenient = true;
  analyzer.variables = around.variables;
  for (const auto& [name, row] : around.rows) analyzer.root().sources.push_back(row);
  for (Source& source : analyzer.root().sources) {  // fields of a row variable are only reached through its name
    for (const ScopeColumn& column : source.columns) source.merged.insert(column.name);
  }
  QueryColumns columns{{}, false};
  for (const Json& statement : field(*tree, "stmts"))
    columns = analyzer.statement(field(statement, "stmt"), analyzer.root());
  for (Reference reference : analyzer.references) {
    if (reference.begin < before.size()) continue;
    const auto moved = [&](std::uint32_t offset) { return static_cast<std::uint32_t>(offset - before.size() + begin); };
    reference.begin = moved(reference.begin);
    reference.end = moved(reference.end);
    reference.qualifier = moved(reference.qualifier);
    out.references.push_back(std::move(reference));
  }
  return columns;
}

Source row_variable(std::string name, const QueryColumns& columns) {
  Source row;
  row.alias = std::move(name);
  row.columns = columns.columns;
  row.columns_known = columns.known;
  return row;
}

class PlpgsqlBody {
 public:
  PlpgsqlBody(std::string_view body, const TokenList& tokens, Around around, BodyNames& out)
      : body_(body), tokens_(tokens), around_(std::move(around)), out_(out) {}

  void read() {
    while (at_ < tokens_.size()) statement();
  }

 private:
  bool now(std::string_view word) const { return tokens_.is(at_, word); }

  bool take(std::string_view word) {
    if (!now(word)) return false;
    ++at_;
    return true;
  }

  // The first token from `from` on that is one of the words, outside of brackets and CASE … END.
  std::size_t find(std::size_t from, std::initializer_list<std::string_view> words) const {
    std::size_t brackets = 0;
    std::size_t cases = 0;
    for (std::size_t i = from; i < tokens_.size(); ++i) {
      const std::string_view word = tokens_.spelling(i);
      if (brackets == 0 && cases == 0) {
        for (const std::string_view wanted : words) {
          if (tokens_.is(i, wanted)) return i;
        }
      }
      if (word == ";" && brackets == 0) return i;
      if (word == "(" || word == "[") ++brackets;
      if ((word == ")" || word == "]") && brackets > 0) --brackets;
      if (tokens_.is(i, "case")) ++cases;
      if (tokens_.is(i, "end") && cases > 0) --cases;
    }
    return tokens_.size();
  }

  void piece(std::string_view before, std::size_t first, std::size_t last) {
    if (first >= last || first >= tokens_.size()) return;
    const std::size_t begin = tokens_[first].begin;
    const std::size_t end = tokens_[std::min(last, tokens_.size()) - 1].end;
    read_piece(before, std::string(body_.substr(begin, end - begin)), begin, around_, out_);
  }

  void expression(std::size_t first, std::size_t last) { piece("select ", first, last); }

  // The target of INTO is no part of the query that PostgreSQL sees: it becomes spaces.
  QueryColumns query(std::size_t first, std::size_t last) {
    if (first >= last || first >= tokens_.size()) return {{}, false};
    std::string target;  // the one row variable behind INTO
    const std::size_t begin = tokens_[first].begin;
    std::string text(body_.substr(begin, tokens_[last - 1].end - begin));
    for (std::size_t i = find(first, {"into"}); i < last; i = find(i + 1, {"into"})) {
      if (!tokens_.is(i, "into")) break;
      if (i > first && (tokens_.is(i - 1, "insert") || tokens_.is(i - 1, "merge"))) continue;
      std::size_t end = i + 1;
      if (tokens_.is(end, "strict")) ++end;
      if (tokens_.is_name(end) && tokens_.spelling(end + 1) != "," && tokens_.spelling(end + 1) != ".")
        target = tokens_.name(end);
      while (tokens_.is_name(end)) {
        ++end;
        while (tokens_.spelling(end) == "." && tokens_.is_name(end + 1)) end += 2;
        if (tokens_.spelling(end) == "[") end = tokens_.closing(end) + 1;
        if (tokens_.spelling(end) != ",") break;
        ++end;
      }
      const std::size_t stop = tokens_[std::min(end, last) - 1].end;
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(tokens_[i].begin - begin),
                text.begin() + static_cast<std::ptrdiff_t>(stop - begin), ' ');
      break;
    }
    QueryColumns columns = read_piece("", std::move(text), begin, around_, out_);
    if (!target.empty() && typed_rows_.count(target) == 0) around_.rows[target] = row_variable(target, columns);
    return columns;
  }

  // `execute expression [into …] [using …]` up to one of the words.
  void dynamic(std::initializer_list<std::string_view> ends) {
    std::vector<std::string_view> stops{"into", "using"};
    stops.insert(stops.end(), ends);
    const auto next = [&](std::size_t from) {
      std::size_t best = tokens_.size();
      for (const std::string_view word : stops) best = std::min(best, find(from, {word}));
      return best;
    };
    std::size_t end = next(at_);
    if (at_ < end && at_ < tokens_.size()) {
      const std::size_t begin = tokens_[at_].begin;
      out_.dynamic.emplace_back(std::string(body_.substr(begin, tokens_[end - 1].end - begin)), begin);
    }
    expression(at_, end);
    while (tokens_.is(end, "into") || tokens_.is(end, "using")) {
      const bool values = tokens_.is(end, "using");
      at_ = end + 1;
      end = next(at_);
      if (values) expression(at_, end);
    }
    at_ = end;
  }

  void declarations() {
    while (at_ < tokens_.size() && !now("begin")) {
      if (!tokens_.is_name(at_)) {
        ++at_;
        continue;
      }
      declaration();
    }
  }

  void declaration() {
    const std::size_t end = find(at_, {";"});
    const std::string name = tokens_.name(at_);
    around_.variables.insert(name);
    std::size_t first = at_ + 1;
    at_ = end + 1;
    if (tokens_.is(first, "alias")) return;
    for (std::size_t i = first; i < std::min(end, first + 3); ++i) {
      if (!tokens_.is(i, "cursor")) continue;
      std::size_t start = i + 1;
      if (tokens_.spelling(start) == "(") start = tokens_.closing(start) + 1;
      query(start + 1, end);  // behind FOR or IS
      return;
    }
    if (tokens_.is(first, "constant")) ++first;
    const std::size_t value = find(first, {":=", "=", "default"});
    type(name, first, std::min({value, find(first, {"not"}), find(first, {"collate"}), end}));
    if (value < end) expression(value + 1, end);
  }

  // `app.channel`, `app.users`, `app.users%rowtype`, `app.users.id%type`
  void type(const std::string& variable, std::size_t first, std::size_t last) {
    std::size_t percent = first;
    while (percent < last && tokens_.spelling(percent) != "%") ++percent;
    const bool plain = percent == last;
    const bool row = plain || tokens_.is(percent + 1, "rowtype");
    const std::size_t names = (percent - first + 1) / 2;
    const std::size_t parts = row ? names : names - 1;  // of the relation
    std::optional<Relation> relation;
    if (names > 0 && (parts == 1 || parts == 2)) {
      relation = around_.world.relation(parts == 2 ? tokens_.name(first) : std::string(),
                                        tokens_.name(first + 2 * (parts - 1)));
    }
    if (plain) piece("select null::", first, last);
    if (!relation) return;
    const std::size_t end = first + 2 * (parts - 1);
    QueryColumns columns{{}, relation->columns_known};
    for (const OutputColumn& one : relation->columns) {
      std::optional<ObjectKey> origin;
      if (relation->key.kind == Kind::table) origin = relation->column(one.name);
      columns.columns.push_back({one.name, one.type, std::move(origin)});
    }
    if (row) {
      typed_rows_.insert(variable);
      around_.rows[variable] = row_variable(variable, columns);
    }
    if (plain) return;
    out_.references.push_back({relation->key, tokens_[first].begin, tokens_[end].end, tokens_[first].begin});
    if (row) return;
    for (const ScopeColumn& one : columns.columns) {
      if (one.name != tokens_.name(end + 2) || !one.origin) continue;
      out_.references.push_back({*one.origin, tokens_[end + 2].begin, tokens_[end + 2].end, tokens_[first].begin});
    }
  }

  void for_loop() {
    const std::size_t in = find(at_, {"in"});
    const std::string variable = in == at_ + 1 ? tokens_.name(at_) : std::string();
    const auto holds = [&](const QueryColumns& columns) {
      if (variable.empty() || typed_rows_.count(variable) != 0) return;
      around_.rows[variable] = row_variable(variable, columns);
    };
    at_ = in + 1;
    if (take("execute")) {
      dynamic({"loop"});
    } else {
      const std::size_t end = find(at_, {"loop"});
      const std::size_t range = find(at_, {".."});
      if (range < end) {
        if (now("reverse")) ++at_;
        expression(at_, range);
        const std::size_t by = std::min(find(range + 1, {"by"}), end);
        expression(range + 1, by);
        expression(by + 1, end);
      } else if (now("select") || now("with") || now("values") || now("insert") || now("update") || now("delete") ||
                 now("(") || now("table")) {
        holds(query(at_, end));
      } else if (const auto cursor = cursors_.find(tokens_.name(at_)); cursor != cursors_.end()) {
        holds(cursor->second);
      }
      at_ = end;
    }
    ++at_;
  }

  void raise() {
    const std::size_t end = find(at_, {";"});
    const std::size_t options = std::min(find(at_, {"using"}), end);
    const std::size_t comma = find(at_, {","});
    if (comma < options) expression(comma + 1, options);
    for (std::size_t i = options + 1; i < end;) {
      const std::size_t next = std::min(find(i, {","}), end);
      expression(i + 2, next);  // behind `message =`
      i = next + 1;
    }
    at_ = end;
  }

  void give_back() {
    const std::size_t end = find(at_, {";"});
    if (take("query")) {
      if (take("execute")) {
        dynamic({});
      } else {
        query(at_, end);
      }
    } else {
      if (now("next")) ++at_;
      expression(at_, end);
    }
    at_ = end;
  }

  void open() {
    const std::size_t end = find(at_, {";"});
    const std::size_t from = find(at_, {"for"});
    if (from < end) {
      at_ = from + 1;
      if (take("execute")) {
        dynamic({});
      } else {
        query(at_, end);
      }
    } else if (tokens_.spelling(at_ + 1) == "(") {
      expression(at_ + 2, end - 1);
    }
    at_ = end;
  }

  // `a := …`, `a.b[1] = …`
  bool assignment() {
    std::size_t i = at_;
    if (!tokens_.is_name(i)) return false;
    ++i;
    while (i < tokens_.size()) {
      if (tokens_.spelling(i) == "." && tokens_.is_name(i + 1)) {
        i += 2;
      } else if (tokens_.spelling(i) == "[") {
        i = tokens_.closing(i) + 1;
      } else {
        break;
      }
    }
    if (tokens_.spelling(i) != ":=" && tokens_.spelling(i) != "=") return false;
    const std::size_t end = find(i + 1, {";"});
    if (end == i + 1 && end < tokens_.size() && !out_.error) {
      out_.error = SyntaxError{"syntax error at or near \";\"", tokens_[end].begin};
    }
    expression(at_, i);
    expression(i + 1, end);
    at_ = end;
    return true;
  }

  void expression_until(std::string_view word) {
    const std::size_t end = find(at_, {word});
    expression(at_, end);
    at_ = end + 1;
  }

  void statement() {
    if (take(";") || take("else") || take("begin") || take("loop") || take("exception")) return;
    if (now("<<")) {
      while (at_ < tokens_.size() && !take(">>")) ++at_;
      return;
    }
    if (assignment()) return;
    if (take("declare")) return declarations();
    if (now("end") || now("null") || now("commit") || now("rollback") || now("close") || now("get") || now("fetch") ||
        now("move")) {
      at_ = find(at_ + 1, {";"});
      return;
    }
    if (take("if") || take("elsif") || take("elseif") || take("when")) return expression_until("then");
    if (take("case")) {
      const std::size_t end = find(at_, {"when"});
      expression(at_, end);
      at_ = end;
      return;
    }
    if (take("while")) return expression_until("loop");
    if (take("for")) return for_loop();
    if (take("foreach")) {
      at_ = find(at_, {"array"}) + 1;
      return expression_until("loop");
    }
    if (take("exit") || take("continue")) {
      const std::size_t end = find(at_, {";"});
      const std::size_t when = find(at_, {"when"});
      if (when < end) expression(when + 1, end);
      at_ = end;
      return;
    }
    if (take("return")) return give_back();
    if (take("raise")) return raise();
    if (take("assert") || take("perform")) return expression_until(";");
    if (take("execute")) return dynamic({});
    if (take("open")) return open();
    const std::size_t end = find(at_, {";"});
    if (end == at_) {
      ++at_;
      return;
    }
    query(at_, end);
    at_ = end;
  }

  std::string_view body_;
  const TokenList& tokens_;
  Around around_;
  std::set<std::string> typed_rows_;  // declared with a table's row type: what is assigned changes nothing
  std::map<std::string, QueryColumns> cursors_;
  BodyNames& out_;
  std::size_t at_ = 0;
};

void in_order(std::vector<Reference>& references) {
  std::sort(references.begin(), references.end(), [](const Reference& a, const Reference& b) {
    return std::tie(a.begin, a.end, a.target) < std::tie(b.begin, b.end, b.target);
  });
  references.erase(std::unique(references.begin(), references.end()), references.end());
}

bool is_syntax_complaint(const std::string& message) {
  for (const std::string_view start :
       {"syntax error", "unterminated", "missing", "mismatched", "unexpected end", "incomplete"}) {
    if (message.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

BodyNames names_in_body(const std::string& language, std::string_view body, const World& world,
                        const std::vector<Visible>& visible, const std::vector<Argument>& arguments) {
  BodyNames names;
  Around around{world, visible, {}, {}};
  for (const Argument& argument : arguments) {
    around.variables.insert(argument.name);
    if (!argument.row) continue;
    QueryColumns columns{{}, argument.row->columns_known};
    for (const OutputColumn& one : argument.row->columns) {
      std::optional<ObjectKey> origin;
      if (argument.row->key.kind == Kind::table) origin = argument.row->column(one.name);
      columns.columns.push_back({one.name, one.type, std::move(origin)});
    }
    around.rows[argument.name] = row_variable(argument.name, columns);
  }
  if (language == "sql") {
    read_piece("", std::string(body), 0, around, names);
  } else if (language == "plpgsql") {
    const std::string owned(body);
    auto scanned = tokens(owned);
    if (!scanned.has_value()) {
      names.error = std::move(scanned.error());
      return names;
    }
    const TokenList list(owned, std::move(*scanned));
    PlpgsqlBody(owned, list, std::move(around), names).read();
  }
  in_order(names.references);
  return names;
}

std::vector<Argument> arguments_of(const Json& parameters, const World& world) {
  std::vector<Argument> arguments;
  for (const Json& node : parameters) {
    const Json& parameter = body_of(node);
    Argument argument{text_of(parameter, "name"), std::nullopt};
    if (argument.name.empty()) continue;
    const Json& type = field(parameter, "argType");
    const std::vector<std::string> names = string_values(field(type, "names"));
    if (!names.empty() && !type.contains("arrayBounds") && !flag(type, "pct_type")) {
      argument.row = world.relation(names.size() > 1 ? names[names.size() - 2] : std::string(), names.back());
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

BodyAnalysis analyze_body(const std::string& language, std::string_view create_statement, std::string_view body,
                          const World& world) {
  BodyAnalysis analysis;
  if (language != "sql" && language != "plpgsql") return analysis;
  std::vector<Argument> arguments;
  const auto statement = parse_tree(std::string(create_statement));
  if (statement.has_value()) {
    for (const Json& one : field(*statement, "stmts")) {
      if (!is(field(one, "stmt"), "CreateFunctionStmt")) continue;
      arguments = arguments_of(field(body_of(field(one, "stmt")), "parameters"), world);
    }
  }
  BodyNames names = names_in_body(language, body, world, {}, arguments);
  for (const Reference& reference : names.references) analysis.references.push_back(reference.target);
  std::sort(analysis.references.begin(), analysis.references.end());
  analysis.references.erase(std::unique(analysis.references.begin(), analysis.references.end()),
                            analysis.references.end());
  analysis.dynamic = std::move(names.dynamic);
  if (language == "sql") {
    if (names.error) analysis.error = {names.error->message, names.error->offset};
    return analysis;
  }
  // PostgreSQL's own compiler has the last word on PL/pgSQL; without a catalog it also complains about what is right
  // (fields of row variables), so only complaints about syntax count.
  const auto compiled = parse_plpgsql(std::string(create_statement));
  if (compiled.has_value()) return analysis;
  if (names.error) {
    analysis.error = {names.error->message, names.error->offset};
  } else if (is_syntax_complaint(compiled.error().message)) {
    analysis.error = {compiled.error().message, 0};
  }
  return analysis;
}

}  // namespace godwit::sql
