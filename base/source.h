// SPDX-License-Identifier: Apache-2.0
// The texts a run works on, and places in them. Line and column are computed late, when a place is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace godwit {

/// A half-open range of bytes `[begin, end)` of one source of a `SourceSet`.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool operator==(const Span&) const = default;
  auto operator<=>(const Span&) const = default;
};

/// Where a byte stands for a reader: both count from 1, the column in characters (UTF-8 code points).
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;

  bool operator==(const Position&) const = default;
};

/// One text with the name under which diagnostics show it.
class Source {
 public:
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  /// The position of a byte; an offset past the end gives the end.
  Position position(std::size_t offset) const;
  /// The text of a line (from 1), without its line end.
  std::string_view line(std::size_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

/// All texts of one run. `Span::file` is the index that `add` returned.
class SourceSet {
 public:
  std::uint32_t add(std::string name, std::string text);
  const Source& operator[](std::uint32_t file) const { return sources_[file]; }
  std::size_t size() const { return sources_.size(); }
  /// `file:line:column` of the start of a span.
  std::string describe(Span span) const;
  std::string_view text(Span span) const;

 private:
  std::deque<Source> sources_;
};

}  // namespace godwit
