// SPDX-License-Identifier: Apache-2.0
// The indexes of partitions below an index or key of a partitioned table. PostgreSQL makes their names up, from the
// names that partition and columns have on that day; an index that comes back gets other ones after a rename.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/model/plan.h"

namespace godwit::kinds {

/// What the step that drops such an index or key does besides: it keeps those names in godwit_kept until finalize, and
/// its way back gives them back. Partitions that came since keep what PostgreSQL gave them. Changes nothing for what
/// stands on no partitioned table, or on one without partitions.
void keep_partition_index_names(const Object& dropped, Step& step, const data::Surroundings& around);

}  // namespace godwit::kinds
