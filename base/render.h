// SPDX-License-Identifier: Apache-2.0
// Diagnostics as people and programs read them. Nothing here decides what is wrong.
#pragma once

#include "base/diagnostics.h"

#include <string>
#include <vector>

namespace godwit {

enum class DiagnosticFormat { text, json, github, sarif };

struct RenderOptions {
  DiagnosticFormat format = DiagnosticFormat::text;
  bool colour = false;
};

/// All diagnostics in the given order. Text: `error[GW1203]: message`, `--> file:line:column`, the line with a caret,
/// notes, hint. json: an array of objects. github: workflow commands. sarif: SARIF 2.1.0. Ends with a line end unless
/// empty.
std::string render(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources,
                   const RenderOptions& options = {});

}  // namespace godwit
