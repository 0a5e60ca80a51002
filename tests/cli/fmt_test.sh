#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# godwit fmt.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2

run 0 fmt
run 0 fmt --check
silent
cp -r specs canonical
printf -- '-- a comment\nmigration   \x27People\x27  {}\nschema app;   table app.people{id bigint primary key;name text not null;}\n' >specs/20250101000000_people.gw
cp specs/20250101000000_people.gw before
run 1 fmt --check
says 'specs/20250101000000_people.gw: not in canonical layout'
says '1 file to format: run `godwit fmt`'
says_not notes
cmp -s before specs/20250101000000_people.gw || wrong '`--check` changed a file'
run 1 fmt --check --format json
json '.command == "fmt" and .exit_code == 1 and .files[0].path == "specs/20250101000000_people.gw"'
run 1 fmt --check --format github
says '::error file=specs/20250101000000_people.gw::'
run 1 fmt --check --format sarif
json '.version == "2.1.0" and (.runs[0].results | length) == 1'
run 0 fmt
says 'formatted 20250101000000_people.gw'
holds specs/20250101000000_people.gw '-- a comment'
cp specs/20250101000000_people.gw once
run 0 fmt
says '2 files in canonical layout already'
cmp -s once specs/20250101000000_people.gw || wrong 'a second run changed the file'

# Only what is named.
cp before specs/20250101000000_people.gw
run 0 fmt --check specs/20250102000000_notes.gw
run 1 fmt --check specs/20250101000000_people.gw specs/20250102000000_notes.gw
run 0 fmt specs/20250101000000_people.gw
cmp -s once specs/20250101000000_people.gw || wrong 'a named file was not formatted'
# A file with an error stays, and so do all others.
cp before specs/20250101000000_people.gw
printf 'tabel x;\n' >specs/20250103000000_bad.gw
run 1 fmt
complains 'GW1001'
cmp -s before specs/20250101000000_people.gw || wrong 'a file was formatted although another could not be read'
exit "$failures"
