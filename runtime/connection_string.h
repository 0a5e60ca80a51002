// SPDX-License-Identifier: Apache-2.0
// libpq connection strings and URLs as text: what is secret in them, and one option more. Never opens anything.
#pragma once

#include <string>
#include <string_view>

namespace godwit {

class ConnectionString {
 public:
  explicit ConnectionString(std::string text);

  /// What libpq is given.
  const std::string& text() const { return text_; }

  /// Whether it could be taken apart. When it could not, any part of it may be a password: no message may quote it.
  bool readable() const { return readable_; }

  /// The text with the password, as written and as decoded, replaced by `****`.
  std::string masked(std::string_view message) const;
  /// The same connection with an option added or replaced.
  ConnectionString with(std::string_view option, std::string_view value) const;
  /// Whether the option is set in the string.
  bool has(std::string_view option) const;

 private:
  std::string text_;
  std::string password_, decoded_password_;
  bool is_url_ = false, readable_ = true;
  std::string options_;  // " key key …" of what is set

  void read_url();
  void read_keywords();
};

}  // namespace godwit
