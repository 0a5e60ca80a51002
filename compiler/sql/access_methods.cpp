// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/access_methods.h"

#include "compiler/sql/type_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace godwit::sql {

namespace {

constexpr auto methods = std::to_array<AccessMethod>({
    {"btree", true, true, true, true, true},
    {"hash", false, false, false, false, true},
    {"gist", false, true, false, true, true},
    {"spgist", false, false, false, true, true},
    {"gin", false, true, false, false, false},
    {"brin", false, true, false, false, false},
});

struct OperatorClass {
  std::string_view method, name, type;
  bool is_default;
};

constexpr auto classes = std::to_array<OperatorClass>({
#include "compiler/sql/operator_classes.inc"
});

}  // namespace

const AccessMethod* access_method(std::string_view name) {
  const auto found =
      std::find_if(methods.begin(), methods.end(), [&](const AccessMethod& method) { return method.name == name; });
  return found == methods.end() ? nullptr : &*found;
}

std::vector<std::string> access_method_names() {
  std::vector<std::string> names;
  for (const AccessMethod& method : methods) names.emplace_back(method.name);
  return names;
}

std::string class_fault(std::string_view method, const std::vector<std::string>& operator_class, std::string_view type,
                        const World& world) {
  if (world.has_extensions() || access_method(method) == nullptr) return {};
  if (operator_class.size() > 1 && operator_class.front() != "pg_catalog") return {};
  const std::string name = operator_class.empty() ? std::string() : operator_class.back();
  const auto known = known_type(type, world);
  const std::string shown = known ? known->name + (known->array ? "[]" : "") : std::string();
  bool named = false;
  for (const OperatorClass& one : classes) {
    if (one.method != method || (name.empty() ? !one.is_default : one.name != name)) continue;
    named = true;
    if (one.type == "oidvector") continue;
    if (!known || coercible(*known, one.type)) return {};
  }
  if (!name.empty() && !named) return fmt::format("{} has no operator class `{}`", method, name);
  if (!known) return {};
  return name.empty() ? fmt::format("type `{}` has no default operator class for {}", shown, method)
                      : fmt::format("operator class `{}` is not for type `{}`", name, shown);
}

}  // namespace godwit::sql
