// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

namespace godwit {

Report& Report::add_note(std::optional<Span> span, fmt::string_view text, fmt::format_args args) {
  diagnostic_.notes.push_back({span, fmt::vformat(text, args)});
  return *this;
}

Report& Report::set_hint(fmt::string_view text, fmt::format_args args) {
  diagnostic_.hint = fmt::vformat(text, args);
  return *this;
}

Report Diagnostics::add_formatted(const Code& code, Span span, fmt::string_view text, fmt::format_args args) {
  if (code.severity == Severity::error) ++errors_;
  return Report(reports_.emplace_back(Diagnostic{code, span, fmt::vformat(text, args), {}, {}}));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> all(reports_.begin(), reports_.end());
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.span < b.span; });
  return all;
}

}  // namespace godwit
