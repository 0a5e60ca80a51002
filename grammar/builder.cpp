// SPDX-License-Identifier: Apache-2.0
#include "grammar/builder.h"

#include "base/identifier.h"

#include <algorithm>
#include <string>

namespace godwit::grammar {

namespace {

constexpr std::size_t longest_shown = 40;

bool at_line_start(std::string_view text, std::uint32_t place) { return place == 0 || text[place - 1] == '\n'; }

std::string shown(const Token& token) {
  switch (token.kind) {
    case TokenKind::end: return "the end of the file";
    case TokenKind::string: return "a string";
    case TokenKind::unterminated:
    case TokenKind::word:
    case TokenKind::quoted_word:
    case TokenKind::number:
    case TokenKind::symbol: break;
  }
  std::string_view text = token.text();
  if (token.kind == TokenKind::symbol && text == "-" && token.end[0] == '>') text = "->";
  if (token.kind == TokenKind::unterminated) text = text.substr(0, 1);
  if (text.size() > longest_shown) return '`' + std::string(truncated(text, longest_shown)) + "…`";
  return '`' + std::string(text) + '`';
}

std::optional<std::string> similar(std::string_view word, const Words* words) {
  if (words == nullptr) return std::nullopt;
  const std::string wanted = folded(word);
  std::vector<std::string> candidates(words->begin(), words->end());
  if (std::find(candidates.begin(), candidates.end(), wanted) != candidates.end()) return std::nullopt;
  return closest(wanted, candidates);
}

/// What makes the text before a mistake look like the place where it really is.
struct Cause {
  enum class Kind { none, open_string, next_declaration } kind = Kind::none;
  std::uint32_t begin = 0;         // the string's quote, or the next declaration
  std::uint32_t previous_end = 0;  // of the token before
};

/// Walks the item again up to the mistake: a plain string whose first line looks finished (`'words;`) was meant to end
/// there, and a declaration that starts a line means that the item before it was never ended.
Cause cause_of(std::string_view text, std::uint32_t from, std::uint32_t to, bool inside_block) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* const stop = begin + to;
  const char* previous_end = begin + from;
  for (const char* at = skip_gap(begin + from, end); at < end && at <= stop; at = skip_gap(previous_end, end)) {
    const Token token = token_at(at, end);
    const auto place = static_cast<std::uint32_t>(at - begin);
    const auto before = static_cast<std::uint32_t>(previous_end - begin);
    if (token.kind == TokenKind::word && (place != from || inside_block) && at_line_start(text, place) &&
        starts_declaration(at, end)) {
      return {Cause::Kind::next_declaration, place, before};
    }
    if ((token.kind == TokenKind::string || token.kind == TokenKind::unterminated) && *at == '\'') {
      const std::string_view string = token.text();
      std::string_view line = string.substr(0, string.find('\n'));
      while (!line.empty() && is(line.back(), space_class)) line.remove_suffix(1);
      if (line.size() < string.size() && (line.back() == ';' || line.back() == ',')) {
        return {Cause::Kind::open_string, place, before};
      }
    }
    if (token.kind == TokenKind::unterminated) break;
    previous_end = token.end;
  }
  return {};
}

}  // namespace

const Words declaration_words = {
    "migration", "table", "alter",       "schema",       "extension", "enum",      "domain",    "type",
    "sequence",  "view",  "recursive",   "materialized", "function",  "procedure", "aggregate", "cast",
    "operator",  "event", "publication", "rule",         "collation", "text",      "server",    "foreign",
    "default",   "grant", "revoke",      "comment",      "owner",     "rows",      "rename",    "drop",
    "change",    "move",  "backfill",    "extract",      "rebuild",   "check",     "sql"};

const Words table_words = {"constraint", "primary",   "unique",     "check",   "foreign",    "exclude",
                           "index",      "row",       "policy",     "trigger", "grant",      "revoke",
                           "owner",      "comment",   "statistics", "with",    "tablespace", "unlogged",
                           "inherits",   "partition", "replica",    "attach",  "detach",     "drop"};

const Words object_words = {"aggregate",  "collation",   "column",  "constraint",   "domain",   "enum",
                            "extension",  "function",    "index",   "materialized", "operator", "policy",
                            "procedure",  "publication", "rule",    "schema",       "sequence", "server",
                            "statistics", "table",       "trigger", "type",         "value",    "view"};

bool starts_object_kind(std::string_view word) {
  return std::any_of(std::begin(object_kinds), std::end(object_kinds),
                     [word](std::string_view kind) { return kind.substr(0, kind.find(' ')) == word; });
}

bool starts_declaration(const char* at, const char* end) {
  const Token first = token_at(at, end);
  if (first.kind != TokenKind::word) return false;
  const std::string_view word = first.text();
  const Token second = next_token(first.end, end);
  const bool then_name = second.kind == TokenKind::word || second.kind == TokenKind::quoted_word;
  const auto then = [&](auto... words) { return second.kind == TokenKind::word && any_word(second.text(), words...); };
  if (any_word(word, "migration", "check", "sql")) return second.kind == TokenKind::string;
  if (same_word(word, "alter")) return then("table");
  if (same_word(word, "materialized") || same_word(word, "recursive")) return then("view");
  if (same_word(word, "event")) return then("trigger");
  if (same_word(word, "comment") || same_word(word, "grant") || same_word(word, "revoke")) {
    return same_word(word, "comment") ? then("on") : then_name;
  }
  if (same_word(word, "owner")) return then("of");
  if (same_word(word, "rebuild")) return then("table");
  if (same_word(word, "change")) return then("column");
  if (same_word(word, "move") && second.is_symbol('(')) return true;
  if (!then_name ||
      (second.kind == TokenKind::word && is_reserved(folded(second.text())) && !any_word(word, "drop", "rename"))) {
    return false;
  }
  return any_word(word, "table", "schema", "extension", "enum", "domain", "type", "sequence", "view", "function",
                  "procedure", "aggregate", "publication", "rows", "rename", "drop", "move", "backfill", "extract");
}

void Builder::comment(const char* begin, const char* comment_end) {
  const std::uint32_t place = offset(begin);
  if (place < comments_end) return;
  comments_end = offset(comment_end);
  const char* before = begin;
  while (before != text.data() && (before[-1] == ' ' || before[-1] == '\t')) --before;
  const bool own_line =
      before == text.data() || offset(before) == text_begin || before[-1] == '\n' || before[-1] == '\r';
  std::string_view words(begin, static_cast<std::size_t>(comment_end - begin));
  while (is(words.back(), space_class)) words.remove_suffix(1);
  file.comments.push_back({std::string(words), span(begin, begin + words.size()), own_line});
}

void Builder::repeated(std::string_view clause, std::uint32_t at_clause) {
  ++mistakes;
  const Token token = token_at(at(at_clause), end());
  diagnostics.add(codes::repeated_clause, span(token.begin, token.end), "`{}` is given twice", clause);
}

void Builder::fail(std::uint32_t place, const Expectation& wanted) {
  const Cause cause = cause_of(text, item_begin, place, depth > 0);
  ++mistakes;
  if (cause.kind == Cause::Kind::open_string) {
    const auto line_end = text.find('\n', cause.begin);
    diagnostics.add(codes::unterminated, span(cause.begin, cause.begin + 1), "this string is not closed on its line")
        .note(span(place, place), "the text makes no sense from here on");
    throw Mistake{place, static_cast<std::uint32_t>(line_end + 1), false};
  }
  if (cause.kind == Cause::Kind::next_declaration) {
    diagnostics
        .add(codes::syntax, span(cause.previous_end, cause.previous_end), "expected `{}` before the next declaration",
             depth > 0 ? "}" : ";")
        .note(span(cause.begin, cause.begin), "the next declaration starts here");
    throw Mistake{place, cause.begin, true};
  }

  const Token token = token_at(at(place), end());
  const char* seen_end = token.kind == TokenKind::unterminated ? token.begin + 1 : token.end;
  if (token.kind == TokenKind::string) {
    seen_end = std::find(token.begin, token.end, '\n');
  } else if (token.kind == TokenKind::symbol && *token.begin == '-' && token.end != end() && *token.end == '>') {
    ++seen_end;
  }
  const bool on_next_line = place == gap_end && token_end < place &&
                            text.substr(token_end, place - token_end).find('\n') != std::string::npos;
  if (token.kind == TokenKind::word) {
    if (const auto word = similar(token.text(), wanted.words)) {
      diagnostics.add(codes::syntax, span(token.begin, seen_end), "expected {}, found {}", wanted.text, shown(token))
          .hint("`{}` has a similar spelling", *word);
      throw Mistake{place, 0, false};
    }
  }
  if (wanted.ends_item && on_next_line && token.kind != TokenKind::end) {
    diagnostics.add(codes::syntax, span(token_end, token_end), "expected {} before the next line", wanted.text);
    const bool goes_on = token.kind == TokenKind::word || token.kind == TokenKind::quoted_word || token.is_symbol('}');
    throw Mistake{place, goes_on ? place : 0, false};
  }
  auto report =
      diagnostics.add(codes::syntax, span(token.begin, seen_end), "expected {}, found {}", wanted.text, shown(token));
  if (token.kind == TokenKind::word && wanted.name && is_reserved(folded(token.text()))) {
    report.hint("`{}` is reserved by PostgreSQL: as a name it stands in quotes, `\"{}\"`", token.text(),
                folded(token.text()));
  }
  if (wanted.item_words != nullptr) {
    const Token first = token_at(at(item_begin), end());
    if (first.kind == TokenKind::word) {
      if (const auto word = similar(first.text(), wanted.item_words)) {
        report.hint("`{}` has a spelling similar to `{}`", *word, first.text());
      }
    }
  }
  throw Mistake{place, 0, false, wanted.block};
}

void Builder::fail(const Code& code, Span where, std::string_view message, std::string_view hint) {
  const Cause cause = cause_of(text, item_begin, where.begin, depth > 0);
  if (cause.kind != Cause::Kind::none && cause.begin != where.begin) fail(where.begin, Expectation{});
  ++mistakes;
  auto report = diagnostics.add(code, where, "{}", message);
  if (!hint.empty()) report.hint("{}", hint);
  std::uint32_t resume = 0;
  if (code.id == codes::unterminated.id) {
    const auto line_end = text.find('\n', where.begin);
    resume = static_cast<std::uint32_t>(line_end == std::string_view::npos ? text.size() : line_end + 1);
    if (text.substr(where.begin, 2) == "/*") resume = static_cast<std::uint32_t>(text.size());
  }
  throw Mistake{where.begin, resume, false};
}

void Builder::fail(const SqlRange& range) {
  const Span where = span(range.problem_at, range.problem_end);
  switch (range.problem) {
    case SqlRange::Problem::none: break;
    case SqlRange::Problem::unterminated:
      fail(codes::unterminated, where,
           *range.problem_at == '/'   ? "this comment is never closed"
           : *range.problem_at == '$' ? "this dollar quote is never closed"
           : *range.problem_at == '"' ? "this quoted name is never closed"
                                      : "this string is never closed");
    case SqlRange::Problem::unbalanced:
      fail(codes::unterminated, where, *range.problem_at == '(' ? "`(` is never closed" : "`[` is never closed");
    case SqlRange::Problem::too_deep:
      fail(codes::nesting_too_deep, where, "brackets are nested deeper than 200",
           "write it in fewer levels, or put a part of it into a function or a view of its own");
  }
  throw Mistake{where.begin, 0, false};
}

std::uint32_t Builder::recover(const Mistake& mistake, std::uint32_t begin, bool inside_block) {
  const auto size = static_cast<std::uint32_t>(text.size());
  if (too_many()) {
    diagnostics.add(codes::syntax, span(mistake.at, mistake.at), "too many mistakes, the rest of the file is not read");
    leave_blocks = inside_block;
    return size;
  }
  if (mistake.leave || mistake.resume > begin) {
    leave_blocks = inside_block && mistake.leave;
    return mistake.resume;
  }
  std::size_t braces = 0;
  for (const char* p = skip_gap(at(begin), end());;) {
    const Token token = token_at(p, end());
    const std::uint32_t place = offset(p);
    if (token.kind == TokenKind::end || token.kind == TokenKind::unterminated) {
      leave_blocks = inside_block;
      return size;
    }
    if (place > begin && place >= mistake.at && token.kind == TokenKind::word && at_line_start(text, place) &&
        starts_declaration(p, end())) {
      leave_blocks = inside_block;
      return place;
    }
    p = token.end;
    if (token.is_symbol('{')) {
      ++braces;
    } else if (token.is_symbol('}')) {
      if (braces == 0 && inside_block) return place;
      if (braces == 0 && mistake.block) return offset(p);
      if (braces > 0) --braces;
      if (braces == 0 && offset(p) > mistake.at) {
        const char* next = skip_gap(p, end());
        return offset(next != end() && *next == ';' ? next + 1 : p);
      }
    } else if (token.is_symbol(';') && braces == 0 && offset(p) > mistake.at && !mistake.block) {
      return offset(p);
    }
    p = skip_gap(p, end());
  }
}

}  // namespace godwit::grammar
