// SPDX-License-Identifier: Apache-2.0
// The user's mistakes as data: what was seen, where, why it is wrong, and a way out. Stages report and go on.
#pragma once

#include "base/source.h"

#include <fmt/core.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit {

enum class Severity { error, warning };

/// A kind of diagnostic. All of them are listed in `base/codes.h`; an id is never reused.
struct Code {
  std::string_view id;
  Severity severity;
  std::string_view title;
};

/// Another place, or a fact without one, that explains a diagnostic.
struct Note {
  std::optional<Span> span;
  std::string message;
};

struct Diagnostic {
  Code code;
  Span span;
  std::string message;
  std::vector<Note> notes;
  std::string hint;
};

/// The diagnostic being filled in; valid as long as its `Diagnostics` lives.
class Report {
 public:
  explicit Report(Diagnostic& diagnostic) : diagnostic_(diagnostic) {}

  template <typename... Args>
  Report& note(Span span, fmt::format_string<Args...> text, Args&&... args) {
    return add_note(span, fmt::string_view(text), fmt::make_format_args(args...));
  }
  template <typename... Args>
  Report& note(fmt::format_string<Args...> text, Args&&... args) {
    return add_note(std::nullopt, fmt::string_view(text), fmt::make_format_args(args...));
  }
  template <typename... Args>
  Report& hint(fmt::format_string<Args...> text, Args&&... args) {
    return set_hint(fmt::string_view(text), fmt::make_format_args(args...));
  }

 private:
  Report& add_note(std::optional<Span> span, fmt::string_view text, fmt::format_args args);
  Report& set_hint(fmt::string_view text, fmt::format_args args);

  Diagnostic& diagnostic_;
};

/// The sink every stage reports to.
class Diagnostics {
 public:
  template <typename... Args>
  Report add(const Code& code, Span span, fmt::format_string<Args...> text, Args&&... args) {
    return add_formatted(code, span, fmt::string_view(text), fmt::make_format_args(args...));
  }

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  bool empty() const { return reports_.empty(); }
  /// All reports in file order (by span, then by order of arrival).
  std::vector<Diagnostic> sorted() const;

 private:
  Report add_formatted(const Code& code, Span span, fmt::string_view text, fmt::format_args args);

  std::deque<Diagnostic> reports_;
  std::size_t errors_ = 0;
};

}  // namespace godwit
