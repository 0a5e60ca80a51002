#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# keep_server.sh FOLDER BIN OPTIONS AS…      (started by with_server.sh, in a session of its own)
# Makes a cluster in FOLDER/data and starts it, then creates FOLDER/ready, or FOLDER/failed. Stops the server and removes
# the folder when nobody holds FOLDER/hold open for writing any more, which the kernel sees to even after a kill -9.
set -u
folder=$1 bin=$2 options=$3
shift 3
exec <"$folder/hold"
trap : INT TERM HUP

if "$@" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale C --no-sync >"$folder/log" 2>&1 &&
  "$@" "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 -o "$options" start >>"$folder/log" 2>&1
then
  : >"$folder/ready"
else
  : >"$folder/failed"
fi
cat >/dev/null
# Once started a server may have been stopped by the test itself.
"$@" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$folder"
