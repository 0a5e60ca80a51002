// SPDX-License-Identifier: Apache-2.0
// Default privileges: what each role gets, one item a role.
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// What differs from the privileges that objects have without them; those of one schema are only added. A spec does not
/// name the role that applies it.
constexpr const char* question = R"(,
entry as (
  select d.oid, d.defaclrole, d.defaclnamespace, coalesce(n.nspname, '') as schema, d.defaclacl as held,
    case d.defaclnamespace when 0 then acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole)
      end as usual,
    'default privileges' as first, ' for role ' || quote_ident(pg_get_userbyid(d.defaclrole)) as maker,
    coalesce(' in schema ' || quote_ident(n.nspname), '') || ' ' as place,
    case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
      when 'n' then 'schemas' when 'L' then 'large objects' end as kind
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
  where d.defaclnamespace = 0 or d.defaclnamespace in (select oid from space)
), line as (
  -- what is gone comes first: it may stand in front of a narrower grant
  select e.oid, e.kind, x.revoked, x.grantee, x.grantable, string_agg(lower(x.privilege), ', ' order by x.privilege) as privileges,
    case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end as role
  from entry e, lateral (
    select false, grantee, privilege_type, is_grantable from aclexplode(e.held)
      where (grantee, privilege_type, is_grantable) not in (select grantee, privilege_type, is_grantable from aclexplode(e.usual))
    union
    select true, grantee, privilege_type, false from aclexplode(e.usual)
      where (grantee, privilege_type) not in (select grantee, privilege_type from aclexplode(e.held))
  ) x (revoked, grantee, privilege, grantable)
  group by 1, 2, 3, 4, 5
), turned as (
  select oid, revoked, grantable, privileges, grantee, role,
    case when revoked then format('revoke %s on %s from %s', privileges, kind, role)
      else format('grant %s on %s to %s%s', privileges, kind, role, case when grantable then ' with grant option' else '' end) end as up,
    case when revoked then format('grant %s on %s to %s', privileges, kind, role)
      else format('revoke %s on %s from %s', privileges, kind, role) end as down
  from line
)
select e.schema, format('of %I%s for %s to %s', pg_get_userbyid(e.defaclrole), ' in schema ' || nullif(e.schema, ''), e.kind, t.role),
  string_agg('alter ' || first || maker || place || t.up, E';\n' order by t.revoked desc, t.up),
  string_agg('alter ' || first || maker || place || t.down, E';\n' order by t.revoked, t.up),
  string_agg(first || case when pg_get_userbyid(e.defaclrole) = current_user then '' else maker end || place || t.up, E';\n'
    order by t.revoked desc, t.up),
  string_agg(first || case when pg_get_userbyid(e.defaclrole) = current_user then '' else maker end || place || t.down, E';\n'
    order by t.revoked, t.up),
  e.kind = 'large objects', t.grantee = e.defaclrole, e.defaclnamespace, e.kind, t.role,
  case when pg_get_userbyid(e.defaclrole) = current_user
    then string_agg(concat_ws(E'\t', t.revoked, t.grantable, t.privileges), E'\n') end
from entry e join turned t on t.oid = e.oid
group by e.oid, e.schema, e.defaclrole, e.defaclnamespace, e.kind, t.role, t.grantee order by 1, 2;)";

/// Lines `f<tab>t<tab>select, insert`: taken, with the right to grant, what.
std::vector<Privileges> privileges_of(const std::string& lines, const std::string& role) {
  std::vector<Privileges> all;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    constexpr std::size_t list = 4;
    all.push_back({lines.substr(begin + list, end - begin - list), role, lines[begin] == 't', lines[begin + 2] == 't'});
    begin = end + 1;
  }
  return all;
}

}  // namespace

Done read_default_privileges(Reading& reading) {
  const auto rows = reading.session.exec(std::string("with ") + spaces + question);
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = "default privileges";
    item.schema = rows->text(i, 0);
    item.name = rows->text(i, 1);
    item.sql_target = item.kind + ' ' + item.name;
    item.up = rows->text(i, 2);
    item.down = rows->text(i, 3);
    item.text = rows->text(i, 4);
    item.words = rows->text(i, 5);
    if (rows->is_true(i, 6)) {
      item.text.clear();
      item.reason = "those of large objects";
    } else if (rows->is_true(i, 7)) {
      item.text.clear();
      item.reason = "a spec does not take privileges from an owner";
    }
    item.given_on = rows->text(i, 9);
    item.given = privileges_of(rows->text(i, 11), rows->text(i, 10));
    const std::size_t schema = reading.items.find(address("pg_namespace", rows->text(i, 8)));
    if (schema != no_object) item.needs.push_back(schema);
    reading.items.add(std::move(item));
  }
  return {};
}

}  // namespace godwit::inspecting
