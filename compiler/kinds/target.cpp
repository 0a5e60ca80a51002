// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/target.h"

#include "base/identifier.h"

namespace godwit::kinds {

namespace {

std::string relation_oid(const ObjectKey& key) { return "to_regclass(" + literal(quoted(key.schema, key.name)) + ")"; }

/// The oid of a row of `catalog` that a condition picks out.
std::string row_oid(const std::string& catalog, const std::string& condition) {
  return "(select oid from pg_catalog." + catalog + " where " + condition + ")";
}

/// The same for a catalog whose rows have a schema and a name.
std::string named_oid(const std::string& catalog, const std::string& prefix, const ObjectKey& key) {
  return row_oid(catalog, prefix + "namespace = to_regnamespace(" + literal(quoted(key.schema)) + ") and " + prefix +
                              "name = " + literal(key.name));
}

/// to_regprocedure() fails before PostgreSQL 16 when an argument's type is not there; to_regtype() never does.
std::string routine_oid(const ObjectKey& key) {
  if (key.part.str().find('.') == std::string::npos) return "to_regprocedure(" + literal(sql_name(key)) + ")";
  const std::string& arguments = key.part;
  std::string types;
  std::size_t begin = 0;
  bool in_quotes = false;
  for (std::size_t i = 0; i <= arguments.size(); ++i) {
    if (i < arguments.size() && arguments[i] == '"') in_quotes = !in_quotes;
    if (i < arguments.size() && (arguments[i] != ',' || in_quotes)) continue;
    types += (types.empty() ? "to_regtype(" : ", to_regtype(") + literal(arguments.substr(begin, i - begin)) + ")";
    begin = arguments.find_first_not_of(' ', i + 1);
  }
  return row_oid("pg_proc", "pronamespace = to_regnamespace(" + literal(quoted(key.schema)) +
                                ") and proname = " + literal(key.name) +
                                " and array(select unnest(proargtypes)) = array[" + types + "]::oid[]");
}

std::string operator_oid(const ObjectKey& key) {
  const std::string types = key.part;
  const std::size_t comma = types.rfind(", ");
  const std::string left = types.substr(0, comma), right = types.substr(comma + 2);
  return row_oid("pg_operator", "oprnamespace = to_regnamespace(" + literal(quoted(key.schema)) +
                                    ") and oprname = " + literal(key.name) +
                                    " and oprleft = " + (left == "none" ? "0" : "to_regtype(" + literal(left) + ")") +
                                    " and oprright = to_regtype(" + literal(right) + ")");
}

}  // namespace

std::string target_sql(const ObjectKey& target) {
  const std::string name = quoted(target.schema, target.name);
  switch (target.kind) {
    case Kind::schema:
    case Kind::extension:
    case Kind::collation:
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration:
    case Kind::domain:
    case Kind::sequence:
    case Kind::table:
    case Kind::foreign_table:
    case Kind::foreign_data_wrapper:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::index:
    case Kind::statistics:
    case Kind::event_trigger:
    case Kind::publication: return std::string(name_of(target.kind)) + ' ' + name;
    case Kind::foreign_server: return "server " + name;
    case Kind::enum_type:
    case Kind::composite_type:
    case Kind::range_type: return "type " + name;
    case Kind::column: return "column " + name + '.' + quoted(target.part);
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude: return "constraint " + quoted(target.part) + " on " + name;
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule: return std::string(name_of(target.kind)) + ' ' + quoted(target.part) + " on " + name;
    case Kind::operator_:
    case Kind::cast: return std::string(name_of(target.kind)) + ' ' + sql_name(target);
    // `routine` means functions and procedures alike (manual 15, COMMENT); the key does not tell them apart.
    case Kind::function:
    case Kind::aggregate: return "routine " + sql_name(target);
    case Kind::replica_identity:
    case Kind::inheritance: return "table " + name;
    case Kind::publication_table: return "table " + target.part;
    case Kind::default_privileges: return {};
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: return target_sql(target_of(target));
  }
  return {};
}

std::string grant_target_sql(const ObjectKey& target) {
  if (target.kind == Kind::foreign_server) return "foreign " + target_sql(target);
  const bool relation =
      target.kind == Kind::view || target.kind == Kind::materialized_view || target.kind == Kind::foreign_table;
  if (!relation) return target_sql(target);
  return "table " + quoted(target.schema, target.name);
}

std::optional<ObjectKey> locked_relation(const ObjectKey& target) {
  switch (target.kind) {
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::sequence:
    case Kind::index: return target;
    case Kind::column:
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
    case Kind::replica_identity:
    case Kind::inheritance:
    case Kind::trigger:
    case Kind::policy: return table_of(target);
    case Kind::rule: return std::nullopt;  // of a table or view: the key does not tell
    case Kind::schema:
    case Kind::extension:
    case Kind::collation:
    case Kind::foreign_data_wrapper:
    case Kind::foreign_server:
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::function:
    case Kind::aggregate:
    case Kind::operator_:
    case Kind::cast:
    case Kind::statistics:
    case Kind::publication:
    case Kind::publication_table:
    case Kind::default_privileges:
    case Kind::event_trigger:
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: return std::nullopt;
  }
  return std::nullopt;
}

Address address_of(const ObjectKey& target) {
  const std::string name = literal(quoted(target.schema, target.name));
  const std::string part = literal(target.part);
  switch (target.kind) {
    case Kind::schema: return {"pg_namespace", "nsp", "to_regnamespace(" + name + ")"};
    case Kind::extension: return {"pg_extension", "ext", row_oid("pg_extension", "extname = " + literal(target.name))};
    case Kind::collation: return {"pg_collation", "coll", "to_regcollation(" + name + ")"};
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type: return {"pg_type", "typ", "to_regtype(" + name + ")"};
    case Kind::foreign_data_wrapper:
      return {"pg_foreign_data_wrapper", "fdw",
              row_oid("pg_foreign_data_wrapper", "fdwname = " + literal(target.name))};
    case Kind::foreign_server:
      return {"pg_foreign_server", "srv", row_oid("pg_foreign_server", "srvname = " + literal(target.name))};
    case Kind::text_search_dictionary: return {"pg_ts_dict", "dict", named_oid("pg_ts_dict", "dict", target)};
    case Kind::text_search_configuration: return {"pg_ts_config", "cfg", named_oid("pg_ts_config", "cfg", target)};
    case Kind::sequence:
    case Kind::table:
    case Kind::column:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::index: return {"pg_class", "rel", relation_oid(target)};
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
      return {"pg_constraint", "con",
              row_oid("pg_constraint", "conrelid = " + relation_oid(target) + " and conname = " + part)};
    case Kind::function:
    case Kind::aggregate: return {"pg_proc", "pro", routine_oid(target)};
    case Kind::statistics:
      return {"pg_statistic_ext", "stx",
              row_oid("pg_statistic_ext", "stxnamespace = to_regnamespace(" + literal(quoted(target.schema)) +
                                              ") and stxname = " + literal(target.name))};
    case Kind::trigger:
      return {"pg_trigger", "tg", row_oid("pg_trigger", "tgrelid = " + relation_oid(target) + " and tgname = " + part)};
    case Kind::policy:
      return {"pg_policy", "pol",
              row_oid("pg_policy", "polrelid = " + relation_oid(target) + " and polname = " + part)};
    case Kind::rule:
      return {"pg_rewrite", "ev",
              row_oid("pg_rewrite", "ev_class = " + relation_oid(target) + " and rulename = " + part)};
    case Kind::operator_: return {"pg_operator", "opr", operator_oid(target)};
    case Kind::cast:
      return {"pg_cast", "cast",
              row_oid("pg_cast", "castsource = to_regtype(" + literal(target.name) + ") and casttarget = to_regtype(" +
                                     part + ")")};
    case Kind::publication:
      return {"pg_publication", "pub", row_oid("pg_publication", "pubname = " + literal(target.name))};
    case Kind::event_trigger:
      return {"pg_event_trigger", "evt", row_oid("pg_event_trigger", "evtname = " + literal(target.name))};
    case Kind::replica_identity:
    case Kind::inheritance:
    case Kind::publication_table:
    case Kind::default_privileges: return {};
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: return address_of(target_of(target));
  }
  return {};
}

}  // namespace godwit::kinds
