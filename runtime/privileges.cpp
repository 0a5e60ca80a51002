// SPDX-License-Identifier: Apache-2.0
#include "runtime/privileges.h"

#include "base/identifier.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace godwit {

namespace {

/// `permission denied for table people`, taken apart. Nothing in it when the server speaks another language.
struct Refusal {
  bool owner_only = false;
  std::string_view kind, name;
};

Refusal read_refusal(std::string_view message) {
  Refusal refusal;
  constexpr std::string_view denied = "permission denied for ", owned = "must be owner of ";
  if (message.starts_with(owned)) {
    refusal.owner_only = true;
    message.remove_prefix(owned.size());
  } else if (message.starts_with(denied)) {
    message.remove_prefix(denied.size());
  } else {
    return {};
  }
  constexpr std::array<std::string_view, 9> kinds = {"materialized view ", "foreign table ", "table ",    "view ",
                                                     "sequence ",          "index ",         "relation ", "schema ",
                                                     "database "};
  for (const std::string_view kind : kinds) {
    if (!message.starts_with(kind)) continue;
    refusal.kind = kind.substr(0, kind.size() - 1);
    refusal.name = message.substr(kind.size());
    return refusal;
  }
  return refusal;
}

std::string owner_query(const Refusal& refusal) {
  const std::string name = literal(std::string(refusal.name));
  if (refusal.kind == "schema") return "select nspowner from pg_namespace where nspname = " + name;
  if (refusal.kind == "database") return "select datdba from pg_database where datname = " + name;
  return "select relowner from pg_class where relname = " + name;
}

}  // namespace

void name_roles(Session& session, RuntimeError& error) {
  if (error.sqlstate != "42501") return;
  const Refusal refusal = read_refusal(error.server_message);
  // The server names a table without its schema: an owner counts when all tables of that name have the same one.
  const auto asked = session.exec(fmt::format(
      "select current_user, case count(distinct o.oid) when 1 then min(o.rolname) end, bool_or(o.rolsuper)\n"
      "from (select 1) one left join pg_roles o on o.oid in ({});",
      owner_query(refusal)));
  if (!asked || asked->empty()) return;
  const std::string user = quoted(asked->text(0, 0));
  const std::string owner = asked->text(0, 1).empty() ? "" : quoted(asked->text(0, 1));
  const std::string as_owner =
      owner.empty() ? "connect as the owner of what it names" : fmt::format("connect as `{}`, who owns it", owner);
  if (refusal.kind == "schema" && refusal.name == "godwit") {
    error.hint = fmt::format(
        "{}; for `godwit status` it is enough to `grant usage on schema godwit to {}` and "
        "`grant select on godwit.migration to {}`",
        as_owner, user, user);
  } else if (refusal.owner_only) {
    error.hint =
        owner.empty() || asked->is_true(0, 2)
            ? as_owner
            : fmt::format("{}, or make `{}` a member of that role: `grant {} to {}`", as_owner, user, owner, user);
  } else if (refusal.kind == "schema") {
    error.hint = fmt::format("{}, or let `{}` in: `grant usage, create on schema {} to {}`", as_owner, user,
                             quoted(std::string(refusal.name)), user);
  } else if (refusal.kind == "database") {
    error.hint =
        fmt::format("{}, or `grant create on database {} to {}`", as_owner, quoted(std::string(refusal.name)), user);
  } else {
    error.hint = fmt::format("{}, or grant what the statement needs to `{}`", as_owner, user);
  }
}

}  // namespace godwit
