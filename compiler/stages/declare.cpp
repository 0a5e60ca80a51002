// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/declare.h"

namespace godwit::stages {

void declare(const ast::File& file, kinds::Declaring& declaring) {
  declaring.catalog.begin_journal();
  if (file.header) {
    declaring.migration_span = file.header->span;
    if (file.header->requires_postgres && file.header->requires_postgres->value > declaring.oldest_postgres) {
      declaring.oldest_postgres = static_cast<int>(file.header->requires_postgres->value);
    }
    kinds::declare_required_extensions(*file.header, declaring);
    if (!file.header->search_path.empty()) {
      declaring.search_path.clear();
      for (const ast::Name& schema : file.header->search_path) declaring.search_path.push_back(schema.text);
    }
  }
  for (const kinds::Pass pass : kinds::all_passes) {
    for (const ast::Declaration& declaration : file.declarations) {
      std::visit([&](const auto& x) { kinds::declare(x, declaring, pass); }, declaration);
    }
    if (pass == kinds::Pass::renames) {
      kinds::apply_renames(declaring);
      kinds::end_inheritances(file, declaring);
    }
    if (pass == kinds::Pass::routines || pass == kinds::Pass::expressions || pass == kinds::Pass::completeness)
      kinds::inherit(declaring);
    if (pass == kinds::Pass::queries) {
      while (!declaring.pending_views.empty()) {
        const auto first = *declaring.pending_views.begin();
        declaring.world.on_demand(first.first.first, first.first.second);
      }
    }
  }
  kinds::know_trigger_rows(declaring);
  kinds::carry_values(file, declaring);
  kinds::report_torn_names(declaring);
  kinds::report_dynamic_mentions(declaring);
  kinds::forget_lost_columns(declaring);
  kinds::check_inheritance(declaring);
  kinds::check_attachments(declaring);
  kinds::check_index_names(declaring);
  kinds::check_foreign_keys(declaring);
  if (!declaring.diagnostics.has_errors()) {
    kinds::check_stored(declaring);
    kinds::check_operators(declaring);
    kinds::check_dependents(declaring);
  }
}

}  // namespace godwit::stages
