// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL itself brings: the functions and types of pg_catalog. Internal to compiler/sql.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// One overload of a function of pg_catalog.
struct Builtin {
  std::string_view name;
  std::string_view arguments;  // canonical types: "text, integer"
  std::string_view result;     // canonical; empty: a row, or several columns
  char volatility = 'i';
  char kind = 'f';  // 'f' function, 'a' aggregate, 'w' window function
  bool returns_set = false;
  std::uint8_t defaults = 0;
  bool variadic = false;
};

/// All overloads of that name, 15's and what 16 to 18 added; empty when PostgreSQL has none.
std::span<const Builtin> builtins(std::string_view name);

/// What a call means as far as the argument types are known (an empty type is not known, `unknown` is a bare literal; a
/// range type of the catalog has ` range` or ` multirange` behind its name).
struct BuiltinCall {
  bool found = false;     // some overload takes that many arguments
  char volatility = 'i';  // 'm' when the fitting overloads differ
  char kind = 'f';
  bool returns_set = false;
  std::string result;  // empty when it is not known
};

BuiltinCall call_builtin(std::string_view name, const std::vector<std::string>& arguments);

/// The version that brought the first function of that name: 14 to 18, or 13 for any older one.
int builtin_since(std::string_view name);

/// Names of pg_catalog functions that look like `name`, for "did you mean".
std::vector<std::string> builtin_names_like(std::string_view name);

/// The canonical spelling of a built-in type name (`int4`, `timestamptz`, `bool`); empty when there is none.
std::string_view builtin_type(std::string_view name);
/// True for a canonical spelling without brackets and modifiers: `integer`, `timestamp with time zone`.
bool is_builtin_type(std::string_view type);
std::vector<std::string> builtin_type_names();

}  // namespace godwit::sql
