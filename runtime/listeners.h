// SPDX-License-Identifier: Apache-2.0
// What the end of a migration is to those outside: an event, and a notification on the channel `godwit`. The artifacts
// notify of what they commit themselves; what was not committed only the runtime can tell.
#pragma once

#include "runtime/runner.h"

#include <string>

namespace godwit {

/// That the migration stopped with this error: `migration_failed`, or `migration_paused` where it was asked to.
void tell_stopped(Runner& runner, const std::string& migration, const RuntimeError& error);

}  // namespace godwit
