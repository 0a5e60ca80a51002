#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# godwit check, compile, plan and explain: everything that needs no database.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2
people=migrations/20250101000000_people notes=migrations/20250102000000_notes

run 0 check
says '2 specs in order'
silent
[[ ! -e migrations ]] || wrong '`check` wrote files'
run 0 check --format json
json '.command == "check" and .exit_code == 0 and .findings == [] and (.compiled | map(.id)) == ["20250101000000_people", "20250102000000_notes"]'
json '.compiled[0].title == "People" and (.compiled[0].checksum | startswith("sha256:")) and .compiled[0].rollback != null'

run 1 compile --check
says "$people.up.sql: is missing"
run 0 compile
for kind in up.sql down.sql finalize.sql verify.sql plan.json md; do
  [[ -s $people.$kind && -s $notes.$kind ]] || wrong "$kind was not written"
  says "wrote $people.$kind"
done
[[ -z $(find migrations -name '.*.tmp') ]] || wrong 'temporary files are left'
jq -e . "$people.plan.json" >/dev/null || wrong 'plan.json is no JSON'
run 0 compile --check
says 'migrations as the specs say'

# Only what changed is written.
touch -d 2001-01-01 migrations/*
echo '-- by hand' >>"$notes.up.sql"
run 1 compile --check
says "$notes.up.sql: differs from what the specs say"
run 1 compile --check --format json
json '.exit_code == 1 and (.files | length) == 1 and .files[0].kind == "differs"'
run 1 compile --check --format github
says "::error file=$notes.up.sql::differs from what the specs say"
run 1 compile --check --format sarif
json '.version == "2.1.0" and .runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri == "'"$notes.up.sql"'"'
run 0 compile --format json
json '.written == ["'"$notes.up.sql"'"]'
[[ $(stat -c %Y "$people.up.sql") == $(date -d 2001-01-01 +%s) ]] || wrong 'a file that was up to date was written again'
rm "$people.md"
run 1 compile --check
says "$people.md: is missing"
run 0 compile
run 0 compile
says 'migrations up to date'

# What has no spec is told, and left alone.
touch migrations/20240101000000_old.up.sql migrations/README.md migrations/notes.txt
run 1 compile --check
says 'migrations/20240101000000_old.up.sql: is left over'
says_not README
run 0 compile
complains 'migrations/20240101000000_old.up.sql is left over'
[[ -e migrations/20240101000000_old.up.sql ]] || wrong 'a file was deleted'
rm migrations/20240101000000_old.up.sql

# The same bytes into another folder, by another name of the project, in another locale.
run 0 compile --output ../elsewhere
diff -r -x README.md -x notes.txt migrations ../elsewhere || wrong '`--output` wrote something else'
LC_ALL=C.UTF-8 TZ=Asia/Tokyo run 0 compile --output ../third --specs "$PWD/specs"
diff -r ../elsewhere ../third || wrong 'an absolute name of the specs folder changed the output'

# An error writes nothing.
sed -i 's/app.people (id)/app.poeple (id)/' specs/20250102000000_notes.gw
cp -r migrations before
run 1 compile
complains 'GW1203'
complains 'specs/20250102000000_notes.gw:6'
diff -r before migrations || wrong 'files were written in spite of an error'
run 1 check --format json
json '.exit_code == 1 and (.findings | length) >= 1 and .findings[0].code == "GW1203"'
run 1 check --format github
says '::error file=specs/20250102000000_notes.gw,line=6'
run 1 check --format sarif
json '.runs[0].results[0].ruleId == "GW1203"'
sed -i 's/app.poeple (id)/app.people (id)/' specs/20250102000000_notes.gw

# What a rollback promises.
run 0 compile --require-rollback exact
printf "migration 'Gone' {\n}\n\ndrop table app.notes irreversible;\n" >specs/20250103000000_gone.gw
run 1 compile --require-rollback lossy
says '20250103000000_gone: its rollback is impossible'
run 0 compile
rm specs/20250103000000_gone.gw migrations/20250103000000_gone.*

# plan
run 0 plan
says '20250102000000_notes  Notes about people'
says '   1. create table app.notes'
says 'specs/20250102000000_notes.gw:4'
run 0 plan 20250101000000_people
says 'app.people'
run 0 plan --format json
json '.migrations[0].id == "20250102000000_notes" and (.migrations[0].steps | length) > 0 and .migrations[0].steps[0].number == 1'
run 2 plan 20250101000000_peopel
complains 'did you mean `20250101000000_people`'

# explain
run 0 explain GW1203
says GW1203
run 0 explain gw1203 --format json
json '.code == "GW1203" and (.text | length) > 100'
run 0 explain
says GW1001
says GW1203
run 2 explain GW9999
complains 'there is no diagnostic `GW9999`'
exit "$failures"
