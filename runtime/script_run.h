// SPDX-License-Identifier: Apache-2.0
// Runs an artifact: step after step, the statements just as they are written. Each transaction everything or nothing.
#pragma once

#include "base/result.h"
#include "compiler/model/script.h"
#include "runtime/runner.h"

#include <cstdint>
#include <string>
#include <vector>

namespace godwit {

struct ScriptOutcome {
  std::vector<std::string> notices;
  std::vector<Residue> residue;  // what this run put into godwit_kept.residue
  double seconds = 0;
};

enum class Ending { commit, undo };  // undo: run everything, then take it back

/// Runs the script on the runner's work session: a migration in parts from where it stopped. Locks that are not granted
/// in time, deadlocks and serialization failures are tried again from the start of their transaction, as often as the
/// script's `lock retries` says.
Result<ScriptOutcome, RuntimeError> run_script(Runner& runner, const Script& script, Ending ending = Ending::commit);

/// Runs the `check before` steps alone, in a read-only transaction. A check that needs what an earlier pending
/// migration makes is reported as a notice when `may_lack` says so.
Result<ScriptOutcome, RuntimeError> run_checks(Session& session, const Script& script, bool may_lack,
                                               Reporter& reporter);

/// The first `count` steps as they stand, gates heeded, on a session that the caller then ends: what a run leaves that
/// is cut off there. `failed` gets the step that did not run.
Result<void, ServerError> run_first_steps(Session& session, const Script& script, std::size_t count,
                                          const ScriptStep*& failed);

/// What to do about a script in several transactions that stopped behind the first of them, in words.
std::string how_to_go_on(const Script& script);
/// How often a transaction of the script is tried again.
int lock_retries(const Script& script);
/// A lock that was not granted, a deadlock, a serialization failure.
bool may_succeed_later(const ServerError& error);
/// Reports the retry, and waits a little longer before each.
void pause_before_retry(Runner& runner, const Script& script, const ScriptStep& step, const std::string& message,
                        const std::string& blockers, int attempt, int retries);

/// What the failure of a step tells the user.
RuntimeError step_error(const Script& script, const ScriptStep& step, const ServerError& error);

/// Reads an artifact, which must be the migration's and of that direction.
Result<Script, RuntimeError> read_script(const std::string& text, const std::string& direction, const std::string& id,
                                         bool allow_edited);

/// Its head alone (title and facts, no steps): all that is asked of a migration that does not run.
Result<Script, RuntimeError> read_head(const std::string& text, const std::string& direction, const std::string& id);

}  // namespace godwit
