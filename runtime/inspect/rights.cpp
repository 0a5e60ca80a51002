// SPDX-License-Identifier: Apache-2.0
// Owners, privileges and comments of whatever was found.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

#include <fmt/format.h>

#include <array>

namespace godwit::inspecting {

namespace {

bool has_block(const Item& item) {
  return item.kind == "table" || item.kind == "foreign table" || item.kind == "view" ||
         item.kind == "materialized view" || item.kind == "schema";
}

/// Everything with an owner. Privileges that a database has from its birth (those of schema public) are in
/// pg_init_privs; a sequence that a column owns has the owner of its table.
std::string things() {
  std::string owners;
  const auto owned = [&](const char* catalog, const char* prefix) {
    owners += fmt::format(
        "\n  union all select '{0}'::regclass, o.oid, o.{1}owner, null::\"char\", null::aclitem[], '' from {0} o",
        catalog, prefix);
  };
  owned("pg_statistic_ext", "stx");
  owned("pg_publication", "pub");
  owned("pg_collation", "coll");
  owned("pg_operator", "opr");
  owned("pg_opclass", "opc");
  owned("pg_opfamily", "opf");
  owned("pg_conversion", "con");
  owned("pg_ts_dict", "dict");
  owned("pg_ts_config", "cfg");
  owned("pg_event_trigger", "evt");
  return "thing (classid, objid, owner, acltype, acl, called) as materialized (\n"
         "  select 'pg_namespace'::regclass, o.oid, o.nspowner, 'n'::\"char\", o.nspacl, '' from pg_namespace o\n"
         "  union all select 'pg_class'::regclass, o.oid, case when o.relkind = 'S' and exists (select from pg_depend "
         "d\n"
         "      where d.classid = 'pg_class'::regclass and d.objid = o.oid and d.refclassid = 'pg_class'::regclass\n"
         "      and d.refobjsubid > 0 and d.deptype in ('a', 'i')) then null else o.relowner end,\n"
         "    (case o.relkind when 'S' then 's' else 'r' end)::\"char\", o.relacl,\n"
         "    case o.relkind when 'S' then 'sequence ' || o.oid::regclass else '' end\n"
         "    from pg_class o join space n on n.oid = o.relnamespace where o.relkind in ('r', 'p', 'v', 'm', 'S', "
         "'f')\n"
         "  union all select 'pg_proc'::regclass, o.oid, o.proowner, 'f'::\"char\", o.proacl, ''\n"
         "    from pg_proc o join space n on n.oid = o.pronamespace\n"
         "  union all select 'pg_type'::regclass, o.oid, o.typowner, 'T'::\"char\", o.typacl, ''\n"
         "    from pg_type o join space n on n.oid = o.typnamespace where o.typtype in ('e', 'd', 'r', 'c', 'b') and "
         "o.typelem = 0\n"
         "    and (o.typrelid = 0 or exists (select from pg_class c where c.oid = o.typrelid and c.relkind = 'c'))\n"
         "  union all select 'pg_foreign_data_wrapper'::regclass, o.oid, o.fdwowner, 'F'::\"char\", o.fdwacl, '' from "
         "pg_foreign_data_wrapper o\n"
         "  union all select 'pg_foreign_server'::regclass, o.oid, o.srvowner, 'S'::\"char\", o.srvacl, '' from "
         "pg_foreign_server o\n"
         "  union all select 'pg_language'::regclass, o.oid, o.lanowner, 'l'::\"char\", o.lanacl, '' from pg_language "
         "o" +
         owners + ")";
}

/// A statement about another object: in its block where it has one, else behind it.
Item about(const Reading& reading, std::size_t target, const char* kind, Part part) {
  const Item& object = reading.items.all[target];
  Item item;
  item.kind = kind;
  item.schema = object.schema;
  item.name = !object.target.empty() ? object.target
              : object.with_parent   ? object.sql_target
                                     : object.kind + ' ' + object.name;
  item.parent = target;
  item.part = part;
  item.in_block = has_block(object) && !is_partition(object);
  return item;
}

Done read_owners(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces + ", " + things() +
      "\nselect classid::oid, objid, pg_get_userbyid(owner) from thing\n"
      "where owner <> (select oid from pg_roles where rolname = current_user)\n"
      "  and not exists (select from pg_depend e where e.classid = thing.classid and e.objid = thing.objid and "
      "e.deptype = 'e')\n"
      "  and (classid <> 'pg_namespace'::regclass or objid not in (select objoid from pg_init_privs\n"
      "    where classoid = 'pg_namespace'::regclass) or pg_get_userbyid(owner) <> 'pg_database_owner');");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t target = reading.items.find({static_cast<std::uint32_t>(std::stoul(rows->text(i, 0))),
                                                   static_cast<std::uint32_t>(std::stoul(rows->text(i, 1)))});
    if (target == no_object) continue;
    const std::string role = quoted(rows->text(i, 2));
    Item item = about(reading, target, "owner", Part::owner);
    const Item& object = reading.items.all[target];
    item.words = role;
    item.text = (item.in_block ? "owner to " : "owner of " + object.target + " to ") + role;
    item.up = "alter " + object.sql_target + " owner to " + role;
    item.down = "alter " + object.sql_target + " owner to " + quoted(reading.user);
    if (object.kind == "schema" && object.name == "public") {
      item.text.clear();
      item.reason = "a rollback does not give schema public back to its first owner";
    }
    reading.items.add(std::move(item));
  }
  return {};
}

/// `grant … on`, with `all` for all of a table's seven.
std::string short_privileges(const std::string& list) {
  return list == "select, insert, update, delete, truncate, references, trigger" ? "all" : list;
}

/// How `grant … on` calls what other statements call otherwise.
std::string granted_on(std::string target) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{{{"view ", "table "},
                                                                                       {"materialized view ", "table "},
                                                                                       {"foreign table ", "table "},
                                                                                       {"aggregate ", "function "},
                                                                                       {"server ", "foreign server "}}};
  for (const auto& [word, other] : words) {
    if (target.starts_with(word)) return std::string(other) + target.substr(word.size());
  }
  return target;
}

void add_grant(Reading& reading, std::size_t target, const Rows& rows, std::size_t i) {
  const bool revoke = rows.is_true(i, 2), with_option = rows.is_true(i, 3), from_owner = rows.is_true(i, 6);
  const std::string &roles = rows.text(i, 4), &privileges = rows.text(i, 5), &called = rows.text(i, 7);
  Item item = about(reading, target, revoke ? "revoked privileges" : "privileges", Part::grant);
  const Item& object = reading.items.all[target];
  const std::string on = granted_on(called.empty() ? object.sql_target : called);
  const std::string given =
      "grant " + privileges + " on " + on + " to " + roles + (with_option ? " with grant option" : "");
  const std::string taken = "revoke " + privileges + " on " + on + " from " + roles;
  item.up = revoke ? taken : given;
  item.down = revoke ? given : taken;
  item.privileges = {privileges, roles, revoke, with_option};
  const std::string where = item.in_block ? "" : " on " + object.target;
  item.text = revoke ? "revoke " + privileges + where + " from " + roles
                     : "grant " + short_privileges(privileges) + where + " to " + roles +
                           (with_option ? " with grant option" : "");
  if (called.starts_with("sequence ") && object.kind == "table") {
    item.text.clear();
    item.name = called;
    item.reason = "the sequence of an identity column is none of its own in a spec";
  } else if (revoke && from_owner) {
    item.text.clear();
    item.reason = "a spec does not take privileges from an owner";
  } else if (revoke && object.kind == "schema") {
    item.text.clear();
    item.reason = "a spec does not take away what a schema has from the first";
  } else if (is_partition(object) && privileges.find('(') != std::string::npos) {
    item.text.clear();
    item.reason = "privileges on columns of one partition";
  } else if (object.target.empty()) {
    item.text.clear();
  }
  reading.items.add(std::move(item));
}

Done read_grants(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces + ", " + things() +
      ", initial as (select classoid, objoid, initprivs from pg_init_privs where objsubid = 0\n"
      "), given as materialized (\n"
      "  select t.*, coalesce(i.initprivs, acldefault(t.acltype, coalesce(t.owner, c.relowner))) as first_acl,\n"
      "    coalesce(t.owner, c.relowner) as real_owner\n"
      "  from thing t left join initial i on i.classoid = t.classid and i.objoid = t.objid\n"
      "    left join pg_class c on t.classid = 'pg_class'::regclass and c.oid = t.objid\n"
      "  where t.acl is not null and t.acltype is not null and t.acl is distinct from i.initprivs\n"
      "), held as (\n"
      "  select g.classid, g.objid, g.called, g.real_owner, a.grantee, a.privilege_type, bool_or(a.is_grantable) as "
      "grantable\n"
      "  from given g, aclexplode(g.acl) a group by 1, 2, 3, 4, 5, 6\n"
      "), first_held as (\n"
      "  select g.classid, g.objid, g.called, g.real_owner, case when a.grantee = a.grantor then g.real_owner else "
      "a.grantee end as grantee,\n"
      "    a.privilege_type, bool_or(a.is_grantable) as grantable from given g, aclexplode(g.first_acl) a group by 1, "
      "2, 3, 4, 5, 6\n"
      "), differing as (\n"
      "  select classid, objid, called, real_owner, grantee, privilege_type, '' as columns,\n"
      "    h.grantable is null as revoked, coalesce(h.grantable, f.grantable) as grantable\n"
      "  from held h full join first_held f using (classid, objid, called, real_owner, grantee, privilege_type)\n"
      "  where h.grantable is null or f.grantable is null or h.grantable <> f.grantable\n"
      "  union all\n"
      "  select 'pg_class'::regclass, c.oid, '', c.relowner, a.grantee, a.privilege_type,\n"
      "    ' (' || string_agg(quote_ident(t.attname), ', ' order by t.attnum) || ')', false, a.is_grantable\n"
      "  from pg_class c join space n on n.oid = c.relnamespace join pg_attribute t on t.attrelid = c.oid, "
      "aclexplode(t.attacl) a\n"
      "  where t.attacl is not null and t.attnum > 0 and not t.attisdropped and a.grantee <> c.relowner\n"
      "  group by c.oid, c.relowner, a.grantee, a.privilege_type, a.is_grantable\n"
      "), one_role as (\n"
      "  select classid, objid, called, revoked, grantable and not revoked as grantable,\n"
      "    case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as role, grantee = "
      "real_owner as is_owner,\n"
      "    string_agg(lower(privilege_type) || columns, ', ' order by columns <> '', array_position(\n"
      "      '{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,MAINTAIN,USAGE,CREATE,EXECUTE}'::text[], "
      "privilege_type)) as privileges\n"
      "  from differing group by 1, 2, 3, 4, 5, 6, 7\n"
      ")\n"
      "select classid::oid, objid, revoked, grantable, string_agg(role, ', ' order by role), privileges, is_owner, "
      "called\n"
      "from one_role group by classid, objid, called, revoked, grantable, privileges, is_owner\n"
      "order by classid, objid, revoked desc, 5;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t target = reading.items.find({static_cast<std::uint32_t>(std::stoul(rows->text(i, 0))),
                                                   static_cast<std::uint32_t>(std::stoul(rows->text(i, 1)))});
    if (target != no_object) add_grant(reading, target, *rows, i);
  }
  return {};
}

/// Privileges on what belongs to an extension or to the system, and those that somebody else than the owner gave.
Done read_lost_rights(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces + ", " + things() +
      "\nselect 'privileges on ' || pg_describe_object(t.classid, t.objid, 0) || ': it belongs to an extension'\n"
      "from thing t join pg_depend e on e.classid = t.classid and e.objid = t.objid and e.deptype = 'e'\n"
      "left join pg_init_privs i on i.classoid = t.classid and i.objoid = t.objid and i.objsubid = 0\n"
      "where t.acl is distinct from i.initprivs and (t.acl is not null)\n"
      "union all\n"
      "select distinct 'privileges on ' || pg_describe_object(t.classid, t.objid, 0) || ': not its owner, ' ||\n"
      "  pg_get_userbyid(a.grantor) || ' gave ' || lower(a.privilege_type) || ' to ' ||\n"
      "  case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end || '; a spec gives it as the owner'\n"
      "from thing t left join pg_class c on t.classid = 'pg_class'::regclass and c.oid = t.objid, aclexplode(t.acl) a\n"
      "where t.acl is not null and a.grantor <> coalesce(t.owner, c.relowner)\n"
      "  and not exists (select from pg_init_privs i where i.classoid = t.classid and i.objoid = t.objid)\n"
      "order by 1;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) reading.items.not_carried.push_back(rows->text(i, 0));
  return {};
}

}  // namespace

Done read_rights(Reading& reading) {
  if (auto done = read_owners(reading); !done) return done;
  if (auto done = read_grants(reading); !done) return done;
  return read_lost_rights(reading);
}

Done read_comments(Reading& reading) {
  const auto rows = reading.session.exec(
      "select d.classoid, d.objoid, d.objsubid, d.description, a.attname, c.relkind, c.oid::regclass\n"
      "from pg_description d left join pg_attribute a on d.classoid = 'pg_class'::regclass and d.objsubid > 0\n"
      "  and a.attrelid = d.objoid and a.attnum = d.objsubid\n"
      "left join pg_class c on d.classoid = 'pg_class'::regclass and c.oid = d.objoid\n"
      "where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass\n"
      "order by d.classoid, d.objoid, d.objsubid;");
  if (!rows) return unexpected(rows.error());
  // An extension brings its comment along.
  const auto brought = reading.session.exec(
      "select e.oid from pg_extension e join pg_description d on d.classoid = 'pg_extension'::regclass and d.objoid = "
      "e.oid\n"
      "join pg_available_extensions a on a.name = e.extname and a.comment = d.description;");
  if (!brought) return unexpected(brought.error());
  std::map<std::string, bool> usual;
  for (std::size_t i = 0; i < brought->rows.size(); ++i) usual[brought->text(i, 0)] = true;
  bool public_commented = false;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t target = reading.items.find({static_cast<std::uint32_t>(std::stoul(rows->text(i, 0))),
                                                   static_cast<std::uint32_t>(std::stoul(rows->text(i, 1)))});
    if (target == no_object) continue;
    const std::string words = literal(rows->text(i, 3));
    Item item = about(reading, target, "comment", Part::comment);
    item.words = words;
    const Item& object = reading.items.all[target];
    if (object.kind == "extension" && usual.contains(rows->text(i, 1))) continue;
    if (object.kind == "schema" && object.name == "public") {
      public_commented = true;
      if (rows->text(i, 3) == "standard public schema") continue;
    }
    const std::string& column = rows->text(i, 4);
    std::string on = object.sql_target;
    item.text = item.in_block ? "comment " + words : "comment on " + object.target + ' ' + words;
    if (!column.empty()) {
      on = "column " + rows->text(i, 6) + '.' + quoted(column);
      item.name = on;
      item.in_block = false;
      item.text = "comment on " + on + ' ' + words;
      if (is_partition(object)) {
        item.text.clear();
        item.reason = "a comment on a column of one partition";
      } else if (object.kind == "table" || object.kind == "foreign table") {
        item.column = column;
        item.beside = "comment " + words;
      }
    } else if (rows->text(i, 0) == std::to_string(catalog_oid("pg_type")) && has_block(object)) {
      on = "type " + quoted(object.schema, object.name);
      item.name = on;
      item.text.clear();
      item.in_block = false;
      item.reason = "the type of a table's rows is none of its own in a spec";
    } else if ((rows->text(i, 5) == "i" || rows->text(i, 5) == "I") && object.kind != "index") {
      on = "index " + rows->text(i, 6);
      item.name = on;
      item.text.clear();
      item.reason = "the index of a constraint is none of its own in a spec";
    } else if (rows->text(i, 5) == "S" && object.kind == "table") {
      on = "sequence " + rows->text(i, 6);
      item.name = on;
      item.text.clear();
      item.in_block = false;
      item.reason = "the sequence of an identity column is none of its own in a spec";
    }
    if (object.target.empty()) item.text.clear();
    if (object.target.empty() && object.with_parent) item.reason = "a spec does not name the index of a partition";
    item.up = "comment on " + on + " is " + words;
    item.down = "comment on " + on + " is null";
    reading.items.add(std::move(item));
  }
  const std::size_t public_schema = reading.items.find({catalog_oid("pg_namespace"), 2200});
  if (public_schema != no_object && !public_commented) {
    Item item = about(reading, public_schema, "comment", Part::comment);
    item.in_block = false;
    item.reason = "a spec cannot take a comment away that it did not give";
    item.up = "comment on schema public is null";
    item.down = "comment on schema public is 'standard public schema'";
    reading.items.add(std::move(item));
  }
  return {};
}

}  // namespace godwit::inspecting
