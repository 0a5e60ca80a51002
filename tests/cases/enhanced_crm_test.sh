#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# enhanced_crm_test.sh round|late|names|large: one part of the case, on the server that PG* names.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
project=$source_dir/specs/enhanced-crm
fixture=$project/fixture
suite=(20250831000000_columns 20250831000001_extraction 20250831000002_relationships 20250831000003_security)

create() {  # create DB N: a database that has the starting schema and its rows
  createdb -T template0 -E UTF8 "$1"
  file "$1" "$fixture/before.sql"
  file "$1" "$fixture/data.sql" -v n="$2"
}

case $1 in
round | large)
  # One by one: each way back leads to the state before, the last one to the state before all.
  n=1000
  [[ $1 == round ]] || n=5000
  create there "$n"
  snapshot there before.0
  for ((i = 0; i < ${#suite[@]}; i++)); do
    gw apply --to "${suite[i]}" --database "$(url there)"
    snapshot there before.$((i + 1))
  done
  file there "$fixture/accept.sql"
  for id in "${suite[@]}"; do gw verify --full "$id" --database "$(url there)"; done
  gw verify --full --database "$(url there)"
  for ((i = ${#suite[@]} - 1; i >= 0; i--)); do
    gw rollback --database "$(url there)"
    snapshot there after.$i
    same before.$i after.$i "the rollback of ${suite[i]} left something else than was there before"
  done
  gw apply --database "$(url there)"
  file there "$fixture/accept.sql"
  ;;
late)
  create late 1000
  gw apply --database "$(url late)"
  file late "$fixture/late_writes.sql"
  for _ in "${suite[@]}"; do gw rollback --database "$(url late)"; done
  file late "$fixture/accept_late.sql"
  ;;
names)
  # Wildcards, quotes and backslashes in what people typed mean nothing but themselves; of two spellings the older one stays.
  create odd 200
  sql -d odd <<'SQL' >/dev/null
insert into public.deals (name, company, contact_email, owner_id, created_at, updated_at)
select 'odd ' || i, company, email, md5('user1')::uuid, timestamptz '2024-12-31' + i * interval '1 hour', '2025-01-01'
  from (values (1, '100% _Firm_', '100%_@firm_.test'), (2, '100x yFirmy', '100xy@firmy.test'), (3, 'O''Neil \ "Sons"', 'o''neil\@sons.test'),
               (4, ' o''neil \ "sons" ', 'O''NEIL\@SONS.TEST')) as v (i, company, email);
SQL
  gw apply --database "$(url odd)"
  found=$(sql -d odd -c "select string_agg(c.name || '=' || k.email, '; ' order by d.name)
                           from public.deals d join public.companies c on c.id = d.company_id join public.contacts k on k.id = d.primary_contact_id
                          where d.name like 'odd %'")
  expected="100% _Firm_=100%_@firm_.test; 100x yFirmy=100xy@firmy.test; O'Neil \\ \"Sons\"=o'neil\\@sons.test; O'Neil \\ \"Sons\"=o'neil\\@sons.test"
  [[ $found == "$expected" ]] || fail "extracted: $found"
  ;;
*) fail "there is no part $1" ;;
esac
