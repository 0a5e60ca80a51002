#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# servers.sh FOLDER   puts the PostgreSQL servers of package-lock.json into FOLDER, unless they are there. The bin folder
# of a major version is then FOLDER/node_modules/postgres-MAJOR/native/bin.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -eq 1 ]] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cmp -s "$here/package-lock.json" "$folder/installed" && exit 0
cp "$here/package.json" "$here/package-lock.json" "$folder"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix "$folder"
for package in "$folder"/node_modules/postgres-*; do
  # What the package would run by itself: its libraries are links, which an archive of npm's cannot hold.
  (cd "$package" && node scripts/hydrate-symlinks.js >/dev/null)
done
cp "$here/package-lock.json" "$folder/installed"
