// SPDX-License-Identifier: Apache-2.0
// Which types PostgreSQL takes where: operators, casts, calls. Whatever is not known for certain (types of extensions,
// composite values, ranges of the catalog) fits everywhere: these rules refuse only what the server refuses.
#pragma once

#include "compiler/sql/analyze.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// One of PostgreSQL's own types or an enum of the catalog; a domain is the type behind it.
struct KnownType {
  std::string name;  // canonical, without brackets and modifiers
  bool array = false;
  std::optional<ObjectKey> enumeration;
};

/// nullopt for `unknown`, pseudo-types and every type whose rules are not known.
std::optional<KnownType> known_type(std::string_view type, const World& world);

/// Whether a value of `from` is taken without a cast where PostgreSQL's own type `to` (or `anyarray` and the like)
/// stands.
bool coercible(const KnownType& from, std::string_view to);

/// Whether PostgreSQL has an operator for two types.
struct OperatorFit {
  bool fits = true;   // false: PostgreSQL has no such operator for these types
  bool known = true;  // false: it has none of that name
};

/// `left` is `none` for a prefix operator.
OperatorFit operator_fits(std::string_view name, std::string_view left, std::string_view right, const World& world);
/// The type a string literal takes beside a value of `other`: that type when the operator has a form for two of it.
std::string literal_beside(std::string_view name, std::string_view other, const World& world);
/// False when `from` cannot become `to` even where the cast is written.
bool castable(std::string_view from, std::string_view to, const World& world);
/// False when `from` cannot be stored as `to` without a cast.
bool storable(std::string_view from, std::string_view to, const World& world);
/// False when two values cannot settle on one type, as in UNION and CASE.
bool unitable(std::string_view a, std::string_view b, const World& world);
/// False when PostgreSQL's functions of that name take these arguments in none of their forms.
bool call_fits(std::string_view name, const std::vector<std::string>& arguments, const World& world);
/// True when a value of that type is surely no condition.
bool is_no_condition(std::string_view type, const World& world);

/// True for the name of one of PostgreSQL's own operators.
bool is_operator(std::string_view name);
/// True for the name of one of PostgreSQL's own types in canonical spelling, pseudo-types among them.
bool is_builtin_name(std::string_view type);

/// PostgreSQL's settings, by name in any case; those of extensions have a dot.
bool is_setting(std::string_view name);

}  // namespace godwit::sql
