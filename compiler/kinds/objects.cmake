# SPDX-License-Identifier: Apache-2.0
# The kinds but for tables and what belongs to them.
set(GODWIT_KIND_OBJECTS
  comment.cpp definition.cpp domain.cpp enum_type.cpp extension.cpp function.cpp grant.cpp later.cpp
  materialized_view.cpp names.cpp owner.cpp policy.cpp privileges.cpp publication.cpp query.cpp routine.cpp schema.cpp
  sequence.cpp spelling.cpp statistics.cpp target.cpp trigger.cpp view.cpp)
