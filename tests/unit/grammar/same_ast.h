// SPDX-License-Identifier: Apache-2.0
// Whether two pieces of syntax are the same up to their places: every field of every struct but `Span` is compared, so
// that a field added to ast.h is compared too. No reflection in C++20: fields are counted by aggregate initialisation.
#pragma once

#include "base/rare.h"
#include "base/source.h"

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace godwit::test {

namespace detail {

struct Anything {
  template <typename T>
  operator T() const;  // NOLINT(google-explicit-constructor): converts to every field's type, never called
};

template <typename T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), Anything{})...}; };
}

template <typename T, std::size_t N = 20>
constexpr std::size_t field_count() {
  if constexpr (N == 0 || takes<T>(std::make_index_sequence<N>{})) {
    return N;
  } else {
    return field_count<T, N - 1>();
  }
}

}  // namespace detail

template <typename T>
bool same(const T& a, const T& b);
template <typename T>
bool same(const std::optional<T>& a, const std::optional<T>& b);
template <typename T>
bool same(const Rare<T>& a, const Rare<T>& b);
template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b);
template <typename... T>
bool same(const std::variant<T...>& a, const std::variant<T...>& b);

template <typename T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

template <typename T>
bool same(const Rare<T>& a, const Rare<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

template <typename... T>
bool same(const std::variant<T...>& a, const std::variant<T...>& b) {
  if (a.index() != b.index()) return false;
  return std::visit([&](const auto& left) { return same(left, std::get<std::decay_t<decltype(left)>>(b)); }, a);
}

/// The fields, as a tuple of references.
template <typename T>
auto fields_of(const T& value) {
  constexpr std::size_t fields = detail::field_count<T>();
  static_assert(fields >= 1 && fields <= 17, "same_ast.h takes structs of 1 to 17 fields");
  // clang-format off
  if constexpr (fields == 1) { const auto& [f0] = value; return std::tie(f0); }
  else if constexpr (fields == 2) { const auto& [f0, f1] = value; return std::tie(f0, f1); }
  else if constexpr (fields == 3) { const auto& [f0, f1, f2] = value; return std::tie(f0, f1, f2); }
  else if constexpr (fields == 4) { const auto& [f0, f1, f2, f3] = value; return std::tie(f0, f1, f2, f3); }
  else if constexpr (fields == 5) { const auto& [f0, f1, f2, f3, f4] = value; return std::tie(f0, f1, f2, f3, f4); }
  else if constexpr (fields == 6) { const auto& [f0, f1, f2, f3, f4, f5] = value; return std::tie(f0, f1, f2, f3, f4, f5); }
  else if constexpr (fields == 7) { const auto& [f0, f1, f2, f3, f4, f5, f6] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6); }
  else if constexpr (fields == 8) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7); }
  else if constexpr (fields == 9) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8); }
  else if constexpr (fields == 10) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9); }
  else if constexpr (fields == 11) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10); }
  else if constexpr (fields == 12) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11); }
  else if constexpr (fields == 13) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12); }
  else if constexpr (fields == 14) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13); }
  else if constexpr (fields == 15) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14); }
  else if constexpr (fields == 16) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15); }
  else if constexpr (fields == 17) { const auto& [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16] = value; return std::tie(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16); }
  // clang-format on
}

template <typename T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, Span>) {
    return true;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::string>) {
    return a == b;
  } else {
    const auto left = fields_of(a);
    const auto right = fields_of(b);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (same(std::get<I>(left), std::get<I>(right)) && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<decltype(left)>>{});
  }
}

}  // namespace godwit::test
