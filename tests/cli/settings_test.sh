#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# godwit.toml: where it is found, what it may say, what stands above it.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2

refused() {  # TEXT OF godwit.toml, MESSAGE
  printf '%s\n' "$1" >godwit.toml
  run 2 check
  complains "$2"
}
refused 'spec = "x"' 'godwit.toml:1: unknown setting `spec`'
complains 'did you mean `specs`'
refused 'frobnicate = 1' 'the settings are specs, migrations'
refused $'\nspecs = 3' 'godwit.toml:2: `specs` must be a text in quotes'
refused 'specs = ' 'godwit.toml:1:'
refused 'oldest_postgres = 12' '`oldest_postgres` must be a number from 13 to 18'
refused 'oldest_postgres = "15"' '`oldest_postgres` must be a number'
refused 'lock_timeout = "soon"' '`lock_timeout` must be a duration'
refused 'lock_timeout = 3' '`lock_timeout` must be a duration'
refused 'lock_retries = -1' '`lock_retries` must be a number from 0 to 1000'
refused 'rollback_window = "2 weeks"' '`rollback_window` must be a duration'
refused 'environments = "x"' '`environments` must be tables'
refused $'[environments.production]\nurl = "x"' 'unknown setting `url`'
refused $'[environments.production]\nurl_variable = "postgresql://me:hunter2@db/app"' 'does not belong into this file'
nowhere hunter2
refused 'specs = "nowhere"' 'there is no folder `nowhere`'

cat >godwit.toml <<'TOML'
specs = "specs"
migrations = "sql"
oldest_postgres = 14
lock_timeout = "2s"
lock_retries = 7
rollback_window = "9d"
[environments.staging]
url_variable = "GODWIT_CLI_TEST_URL"
TOML
run 0 compile
[[ -f sql/20250101000000_people.up.sql ]] || wrong 'the folder of `migrations` was not used'
run 0 compile --check
# Flags stand above the file, and what they change shows in the SQL.
run 0 compile --migrations other
[[ -f other/20250101000000_people.up.sql ]] || wrong '`--migrations` was not used'
run 1 compile --check --lock-timeout 9s
run 1 compile --check --rollback-window 5d

# The nearest settings from here upwards; places in messages do not depend on where one stands.
mkdir -p deep/er
cd deep/er || exit 2
run 0 compile --check
cd ../..

# Environments.
run 2 status --env stagin
complains 'did you mean `staging`'
run 2 status --env staging
complains 'needs the variable GODWIT_CLI_TEST_URL, which is not set'
run 2 status --env staging --database x
complains 'name a database each'
[[ -n ${PGHOST:-} ]] || { run 2 status && complains 'no database is named' && complains '--database ephemeral'; }

# A project without godwit.toml has the default folders.
make_project ../plain
cd ../plain || exit 2
run 0 compile
[[ -f migrations/20250102000000_notes.down.sql ]] || wrong 'the default folder was not used'
exit "$failures"
