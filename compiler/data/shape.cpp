// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/shape.h"

#include "base/identifier.h"
#include "compiler/data/copies.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

Names reads_of(const Fragment& value, const ObjectKey& table) {
  Names names;
  for (const Reference& reference : value.references) {
    if (reference.target.kind == Kind::column && table_of(reference.target) == table &&
        std::find(names.begin(), names.end(), reference.target.part) == names.end()) {
      names.push_back(reference.target.part);
    }
  }
  return names;
}

bool is_dropped(const MoveShape& shape, const std::string& source_column) {
  return shape.source_dropped || shape.around.dropped.contains(column_key(shape.source, source_column));
}

// What an irreversible drop takes is not there when the step runs backward: then nothing can be looked up in the
// source.
bool reads_what_is_gone(const MoveShape& shape) {
  const auto gone = [&](const ObjectKey& old) {
    const ObjectKey key = now(old, shape.around);
    return shape.around.catalog.find(key) == nullptr && !shape.around.dropped.contains(key);
  };
  if (gone(*shape.move.source)) return true;
  for (const Assignment& set : shape.move.set) {
    for (const Reference& reference : set.value.references) {
      const bool own = reference.target.kind == Kind::column && table_of(reference.target) == *shape.move.source;
      if (own && !shape.source_dropped && gone(reference.target)) return true;
    }
  }
  return false;
}

void find_copies(MoveShape& shape) {
  for (const Mapped& mapped : shape.mapped) {
    const Names& key = shape.target_key;
    const bool tells = key.empty() || std::find(key.begin(), key.end(), mapped.target->name) != key.end();
    if (mapped.constant && tells) shape.constants.push_back(&mapped);
  }
  for (const std::string& column : shape.source_key) {
    const auto copy = std::find_if(shape.mapped.begin(), shape.mapped.end(),
                                   [&](const Mapped& mapped) { return mapped.plain && mapped.copies == column; });
    if (copy != shape.mapped.end()) shape.key_copies.push_back(&*copy);
  }
  if (shape.key_copies.size() != shape.source_key.size()) shape.key_copies.clear();
  for (const Mapped& mapped : shape.mapped) {
    if (!mapped.plain || is_dropped(shape, mapped.copies)) continue;
    if (std::find(shape.source_key.begin(), shape.source_key.end(), mapped.copies) == shape.source_key.end()) {
      shape.other_copies.push_back(&mapped);
    }
  }
}

void find_returned(MoveShape& shape) {
  if (shape.move.no_reverse || shape.source_key.empty()) return;
  const auto add = [&](const std::string& column, const Fragment& value, const std::string& type) {
    const Column* source = column_then(column_key(shape.source, column), shape.around);
    const bool found = std::any_of(shape.returned.begin(), shape.returned.end(),
                                   [&](const Returned& other) { return other.source == source; });
    if (source == nullptr || found || source->generated) return;
    shape.returned.push_back(
        {source, column, as_type(value.text, type, *source, shape.around), reads_of(value, shape.target)});
  };
  for (const Assignment& written : shape.move.reverse) {
    add(now(column_key(*shape.move.source, written.column), shape.around).part, written.value, written.type);
  }
  for (const Mapped& mapped : shape.mapped) {
    const bool returns = shape.move.in_step || is_dropped(shape, mapped.copies);
    if (mapped.copies.empty() || !returns) continue;
    const bool of_key =
        std::find(shape.source_key.begin(), shape.source_key.end(), mapped.copies) != shape.source_key.end();
    if (of_key && mapped.plain) continue;
    const std::string text = quoted(mapped.target->name);
    const auto end = static_cast<std::uint32_t>(text.size());
    add(mapped.copies, {Form::expression, text, {}, {{column_key(shape.target, mapped.target->name), 0, end, 0}}},
        mapped.target->type.text);
  }
}

}  // namespace

const Mapped* MoveShape::of(const std::string& target_column) const {
  const auto found =
      std::find_if(mapped.begin(), mapped.end(), [&](const Mapped& one) { return one.target->name == target_column; });
  return found == mapped.end() ? nullptr : &*found;
}

bool MoveShape::never_null(const std::string& target_column) const {
  const auto among = [](const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const auto takes_no_null = [&](const ObjectKey& table, const std::string& name) {
    const Column* column = column_now(column_key(table, name), around);
    return (column != nullptr && column->not_null) || among(row_key_now(table, around), name);
  };
  if (takes_no_null(target, target_column)) return true;
  if (move.fills_key && among(target_key, target_column)) return true;
  const Mapped* put = of(target_column);
  if (put == nullptr) return false;
  if (put->constant) return folded(put->value.text).find("null") == std::string::npos;
  if (!put->plain) return false;
  const Column* before = column_then(column_key(source, put->copies), around);
  return before != nullptr && before->not_null && takes_no_null(source, put->copies);
}

std::string MoveShape::type_of(const std::string& target_column) const {
  const Column* column = column_now(column_key(target, target_column), around);
  return column == nullptr ? std::string{} : column->type.text;
}

bool refers_to_itself(const MoveShape& shape) {
  const auto children = shape.around.catalog.children(shape.target);
  return std::any_of(children.begin(), children.end(), [&](const ObjectKey& child) {
    const auto* reference = shape.around.catalog.get<ForeignKey>(child);
    return reference != nullptr && reference->target == shape.target &&
           std::any_of(reference->columns.begin(), reference->columns.end(),
                       [&](const std::string& column) { return shape.of(column) != nullptr; });
  });
}

Names effective_key(const Move& move, const Names& target_row_key) {
  if (!move.key.empty()) return move.key;
  const bool filled = std::all_of(target_row_key.begin(), target_row_key.end(), [&](const std::string& column) {
    return std::any_of(move.set.begin(), move.set.end(), [&](const Assignment& set) { return set.column == column; });
  });
  return filled ? target_row_key : Names{};
}

std::vector<ObjectKey> tables_in(const std::vector<const Fragment*>& fragments) {
  std::vector<ObjectKey> tables;
  for (const Fragment* fragment : fragments) {
    for (const Reference& reference : fragment->references) {
      const Kind kind = reference.target.kind;
      if (kind == Kind::column) tables.push_back(table_of(reference.target));
      if (kind == Kind::table) tables.push_back(reference.target);
    }
  }
  std::sort(tables.begin(), tables.end());
  tables.erase(std::unique(tables.begin(), tables.end()), tables.end());
  return tables;
}

std::vector<ObjectKey> read_tables(const Move& move) {
  std::vector<const Fragment*> fragments;
  for (const Assignment& set : move.set) fragments.push_back(&set.value);
  for (const auto* clause : {&move.where, &move.query}) {
    if (*clause) fragments.push_back(&**clause);
  }
  return tables_in(fragments);
}

std::vector<ObjectKey> read_tables(const Backfill& backfill) {
  std::vector<const Fragment*> fragments;
  for (const Assignment& set : backfill.set) fragments.push_back(&set.value);
  for (const auto* clause : {&backfill.where, &backfill.from}) {
    if (*clause) fragments.push_back(&**clause);
  }
  return tables_in(fragments);
}

MoveShape shape_of(const Move& move, const Surroundings& around) {
  MoveShape shape(move, around);
  const auto renamed = [&](const Fragment& fragment) { return sql::renamed(fragment, around.renames); };
  if (move.source) {
    shape.source = now(*move.source, around);
    shape.from = table_sql(shape.source);
    if (move.alias != move.source->name) shape.from += " as " + quoted(move.alias);
    shape.source_dropped = around.dropped.contains(shape.source);
    if (!reads_what_is_gone(shape)) shape.source_key = row_key_then(shape.source, around);
  } else {
    shape.from = fmt::format("({}) as {}", renamed(*move.query).text, quoted(move.alias));
  }
  if (move.where) shape.where = renamed(*move.where).text;

  shape.target = move.target;
  shape.target_existed = existed_before(move.target, around);
  const Names row_key = row_key_now(move.target, around);
  shape.target_key = effective_key(move, row_key);
  shape.target_identity = row_key.empty() ? Names{"ctid"} : row_key;

  for (const Assignment& set : move.set) {
    const Column* column = column_now(column_key(move.target, set.column), around);
    if (column == nullptr) continue;
    Mapped mapped{column, renamed(set.value), {}, false, {}, false};
    mapped.constant = constant_text(mapped.value);
    std::string type = set.type;
    if (move.source) {
      if (const auto copy = copied_column(mapped.value, shape.source)) {
        mapped.copies = copy->column;
        mapped.plain = copy->plain;
        const Column* source = column_then(column_key(shape.source, copy->column), around);
        if (copy->plain && source != nullptr) type = source->type.text;
      }
    }
    mapped.sql = as_type(mapped.value.text, type, *column, around);
    shape.mapped.push_back(std::move(mapped));
  }
  find_copies(shape);
  find_returned(shape);

  shape.kept = kept_table("moved", move.name, around);
  shape.stood = kept_table("stood", move.name, around);
  shape.overwrote = kept_table("overwrote", move.name, around);
  shape.back = kept_table("back", move.name, around);
  return shape;
}

}  // namespace godwit::data
