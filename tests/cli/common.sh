# SPDX-License-Identifier: Apache-2.0
# What the tests of the program share; each is sourced as `source common.sh` and ends with `exit "$failures"`.
# GODWIT names the program. Every test works in a scratch folder of its own, with an environment that names no database.
# shellcheck shell=bash
set -uo pipefail
godwit=$(realpath "${GODWIT:?names the built program}")
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/godwit-cli.XXXXXX")
trap 'cd /; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failures=0
[[ -n ${GODWIT_TEST_PGDATA:-} ]] || unset "${!PG@}" DATABASE_URL GODWIT_DATABASE_URL
export PGOPTIONS='-c client_min_messages=warning'
out=$scratch/.out err=$scratch/.err
called=

wrong() {
  local place=$((${#BASH_SOURCE[@]} - 2))
  echo "FAIL ${BASH_SOURCE[$place + 1]##*/}:${BASH_LINENO[$place]}: $*"
  echo "     called: godwit $called"
  echo "     stdout: $(head -c 2000 "$out")"
  echo "     stderr: $(head -c 2000 "$err")"
  failures=1
}

# run CODE ARGUMENT…: the program ends with CODE. Its output is then looked at with the functions below.
run() {
  local expected=$1 code=0
  shift
  called=$*
  "$godwit" "$@" >"$out" 2>"$err" </dev/null || code=$?
  [[ $code -eq $expected ]] || wrong "exit code $code, expected $expected"
}

says() { grep -qF -- "$1" "$out" || wrong "stdout does not hold: $1"; }
says_not() { ! grep -qF -- "$1" "$out" || wrong "stdout holds: $1"; }
complains() { grep -qF -- "$1" "$err" || wrong "stderr does not hold: $1"; }
silent() { [[ ! -s $err ]] || wrong 'stderr is not empty'; }
nowhere() { ! grep -qF -- "$1" "$out" "$err" || wrong "the output holds: $1"; }
# json EXPRESSION: stdout is one JSON value for which the expression is true.
json() { jq -se "length == 1 and (.[0] | $1)" "$out" >/dev/null 2>&1 || wrong "json does not satisfy: $1"; }
holds() { grep -qF -- "$2" "$1" || wrong "$1 does not hold: $2"; }

# A project with two migrations in folder $1.
make_project() {
  mkdir -p "$1/specs"
  cat >"$1/specs/20250101000000_people.gw" <<'GW'
migration 'People' {
}

schema app;

table app.people {
    id   bigint primary key;
    name text   not null;
}
GW
  cat >"$1/specs/20250102000000_notes.gw" <<'GW'
migration 'Notes about people' {
}

table app.notes {
    id        bigint primary key;
    person_id bigint not null references app.people (id);
    body      text   not null;
}
GW
}
