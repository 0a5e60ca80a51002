#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Help, version, and command lines that are not right.
source "$(dirname "$0")/common.sh"

run 0 --version
says 'godwit 0.'
silent
run 0 --help
for word in fmt check compile plan apply rollback finalize status verify inspect explain 'Exit codes' '--database'; do says "$word"; done
for code in 0 1 2 3 4 5; do says "  $code  "; done
for command in fmt check compile plan apply rollback finalize status verify inspect explain; do
  run 0 "$command" --help
  says "$command"
done

run 2
complains 'no command is given'
run 2 aply
complains 'there is no command `aply`'
complains 'did you mean `apply`'
run 2 frobnicate
complains '`godwit --help` lists the commands'
run 2 apply --dry-rnu
complains '`godwit apply` has no flag `--dry-rnu`'
complains 'did you mean `--dry-run`'
run 2 compile --dry-run
complains '`godwit compile` has no flag `--dry-run`'
run 2 --chekc
complains 'there is no flag `--chekc`'
run 2 apply something
complains '`godwit apply` does not take `something`'
run 2 apply postgresql://me:hunter2@db/app
nowhere hunter2
run 2 status --databse=postgresql://me:hunter2@db/app
complains 'did you mean `--database`'
nowhere hunter2
run 2 status --format
complains '--format'
run 2 status --format yaml
complains 'the formats are text, json, github and sarif'
run 2 apply --format sarif
complains 'nothing to say in sarif'
run 2 compile --require-rollback maybe
complains 'exact, window or lossy'
run 2 compile --lock-timeout soon
complains '`--lock-timeout` must be a duration'
run 2 compile --lock-retries many
complains 'a number from 0 to 1000'
run 2 compile --oldest-postgres 9
complains 'a number from 13 to 18'
run 2 -C nowhere status
complains 'cannot work in `nowhere`'
run 2 apply --database ephemeral --events nowhere/events
complains 'cannot write events to `nowhere/events`'

# Global flags stand before or after the command.
make_project p
run 0 -C p check
run 0 check -C p
says '2 specs in order'

# Colour is for terminals.
run 2 aply
nowhere $'\e['
if command -v script >/dev/null; then
  script -qec "TERM=xterm '$godwit' aply" /dev/null >"$out" 2>"$err"
  says $'\e['
  NO_COLOR=1 script -qec "TERM=xterm '$godwit' aply" /dev/null >"$out" 2>"$err"
  says_not $'\e['
fi
exit "$failures"
