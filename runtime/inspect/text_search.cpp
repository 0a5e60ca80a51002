// SPDX-License-Identifier: Apache-2.0
// Text search dictionaries and configurations.
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

std::string dictionaries() {
  return R"(
select d.oid, n.nspname, d.dictname, n.dotted || quote_ident(d.dictname),
  format('(template = %I.%I%s)', m.nspname, t.tmplname, ', ' || d.dictinitoption), ''
from pg_ts_dict d join space n on n.oid = d.dictnamespace join pg_ts_template t on t.oid = d.dicttemplate
  join pg_namespace m on m.oid = t.tmplnamespace
where )" +
         not_of_extension("pg_ts_dict", "d.oid");
}

/// Token types that go the same way stand together.
std::string configurations() {
  return R"(
select c.oid, n.nspname, c.cfgname, n.dotted || quote_ident(c.cfgname), format('(parser = %I.%I)', s.nspname, p.prsname), (
  select string_agg(format('mapping for %s with %s', tokens, dictionaries), E'\n' order by tokens)
  from (select string_agg(quote_ident(alias), ', ' order by alias), dictionaries
        from (select t.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) from pg_ts_config_map m
              join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype where m.mapcfg = c.oid group by t.alias) x (alias, dictionaries)
        group by dictionaries) y (tokens, dictionaries))
from pg_ts_config c join space n on n.oid = c.cfgnamespace join pg_ts_parser p on p.oid = c.cfgparser
  join pg_namespace s on s.oid = p.prsnamespace
where )" +
         not_of_extension("pg_ts_config", "c.oid");
}

Done read(Reading& reading, const char* kind, const char* catalog, const std::string& question) {
  const auto rows = reading.session.exec(std::string("with ") + spaces + question + "\norder by 2, 3;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Item item;
    item.kind = kind;
    item.schema = rows->text(i, 1);
    item.name = rows->text(i, 2);
    item.group = Group::types;
    item.target = item.kind + ' ' + rows->text(i, 3);
    item.text = item.target + ' ' + rows->text(i, 4);
    item.up = "create " + item.text;
    item.down = "drop " + item.target;
    const std::string& mappings = rows->text(i, 5);
    for (std::size_t begin = 0; begin < mappings.size();) {
      const std::size_t end = std::min(mappings.find('\n', begin), mappings.size());
      const std::string mapping = mappings.substr(begin, end - begin);
      item.text += "\n    " + mapping;
      item.up += ";\nalter " + item.target + " add " + mapping;
      begin = end + 1;
    }
    reading.items.add(std::move(item), address(catalog, rows->text(i, 0)));
  }
  return {};
}

}  // namespace

Done read_text_search(Reading& reading) {
  if (auto done = read(reading, "text search dictionary", "pg_ts_dict", dictionaries()); !done) return done;
  return read(reading, "text search configuration", "pg_ts_config", configurations());
}

}  // namespace godwit::inspecting
