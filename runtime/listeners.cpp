// SPDX-License-Identifier: Apache-2.0
#include "runtime/listeners.h"

#include "base/codes.h"
#include "base/identifier.h"

namespace godwit {

void tell_stopped(Runner& runner, const std::string& migration, const RuntimeError& error) {
  Event event;
  event.name = error.code == codes::paused.id ? "migration_paused" : "migration_failed";
  event.migration = migration;
  event.code = error.code;
  event.at = std::chrono::system_clock::now();
  // Everyone who may connect may listen: no message, which can hold values of rows.
  if (!runner.options().dry_run)
    (void)runner.control().exec("select pg_notify('godwit', " + literal(event_json(event)) + ");");
  event.step = error.step;
  event.message = error.message;
  runner.reporter()(std::move(event));
}

}  // namespace godwit
