// SPDX-License-Identifier: Apache-2.0
// Random specs as text: a database, and a migration that changes it. The same seed gives the same specs everywhere.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace godwit::laws {

/// Choices from a seed; its numbers do not depend on the standard library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  template <typename T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

 private:
  std::uint64_t state_;
};

/// Whether specs may need this version of PostgreSQL; GODWIT_LAWS_POSTGRES names an older one than the tests' 15.
int oldest_postgres();
inline bool server_is(int version) { return oldest_postgres() >= version; }

/// One declaration: `head { items }`, or `head;` when it has no block.
struct Declaration {
  std::string head;
  std::vector<std::string> items;
  bool block = false;
};
using Spec = std::vector<Declaration>;

std::string text_of(const Spec& spec);

struct SpecPair {
  Spec before, after;
  std::uint64_t seed = 0;
  bool whole = true;  // as generated; a part of it may describe what no server takes
};

SpecPair specs_from(std::uint64_t seed);

/// The spec with one declaration or one item less, declarations first.
std::vector<Spec> smaller(const Spec& spec);

/// Pairs of specs; a pair shrinks by leaving out declarations and items.
rc::Gen<SpecPair> spec_pairs();

void showValue(const SpecPair& pair, std::ostream& out);

}  // namespace godwit::laws
