// SPDX-License-Identifier: Apache-2.0
#include "base/interned.h"

#include <mutex>
#include <unordered_set>

namespace godwit {

namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

const std::string& kept(std::string_view text) {
  static std::mutex guard;
  using Texts = std::unordered_set<std::string, TextHash, std::equal_to<>>;
  static Texts& texts = *new Texts;  // never taken apart: the end of the process does it at once
  const std::scoped_lock lock(guard);
  const auto found = texts.find(text);
  return found != texts.end() ? *found : *texts.emplace(text).first;
}

const std::string& none() {
  static const std::string& empty = kept({});
  return empty;
}

}  // namespace

Interned::Interned() : text_(&none()) {}
Interned::Interned(std::string_view text) : text_(&kept(text)) {}
Interned::Interned(const std::string& text) : Interned(std::string_view(text)) {}
Interned::Interned(const char* text) : Interned(std::string_view(text)) {}

}  // namespace godwit
