#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# generate.sh tables N DIR      a project whose first spec declares N tables and whose second one adds a column to one
# generate.sh migrations N DIR  a project of N small specs: a table each, and a column for the table before
# The same arguments give the same bytes.
set -euo pipefail
[[ $# -eq 3 ]] || { echo "usage: $0 tables|migrations N DIR" >&2; exit 2; }
what=$1 count=$2 folder=$3
mkdir -p "$folder/specs" "$folder/migrations"
: >"$folder/godwit.toml"

case $what in
  # Ten columns, two indexes, a foreign key to an earlier table, and a second one in every other table.
  tables)
    awk -v count="$count" 'BEGIN {
      print "migration \x27Everything\x27 { }\n\nschema bench;"
      for (i = 1; i <= count; i++) {
        parent = i > 1 ? int(i / 2) : 1
        other = i > 2 ? (i * 7) % (i - 1) + 1 : 1
        printf "\ntable bench.t%05d {\n", i
        print "    id bigint primary key;"
        printf "    parent_id bigint not null references bench.t%05d (id);\n", parent
        if (i % 2) print "    other_id bigint;"
        else printf "    other_id bigint references bench.t%05d (id) on delete set null;\n", other
        print "    name text not null;"
        print "    status text not null default \x27new\x27 check (status <> \x27\x27);"
        print "    amount numeric(12,2) default 0;"
        print "    note text;"
        print "    payload jsonb not null default \x27{}\x27;"
        print "    created_at timestamptz not null default now();"
        print "    updated_at timestamptz;"
        print "\n    index on (status, created_at desc);"
        print "    index on (parent_id) where note is not null;\n}"
      }
    }' >"$folder/specs/20250101000001_everything.gw"
    cat >"$folder/specs/20250101000002_one_column.gw" <<'SPEC'
migration 'One column more' { }

alter table bench.t00001 {
    archived boolean not null default false;
}
SPEC
    ;;
  migrations)
    for ((i = 1; i <= count; i++)); do
      {
        printf "migration 'Step %d' { }\n\n" "$i"
        [[ $i -gt 1 ]] || printf 'schema bench;\n\n'
        printf 'table bench.s%05d {\n    id bigint primary key;\n    name text not null;\n    unique (name);\n}\n' "$i"
        [[ $i -eq 1 ]] || printf '\nalter table bench.s%05d {\n    note text;\n}\n' $((i - 1))
      } >"$folder/specs/$(printf '20250101%06d_step.gw' "$i")"
    done
    ;;
  *) echo "$0: $what is neither tables nor migrations" >&2; exit 2 ;;
esac
