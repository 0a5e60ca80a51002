// SPDX-License-Identifier: Apache-2.0
// One layout per construct, declarations and items in the author's order. SQL is printed as it was written; comments
// go with the item they stand before or behind; one blank line between items stays one blank line.
#include "grammar/format.h"

#include "base/identifier.h"
#include "grammar/format_items.h"
#include "grammar/layout.h"

#include <algorithm>
#include <utility>

namespace godwit::grammar {

namespace {

using namespace layout;

struct Widths {
  std::size_t name = 0;
  std::size_t type = 0;
};

class Formatter {
 public:
  Formatter(const ast::File& file, std::string_view source, const std::vector<ast::SourceComment>& comments)
      : file_(file), page_(comments, source) {}

  std::string run() {
    if (file_.header) header(*file_.header);
    for (const ast::Declaration& declaration : file_.declarations) {
      std::visit([this](const auto& each) { print(each); }, declaration);
    }
    return page_.finish();
  }

 private:
  void header(const ast::Header& header) {
    page_.open(header.span, "migration" + (header.title ? ' ' + literal(header.title->value) : ""));
    std::vector<std::pair<std::uint32_t, std::string>> lines;
    const auto add = [&](Span span, std::string text) {
      lines.emplace_back(page_.clause_begin(span.begin), std::move(text));
    };
    if (header.baseline) lines.emplace_back(header.span.begin, "baseline;");
    if (header.requires_postgres) {
      add(header.requires_postgres->span,
          "requires postgres >= " + std::to_string(header.requires_postgres->value) + ';');
    }
    for (const auto& extension : header.required_extensions) {
      add(extension.span, "requires extension " + quoted(extension.name.text) + ';');
    }
    if (!header.after.empty()) add(header.after.front().span, "after " + joined(header.after, migration_id) + ';');
    if (header.transaction) {
      const char* const mode = *header.transaction == ast::Transaction::automatic ? "auto"
                               : *header.transaction == ast::Transaction::single  ? "single"
                                                                                  : "phased";
      add(header.transaction_span, "transaction " + std::string(mode) + ';');
    }
    if (header.lock_timeout) {
      const std::string retry = header.lock_retries ? " retry " + std::to_string(header.lock_retries->value) : "";
      add(header.lock_timeout->span, "lock timeout " + header.lock_timeout->value + retry + ';');
    }
    if (header.rollback_window)
      add(header.rollback_window->span, "rollback window " + header.rollback_window->value + ';');
    if (!header.search_path.empty()) {
      add(header.search_path.front().span, "search path " + joined(header.search_path, column_name) + ';');
    }
    print_clauses(lines);
    page_.close(header.span);
  }

  void print_clauses(std::vector<std::pair<std::uint32_t, std::string>>& lines) {
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [at, text] : lines) page_.line(at, text);
  }

  // ---- tables and what has items

  /// A name that could begin another item keeps its quotes; it needs them when the `null` that told them apart is left
  /// out.
  std::string column_name_of(const ast::Column& column) const {
    if (std::find(table_words.begin(), table_words.end(), column.name.text) != table_words.end()) {
      const char* const source = page_.source().data();
      const bool null_follows =
          next_token(source + column.type.span.end, source + page_.source().size()).is_word("null");
      if (source[column.name.span.begin] == '"' || null_follows) return '"' + column.name.text + '"';
    }
    return quoted(column.name.text);
  }

  void print_items(const std::vector<ast::TableItem>& items) {
    Widths widths;
    for (const ast::TableItem& item : items) {
      if (const auto* column = std::get_if<ast::Column>(&item)) {
        widths.name = std::max(widths.name, width(column_name_of(*column)));
        if (column->type.text.find('\n') == std::string::npos)
          widths.type = std::max(widths.type, width(column->type.text));
      }
    }
    for (const ast::TableItem& item : items) {
      std::visit(overloaded{[&](const ast::Column& column) { print_column(column, widths); },
                            [&](const ast::Partition& partition) { print_partition(partition); },
                            [&](const auto& each) { page_.line(each.span.begin, text_of(each)); }},
                 item);
    }
  }

  void print_column(const ast::Column& column, const Widths& widths) {
    std::string text = padded(column_name_of(column), widths.name) + ' ';
    const std::string clauses = column_clauses(column);
    text += clauses.empty() ? column.type.text : padded(column.type.text, widths.type) + ' ' + clauses;
    page_.line(column.span.begin, text + ';');
  }

  void print_partition(const ast::Partition& partition) {
    std::string text = "partition " + name(partition.name) + ' ' + partition.bound.text;
    if (partition.by) text += " partition by " + partition.by->strategy.text;
    if (partition.partitions.empty()) return page_.line(partition.span.begin, text + ';');
    page_.open(partition.span, text);
    for (const ast::Partition& inner : partition.partitions) print_partition(inner);
    page_.close(partition.span);
  }

  void print(const ast::Table& table) {
    page_.open(table.span, (table.alter ? "alter table " : "table ") + name(table.name));
    print_items(table.items);
    page_.close(table.span);
  }

  void print(const ast::ForeignTable& table) {
    std::string text = "foreign table " + name(table.name) + " server " + quoted(table.server.text);
    if (table.options) text += soft("options (") + table.options->text + ')';
    page_.open(table.span, text);
    print_items(table.items);
    page_.close(table.span);
  }

  void print(const ast::Schema& schema) {
    const std::string text = "schema " + quoted(schema.name.text);
    if (schema.items.empty()) return page_.line(schema.span.begin, text + ';');
    page_.open(schema.span, text);
    print_items(schema.items);
    page_.close(schema.span);
  }

  void print(const ast::Definition& definition) {
    std::string text = definition_words(definition);
    if (definition.name) {
      text += ' ' + (definition.kind == ast::DefinitionKind::operator_ ? operator_name(*definition.name)
                                                                       : name(*definition.name));
    }
    const bool routine = definition.kind == ast::DefinitionKind::function ||
                         definition.kind == ast::DefinitionKind::procedure ||
                         definition.kind == ast::DefinitionKind::aggregate;
    if (!definition.text.text.empty())
      text += (routine && definition.text.text.front() == '(' ? "" : " ") + definition.text.text;
    if (definition.items.empty() && !definition.no_data) return page_.line(definition.span.begin, text + ';');
    page_.open(definition.span, text);
    print_items(definition.items);
    if (definition.no_data) page_.line_at_end(definition.span, "with no data;");
    page_.close(definition.span);
  }

  // ---- objects

  void print(const ast::Extension& extension) {
    std::string text = "extension " + quoted(extension.name.text);
    if (extension.schema) text += " schema " + quoted(extension.schema->text);
    if (extension.version) text += " version " + literal(extension.version->value);
    page_.line(extension.span.begin, text + ';');
  }

  void print(const ast::Enum& enumeration) {
    const auto value = [](const ast::Text& text) { return literal(text.value); };
    const std::string begin = "enum " + name(enumeration.name) + " (";
    std::string text = begin + joined(enumeration.values, value) + ");";
    if (width(text) > widest_line) text = begin + "\n    " + joined(enumeration.values, value, ",\n    ") + "\n);";
    page_.line(enumeration.span.begin, text);
  }

  void print(const ast::Grant& each) {
    page_.line(each.span.begin, grant_text(each.clause, soft("on ") + objects(each.objects)));
  }

  void print(const ast::Comment& comment) {
    page_.line(comment.span.begin, "comment on " + object(comment.object) + ' ' + literal(comment.text.value) + ';');
  }

  void print(const ast::Owner& owner) {
    page_.line(owner.span.begin, "owner of " + object(owner.object) + " to " + quoted(owner.role.text) + ';');
  }

  void print(const ast::Rename& rename) {
    std::string text = "rename " + object(rename.object) + " -> " + quoted(rename.to.text);
    std::string options;
    if (rename.keep_view) options += " keep view " + quoted(rename.keep_view->text) + ';';
    if (rename.keep_names) options += " keep names;";
    if (rename.keep_in_step) options += " keep in step;";
    page_.line(rename.span.begin, text + (options.empty() ? ";" : " {" + options + " }"));
  }

  void print(const ast::RenameValue& rename) {
    page_.line(rename.span.begin, "rename value " + name(rename.type) + ' ' + literal(rename.from.value) + " -> " +
                                      literal(rename.to.value) + ';');
  }

  void print(const ast::Drop& drop) {
    page_.line(drop.span.begin, "drop " + objects(drop.objects) + (drop.keep_archive ? " keep archive" : "") +
                                    (drop.irreversible ? " irreversible" : "") + ';');
  }

  void print(const ast::DropValue& drop) {
    std::string text = "drop value " + name(drop.type) + ' ' + literal(drop.value.value);
    if (drop.replacement) text += " using " + literal(drop.replacement->value);
    page_.line(drop.span.begin, text + ';');
  }

  void print(const ast::ChangeColumn& change) {
    std::string text =
        "change column " + name(change.table) + '.' + quoted(change.column.text) + " to " + change.type.text;
    const bool reverse_first = change.using_expression && change.reverse_using &&
                               change.reverse_using->span.begin < change.using_expression->span.begin;
    if (reverse_first) text += " reverse using " + change.reverse_using->text;
    if (change.using_expression) text += " using " + change.using_expression->text;
    if (change.reverse_using && !reverse_first) text += " reverse using " + change.reverse_using->text;
    page_.line(change.span.begin, text + ';');
  }

  void print(const ast::Rebuild& rebuild) {
    std::string text = "rebuild table " + name(rebuild.table);
    if (rebuild.keep_old_as) text += " keep old as " + quoted(rebuild.keep_old_as->text);
    page_.line(rebuild.span.begin, text + ';');
  }

  // ---- data

  /// A clause of a data block: its keyword is padded when one SQL text or list follows.
  struct Clause {
    std::uint32_t at;
    std::string keyword;
    std::string rest;
    bool padded;
    const std::vector<ast::Assignment>* assignments;
  };

  void print_clauses(std::vector<Clause> clauses) {
    std::stable_sort(clauses.begin(), clauses.end(), [](const Clause& a, const Clause& b) { return a.at < b.at; });
    std::size_t widest = 0;
    for (const Clause& clause : clauses)
      widest = std::max(
          widest, clause.keyword.find(' ') == std::string::npos ? clause.keyword.size() : clause.keyword.find(' '));
    for (const Clause& clause : clauses) {
      std::string text = clause.padded ? padded(clause.keyword, widest) : clause.keyword;
      if (clause.assignments != nullptr) {
        text += ' ' + assignments(*clause.assignments, text.size() + 1);
      } else if (!clause.rest.empty()) {
        text += ' ' + clause.rest;
      }
      page_.line(clause.at, text + ';');
    }
  }

  Clause clause(Span span, std::string keyword, std::string rest, bool is_padded = true) const {
    return {page_.clause_begin(span.begin), std::move(keyword), std::move(rest), is_padded, nullptr};
  }

  Clause clause(std::string keyword, const std::vector<ast::Assignment>& list) const {
    return {page_.clause_begin(list.front().column.span.begin), std::move(keyword), {}, true, &list};
  }

  static std::string assignments(const std::vector<ast::Assignment>& list, std::size_t indent) {
    const auto one = [](const ast::Assignment& assignment) {
      return quoted(assignment.column.text) + " = " + assignment.value.text;
    };
    std::string line = joined(list, one);
    if (indent + width(line) + 5 <= widest_line && line.find('\n') == std::string::npos) return line;
    std::size_t widest = 0;
    for (const ast::Assignment& each : list) widest = std::max(widest, width(quoted(each.column.text)));
    const auto aligned = [&](const ast::Assignment& assignment) {
      return padded(quoted(assignment.column.text), widest) + " = " + assignment.value.text;
    };
    return joined(list, aligned, ",\n" + std::string(indent + 4, ' '));
  }

  static std::string batch(const ast::Batch& batch) {
    return std::to_string(batch.size.value) + (batch.by ? " by " + quoted(batch.by->text) : "");
  }

  static std::string rest(const ast::Rest& rest) {
    std::string text = rest.action == ast::Rest::Action::ignore ? "ignore"
                       : rest.action == ast::Rest::Action::warn ? "warn"
                                                                : "fail";
    if (rest.message) text += ' ' + literal(rest.message->value);
    if (rest.over) text += " over " + rest.over->text.text;
    if (rest.where) text += soft("where ") + rest.where->text;
    return text;
  }

  void add_reject(std::vector<Clause>& clauses, const Rare<ast::Amount>& reject) const {
    if (reject) clauses.push_back(clause(reject->text.span, "reject up to", reject->text.text, false));
  }

  void add_reverse(std::vector<Clause>& clauses, const Rare<std::vector<ast::Assignment>>& reverse) const {
    if (!reverse) return;
    if (reverse->empty()) {
      clauses.push_back({static_cast<std::uint32_t>(page_.source().size()), "reverse", "none", true, nullptr});
    } else {
      clauses.push_back(clause("reverse set", *reverse));
    }
  }

  static std::string source(const ast::MoveSource& source) {
    std::string text = source.table ? name(*source.table) : '(' + source.query->text + ')';
    if (source.alias) text += (source.query ? " as " : " ") + quoted(source.alias->text);
    return text;
  }

  void print_mapping(const ast::Move& move, const std::string& before) {
    page_.open(move.span, before + source(move.source) + " -> " + name(move.target) +
                              (move.name ? " named " + quoted(move.name->text) : ""));
    std::vector<Clause> clauses;
    if (move.where) clauses.push_back(clause(move.where->span, "where", move.where->text));
    if (!move.set.empty()) clauses.push_back(clause("set", move.set));
    if (!move.key.empty()) clauses.push_back(clause(move.key.front().span, "key", column_list(move.key)));
    if (move.on_conflict_span) {
      const char* const what = move.on_conflict == ast::OnConflict::fail   ? "fail"
                               : move.on_conflict == ast::OnConflict::skip ? "skip"
                                                                           : "update";
      clauses.push_back(clause(*move.on_conflict_span, "on conflict", what, false));
    }
    if (move.batch) clauses.push_back(clause(move.batch->span, "batch", batch(*move.batch)));
    if (move.rest) clauses.push_back(clause(move.rest->span, "rest", rest(*move.rest)));
    if (move.sample) clauses.push_back(clause(move.sample->span, "sample", std::to_string(move.sample->value)));
    add_reject(clauses, move.reject);
    if (move.keep_in_step) clauses.push_back(clause(*move.keep_in_step, "keep in step", "", false));
    add_reverse(clauses, move.reverse);
    print_clauses(std::move(clauses));
    page_.close(move.span);
  }

  void print(const ast::Move& move) { print_mapping(move, "move "); }

  void print(const ast::MoveSqlite& move) {
    const std::string text = "move sqlite " + literal(move.file.value) + ' ';
    if (!move.move) return page_.line(move.span.begin, text + "{ all; }");
    ast::Move mapping = *move.move;
    mapping.span.begin = move.span.begin;
    print_mapping(mapping, text);
  }

  void print(const ast::Backfill& backfill) {
    page_.open(backfill.span,
               "backfill " + name(backfill.table) + (backfill.alias ? ' ' + quoted(backfill.alias->text) : ""));
    std::vector<Clause> clauses;
    if (!backfill.set.empty()) clauses.push_back(clause("set", backfill.set));
    if (backfill.from) clauses.push_back(clause(backfill.from->span, "from", backfill.from->text));
    if (backfill.where) clauses.push_back(clause(backfill.where->span, "where", backfill.where->text));
    if (backfill.batch) clauses.push_back(clause(backfill.batch->span, "batch", batch(*backfill.batch)));
    add_reject(clauses, backfill.reject);
    if (backfill.keep_in_step) clauses.push_back(clause(*backfill.keep_in_step, "keep in step", "", false));
    add_reverse(clauses, backfill.reverse);
    print_clauses(std::move(clauses));
    page_.close(backfill.span);
  }

  void print(const ast::Extract& extract) {
    page_.open(extract.span, "extract " + name(extract.source) + " -> " + name(extract.target));
    std::vector<Clause> clauses;
    if (!extract.key.empty()) clauses.push_back(clause("key", extract.key));
    if (!extract.set.empty()) clauses.push_back(clause("set", extract.set));
    if (extract.first_by) clauses.push_back(clause(extract.first_by->span, "first by", extract.first_by->text, false));
    if (!extract.link.empty()) clauses.push_back(clause("link", extract.link));
    if (extract.where) clauses.push_back(clause(extract.where->span, "where", extract.where->text));
    if (extract.batch) clauses.push_back(clause(extract.batch->span, "batch", batch(*extract.batch)));
    print_clauses(std::move(clauses));
    page_.close(extract.span);
  }

  /// Of each column of the values; empty when they are not to be aligned: a row is no line, or would be too wide.
  static std::vector<std::size_t> value_widths(const ast::Rows& rows) {
    std::vector<std::size_t> widths;
    for (const std::vector<ast::Sql>& row : rows.values) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t column = 0; column < row.size(); ++column) {
        if (row[column].text.find('\n') != std::string::npos) return {};
        widths[column] = std::max(widths[column], width(row[column].text));
      }
    }
    std::size_t line = std::string_view("        ();").size();
    for (const std::size_t each : widths) line += each + 2;
    return line > widest_line + 2 ? std::vector<std::size_t>{} : widths;
  }

  void print(const ast::Rows& rows) {
    page_.open(rows.span, "rows " + name(rows.table) + " key " + column_list(rows.key));
    if (!rows.columns.empty())
      page_.line(page_.clause_begin(rows.columns.front().span.begin), column_list(rows.columns) + " :");
    const std::vector<std::size_t> widths = value_widths(rows);
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
      const std::vector<ast::Sql>& row = rows.values[i];
      std::string text;
      for (std::size_t column = 0; column < row.size(); ++column) {
        const bool last = column + 1 == row.size();
        const std::string value = row[column].text + (last ? "" : ",");
        text += last || widths.empty() ? value : padded(value, widths[column] + 1);
        if (!last) text += soft_space;
      }
      page_.line(row.front().span.begin, "    (" + text + ')' + (i + 1 < rows.values.size() ? ',' : ';'));
    }
    page_.close(rows.span);
  }

  void print(const ast::Check& check) {
    std::string text = "check " + literal(check.title.value);
    if (check.when == ast::Check::When::before) text += " before";
    if (check.when == ast::Check::When::after) text += " after";
    if (check.warn) text += " warn";
    std::string condition;
    std::uint32_t begin = 0;
    std::visit(overloaded{[&](const ast::CountCondition& count) {
                            using Comparison = ast::CountCondition::Comparison;
                            condition = count.comparison == Comparison::none ? "none"
                                        : count.comparison == Comparison::at_most
                                            ? "at most " + count.amount->text.text
                                            : "at least " + count.amount->text.text;
                            condition += " of " + source(count.of);
                            if (count.where) condition += soft("where ") + count.where->text;
                            begin = count.of.span.begin;
                          },
                          [&](const ast::UnchangedCondition& unchanged) {
                            condition = "unchanged (" + unchanged.query.text + ')';
                            begin = unchanged.query.span.begin;
                          },
                          [&](const ast::ThatCondition& that) {
                            condition = "that (" + that.expression.text + ')';
                            begin = that.expression.span.begin;
                          }},
               check.condition);
    const std::string one_line = text + " { " + condition + "; }";
    if (page_.fits(one_line)) return page_.line(check.span.begin, one_line);
    page_.open(check.span, text);
    page_.line(page_.clause_begin(begin), condition + ';');
    page_.close(check.span);
  }

  void print(const ast::Escape& escape) {
    std::string text = "sql " + literal(escape.title.value);
    if (!escape.after.empty()) text += soft("after ") + objects(escape.after);
    if (!escape.before.empty()) text += soft("before ") + objects(escape.before);
    page_.open(escape.span, text);
    page_.line(page_.clause_begin(escape.up.span.begin), "up " + dollar_quoted(escape.up.text) + ';');
    if (escape.down)
      page_.line(page_.clause_begin(escape.down->span.begin), "down " + dollar_quoted(escape.down->text) + ';');
    if (escape.irreversible) page_.line_at_end(escape.span, "irreversible;");
    page_.close(escape.span);
  }

  const ast::File& file_;
  Page page_;
};

}  // namespace

std::string format(const ast::File& file, const SourceSet& sources) {
  return Formatter(file, sources[file.source].text(), file.comments).run();
}

std::string format_without_comments(const ast::File& file, const SourceSet& sources) {
  const std::vector<ast::SourceComment> none;
  return Formatter(file, sources[file.source].text(), none).run();
}

}  // namespace godwit::grammar
