// SPDX-License-Identifier: Apache-2.0
// A backfill looked at as the rows it changes: their key, and old and new values of each column.
#pragma once

#include "compiler/data/reject.h"
#include "compiler/data/shape.h"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::data {

struct Filled {
  std::string name;
  std::string type;
  std::string sql;                     // the new value, as the column's type
  bool added = false;                  // by this migration: there is nothing to give back
  std::optional<std::string> initial;  // of an added column: what a row has that nobody filled
};

struct Filling {
  const Surroundings& around;
  const Backfill& backfill;
  ObjectKey table;
  std::string name, from, where, kept, alias;
  Names key;
  std::vector<Filled> columns;

  std::vector<std::string> by_key(std::string_view row) const {
    std::vector<std::string> parts;
    for (const std::string& column : key) {
      parts.push_back(fmt::format("{}.{} = kept.{}", row, quoted(column), labelled("row", column)));
    }
    return parts;
  }
};

Filling filling_of(const Backfill& backfill, const Surroundings& around);

/// Key, old and new values of the rows that change, among those that fit the condition; `locking` stands at the end of
/// the query over the table (`for update of u`).
std::string values(const Filling& filling, const std::string& condition, const std::string& locking);
Statement keep_values(const Filling& filling);
/// Writes the rows that values() gives for the condition, and their record; their number is in v_written.
Statement write_rows(const Filling& filling, const std::string& condition);
Statement fill_rejecting(const Filling& filling);  // backfill_reject.cpp
/// The rows of one batch (`p.id >= v_low_1 and p.id <= v_high_1`).
Fitting one_batch(const Filling& filling, const std::string& batch);
/// What the step is called in godwit_kept.rejected: `backfill app.people (name)`.
std::string noted_as(const Filling& filling);
/// Of a row of the table, under its alias: it was set aside.
std::string is_rejected(const Filling& filling);
void fill_in_batches(const Filling& filling, Step& step);  // backfill_batches.cpp
/// Nothing when the columns need different ways back, or values are carried back.
std::optional<BatchesBack> fill_back_in_batches(const Filling& filling);  // backfill_back_batches.cpp

/// True for a row (`row`, beside `kept`) of which a filled value was changed since.
std::string changed_since(const Filling& filling, std::string_view row, int indent);
/// `left join godwit_kept.filled_… as kept on …`
std::string join_kept(const Filling& filling, std::string_view row);
/// Rows (`target`) that fit the condition and were changed since become residue.
Statement note_changed(const Filling& filling, const std::string& condition = {});
/// Records (`kept`) that fit the condition give their rows the old values where nobody changed them since; nothing when
/// all columns are new.
std::optional<Statement> give_back(const Filling& filling, const std::string& condition = {});

}  // namespace godwit::data
