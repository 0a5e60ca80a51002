// SPDX-License-Identifier: Apache-2.0
// Text search parsers and templates: they stand on functions in C.
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

}  // namespace

std::vector<Unexpressed> unexpressed_text_search(int) { return {parsers(), templates()}; }

}  // namespace godwit::inspecting
