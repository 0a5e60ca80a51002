// SPDX-License-Identifier: Apache-2.0
// The picture of the compiler as one function:
//   text -grammar> ast -declare> catalog after -diff> changes -plan> steps -emit> artifacts
#include "base/codes.h"
#include "base/diagnostics.h"
#include "base/render.h"
#include "compiler/kinds/attachment.h"
#include "compiler/kinds/declaring.h"
#include "compiler/project.h"
#include "compiler/stages/declare.h"
#include "compiler/stages/emit.h"
#include "compiler/stages/in_step.h"
#include "compiler/stages/plan.h"
#include "compiler/stages/transactions.h"
#include "grammar/format.h"
#include "grammar/parse.h"

#include <godwit/compile.h>

namespace godwit {

struct Compilation::Details {
  SourceSet sources;
  Diagnostics diagnostics;
};

namespace {

void finish(Compilation& compilation, const std::shared_ptr<Compilation::Details>& details) {
  for (const Diagnostic& diagnostic : details->diagnostics.sorted()) {
    const Source& source = details->sources[diagnostic.span.file];
    const Position at = source.position(diagnostic.span.begin);
    compilation.findings.push_back({std::string(diagnostic.code.id), diagnostic.code.severity == Severity::error,
                                    source.name(), at.line, at.column, diagnostic.message, diagnostic.hint});
  }
  compilation.ok = !details->diagnostics.has_errors();
  if (!compilation.ok) compilation.migrations.clear();
  compilation.details = details;
}

}  // namespace

std::string_view name_of(RollbackClass rollback_class) {
  switch (rollback_class) {
    case RollbackClass::exact: return "exact";
    case RollbackClass::exact_while_window_open: return "exact while the window is open";
    case RollbackClass::lossy: return "lossy";
    case RollbackClass::impossible: return "impossible";
  }
  return {};
}

Compilation compile(const CompileRequest& request) {
  Compilation compilation;
  const auto details = std::make_shared<Compilation::Details>();
  Diagnostics& diagnostics = details->diagnostics;
  Project project = read_project(request, details->sources, diagnostics);

  Catalog catalog(kinds::facts());
  std::vector<std::string> applied;
  std::vector<stages::TableInStep> in_step;
  for (ProjectSpec& spec : project.specs) {
    kinds::Declaring declaring(details->sources, catalog, diagnostics);
    declaring.oldest_postgres = request.options.oldest_postgres;
    if (spec.file.header && spec.file.header->transaction) declaring.transaction = *spec.file.header->transaction;
    declaring.migration_span = {spec.file.source, 0, 0};
    kinds::settle(catalog);
    const std::size_t errors_before = diagnostics.error_count();
    stages::declare(spec.file, declaring);
    if (diagnostics.error_count() == errors_before && !diagnostics.has_errors()) {
      spec.file.declarations = {};  // said all it had to; the artifacts of a large project need the room
      Plan plan = stages::plan(spec.id, spec.title, declaring);
      stages::divide(plan, declaring);
      stages::guard_in_step(plan, declaring, in_step);
      kinds::settle_attachments(declaring);
      const stages::EmitContext context{
          details->sources,     declaring,     spec.checksum, spec.lock_timeout, spec.lock_retries,
          spec.rollback_window, spec.baseline, applied};
      if (!diagnostics.has_errors()) compilation.migrations.push_back(stages::emit(plan, context));
    }
    applied = {spec.id};  // each asks for the one before it, and so for all
  }
  finish(compilation, details);
  return compilation;
}

Headings read_headings(const CompileRequest& request) {
  Headings headings;
  const auto details = std::make_shared<Compilation::Details>();
  const Project project = read_project(request, details->sources, details->diagnostics, Reading::headings);
  finish(headings.outcome, details);
  if (!headings.outcome.ok) return headings;
  headings.migrations.reserve(project.specs.size());
  for (const ProjectSpec& spec : project.specs) headings.migrations.push_back({spec.id, spec.title, spec.checksum});
  return headings;
}

Formatted format_spec(const SpecFile& spec) {
  Formatted formatted;
  const auto details = std::make_shared<Compilation::Details>();
  const std::uint32_t file = details->sources.add(spec.path, spec.text);
  const ast::File parsed = grammar::parse(details->sources, file, details->diagnostics);
  if (!details->diagnostics.has_errors()) formatted.text = grammar::format(parsed, details->sources);
  finish(formatted.outcome, details);
  return formatted;
}

std::string Compilation::report(ReportFormat format, bool colour) const {
  if (!details) return {};
  RenderOptions options;
  options.colour = colour;
  switch (format) {
    case ReportFormat::text: options.format = DiagnosticFormat::text; break;
    case ReportFormat::json: options.format = DiagnosticFormat::json; break;
    case ReportFormat::github: options.format = DiagnosticFormat::github; break;
    case ReportFormat::sarif: options.format = DiagnosticFormat::sarif; break;
  }
  return render(details->diagnostics.sorted(), details->sources, options);
}

}  // namespace godwit
