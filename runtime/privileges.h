// SPDX-License-Identifier: Apache-2.0
// A missing privilege: who lacks it, who has it, and the statement that gives it.
#pragma once

#include "runtime/session.h"

#include <godwit/runtime.h>

namespace godwit {

/// Gives an error of SQLSTATE 42501 a hint that names the roles; leaves every other alone. The session must be outside
/// of a failed transaction; when it cannot be asked, the hint stays as it is.
void name_roles(Session& session, RuntimeError& error);

}  // namespace godwit
