// SPDX-License-Identifier: Apache-2.0
// Sequences, domains, triggers, policies, publications, statistics and storage parameters.
#include "compiler/sql/statements.h"

#include "base/identifier.h"
#include "compiler/sql/definition.h"
#include "compiler/sql/types.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace godwit::sql {

namespace {

// The parse tree leaves out numbers below 1, so they are read from the text: `start [with] -3`.
std::optional<long long> number_after(const TokenList& tokens, std::size_t token) {
  ++token;
  if (tokens.is(token, "with") || tokens.is(token, "by")) ++token;
  const bool negative = tokens.spelling(token) == "-";
  if (negative || tokens.spelling(token) == "+") ++token;
  const std::string digits = (negative ? "-" : "") + std::string(tokens.spelling(token));
  long long value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// Nothing where PUBLIC is among them, but for `everybody` that stands for it.
std::vector<std::string> role_names(const Json& roles, const char* everybody = nullptr) {
  std::vector<std::string> names;
  for (const Json& node : roles) {
    const Json& role = body_of(node);
    const std::string type = text_of(role, "roletype");
    if (type == "ROLESPEC_CSTRING") names.push_back(text_of(role, "rolename"));
    if (type == "ROLESPEC_CURRENT_USER") names.emplace_back("current_user");
    if (type == "ROLESPEC_CURRENT_ROLE") names.emplace_back("current_role");
    if (type == "ROLESPEC_SESSION_USER") names.emplace_back("session_user");
    if (type != "ROLESPEC_PUBLIC") continue;
    if (everybody == nullptr) return {};
    names.emplace_back(everybody);
  }
  return names;
}

}  // namespace

Result<SequenceText, SyntaxError> parse_sequence(std::string_view text) {
  auto definition = parse_definition("create sequence s ", text, "", "CreateSeqStmt");
  if (!definition.has_value()) return unexpected(std::move(definition.error()));
  const TokenList& tokens = (*definition)->tokens;
  SequenceText sequence;
  std::set<std::string> given;
  for (const Json& node : field((*definition)->body(), "options")) {
    const Json& option = body_of(node);
    const std::string name = text_of(option, "defname");
    const Json& argument = field(option, "arg");
    const std::size_t token = tokens.at(location_of(option));
    if (!given.insert(name).second) {
      return unexpected(SyntaxError{"conflicting or redundant options", tokens[token].begin - (*definition)->prefix});
    }
    if (name == "as") {
      sequence.options.type = with_modifiers(option_value(argument), {});
    } else if (name == "cycle") {
      sequence.options.cycle = flag(body_of(argument), "boolval");
    } else if (name == "owned_by") {
      sequence.owned_by = string_values(field(body_of(argument), "items"));
      if (sequence.owned_by.size() == 1) sequence.owned_by.clear();  // none
    } else if (!argument.is_null()) {
      const auto value = number_after(tokens, token);
      if (!value)
        return unexpected(SyntaxError{"a 64-bit integer is expected", tokens[token].begin - (*definition)->prefix});
      if (name == "start") sequence.options.start = value;
      if (name == "increment") sequence.options.increment = value;
      if (name == "minvalue") sequence.options.minimum = value;
      if (name == "maxvalue") sequence.options.maximum = value;
      if (name == "cache") sequence.options.cache = value;
    }
  }
  return sequence;
}

Result<DomainText, SyntaxError> parse_domain(std::string_view text) {
  auto parsed = parse_definition("create domain d ", text, "", "CreateDomainStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const TokenList& tokens = definition.tokens;
  const Json& body = definition.body();
  DomainText domain;

  std::vector<std::size_t> starts;  // tokens where the clauses behind the type begin
  const Json& collation = field(body, "collClause");
  if (collation.is_object()) {
    const auto names = string_values(field(collation, "collname"));
    for (const std::string& name : names)
      domain.collation += (domain.collation.empty() ? "" : ".") + godwit::quoted(name);
    starts.push_back(tokens.at(location_of(collation)));
  }
  for (const Json& node : field(body, "constraints")) starts.push_back(tokens.at(location_of(body_of(node))));
  std::sort(starts.begin(), starts.end());
  const auto end_of = [&](std::size_t token) {
    const auto next = std::upper_bound(starts.begin(), starts.end(), token);
    return next == starts.end() ? tokens.size() : *next;
  };
  const std::size_t type = tokens.at(location_of(field(body, "typeName")));
  domain.type = definition.part(type, end_of(type));

  for (const Json& node : field(body, "constraints")) {
    const Json& constraint = body_of(node);
    const std::string kind = text_of(constraint, "contype");
    const std::size_t start = tokens.at(location_of(constraint));
    if (kind == "CONSTR_NOTNULL") domain.not_null = true;
    if (kind == "CONSTR_DEFAULT") {
      domain.default_value = definition.part(definition.find("default", start) + 1, end_of(start));
    }
    if (kind == "CONSTR_CHECK") {
      const std::size_t open = definition.find("(", definition.find("check", start));
      domain.checks.push_back(
          {text_of(constraint, "conname"), definition.inside(open), flag(constraint, "skip_validation")});
    }
    const bool is_known =
        kind == "CONSTR_NOTNULL" || kind == "CONSTR_NULL" || kind == "CONSTR_DEFAULT" || kind == "CONSTR_CHECK";
    if (!is_known)
      return unexpected(SyntaxError{"a domain takes no constraint but `not null` and `check`",
                                    definition.part(start, start + 1).begin});
  }
  return domain;
}

std::optional<std::size_t> missing_function_word(std::string_view rest) {
  auto scanned = tokens(std::string(rest));
  if (!scanned) return std::nullopt;
  const TokenList list(rest, std::move(*scanned));
  for (std::size_t i = list.size(); i-- > 1;) {
    if (!list.is(i - 1, "execute") || !list.is_name(i)) continue;
    if (list.is(i, "function") || list.is(i, "procedure")) return std::nullopt;
    return list[i].begin;
  }
  return std::nullopt;
}

Result<TriggerText, SyntaxError> parse_trigger(std::string_view events, std::string_view rest, bool constraint) {
  std::string text(events);
  constexpr std::string_view between = "\n on t ";
  text.append(between).append(rest);
  auto parsed =
      parse_definition(constraint ? "create constraint trigger t " : "create trigger t ", text, "", "CreateTrigStmt");
  if (!parsed.has_value()) {
    SyntaxError error = std::move(parsed.error());
    if (error.offset > events.size()) error.offset -= std::min(between.size(), error.offset - events.size());
    return unexpected(std::move(error));
  }
  const Definition& definition = **parsed;
  const TokenList& tokens = definition.tokens;
  const Json& body = definition.body();
  const auto in_rest = [&](Part part) {
    part.begin -= events.size() + between.size();
    return part;
  };
  TriggerText trigger;
  const long timing = number_of(body, "timing");
  trigger.timing = timing == 2 ? "before" : timing == 64 ? "instead of" : "after";
  const auto fires = static_cast<unsigned long>(number_of(body, "events"));
  trigger.on_insert = (fires & 4U) != 0;
  trigger.on_delete = (fires & 8U) != 0;
  trigger.on_update = (fires & 16U) != 0;
  trigger.on_truncate = (fires & 32U) != 0;
  trigger.for_each_row = flag(body, "row");
  for (const Json& node : field(body, "transitionRels")) {
    trigger.transition_tables.push_back(text_of(body_of(node), "name"));
  }
  if (body.contains("columns")) {
    for (std::size_t i = definition.find("of", definition.find("update", 0)) + 1; tokens.is_name(i); i += 2) {
      trigger.columns.push_back(definition.part(i, i + 1));
      if (tokens.spelling(i + 1) != ",") break;
    }
  }
  const std::size_t start_of_rest = tokens.at(definition.prefix + events.size() + between.size());
  if (body.contains("whenClause"))
    trigger.when = in_rest(definition.inside(definition.find("when", start_of_rest) + 1));
  trigger.function_path = string_values(field(body, "funcname"));
  const std::size_t execute = definition.find("execute", start_of_rest);
  trigger.function = in_rest(definition.part(execute + 2, definition.find("(", execute)));
  return trigger;
}

Result<EventTriggerText, SyntaxError> parse_event_trigger(std::string_view text) {
  auto parsed = parse_definition("create event trigger e ", text, "", "CreateEventTrigStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const Json& body = definition.body();
  EventTriggerText trigger;
  trigger.event = text_of(body, "eventname");
  for (const Json& node : field(body, "whenclause")) {
    const Json& filter = body_of(node);
    trigger.filters.emplace_back(text_of(filter, "defname"),
                                 string_values(field(body_of(field(filter, "arg")), "items")));
  }
  trigger.function_path = string_values(field(body, "funcname"));
  const std::size_t execute = definition.find("execute", definition.begin());
  trigger.function = definition.part(execute + 2, definition.find("(", execute));
  return trigger;
}

Result<DefaultPrivilegesText, SyntaxError> parse_default_privileges(std::string_view text) {
  auto parsed = parse_definition("alter default privileges ", text, "", "AlterDefaultPrivilegesStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Json& body = (*parsed)->body();
  DefaultPrivilegesText privileges;
  for (const Json& node : field(body, "options")) {
    const Json& option = body_of(node);
    const Json& list = field(body_of(field(option, "arg")), "items");
    if (text_of(option, "defname") == "schemas") privileges.schemas = string_values(list);
    if (text_of(option, "defname") == "roles") privileges.makers = role_names(list);
  }
  const Json& action = field(body, "action");
  privileges.revoke = !flag(action, "is_grant");
  privileges.grant_option = flag(action, "grant_option");
  privileges.roles = role_names(field(action, "grantees"), "public");
  for (const Json& node : field(action, "privileges"))
    privileges.privileges.push_back(text_of(body_of(node), "priv_name"));
  const std::string type = text_of(action, "objtype");
  privileges.objects = type == "OBJECT_TABLE"      ? "tables"
                       : type == "OBJECT_SEQUENCE" ? "sequences"
                       : type == "OBJECT_TYPE"     ? "types"
                       : type == "OBJECT_SCHEMA"   ? "schemas"
                                                   : "functions";
  return privileges;
}

namespace {

/// In the order written, which is that in which PostgreSQL keeps them.
ForeignOptions foreign_options(const Json& options) {
  ForeignOptions pairs;
  for (const Json& node : options)
    pairs.emplace_back(text_of(body_of(node), "defname"), option_value(field(body_of(node), "arg")));
  return pairs;
}

}  // namespace

Result<ForeignServerText, SyntaxError> parse_foreign_server(std::string_view text) {
  auto parsed = parse_definition("create server s ", text, "", "CreateForeignServerStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Json& body = (*parsed)->body();
  return ForeignServerText{text_of(body, "servertype"), text_of(body, "version"), text_of(body, "fdwname"),
                           foreign_options(field(body, "options"))};
}

Result<ForeignDataWrapperText, SyntaxError> parse_foreign_data_wrapper(std::string_view text) {
  auto parsed = parse_definition("create foreign data wrapper w ", text, "", "CreateFdwStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Json& body = (*parsed)->body();
  ForeignDataWrapperText wrapper;
  for (const Json& node : field(body, "func_options")) {
    const Json& option = body_of(node);
    std::vector<std::string> path;
    const Json& names = field(option, "arg");
    if (is(names, "List")) path = string_values(field(body_of(names), "items"));
    (text_of(option, "defname") == "handler" ? wrapper.handler : wrapper.validator) = std::move(path);
  }
  wrapper.options = foreign_options(field(body, "options"));
  return wrapper;
}

Result<ForeignOptions, SyntaxError> parse_foreign_options(std::string_view text) {
  auto parsed = parse_definition("create foreign data wrapper w options (", text, ")", "CreateFdwStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  return foreign_options(field((*parsed)->body(), "options"));
}

Result<PolicyText, SyntaxError> parse_policy(std::string_view text) {
  auto parsed = parse_definition("create policy p on t ", text, "", "CreatePolicyStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const Json& body = definition.body();
  PolicyText policy;
  policy.restrictive = !flag(body, "permissive");
  policy.command = text_of(body, "cmd_name");
  policy.roles = role_names(field(body, "roles"));
  const std::size_t first = definition.begin();
  if (body.contains("qual")) policy.using_expression = definition.inside(definition.find("using", first) + 1);
  if (body.contains("with_check")) {
    std::size_t check = definition.find("check", first);
    while (check < definition.tokens.size() && definition.tokens.spelling(check + 1) != "(") {
      check = definition.find("check", check + 1);
    }
    policy.check_expression = definition.inside(check + 1);
  }
  return policy;
}

Result<PublicationText, SyntaxError> parse_publication(std::string_view text) {
  auto parsed = parse_definition("create publication p ", text, "", "CreatePublicationStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const TokenList& tokens = definition.tokens;
  const Json& body = definition.body();
  PublicationText publication;
  publication.all_tables = flag(body, "for_all_tables");
  publication.options = option_pairs(field(body, "options"));
  for (const Json& node : field(body, "pubobjects")) {
    const Json& object = body_of(node);
    if (text_of(object, "pubobjtype") == "PUBLICATIONOBJ_TABLES_IN_SCHEMA") {
      publication.schemas.push_back(text_of(object, "name"));
      continue;
    }
    const Json& table = field(object, "pubtable");
    const Json& relation = field(table, "relation");
    PublicationText::Table one;
    const std::string schema = text_of(relation, "schemaname");
    if (!schema.empty()) one.path.push_back(schema);
    one.path.push_back(text_of(relation, "relname"));
    const std::size_t token = tokens.at(location_of(relation));
    one.begin = tokens[token].begin - definition.prefix;
    one.columns = string_values(field(table, "columns"));
    if (table.contains("whereClause")) one.where = definition.inside(definition.find("where", token) + 1);
    publication.tables.push_back(std::move(one));
  }
  return publication;
}

Result<StatisticsText, SyntaxError> parse_statistics(std::string_view text) {
  auto parsed = parse_definition("create statistics s ", text, "\n from t", "CreateStatsStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Json& body = (*parsed)->body();
  StatisticsText statistics;
  statistics.kinds = string_values(field(body, "stat_types"));
  for (const Json& node : field(body, "exprs")) {
    const std::string name = text_of(body_of(node), "name");
    if (name.empty()) {
      statistics.expressions = true;
    } else {
      statistics.columns.push_back(name);
    }
  }
  return statistics;
}

Result<std::vector<std::pair<std::string, std::string>>, SyntaxError> parse_parameters(std::string_view text) {
  auto parsed = parse_definition("create table t () with (", text, "\n)", "CreateStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  return option_pairs(field((*parsed)->body(), "options"));
}

}  // namespace godwit::sql
