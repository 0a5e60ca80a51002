// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's index access methods: what each can do, and which operator classes it has for which types.
#pragma once

#include "compiler/sql/analyze.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

struct AccessMethod {
  std::string_view name;
  bool unique = false, several_columns = false, ordered = false, includes = false, excludes = false;
};

/// nullptr when PostgreSQL brings none of that name.
const AccessMethod* access_method(std::string_view name);
std::vector<std::string> access_method_names();

/// Why an index of the method cannot be made over a value of the type; empty when it can or is not known. An empty
/// path of the operator class stands for the type's default.
std::string class_fault(std::string_view method, const std::vector<std::string>& operator_class, std::string_view type,
                        const World& world);

}  // namespace godwit::sql
