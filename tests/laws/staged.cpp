// SPDX-License-Identifier: Apache-2.0
#include "tests/laws/staged.h"

#include "compiler/project.h"
#include "compiler/stages/declare.h"
#include "compiler/stages/diff.h"
#include "compiler/stages/plan.h"

namespace godwit::laws {

CompileRequest request_of(const std::string& before, const std::string& after) {
  CompileRequest request;
  request.options.oldest_postgres = oldest_postgres();
  request.specs = {{"specs/20250101000000_before.gw", before}, {"specs/20250102000000_after.gw", after}};
  return request;
}

Staged::Staged(const std::string& before_text, const std::string& after_text)
    : before(kinds::facts()), after(kinds::facts()) {
  const Project project = read_project(request_of(before_text, after_text), sources, diagnostics);
  for (const ProjectSpec& spec : project.specs) {
    before = after;
    declared = std::make_unique<kinds::Declaring>(sources, after, diagnostics);
    declared->migration_span = {spec.file.source, 0, 0};
    kinds::settle(after);
    stages::declare(spec.file, *declared);
    if (diagnostics.has_errors()) return;
    changes = stages::diff(after, declared->renamed_keys);
    plan = stages::plan(spec.id, spec.title, *declared);
    if (diagnostics.has_errors()) return;
  }
  kinds::settle(before);
  ok = project.specs.size() == 2;
}

namespace {

/// Which columns a child has from its parent is settled when a spec is declared, and is no change of the tie.
std::vector<ObjectKey> dependents(const Catalog& catalog, const ObjectKey& key) {
  std::vector<ObjectKey> found = catalog.dependents(key);
  std::erase_if(found, [](const ObjectKey& one) { return one.kind == Kind::inheritance; });
  return found;
}

}  // namespace

std::string difference(const Catalog& left, const Catalog& right) {
  const std::vector<ObjectKey> keys = left.keys();
  for (const ObjectKey& key : keys) {
    if (right.find(key) == nullptr) return "only on the left: " + describe(key);
    if (!(*left.find(key) == *right.find(key))) return "differs: " + describe(key);
    if (left.children(key) != right.children(key)) return "children differ: " + describe(key);
    if (dependents(left, key) != dependents(right, key)) return "dependents differ: " + describe(key);
  }
  for (const ObjectKey& key : right.keys()) {
    if (left.find(key) == nullptr) return "only on the right: " + describe(key);
  }
  return left.size() == right.size() ? "" : "sizes differ";
}

Catalog renamed(const Catalog& catalog, const kinds::Renames& renames) {
  if (renames.empty()) return catalog;
  Catalog out(kinds::facts());
  for (const ObjectKey& key : catalog.keys())
    out.put(kinds::renamed_object(*catalog.find(key), renames, kinds::RenamedBy::server));
  return out;
}

void apply(Catalog& catalog, const Change& change) {
  if (change.after) {
    catalog.put(change.after);
  } else {
    catalog.erase(key_of(*change.before));
  }
}

}  // namespace godwit::laws
