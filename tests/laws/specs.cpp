// SPDX-License-Identifier: Apache-2.0
#include "tests/laws/specs.h"

#include "tests/laws/world.h"

#include <algorithm>
#include <cstdlib>
#include <ostream>

namespace godwit::laws {

std::uint64_t Dice::next() {  // splitmix64
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

int oldest_postgres() {
  const char* given = std::getenv("GODWIT_LAWS_POSTGRES");
  return given == nullptr ? 15 : std::atoi(given);
}

std::string text_of(const Spec& spec) {
  std::string text;
  for (const Declaration& declaration : spec) {
    text += declaration.head;
    if (!declaration.block) {
      text += ";\n";
      continue;
    }
    text += " {\n";
    for (const std::string& item : declaration.items) text += "    " + item + ";\n";
    text += "}\n";
  }
  return text;
}

SpecPair specs_from(std::uint64_t seed) {
  Dice dice(seed);
  World before = random_world(dice);
  SpecPair pair;
  pair.seed = seed;
  pair.before = declarations_of(before);
  pair.after = random_change(before, dice);
  dice.shuffle(pair.before);
  dice.shuffle(pair.after);
  return pair;
}

std::vector<Spec> smaller(const Spec& spec) {
  std::vector<Spec> out;
  for (std::size_t i = 0; i < spec.size(); ++i) {
    Spec less = spec;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(std::move(less));
  }
  for (std::size_t i = 0; i < spec.size(); ++i) {
    for (std::size_t item = 0; item < spec[i].items.size(); ++item) {
      Spec less = spec;
      less[i].items.erase(less[i].items.begin() + static_cast<std::ptrdiff_t>(item));
      out.push_back(std::move(less));
    }
  }
  return out;
}

namespace {

/// Every pair with less in its second spec, then with less in its first.
std::vector<SpecPair> smaller(const SpecPair& pair) {
  std::vector<SpecPair> out;
  for (Spec SpecPair::*spec : {&SpecPair::after, &SpecPair::before}) {
    for (Spec& less : smaller(pair.*spec)) {
      SpecPair other = pair;
      other.whole = false;
      other.*spec = std::move(less);
      out.push_back(std::move(other));
    }
  }
  return out;
}

}  // namespace

rc::Gen<SpecPair> spec_pairs() {
  const auto seeds = rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>()));
  return rc::gen::shrink(rc::gen::map(seeds, specs_from),
                         [](const SpecPair& pair) { return rc::seq::fromContainer(smaller(pair)); });
}

void showValue(const SpecPair& pair, std::ostream& out) {
  out << "seed " << pair.seed << "\n--- before.gw\n" << text_of(pair.before) << "--- after.gw\n" << text_of(pair.after);
}

}  // namespace godwit::laws
