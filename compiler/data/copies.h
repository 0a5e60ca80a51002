// SPDX-License-Identifier: Apache-2.0
// Is an expression nothing but a column of a table, so that its way back need not be written?
#pragma once

#include "compiler/model/fragment.h"

#include <optional>
#include <string>

namespace godwit::data {

struct Copy {
  std::string column;
  bool plain = true;  // false: `coalesce(column, constant)`
};

/// The column of `table` that the expression copies: `column`, `alias.column` or `coalesce(column, constant)`.
std::optional<Copy> copied_column(const Fragment& value, const ObjectKey& table);

}  // namespace godwit::data
