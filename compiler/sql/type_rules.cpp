// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/type_rules.h"

#include "base/identifier.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/types.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace godwit::sql {

namespace {

struct Operator {
  std::string_view name, left, right, result;
};

constexpr auto operators = std::to_array<Operator>({
#include "compiler/sql/operators.inc"
});

struct Cast {
  std::string_view from, to;
  char context;
};

constexpr auto casts = std::to_array<Cast>({
#include "compiler/sql/casts.inc"
});

constexpr auto settings = std::to_array<std::string_view>({
#include "compiler/sql/settings.inc"
});

static_assert(std::is_sorted(operators.begin(), operators.end(),
                             [](const Operator& a, const Operator& b) { return a.name < b.name; }));
static_assert(std::is_sorted(settings.begin(), settings.end()));

constexpr std::array<std::string_view, 6> strings{"text", "character varying", "character",
                                                  "name", "\"char\"",          "bpchar"};

bool is_string(std::string_view type) { return std::find(strings.begin(), strings.end(), type) != strings.end(); }

bool is_number(std::string_view type) {
  return type == "smallint" || type == "integer" || type == "bigint" || type == "numeric" || type == "real" ||
         type == "double precision" || type == "money" || type == "oid" ||
         (type.starts_with("reg") && type != "regclass");
}

/// Values of these have no rules that the tables tell.
bool is_pseudo(std::string_view type) {
  constexpr std::array<std::string_view, 10> some{"record",  "void",     "trigger", "event_trigger", "unknown",
                                                  "cstring", "internal", "bpchar",  "oidvector",     "int2vector"};
  return type.starts_with("any") || type == "\"any\"" || type.ends_with("_handler") || type == "pg_ddl_command" ||
         std::find(some.begin(), some.end(), type) != some.end();
}

std::span<const Operator> operators_called(std::string_view name) {
  const auto [first, last] = std::equal_range(operators.begin(), operators.end(), Operator{name, {}, {}, {}},
                                              [](const Operator& a, const Operator& b) { return a.name < b.name; });
  return {first, last};
}

bool has_cast(std::string_view from, std::string_view to, std::string_view contexts) {
  return std::any_of(casts.begin(), casts.end(), [&](const Cast& cast) {
    return cast.from == from && cast.to == to && contexts.find(cast.context) != std::string_view::npos;
  });
}

}  // namespace

bool coercible(const KnownType& from, std::string_view to) {
  if (to.starts_with("any") || to == "\"any\"") {
    if (to == "anyarray" || to == "anycompatiblearray") return from.array;
    if (to == "anynonarray" || to == "anycompatiblenonarray") return !from.array;
    if (to == "anyenum") return from.enumeration && !from.array;
    if (to.ends_with("multirange")) return !from.array && from.name.ends_with("multirange");
    if (to.ends_with("range")) return !from.array && from.name.ends_with("range") && !from.name.ends_with("multirange");
    return true;
  }
  if (to == "bpchar") return !from.array && is_string(from.name);
  if (is_pseudo(to)) return false;
  const bool array = to.ends_with("[]");
  if (array) to.remove_suffix(2);
  if (array != from.array) return false;
  return from.name == to || (!from.enumeration && has_cast(from.name, to, "i"));
}

namespace {

/// What stands on one side of an operator: nothing, or a value of which the type may be known.
struct Side {
  bool none = false;
  std::optional<KnownType> type;

  bool takes(std::string_view parameter) const {
    if (none || parameter.empty()) return none && parameter.empty();
    return !type || coercible(*type, parameter);
  }
};

Side side_of(std::string_view type, const World& world) {
  if (type == "none") return {true, std::nullopt};
  return {false, known_type(type, world)};
}

bool converts(const KnownType& from, const KnownType& to, std::string_view contexts) {
  if (from.array && to.array)
    return converts({from.name, false, from.enumeration}, {to.name, false, to.enumeration}, contexts);
  const bool written = contexts.find('e') != std::string_view::npos;
  // Every type is written as text and read from it; on assignment only written.
  if (!to.array && is_string(to.name) && contexts != "i") return true;
  if (written && !from.array && is_string(from.name)) return true;
  if (from.array != to.array) return false;
  if (from.name == to.name) return true;
  return !from.enumeration && !to.enumeration && has_cast(from.name, to.name, contexts);
}

std::vector<std::string_view> split(std::string_view arguments) {
  std::vector<std::string_view> parts;
  while (!arguments.empty()) {
    const std::size_t comma = arguments.find(", ");
    parts.push_back(arguments.substr(0, comma));
    if (comma == std::string_view::npos) break;
    arguments.remove_prefix(comma + 2);
  }
  return parts;
}

/// Operators and casts beside those of PostgreSQL: nearly everything may fit nearly everything.
bool unjudged(const World& world) { return world.has_extensions() || world.has_own_operators(); }

}  // namespace

std::optional<KnownType> known_type(std::string_view type, const World& world) {
  KnownType known;
  std::string text(type);
  for (int depth = 0; depth < 32; ++depth) {
    if (text.ends_with("[]")) {
      if (known.array) return std::nullopt;  // a domain over arrays in an array
      known.array = true;
    }
    known.name = element_type(text);
    if (known.name.empty() || is_pseudo(known.name)) return std::nullopt;
    if (known.name.starts_with("interval")) known.name = "interval";
    if (is_builtin_type(known.name)) return known;
    const auto path = split_type(known.name);
    const auto key = path ? world.type(path->first, path->second) : std::nullopt;
    if (!key) return std::nullopt;
    if (key->kind == Kind::enum_type) {
      known.enumeration = key;
      return known;
    }
    if (key->kind != Kind::domain || known.array) return std::nullopt;
    text = world.base_type(*key);
  }
  return std::nullopt;
}

OperatorFit operator_fits(std::string_view name, std::string_view left, std::string_view right, const World& world) {
  if (unjudged(world)) return {};
  const auto candidates = operators_called(name == "!=" ? "<>" : name);
  if (candidates.empty()) return {false, false};
  const Side a = side_of(left, world), b = side_of(right, world);
  for (const Operator& one : candidates) {
    if (!a.takes(one.left) || !b.takes(one.right)) continue;
    // Two arguments of one polymorphic type must agree as far as they are known.
    const bool same = one.left.starts_with("anyarray") || one.left == "anyenum" || one.left == "anyrange";
    if (same && one.left == one.right && a.type && b.type && a.type->name != b.type->name) continue;
    return {};
  }
  return {false, true};
}

std::string literal_beside(std::string_view name, std::string_view other, const World& world) {
  const auto type = known_type(other, world);
  if (!type || unjudged(world)) return {};
  const std::string spelled = type->name + (type->array ? "[]" : "");
  for (const Operator& one : operators_called(name == "!=" ? "<>" : name)) {
    const bool polymorphic =
        (one.left == "anyenum" && type->enumeration && !type->array) || (one.left == "anyarray" && type->array);
    if (one.left == one.right && (one.left == spelled || polymorphic)) return spelled;
  }
  return {};
}

bool castable(std::string_view from, std::string_view to, const World& world) {
  if (unjudged(world)) return true;
  const auto a = known_type(from, world), b = known_type(to, world);
  return !a || !b || converts(*a, *b, "iae");
}

bool storable(std::string_view from, std::string_view to, const World& world) {
  if (unjudged(world)) return true;
  const auto a = known_type(from, world), b = known_type(to, world);
  return !a || !b || converts(*a, *b, "ia");
}

bool unitable(std::string_view a, std::string_view b, const World& world) {
  if (unjudged(world)) return true;
  const auto one = known_type(a, world), other = known_type(b, world);
  if (!one || !other) return true;
  if (converts(*one, *other, "i") || converts(*other, *one, "i")) return true;
  if (one->array != other->array) return false;
  return (is_string(one->name) && is_string(other->name)) || (is_number(one->name) && is_number(other->name));
}

bool call_fits(std::string_view name, const std::vector<std::string>& arguments, const World& world) {
  if (unjudged(world) || !builtin_type(name).empty()) return true;
  const auto all = builtins(name);
  if (all.empty()) return true;
  std::vector<Side> sides;
  for (const std::string& argument : arguments) sides.push_back(side_of(argument, world));
  for (const Builtin& one : all) {
    const auto parameters = split(one.arguments);
    if (one.variadic) return true;
    if (arguments.size() > parameters.size() || arguments.size() + one.defaults < parameters.size()) continue;
    bool fits = true;
    for (std::size_t i = 0; i < sides.size(); ++i) fits = fits && sides[i].takes(parameters[i]);
    if (fits) return true;
  }
  return false;
}

bool is_no_condition(std::string_view type, const World& world) {
  if (unjudged(world)) return false;
  const auto known = known_type(type, world);
  return known && (known->array || known->name != "boolean");
}

bool is_operator(std::string_view name) { return !operators_called(name == "!=" ? "<>" : name).empty(); }

bool is_builtin_name(std::string_view type) { return is_builtin_type(type); }

bool is_setting(std::string_view name) {
  // pg_settings leaves these out.
  constexpr std::array<std::string_view, 6> others{"role",       "session_authorization", "seed", "sort_mem",
                                                   "vacuum_mem", "force_parallel_mode"};
  if (std::find(others.begin(), others.end(), folded(name)) != others.end()) return true;
  return std::binary_search(settings.begin(), settings.end(), std::string_view(folded(name)));
}

}  // namespace godwit::sql
