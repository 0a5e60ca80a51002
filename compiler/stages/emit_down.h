// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/model/script.h"
#include "compiler/stages/emit.h"

namespace godwit::stages {

/// The script of the down artifact.
Script down_script(const Plan& plan, const EmitContext& context);

}  // namespace godwit::stages
