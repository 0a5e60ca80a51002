// SPDX-License-Identifier: Apache-2.0
// Every kind at once, for the dispatchers.
#pragma once

#include "compiler/kinds/column.h"
#include "compiler/kinds/comment.h"
#include "compiler/kinds/constraint.h"
#include "compiler/kinds/domain.h"
#include "compiler/kinds/enum_type.h"
#include "compiler/kinds/extension.h"
#include "compiler/kinds/function.h"
#include "compiler/kinds/grant.h"
#include "compiler/kinds/index.h"
#include "compiler/kinds/materialized_view.h"
#include "compiler/kinds/owner.h"
#include "compiler/kinds/policy.h"
#include "compiler/kinds/publication.h"
#include "compiler/kinds/schema.h"
#include "compiler/kinds/sequence.h"
#include "compiler/kinds/statistics.h"
#include "compiler/kinds/table.h"
#include "compiler/kinds/trigger.h"
#include "compiler/kinds/view.h"
