#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each library we build on is included where the layout puts it and nowhere else; headers stay cheap to include.
source "$(dirname "$0")/common.sh"

# What is included, and the files that may.
rules='
tao/           ^grammar/(parse\.cpp|rules/[a-z_]+\.hpp)$
pg_query       ^compiler/sql/pg_query\.cpp$
pqxx/          ^runtime/.*\.cpp$
nlohmann/json_fwd.hpp  ^(compiler|cli)/
nlohmann/      ^(base|compiler|runtime|cli)/.*\.cpp$|^compiler/sql/tree\.h$
openssl/       ^(base|compiler|runtime)/.*\.cpp$
CLI/           ^cli/.*\.cpp$
toml++/        ^cli/.*\.cpp$
tl/            ^(base/result\.h|cli/.*)$
fmt/core.h     ^(base|grammar|compiler|runtime|cli)/
fmt/           ^(base|grammar|compiler|runtime|cli)/.*\.cpp$
'

where_allowed() {
  local beginning files
  while read -r beginning files; do
    [[ -n $beginning && $1 == "$beginning"* ]] && { echo "$files"; return; }
  done <<<"$rules"
}

while read -r file; do
  while read -r included; do
    files=$(where_allowed "$included")
    if [[ -n $files ]]; then
      [[ $file =~ $files ]] || fail "$file includes <$included>, which belongs into files like $files"
    elif [[ $included == */* && $included != godwit/* && $included != sys/* ]]; then
      fail "$file includes <$included>, a library that this check does not know"
    fi
  done < <(grep -oE '^ *# *include *<[^>]+>' "$file" | sed -E 's/.*<//; s/>//')
done < <(cpp_files base grammar compiler runtime cli)
exit "$failures"
