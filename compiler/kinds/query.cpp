// SPDX-License-Identifier: Apache-2.0
// What views and materialized views share: declared when first looked up, their columns, what they read.
#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/spelling.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

/// The first place in the query that names the relation, if any.
const Reference* mention(const Fragment& query, const ObjectKey& relation) {
  for (const Reference& reference : query.references) {
    if (reference.target.schema == relation.schema && reference.target.name == relation.name &&
        (reference.target.kind == relation.kind || reference.target.kind == Kind::column)) {
      return &reference;
    }
  }
  return nullptr;
}

void report_cycle(const ObjectKey& key, const Fragment& query, const ast::Definition& item, Declaring& d) {
  for (std::size_t first = 0; first < d.queries_in_progress.size(); ++first) {
    if (mention(query, d.queries_in_progress[first]) == nullptr) continue;
    std::string chain;
    for (std::size_t i = first; i < d.queries_in_progress.size(); ++i) {
      const ObjectKey& member = d.queries_in_progress[i];
      chain += (chain.empty() ? "`" : ", which reads `") + quoted(member.schema, member.name) + "`";
    }
    const std::string name = quoted(key.schema, key.name);
    if (d.queries_in_progress[first] == key) {
      d.diagnostics.add(codes::cycle, item.name->span, "{} `{}` reads itself", name_of(key.kind), name)
          .hint("write `recursive view` for a recursive query");
    } else {
      d.diagnostics
          .add(codes::cycle, item.name->span, "{} `{}` reads a view that reads it in turn", name_of(key.kind), name)
          .note("{}, which reads `{}`", chain,
                quoted(d.queries_in_progress[first].schema, d.queries_in_progress[first].name))
          .hint("let one of them read the tables instead");
    }
    return;
  }
}

/// The names in parentheses over the names of the query; both lists may be short of the other.
std::vector<OutputColumn> named(std::vector<OutputColumn> output, const std::vector<std::string>& columns,
                                const ast::Definition& item, Declaring& d) {
  if (columns.size() > output.size()) {
    d.diagnostics.add(codes::bad_option, item.name->span, "{} column names for a query of {} columns", columns.size(),
                      output.size());
    return {};
  }
  for (std::size_t i = 0; i < columns.size(); ++i) output[i].name = columns[i];
  std::set<std::string> seen;
  for (const OutputColumn& column : output) {
    if (seen.insert(column.name).second) continue;
    d.diagnostics.add(codes::duplicate_name, item.name->span, "the query gives two columns the name `{}`", column.name)
        .hint("name one of them with `as`");
    return {};
  }
  return output;
}

}  // namespace

void promise_query(const Object& placeholder, Declaring& d, const std::function<void()>& declare_it) {
  const ObjectKey key = key_of(placeholder);
  if (!d.pending_views.emplace(std::pair{key.schema, key.name}, declare_it).second) {
    d.diagnostics.add(codes::duplicate_name, span_of(placeholder), "`{}` is declared twice",
                      quoted(key.schema, key.name));
    return;
  }
  if (d.catalog.find(key) == nullptr) d.catalog.put(placeholder);
}

void keep_promise(const ObjectKey& key, Declaring& d) {
  const auto pending = d.pending_views.find({key.schema, key.name});
  if (pending == d.pending_views.end()) return;
  const std::function<void()> declare_it = pending->second;
  d.pending_views.erase(pending);
  declare_it();
}

sql::Analysis settled(sql::Analysis analysis, const std::string& text, const Declaring& d) {
  if (analysis.stars.empty() || !analysis.problems.empty()) return analysis;
  return sql::analyze(Form::query, sql::without_stars(text, analysis.stars), d.world, {});
}

DeclaredQuery declare_query(const ObjectKey& key, const ast::Definition& item, std::size_t begin,
                            const std::string& text, const std::vector<std::string>& columns, Declaring& d) {
  d.queries_in_progress.push_back(key);
  sql::Analysis analysis = d.analyze_part(Form::query, item.text, begin, text);
  report_cycle(key, analysis.fragment, item, d);
  d.queries_in_progress.pop_back();
  if (analysis.data_change) {
    const std::size_t place = begin + *analysis.data_change;
    d.diagnostics
        .add(codes::forbidden_expression, Declaring::span_in(item.text, place, place + 1),
             "a {} cannot change rows, not even in `with`", name_of(key.kind))
        .hint("a function can");
  }
  analysis = settled(std::move(analysis), text, d);
  DeclaredQuery declared{std::move(analysis.fragment), {}};
  if (analysis.output_known && !analysis.output.empty()) {
    declared.output = named(std::move(analysis.output), columns, item, d);
  }
  return declared;
}

std::vector<LockOn> reading_locks(const Fragment& query) {
  std::set<ObjectKey> relations;
  for (const Reference& reference : query.references) {
    if (is_relation(reference.target.kind)) relations.insert(reference.target);
  }
  std::vector<LockOn> locks;
  for (const ObjectKey& relation : relations) locks.push_back({relation, Lock::access_share});
  return locks;
}

std::string verify_columns(const std::vector<OutputColumn>& output, const std::string& oid) {
  if (output.empty()) return {};
  std::vector<std::string> names;
  for (const OutputColumn& column : output) names.push_back(column.name);
  return " and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = " + oid +
         " and a.attnum > 0 and not a.attisdropped order by a.attnum) = " + text_array(names);
}

void rename_query(Fragment& query, std::vector<std::string>& columns, const std::vector<OutputColumn>& output,
                  const Renames& renames) {
  const bool renames_a_column =
      std::any_of(query.references.begin(), query.references.end(), [&](const Reference& reference) {
        return reference.target.kind == Kind::column &&
               renamed_key(reference.target, renames).part != reference.target.part;
      });
  query = sql::renamed(query, renames);
  if (!renames_a_column) return;
  for (std::size_t i = columns.size(); i < output.size(); ++i) columns.push_back(output[i].name);
}

}  // namespace godwit::kinds
