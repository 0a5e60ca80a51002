// SPDX-License-Identifier: Apache-2.0
// The server's words made readable: none of this changes what they mean.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

#include <array>
#include <cctype>

namespace godwit::inspecting {

namespace {

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Behind the quoted name, string or dollar-quoted text at `at`; `at` itself when none begins there.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote == '$' && (at == 0 || !in_word(text[at - 1]))) {
    std::size_t end = at + 1;
    while (end < text.size() && (in_word(text[end]) && text[end] != '$')) ++end;
    if (end >= text.size() || text[end] != '$') return at;
    const std::string_view tag = text.substr(at, end + 1 - at);
    const std::size_t close = text.find(tag, end + 1);
    return close == std::string_view::npos ? text.size() : close + tag.size();
  }
  if (quote != '\'' && quote != '"') return at;
  const bool escapes =
      quote == '\'' && at > 0 && (text[at - 1] == 'E' || text[at - 1] == 'e') && (at == 1 || !in_word(text[at - 2]));
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (escapes && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return text.size();
}

void replace_ending(std::string& type, std::string_view words, std::string_view by) {
  // `timestamp(3) with time zone[]`: the words stand behind the modifier and in front of the brackets.
  const std::size_t at = type.find(words);
  if (at == std::string::npos) return;
  type.erase(at, words.size());
  const std::size_t open = type.find_first_of("([");
  type.insert(open == std::string::npos ? type.size() : open, by);
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = behind_quotes(text, i);
    if (end > i) {
      out.append(text.substr(i, end - i));
      i = end;
      continue;
    }
    // The prefix of a literal (E'…', B'…') may stay as it is: it is no keyword.
    const bool prefix = i + 1 < text.size() && text[i + 1] == '\'' && (i == 0 || !in_word(text[i - 1]));
    out += prefix ? text[i] : static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    ++i;
  }
  return out;
}

std::string compact(std::string_view text) {
  const std::string low = lowered(text);
  std::string out;
  for (std::size_t i = 0; i < low.size();) {
    const std::size_t end = behind_quotes(low, i);
    if (end > i) {
      out.append(low, i, end - i);
      i = end;
      continue;
    }
    const char c = low[i++];
    if (c != ' ' && c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != ' ' && out.back() != '(') {
      out += ' ';
    }
  }
  return out;
}

std::size_t find_outside(std::string_view text, std::string_view words, std::size_t from) {
  int depth = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (depth == 0 && text.substr(i).starts_with(words)) return i;
    const std::size_t end = behind_quotes(text, i);
    if (end > i) {
      i = end - 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')') {
      --depth;
    }
  }
  return std::string_view::npos;
}

std::size_t behind_bracket(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const std::size_t end = behind_quotes(text, i);
    if (end > i) {
      i = end - 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

std::string short_type(std::string_view type) {
  std::string out(type);
  if (out.find('"') != std::string::npos) return out;
  constexpr std::string_view varying = "character varying";
  if (out.starts_with(varying)) return "varchar" + out.substr(varying.size());
  constexpr std::string_view character = "character(";
  if (out.starts_with(character)) return "char(" + out.substr(character.size());
  if (out.starts_with("time")) {
    replace_ending(out, " with time zone", "tz");
    replace_ending(out, " without time zone", "");
  }
  return out;
}

std::string short_default(const std::string& expression, const std::string& plain_type) {
  constexpr std::string_view call = "nextval('", cast = "'::regclass)";
  if (expression.starts_with(call) && expression.ends_with(cast))
    return expression.substr(0, expression.size() - cast.size()) + "')";
  if (expression.empty() || expression.front() != '\'') return expression;
  const std::size_t end = behind_quotes(expression, 0);
  const std::string value = expression.substr(0, end);
  if (expression.compare(end, std::string::npos, "::" + plain_type) == 0) {
    const bool number = value.find_first_not_of("'-0123456789.") == std::string::npos && value.size() > 2;
    const bool numeric = plain_type == "integer" || plain_type == "bigint" || plain_type == "numeric";
    return number && numeric ? value.substr(1, value.size() - 2) : value;
  }
  // What a column of another number type holds: `'-1'::integer` in one of type smallint.
  if (expression.compare(end, std::string::npos, "::integer") == 0) return value.substr(1, value.size() - 2);
  return expression;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \n\t");
  if (first == std::string_view::npos) return {};
  const auto last = text.find_last_not_of(" \n\t;");
  return std::string(text.substr(first, last + 1 - first));
}

std::string not_of_extension(std::string_view catalog, std::string_view oid) {
  return "not exists (select from pg_depend e where e.classid = '" + std::string(catalog) +
         "'::regclass and e.objid = " + std::string(oid) + " and e.deptype = 'e')";
}

std::string foreign_options_sql(const std::string& options) {
  return "(select 'options (' || string_agg(quote_ident(split_part(o, '=', 1)) || ' ' || "
         "quote_literal(substr(o, strpos(o, '=') + 1)), ', ' order by i) || ')' from unnest(" +
         options + ") with ordinality u (o, i))";
}

std::string options_sql(std::string_view options, std::string_view prefix) {
  return "(select string_agg('" + std::string(prefix) +
         "' || split_part(o, '=', 1) || ' = ' || case when substr(o, strpos(o, '=') + 1) ~ '^-?[A-Za-z0-9_.]+$'"
         " then substr(o, strpos(o, '=') + 1) else quote_literal(substr(o, strpos(o, '=') + 1)) end, ', ' order by i)"
         " from unnest(" +
         std::string(options) + ") with ordinality u (o, i))";
}

const char* const set_column_options = "array(select o from unnest(a.attoptions) o where o !~ '^pg_attver=')";

const char* const spaces =
    "space as materialized (select oid, nspname, quote_ident(nspname) || '.' as dotted from pg_namespace\n"
    "  where nspname !~ '^(pg_|godwit_kept(_|$))' and nspname not in ('information_schema', 'godwit'))";

std::uint32_t catalog_oid(std::string_view catalog) {
  // Fixed for all versions (src/include/catalog/*.h, CATALOG(name,oid,…)).
  static constexpr std::array<std::pair<std::string_view, std::uint32_t>, 34> known{{
      {"pg_class", 1259},
      {"pg_type", 1247},
      {"pg_proc", 1255},
      {"pg_namespace", 2615},
      {"pg_constraint", 2606},
      {"pg_attrdef", 2604},
      {"pg_trigger", 2620},
      {"pg_policy", 3256},
      {"pg_rewrite", 2618},
      {"pg_statistic_ext", 3381},
      {"pg_extension", 3079},
      {"pg_publication", 6104},
      {"pg_collation", 3456},
      {"pg_operator", 2617},
      {"pg_opclass", 2616},
      {"pg_opfamily", 2753},
      {"pg_conversion", 2607},
      {"pg_cast", 2605},
      {"pg_ts_config", 3602},
      {"pg_ts_dict", 3600},
      {"pg_ts_parser", 3601},
      {"pg_ts_template", 3764},
      {"pg_event_trigger", 3466},
      {"pg_foreign_server", 1417},
      {"pg_foreign_data_wrapper", 2328},
      {"pg_user_mapping", 1418},
      {"pg_default_acl", 826},
      {"pg_language", 2612},
      {"pg_am", 2601},
      {"pg_transform", 3576},
      {"pg_subscription", 6100},
      {"pg_publication_rel", 6106},
      {"pg_amop", 2602},
      {"pg_amproc", 2603},
  }};
  for (const auto& [name, oid] : known) {
    if (name == catalog) return oid;
  }
  GODWIT_ASSERT(false, "the oid of a catalog is known");
}

Address address(std::string_view catalog, const std::string& oid) {
  return {catalog_oid(catalog), static_cast<std::uint32_t>(std::stoul(oid))};
}

std::size_t Items::add(Item item, Address where) {
  at.emplace(where, all.size());
  return add(std::move(item));
}

std::size_t Items::add(Item item) {
  if (item.sql_target.empty()) item.sql_target = item.target;
  all.push_back(std::move(item));
  return all.size() - 1;
}

std::size_t Items::find(Address where) const {
  const auto found = at.find(where);
  return found == at.end() ? no_object : found->second;
}

}  // namespace godwit::inspecting
