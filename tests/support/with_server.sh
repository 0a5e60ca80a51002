#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# with_server.sh COMMAND [ARGUMENT…]
# Runs the command with a PostgreSQL server of its own: a fresh cluster in a temporary folder, reached through a Unix
# socket only. Ends with the command's exit status; the server is stopped and its folder removed however that comes
# about, a kill -9 of this script included.
#
# For the command: PGHOST, PGPORT, PGUSER (a superuser, no password), PGDATABASE, the server's programs first in PATH,
#   GODWIT_TEST_PGDATA (its data folder) and GODWIT_TEST_PG_AS (a prefix that runs pg_ctl as the server's user).
# From the caller: GODWIT_TEST_PG_BIN, the bin folder of another server than the default, which is PostgreSQL 15, else
#   the newest one below /usr/lib/postgresql, else what pg_config names; GODWIT_TEST_PG_OPTIONS, more server options.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() {
  echo "with_server.sh: $*" >&2
  exit 125
}

server_bin() {
  local folder
  for folder in "${GODWIT_TEST_PG_BIN:-}" /usr/lib/postgresql/15/bin \
    $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr) "$(pg_config --bindir 2>/dev/null || true)"; do
    if [[ -n $folder && -x $folder/initdb && -x $folder/postgres ]]; then
      echo "$folder"
      return
    fi
    [[ $folder != "${GODWIT_TEST_PG_BIN:-}" || -z $folder ]] || die "there is no PostgreSQL server in $folder"
  done
  die 'there is no PostgreSQL server (Debian package postgresql-15); tests that need one do not pass without it'
}

[[ $# -gt 0 ]] || die 'usage: with_server.sh COMMAND [ARGUMENT…]'
bin=$(server_bin)

as=(env)
out_of_reach=false
if [[ $(id -u) -eq 0 ]]; then
  user=$(id -un postgres 2>/dev/null || id -un nobody) || die 'a server does not run as root, and there is no other user'
  as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
  "${as[@]}" test -x "$bin/postgres" || out_of_reach=true
fi

# In memory where there is room: a database is hundreds of files, which a disk's file system makes and removes slowly.
# A socket's path has at most 107 bytes, so a long TMPDIR will not do.
base=/tmp
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || free=0
[[ $out_of_reach == false && -w /dev/shm && ${free:-0} -gt 4000000 ]] && base=/dev/shm
folder=$(mktemp -d "$base/godwit-pg.XXXXXX")
[[ $(id -u) -ne 0 ]] || chown "$user" "$folder"
chmod 0755 "$folder"
if [[ $out_of_reach == true ]]; then  # below a folder that only root may enter, such as /root
  cp -r "$(dirname "$bin")" "$folder/server"
  bin=$folder/server/bin
fi

options="-c listen_addresses= -c unix_socket_directories=$folder -c port=5432 -c fsync=off \
-c synchronous_commit=off -c full_page_writes=off -c wal_level=logical -c max_prepared_transactions=10 \
-c max_connections=100 -c max_wal_senders=4 -c jit=off -c timezone=UTC -c log_min_messages=warning \
${GODWIT_TEST_PG_OPTIONS:-}"

mkfifo "$folder/hold"
# In its own session and without our output, the keeper outlives whatever ends this script.
(cd / && exec setsid "$here/keep_server.sh" "$folder" "$bin" "$options" "${as[@]}" </dev/null >/dev/null 2>&1) &
disown
exec {hold}>"$folder/hold"
let_go() {
  exec {hold}>&-
  for _ in {1..100}; do
    [[ -d $folder ]] || return 0
    sleep 0.05
  done
}
trap let_go EXIT

until [[ -e $folder/ready ]]; do
  if [[ -e $folder/failed || ! -d $folder ]]; then
    cat "$folder/log" "$folder/data/server.log" >&2 2>/dev/null || true
    die "the server in $bin did not start"
  fi
  sleep 0.05
done

# Nothing of the caller's may lead a test to another server than this one.
unset "${!PG@}" DATABASE_URL GODWIT_DATABASE_URL
export PGHOST=$folder PGPORT=5432 PGUSER=postgres PGDATABASE=postgres PATH=$bin:$PATH
export GODWIT_TEST_PGDATA=$folder/data GODWIT_TEST_PG_AS="${as[*]}" GODWIT_TEST_PG_BIN=$bin

"$@" {hold}>&- <&0 &
command=$!
trap 'kill -TERM "$command" 2>/dev/null' INT TERM HUP
status=0
wait "$command" || status=$?
# A trapped signal ends `wait` before the command has ended.
while kill -0 "$command" 2>/dev/null; do
  wait "$command" || status=$?
done
exit "$status"
