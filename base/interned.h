// SPDX-License-Identifier: Apache-2.0
// A text kept once in the process: copied, compared for equality and hashed as a pointer.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace godwit {

/// Made for names that occur thousands of times. The text lives until the process ends, so memory is bounded by the
/// number of different names, not by their uses. Safe to make from several threads.
class Interned {
 public:
  Interned();
  Interned(std::string_view text);    // NOLINT(google-explicit-constructor): it stands in for a string
  Interned(const std::string& text);  // NOLINT(google-explicit-constructor)
  Interned(const char* text);         // NOLINT(google-explicit-constructor)
  operator const std::string&() const { return *text_; }  // NOLINT(google-explicit-constructor)
  operator std::string_view() const { return *text_; }    // NOLINT(google-explicit-constructor)

  const std::string& str() const { return *text_; }
  bool empty() const { return text_->empty(); }
  std::size_t size() const { return text_->size(); }
  std::size_t hash() const { return std::hash<const std::string*>()(text_); }

  bool operator==(const Interned& other) const { return text_ == other.text_; }
  /// By the text's bytes.
  std::strong_ordering operator<=>(const Interned& other) const {
    return text_ == other.text_ ? std::strong_ordering::equal : *text_ <=> *other.text_;
  }

  friend bool operator==(const Interned& a, const std::string& b) { return a.str() == b; }
  friend bool operator==(const Interned& a, std::string_view b) { return a.str() == b; }
  friend bool operator==(const Interned& a, const char* b) { return a.str() == b; }
  friend std::string operator+(const Interned& a, std::string_view b) { return std::string(a.str()).append(b); }
  friend std::string operator+(const Interned& a, char b) { return a.str() + b; }
  friend std::string operator+(std::string a, const Interned& b) { return a.append(b.str()); }

 private:
  const std::string* text_;
};

}  // namespace godwit
