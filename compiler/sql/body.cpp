// SPDX-License-Identifier: Apache-2.0
// What a routine's body names. SQL bodies are parsed whole; of PL/pgSQL the tokens are followed from statement to
// statement, because every query and expression in it must be known by its exact place. Nothing in a body is an error
// but what PostgreSQL's parser refuses.
#include "compiler/sql/definition.h"
#include "compiler/sql/routine.h"

#include <algorithm>
#include <utility>

namespace godwit::sql {

namespace {

// One query or expression of a body, read by the parser as `before` + its text.
void read_piece(std::string_view before, std::string text, std::size_t begin, const World& world,
                const std::vector<Visible>& visible, const std::set<std::string>& variables, BodyNames& out) {
  const std::string whole = std::string(before) + std::move(text);
  const auto tree = parse_tree(whole);
  if (!tree.has_value()) {
    if (!out.error) {
      const std::size_t offset = tree.error().offset < before.size() ? 0 : tree.error().offset - before.size();
      out.error = SyntaxError{tree.error().message, begin + offset};
    }
    return;
  }
  auto scanned = tokens(whole);
  if (!scanned.has_value()) return;
  const TokenList list(whole, std::move(*scanned));
  Analyzer analyzer(whole, list, world, visible);
  analyzer.lenient = true;
  analyzer.variables = variables;
  for (const Json& statement : field(*tree, "stmts")) analyzer.statement(field(statement, "stmt"), analyzer.root());
  for (Reference reference : analyzer.references) {
    if (reference.begin < before.size()) continue;
    const auto moved = [&](std::uint32_t offset) { return static_cast<std::uint32_t>(offset - before.size() + begin); };
    reference.begin = moved(reference.begin);
    reference.end = moved(reference.end);
    reference.qualifier = moved(reference.qualifier);
    out.references.push_back(std::move(reference));
  }
}

class PlpgsqlBody {
 public:
  PlpgsqlBody(std::string_view body, const TokenList& tokens, const World& world, const std::vector<Visible>& visible,
              std::set<std::string> variables, BodyNames& out)
      : body_(body), tokens_(tokens), world_(world), visible_(visible), variables_(std::move(variables)), out_(out) {}

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
    read_piece(before, std::string(body_.substr(begin, end - begin)), begin, world_, visible_, variables_, out_);
  }

  void expression(std::size_t first, std::size_t last) { piece("select ", first, last); }

  // The target of INTO is no part of the query that PostgreSQL sees: it becomes spaces.
  void query(std::size_t first, std::size_t last) {
    if (first >= last || first >= tokens_.size()) return;
    const std::size_t begin = tokens_[first].begin;
    std::string text(body_.substr(begin, tokens_[last - 1].end - begin));
    for (std::size_t i = find(first, {"into"}); i < last; i = find(i + 1, {"into"})) {
      if (!tokens_.is(i, "into")) break;
      if (i > first && (tokens_.is(i - 1, "insert") || tokens_.is(i - 1, "merge"))) continue;
      std::size_t end = i + 1;
      if (tokens_.is(end, "strict")) ++end;
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
    read_piece("", std::move(text), begin, world_, visible_, variables_, out_);
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
    variables_.insert(tokens_.name(at_));
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
    type(first, std::min({value, find(first, {"not"}), find(first, {"collate"}), end}));
    if (value < end) expression(value + 1, end);
  }

  // `app.channel`, `app.users%rowtype`, `app.users.id%type`
  void type(std::size_t first, std::size_t last) {
    std::size_t percent = first;
    while (percent < last && tokens_.spelling(percent) != "%") ++percent;
    if (percent == last) {
      piece("select null::", first, last);
      return;
    }
    const bool row = tokens_.is(percent + 1, "rowtype");
    const std::size_t names = (percent - first + 1) / 2;
    if (names == 0 || names > 3 || (!row && names < 2)) return;
    const std::size_t parts = row ? names : names - 1;  // of the relation
    if (parts > 2) return;
    const auto relation =
        world_.relation(parts == 2 ? tokens_.name(first) : std::string(), tokens_.name(first + 2 * (parts - 1)));
    if (!relation) return;
    const std::size_t end = first + 2 * (parts - 1);
    out_.references.push_back({relation->key, tokens_[first].begin, tokens_[end].end, tokens_[first].begin});
    if (row || relation->key.kind != Kind::table) return;
    const std::string column = tokens_.name(end + 2);
    for (const OutputColumn& one : relation->columns) {
      if (one.name != column) continue;
      const ObjectKey key = column_key(relation->key, column);
      out_.references.push_back({key, tokens_[end + 2].begin, tokens_[end + 2].end, tokens_[first].begin});
    }
  }

  void for_loop() {
    const std::size_t in = find(at_, {"in"});
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
        query(at_, end);
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
  const World& world_;
  const std::vector<Visible>& visible_;
  std::set<std::string> variables_;
  BodyNames& out_;
  std::size_t at_ = 0;
};

void in_order(std::vector<Reference>& references) {
  std::sort(references.begin(), references.end(), [](const Reference& a, const Reference& b) {
    return std::tie(a.begin, a.end, a.target) < std::tie(b.begin, b.end, b.target);
  });
  references.erase(std::unique(references.begin(), references.end()), references.end());
}

// The byte of the body's line that PL/pgSQL's compiler complains about (`… near line 3`).
bool is_syntax_complaint(const std::string& message) {
  for (const std::string_view start :
       {"syntax error", "unterminated", "missing", "mismatched", "unexpected end", "incomplete"}) {
    if (message.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

BodyNames names_in_sql(std::string_view body, const World& world, const std::vector<Visible>& visible,
                       const std::set<std::string>& variables) {
  BodyNames names;
  read_piece("", std::string(body), 0, world, visible, variables, names);
  in_order(names.references);
  return names;
}

BodyNames names_in_plpgsql(std::string_view body, const World& world, const std::vector<Visible>& visible,
                           const std::set<std::string>& variables) {
  BodyNames names;
  const std::string owned(body);
  auto scanned = tokens(owned);
  if (!scanned.has_value()) {
    names.error = std::move(scanned.error());
    return names;
  }
  const TokenList list(owned, std::move(*scanned));
  PlpgsqlBody(owned, list, world, visible, variables, names).read();
  in_order(names.references);
  return names;
}

BodyAnalysis analyze_body(const std::string& language, std::string_view create_statement, std::string_view body,
                          const World& world) {
  BodyAnalysis analysis;
  if (language != "sql" && language != "plpgsql") return analysis;
  std::set<std::string> variables;
  const auto statement = parse_tree(std::string(create_statement));
  if (statement.has_value()) {
    for (const Json& one : field(*statement, "stmts")) {
      for (const Json& parameter : field(body_of(field(one, "stmt")), "parameters")) {
        variables.insert(text_of(body_of(parameter), "name"));
      }
    }
  }
  BodyNames names =
      language == "sql" ? names_in_sql(body, world, {}, variables) : names_in_plpgsql(body, world, {}, variables);
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
