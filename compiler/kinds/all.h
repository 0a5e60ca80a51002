// SPDX-License-Identifier: Apache-2.0
// Every kind at once, for the dispatchers, and what each must offer. (The concept stands behind the kinds: their
// functions live in another namespace than the objects, so it only sees those declared above it.)
#pragma once

#include "compiler/kinds/aggregate.h"
#include "compiler/kinds/cast.h"
#include "compiler/kinds/collation.h"
#include "compiler/kinds/column.h"
#include "compiler/kinds/comment.h"
#include "compiler/kinds/composite_type.h"
#include "compiler/kinds/constraint.h"
#include "compiler/kinds/default_privileges.h"
#include "compiler/kinds/domain.h"
#include "compiler/kinds/enum_type.h"
#include "compiler/kinds/event_trigger.h"
#include "compiler/kinds/extension.h"
#include "compiler/kinds/foreign_data_wrapper.h"
#include "compiler/kinds/foreign_server.h"
#include "compiler/kinds/foreign_table.h"
#include "compiler/kinds/function.h"
#include "compiler/kinds/grant.h"
#include "compiler/kinds/index.h"
#include "compiler/kinds/inheritance.h"
#include "compiler/kinds/materialized_view.h"
#include "compiler/kinds/operator.h"
#include "compiler/kinds/owner.h"
#include "compiler/kinds/policy.h"
#include "compiler/kinds/publication.h"
#include "compiler/kinds/range_type.h"
#include "compiler/kinds/replica_identity.h"
#include "compiler/kinds/rule.h"
#include "compiler/kinds/schema.h"
#include "compiler/kinds/sequence.h"
#include "compiler/kinds/statistics.h"
#include "compiler/kinds/table.h"
#include "compiler/kinds/text_search.h"
#include "compiler/kinds/trigger.h"
#include "compiler/kinds/view.h"

#include <concepts>

namespace godwit::kinds {

template <typename X>
concept ObjectKind = requires(const X& x, X& mutable_x, std::vector<Need>& out, const Renames& renames,
                              const Parts& parts) {
  { parent(x) } -> std::same_as<std::optional<ObjectKey>>;
  { needs(x, out) } -> std::same_as<void>;
  { rename(mutable_x, renames, RenamedBy::spec) } -> std::same_as<void>;
  { create(x, parts) } -> std::same_as<Statements>;
  { drop(x) } -> std::same_as<Statements>;
  { alter(x, x) } -> std::same_as<Alteration>;
  { part(x) } -> std::same_as<std::optional<std::string>>;
  { verify(x) } -> std::convertible_to<Verification>;
};

}  // namespace godwit::kinds
