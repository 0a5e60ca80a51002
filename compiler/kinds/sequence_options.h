// SPDX-License-Identifier: Apache-2.0
// Sequence options as SQL, for sequences and identity columns alike.
#pragma once

#include "compiler/model/object.h"

#include <string>

namespace godwit::kinds {

/// `start with 1000 cache 10`; empty when every option is PostgreSQL's default. The type is not included.
std::string sequence_options(const SequenceOptions& options);

}  // namespace godwit::kinds
