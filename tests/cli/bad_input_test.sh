#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Input that cannot be used: each a clear message with the way out, never a crash.
source "$(dirname "$0")/common.sh"

mkdir empty && cd empty || exit 2
run 2 check
complains 'there is no folder `specs`'
complains '`-C`'
mkdir specs
run 2 check
complains 'the folder `specs` holds no specs'
complains 'write the first one'
touch specs/README.md specs/.hidden.gw
run 2 check
complains 'holds no specs'
rmdir specs 2>/dev/null || rm -r specs
touch specs
run 2 check
complains '`specs` is a file where the folder of specs is expected'
cd ..

make_project p
cd p || exit 2
mkdir specs/20250103000000_folder.gw
run 2 check
complains '`specs/20250103000000_folder.gw` is a folder where a file is expected'
rmdir specs/20250103000000_folder.gw
mkfifo specs/20250103000000_pipe.gw
run 2 check
complains 'is not a regular file'
rm specs/20250103000000_pipe.gw
ln -s nowhere specs/20250103000000_link.gw
run 2 check
complains 'cannot read `specs/20250103000000_link.gw`'
rm specs/20250103000000_link.gw
ln -s 20250103000000_loop.gw specs/20250103000000_loop.gw
run 2 check
complains 'cannot read `specs/20250103000000_loop.gw`'
rm specs/20250103000000_loop.gw

# As somebody who has no right to read it.
if [[ $(id -u) -eq 0 ]]; then as=(setpriv --reuid=nobody --regid=nogroup --clear-groups); else as=(); fi
cp specs/20250102000000_notes.gw specs/20250103000000_secret.gw
chmod 0 specs/20250103000000_secret.gw
chmod 755 "$scratch"
cp "$godwit" "$scratch/godwit"
"${as[@]}" "$scratch/godwit" check >"$out" 2>"$err"
[[ $? -eq 2 ]] || wrong 'an unreadable file must end with 2'
complains 'cannot read `specs/20250103000000_secret.gw`: Permission denied'
complains 'the right to read it'
rm -f specs/20250103000000_secret.gw "$scratch/godwit"

big=specs/20250103000000_big.gw
truncate -s $((64 * 1024 * 1024 + 1)) "$big"
run 2 check
complains "error[GW1004]: \`$big\` is over 64 MiB"
rm "$big"
{ printf -- '-- ' && head -c $((64 * 1024 * 1024 - 3)) /dev/zero | tr '\0' x; } >"$big"  # one line of exactly 64 MiB
"$godwit" check >"$out" 2>"$err" </dev/null || [[ $? -eq 1 ]] || wrong 'a file of 64 MiB in one line must be read'
nowhere 'over 64 MiB'
rm "$big"

spec=specs/20250103000000_bad.gw
printf 'schema caf\xff;\n' >"$spec"
run 1 check
complains 'error[GW1003]: this byte is not valid UTF-8'
complains "$spec:1:11"
complains 'hint: save it as UTF-8'
printf 'schema a\0b;\n' >"$spec"
run 1 check
complains 'error[GW1003]: a NUL byte'
complains 'hint: save it as text in UTF-8'
{ printf 'table app.t { a int default '; printf '(%.0s' {1..100000}; } >"$spec"
run 1 check
complains 'error[GW1005]: brackets are nested deeper than 200'
complains 'hint: write it in fewer levels'
{ printf 'view app.v as '; printf 'select 1 union %.0s' {1..20000}; echo 'select 1;'; } >"$spec"
run 1 check
complains 'error[GW4001]: SQL nested too deeply: write it in fewer levels'
{ printf 'view app.v as select '; printf -- '- %.0s' {1..100000}; echo '1;'; } >"$spec"
run 1 check
complains 'error[GW4001]'
{ printf 'table app.t { %.0s' {1..50000}; } >"$spec"
run 1 check
complains 'error[GW1001]'
printf 'tabel app.x { id int; }\n' >"$spec"
run 1 check
complains 'GW1001'
complains "$spec:1:1"
run 1 apply --database ephemeral
complains 'GW1001'
run 1 fmt
complains 'GW1001'
rm "$spec"

run 2 fmt nowhere.gw
complains 'cannot read `nowhere.gw`'
run 2 fmt specs
complains '`specs` is a folder where a file is expected'

# One id twice: the same file name in two folders.
mkdir specs/more && cp specs/20250102000000_notes.gw specs/more
run 2 check
complains '`specs/more` holds specs, and folders inside of `specs` are not read'
complains 'no two have the same id'
rm specs/more/*
run 0 check
rm -r specs/more

# A folder that cannot be written.
touch file
run 2 compile --output file
complains '`file` is a file where the folder for migrations is expected'
run 4 compile --output file/below
complains 'cannot make the folder `file/below`'
run 4 compile --output /proc/godwit
complains '/proc/godwit'
mkdir -p half/20250102000000_notes.down.sql
run 2 compile --output half
complains 'is a folder where a file is expected'
[[ ! -e half/20250101000000_people.up.sql ]] || wrong 'some files were written although not all could be'
mkdir readonly && chmod 555 readonly
if [[ $(id -u) -ne 0 ]]; then
  run 4 compile --output readonly
  complains 'cannot write into `readonly`'
fi
exit "$failures"
