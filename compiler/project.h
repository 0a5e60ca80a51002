// SPDX-License-Identifier: Apache-2.0
// The specs of a project, parsed, checked for what concerns all of them (ids, `after`), and put in order.
#pragma once

#include "base/diagnostics.h"
#include "grammar/ast.h"

#include <godwit/compile.h>

#include <string>
#include <vector>

namespace godwit {

struct ProjectSpec {
  std::string id, title;
  std::string checksum;  // of its meaning; empty when the file has errors
  ast::File file;
  std::string lock_timeout, rollback_window;
  long long lock_retries = 10;
  bool baseline = false;
};

struct Project {
  std::vector<ProjectSpec> specs;  // in the order in which they apply
};

/// What is wanted of the files; without their declarations, hundreds of them take no more room than one.
enum class Reading { whole, headings };

Project read_project(const CompileRequest& request, SourceSet& sources, Diagnostics& diagnostics,
                     Reading reading = Reading::whole);

/// A PostgreSQL duration such as `3s`, `500ms`, `14d`, `1h30m` is one; anything else is not.
bool is_duration(std::string_view text);

}  // namespace godwit
