// SPDX-License-Identifier: Apache-2.0
// Text search: parsers, templates, dictionaries, configurations.
#include "runtime/inspect/reading.h"
#include "runtime/inspect/unexpressed.h"

namespace godwit::inspecting {

namespace {

Unexpressed parsers() {
  return {"text search parser", "pg_ts_parser", Group::functions, "a text search object", R"(
select p.oid, n.nspname, p.prsname, 'text search parser ' || g.called,
  format('create text search parser %s (%s)', g.called, concat_ws(', ', 'start = ' || p.prsstart, 'gettoken = ' || p.prstoken,
    'end = ' || p.prsend, 'headline = ' || nullif(p.prsheadline::oid, 0)::regproc, 'lextypes = ' || p.prslextype)),
  'drop text search parser ' || g.called
from pg_ts_parser p join space n on n.oid = p.prsnamespace, lateral (select n.dotted || quote_ident(p.prsname)) g (called)
where )" + not_of_extension("pg_ts_parser", "p.oid")};
}

Unexpressed templates() {
  return {"text search template", "pg_ts_template", Group::functions, "a text search object", R"(
select t.oid, n.nspname, t.tmplname, 'text search template ' || g.called,
  format('create text search template %s (%s)', g.called, concat_ws(', ', 'init = ' || nullif(t.tmplinit::oid, 0)::regproc, 'lexize = ' || t.tmpllexize)),
  'drop text search template ' || g.called
from pg_ts_template t join space n on n.oid = t.tmplnamespace, lateral (select n.dotted || quote_ident(t.tmplname)) g (called)
where )" + not_of_extension("pg_ts_template", "t.oid")};
}

Unexpressed dictionaries() {
  return {"text search dictionary", "pg_ts_dict", Group::functions, "a text search object", R"(
select d.oid, n.nspname, d.dictname, 'text search dictionary ' || g.called,
  format('create text search dictionary %s (template = %I.%I%s)', g.called, m.nspname, t.tmplname, ', ' || d.dictinitoption),
  'drop text search dictionary ' || g.called
from pg_ts_dict d join space n on n.oid = d.dictnamespace join pg_ts_template t on t.oid = d.dicttemplate
  join pg_namespace m on m.oid = t.tmplnamespace, lateral (select n.dotted || quote_ident(d.dictname)) g (called)
where )" + not_of_extension("pg_ts_dict", "d.oid")};
}

Unexpressed configurations() {
  return {"text search configuration", "pg_ts_config", Group::functions, "a text search object", R"(
select c.oid, n.nspname, c.cfgname, 'text search configuration ' || g.called,
  format('create text search configuration %s (parser = %I.%I)', g.called, s.nspname, p.prsname) || coalesce((
    select string_agg(format(E';\nalter text search configuration %s add mapping for %I with %s', g.called, alias, dictionaries), '' order by alias)
    from (select t.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) from pg_ts_config_map m
      join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype where m.mapcfg = c.oid group by t.alias) x (alias, dictionaries)), ''),
  'drop text search configuration ' || g.called
from pg_ts_config c join space n on n.oid = c.cfgnamespace join pg_ts_parser p on p.oid = c.cfgparser
  join pg_namespace s on s.oid = p.prsnamespace, lateral (select n.dotted || quote_ident(c.cfgname)) g (called)
where )" + not_of_extension("pg_ts_config", "c.oid")};
}

}  // namespace

std::vector<Unexpressed> unexpressed_text_search(int) {
  return {parsers(), templates(), dictionaries(), configurations()};
}

}  // namespace godwit::inspecting
