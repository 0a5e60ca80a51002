// SPDX-License-Identifier: Apache-2.0
// Rules, event triggers, languages and access methods.
#include "runtime/inspect/reading.h"
#include "runtime/inspect/unexpressed.h"

namespace godwit::inspecting {

namespace {

Unexpressed rules() {
  return {"rule",
          "pg_rewrite",
          Group::others,
          "a rule",
          R"(
select r.oid, n.nspname, format('%I on %s', r.rulename, c.oid::regclass), format('rule %I on %s', r.rulename, c.oid::regclass),
  'create rule ' || quote_ident(r.rulename) || ' as ' || ltrim(rtrim(substr(pg_get_ruledef(r.oid, true),
    length('CREATE RULE ' || quote_ident(r.rulename) || ' AS') + 1), E'; \n'), E' \n') || case r.ev_enabled when 'O' then '' else
    format(E';\nalter table %s %s rule %I', c.oid::regclass,
      case r.ev_enabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, r.rulename) end,
  format('drop rule %I on %s', r.rulename, c.oid::regclass)
from pg_rewrite r join pg_class c on c.oid = r.ev_class join space n on n.oid = c.relnamespace
where r.rulename <> '_RETURN' and )" +
              not_of_extension("pg_rewrite", "r.oid") + " and " + not_of_extension("pg_class", "c.oid"),
          true};
}

Unexpressed event_triggers() {
  return {"event trigger",
          "pg_event_trigger",
          Group::others,
          "an event trigger",
          R"(
select t.oid, '', t.evtname, 'event trigger ' || quote_ident(t.evtname),
  format('create event trigger %I on %s%s execute function %s()%s', t.evtname, t.evtevent,
    ' when tag in (' || (select string_agg(quote_literal(g), ', ') from unnest(t.evttags) g) || ')', t.evtfoid::regproc,
    case t.evtenabled when 'O' then '' else format(E';\nalter event trigger %I %s', t.evtname,
      case t.evtenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end) end),
  format('drop event trigger %I', t.evtname)
from pg_event_trigger t
where )" + not_of_extension("pg_event_trigger", "t.oid"),
          true};
}

Unexpressed languages() {
  return {"language", "pg_language", Group::extensions, "a language", R"(
select l.oid, '', l.lanname, 'language ' || quote_ident(l.lanname),
  format('create %slanguage %I handler %s%s%s', case when l.lanpltrusted then 'trusted ' else '' end, l.lanname,
    l.lanplcallfoid::regproc, ' inline ' || nullif(l.laninline, 0)::regproc, ' validator ' || nullif(l.lanvalidator, 0)::regproc),
  format('drop language %I', l.lanname)
from pg_language l where l.lanispl and )" + not_of_extension("pg_language", "l.oid")};
}

Unexpressed access_methods() {
  return {"access method", "pg_am", Group::extensions, "an access method", R"(
select a.oid, '', a.amname, 'access method ' || quote_ident(a.amname),
  format('create access method %I type %s handler %s', a.amname, case a.amtype when 'i' then 'index' else 'table' end, a.amhandler),
  format('drop access method %I', a.amname)
from pg_am a where a.oid >= 16384 and )" + not_of_extension("pg_am", "a.oid")};
}

Unexpressed transforms() {
  return {"transform", "pg_transform", Group::others, "a transform", R"(
select t.oid, '', g.called, 'transform ' || g.called,
  format('create transform %s (%s)', g.called, concat_ws(', ', 'from sql with function ' || nullif(t.trffromsql::oid, 0)::regprocedure,
    'to sql with function ' || nullif(t.trftosql::oid, 0)::regprocedure)), 'drop transform ' || g.called
from pg_transform t join pg_language l on l.oid = t.trflang,
  lateral (select format('for %s language %I', format_type(t.trftype, null), l.lanname)) g (called)
where )" + not_of_extension("pg_transform", "t.oid")};
}

Unexpressed subscriptions() {
  return {"subscription", "pg_subscription", Group::others, "its connection may hold a password", R"(
select s.oid, '', s.subname, null, null, null
from pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database()))"};
}

Unexpressed security_labels() {
  return {"security label", "pg_class", Group::others, "a label belongs to a provider's policy", R"(
select distinct l.objoid, '', format('of %s on %s %s', l.provider, l.objtype, l.objname), null, null, null
from pg_seclabels l where l.objoid >= 16384)"};
}

}  // namespace

std::vector<Unexpressed> unexpressed_others(int) {
  return {rules(), event_triggers(), languages(), access_methods(), transforms(), subscriptions(), security_labels()};
}

}  // namespace godwit::inspecting
