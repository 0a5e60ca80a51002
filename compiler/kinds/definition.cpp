// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/definition.h"

#include <variant>

namespace godwit::kinds {

void declare(const ast::Definition& item, Declaring& d, Pass pass) {
  using Kind = ast::DefinitionKind;
  if (item.kind == Kind::collation) declare_collation(item, d, pass);
  if (item.kind == Kind::domain) declare_domain(item, d, pass);
  if (item.kind == Kind::type) declare_type(item, d, pass);
  if (item.kind == Kind::foreign_data_wrapper) declare_foreign_data_wrapper(item, d, pass);
  if (item.kind == Kind::foreign_server) declare_foreign_server(item, d, pass);
  if (item.kind == Kind::text_search) declare_text_search(item, d, pass);
  if (item.kind == Kind::sequence) declare_sequence(item, d, pass);
  if (item.kind == Kind::view) declare_view(item, d, pass);
  if (item.kind == Kind::materialized_view) declare_materialized_view(item, d, pass);
  if (item.kind == Kind::function || item.kind == Kind::procedure) declare_function(item, d, pass);
  if (item.kind == Kind::aggregate) declare_aggregate(item, d, pass);
  if (item.kind == Kind::operator_) declare_operator(item, d, pass);
  if (item.kind == Kind::cast) declare_cast(item, d, pass);
  if (item.kind == Kind::rule) declare_rule(item, d, pass);
  if (item.kind == Kind::default_privileges) declare_default_privileges(item, d, pass);
  if (item.kind == Kind::event_trigger) declare_event_trigger(item, d, pass);
  if (item.kind == Kind::publication) declare_publication(item, d, pass);
}

void declare_block(const ast::Definition& item, const ObjectKey& key, Declaring& d, Pass pass) {
  if (pass != Pass::expressions && pass != Pass::satellites) return;
  if (item.items.empty() || d.catalog.find(key) == nullptr) return;
  for (const ast::TableItem& part : item.items) {
    if (pass == Pass::expressions) {
      const auto* index = std::get_if<ast::Index>(&part);
      if (index == nullptr) continue;
      if (key.kind == Kind::materialized_view) {
        declare_index(*index, key, d);
      } else {
        d.diagnostics.add(codes::bad_option, index->span, "a {} takes no index", name_of(key.kind));
      }
      continue;
    }
    if (const auto* owner = std::get_if<ast::OwnerClause>(&part)) declare_owner(*owner, key, d);
    if (const auto* comment = std::get_if<ast::CommentClause>(&part))
      declare_comment(comment->text, comment->span, key, d);
    if (const auto* grant = std::get_if<ast::GrantClause>(&part)) declare_grant(*grant, key, d);
  }
}

}  // namespace godwit::kinds
