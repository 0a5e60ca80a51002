// SPDX-License-Identifier: Apache-2.0
// Diagnostics for programs: one function per format, chosen by `render`.
#pragma once

#include "base/diagnostics.h"

#include <string>
#include <vector>

namespace godwit {

/// The two ends of a span for a reader; nothing when the span belongs to no source of the set.
struct Place {
  std::string file;
  Position begin;
  Position end;
};

std::optional<Place> place_of(Span span, const SourceSet& sources);
std::string_view severity_name(Severity severity);

std::string render_json(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);
std::string render_github(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);
std::string render_sarif(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);

}  // namespace godwit
