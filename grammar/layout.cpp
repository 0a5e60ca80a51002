// SPDX-License-Identifier: Apache-2.0
#include "grammar/layout.h"

#include "base/identifier.h"

#include <algorithm>

namespace godwit::grammar::layout {

std::string name(const ast::QualifiedName& qualified) {
  return quoted(qualified.schema ? qualified.schema->text : std::string(), qualified.name.text);
}

std::string operator_name(const ast::QualifiedName& qualified) {
  return (qualified.schema ? quoted(qualified.schema->text) + '.' : "") + qualified.name.text;
}

std::string column_name(const ast::Name& column) { return quoted(column.text); }

std::string word(const ast::Name& name) {
  const bool plain = !name.text.empty() && std::all_of(name.text.begin(), name.text.end(),
                                                       [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return plain ? name.text : quoted(name.text);
}

std::string migration_id(const ast::Name& id) {
  const auto plain = [](char c) { return is(c, word_class) || c == '.'; };
  if (!id.text.empty() && std::all_of(id.text.begin(), id.text.end(), plain)) return id.text;
  std::string out = "\"";
  for (const char c : id.text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

namespace {

std::string path(const ast::ObjectName& object) {
  std::string out;
  for (std::size_t i = 0; i < object.path.size(); ++i) {
    if (i > 0) out += '.';
    const bool symbol = object.kind.text == "operator" && i + 1 == object.path.size();
    out += symbol ? object.path[i].text : quoted(object.path[i].text);
  }
  if (object.arguments) out += (object.kind.text == "operator" ? " (" : "(") + object.arguments->text + ')';
  if (object.on) out += " on " + name(*object.on);
  return out;
}

/// A name that reads as a kind when the kind before it is left out.
bool reads_as_kind(const ast::ObjectName& object) {
  if (object.path.empty()) return true;
  const std::string& first = object.path.front().text;
  return object.path.size() == 1 &&
         std::any_of(first.begin(), first.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
         quoted(first) == first && starts_object_kind(first);
}

}  // namespace

std::string object(const ast::ObjectName& object) { return object.kind.text + ' ' + path(object); }

std::string objects(const std::vector<ast::ObjectName>& objects) {
  std::string out;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (i > 0) out.append(",").append(1, soft_space);
    const bool shared = i > 0 && objects[i].kind.text == objects[i - 1].kind.text && !reads_as_kind(objects[i]);
    out += shared ? path(objects[i]) : object(objects[i]);
  }
  return out;
}

std::string definition_words(const ast::Definition& definition) {
  using Kind = ast::DefinitionKind;
  switch (definition.kind) {
    case Kind::domain: return "domain";
    case Kind::type: return "type";
    case Kind::sequence: return "sequence";
    case Kind::view: return definition.recursive ? "recursive view" : "view";
    case Kind::materialized_view: return "materialized view";
    case Kind::function: return "function";
    case Kind::procedure: return "procedure";
    case Kind::aggregate: return "aggregate";
    case Kind::cast: return "cast";
    case Kind::operator_: return "operator";
    case Kind::event_trigger: return "event trigger";
    case Kind::publication: return "publication";
    case Kind::rule: return "rule";
    case Kind::collation: return "collation";
    case Kind::text_search: return "text search";
    case Kind::foreign_data_wrapper: return "foreign data wrapper";
    case Kind::foreign_server: return "server";
    case Kind::default_privileges: return "default privileges";
  }
  return {};
}

std::string column_list(const std::vector<ast::Name>& columns) { return '(' + joined(columns, column_name) + ')'; }

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(std::string text, std::size_t to) {
  const std::size_t now = width(text);
  if (now < to) text.append(to - now, ' ');
  return text;
}

std::uint32_t Page::clause_begin(std::uint32_t place) const {
  std::uint32_t begin = place;
  while (begin > 0 && source_[begin - 1] != '\n' && source_[begin - 1] != ';' && source_[begin - 1] != '{') --begin;
  while (begin < place && is(source_[begin], space_class)) ++begin;
  return begin;
}

void Page::blank_line_before(std::uint32_t place) {
  if (block_begins_) return;
  int line_ends = 0;
  for (std::uint32_t at = place; at > 0 && is(source_[at - 1], space_class); --at) line_ends += source_[at - 1] == '\n';
  if (line_ends > 1) out_ += '\n';
}

void Page::print(const ast::SourceComment& comment) {
  const bool behind = !comment.own_line && !line_comment_ && !out_.empty();
  if (behind) {
    out_.pop_back();
    out_ += "  " + comment.text + '\n';
  } else {
    blank_line_before(comment.span.begin);
    out_ += std::string(4 * depth_, ' ') + comment.text + '\n';
    block_begins_ = false;
  }
  line_comment_ = comment.text.starts_with("--");
}

void Page::comments_before(std::uint32_t place) {
  while (next_comment_ < comments_.size() && comments_[next_comment_].span.begin < place) {
    print(comments_[next_comment_++]);
  }
}

bool Page::fits(std::string_view text) const {
  return 4 * depth_ + width(text) <= widest_line && text.find('\n') == std::string_view::npos;
}

void Page::item(std::string_view text) {
  std::size_t column = 4 * depth_;
  out_.append(column, ' ');
  const std::size_t further = column + std::min(text.find_first_not_of(' '), text.size()) + 4;
  for (bool first = true;; first = false) {
    const std::size_t end = std::min(text.find(soft_space), text.size());
    const std::string_view part = text.substr(0, end);
    const std::size_t part_width = width(part.substr(0, part.find('\n')));
    if (!first && column + 1 + part_width > widest_line) {
      out_.append("\n").append(further, ' ');
      column = further;
    } else if (!first) {
      out_ += ' ';
      ++column;
    }
    out_ += part;
    const std::size_t last_line = part.rfind('\n');
    column = last_line == std::string_view::npos ? column + part_width : width(part.substr(last_line + 1));
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  out_ += '\n';
  block_begins_ = false;
  line_comment_ = false;
}

void Page::line(std::uint32_t begin, std::string_view text) {
  comments_before(begin);
  blank_line_before(begin);
  item(text);
}

void Page::line_at_end(Span block, std::string_view text) {
  comments_before(block.end - 1);
  item(text);
}

void Page::open(Span span, std::string_view text) {
  line(span.begin, std::string(text) + " {");
  ++depth_;
  block_begins_ = true;
}

void Page::close(Span span) {
  comments_before(span.end - 1);
  --depth_;
  out_.append(4 * depth_, ' ').append("}\n");
  block_begins_ = false;
  line_comment_ = false;
}

std::string Page::finish() {
  comments_before(static_cast<std::uint32_t>(source_.size()) + 1);
  return std::move(out_);
}

}  // namespace godwit::grammar::layout
