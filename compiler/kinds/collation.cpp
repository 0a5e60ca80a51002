// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/collation.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"
#include "compiler/sql/tree.h"

namespace godwit::kinds {

namespace {

bool is_yes(const std::string& value) { return value == "true" || value == "on" || value == "1"; }

/// As pg_collation.collprovider has it.
std::string provider_letter(const Collation& x) {
  return x.provider == "icu" ? "i" : x.provider == "builtin" ? "b" : "c";
}

void take(const sql::OptionText& option, Collation& x, Span span, Declaring& d) {
  if (option.name == "provider") {
    x.provider = folded(option.plain);
    if (x.provider == "builtin") d.needs_postgres(17, span, "the provider `builtin`", "use `libc` or `icu`");
    if (x.provider != "libc" && x.provider != "icu" && x.provider != "builtin") {
      d.diagnostics.add(codes::bad_option, span, "there is no provider `{}`", x.provider)
          .hint("there are `libc`, `icu` and `builtin`");
    }
  } else if (option.name == "locale") {
    x.locale = option.plain;
  } else if (option.name == "lc_collate") {
    x.lc_collate = option.plain;
  } else if (option.name == "lc_ctype") {
    x.lc_ctype = option.plain;
  } else if (option.name == "rules") {
    x.rules = option.plain;
    d.needs_postgres(16, span, "`rules` of a collation", "");
  } else if (option.name == "deterministic") {
    x.deterministic = is_yes(folded(option.plain));
  } else if (option.name == "from") {
    d.later(span, "a collation made `from` another");
  } else {
    d.diagnostics.add(codes::bad_option, span, "a collation has no option `{}`", option.name)
        .hint("it takes `provider`, `locale`, `lc_collate`, `lc_ctype`, `deterministic` and `rules`");
  }
}

/// What PostgreSQL would refuse of the options together (DefineCollation, collationcmds.c).
void check(const Collation& x, Span span, Declaring& d) {
  const auto refuse = [&](const char* message) { d.diagnostics.add(codes::bad_option, span, "{}", message); };
  const bool pair = !x.lc_collate.empty() || !x.lc_ctype.empty();
  if (!x.locale.empty() && pair) {
    refuse("a collation has a `locale`, or `lc_collate` and `lc_ctype`, not both");
  } else if (x.locale.empty() && x.provider != "libc") {
    d.diagnostics.add(codes::bad_option, span, "a collation of `{}` needs its `locale`", x.provider);
  } else if (x.locale.empty() && (x.lc_collate.empty() || x.lc_ctype.empty())) {
    refuse("a collation needs its `locale`, or both `lc_collate` and `lc_ctype`");
  }
  if (!x.deterministic && x.provider != "icu") refuse("only a collation of `icu` can be not deterministic");
  if (!x.rules.empty() && x.provider != "icu") refuse("only a collation of `icu` has `rules`");
}

}  // namespace

std::optional<ObjectKey> parent(const Collation&) { return std::nullopt; }

void needs(const Collation& x, std::vector<Need>& out) { need(schema_key(x.schema), out); }

void rename(Collation& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
}

Statements create(const Collation& x, const Parts&) {
  const std::string name = "create collation " + quoted(x.schema, x.name);
  std::string sql = name + " (\n    provider = " + x.provider;
  const auto option = [&](const char* what, const std::string& value) {
    if (!value.empty()) sql += std::string(",\n    ") + what + " = " + literal(value);
  };
  option("locale", x.locale);
  option("lc_collate", x.lc_collate);
  option("lc_ctype", x.lc_ctype);
  option("rules", x.rules);
  if (!x.deterministic) sql += ",\n    deterministic = false";
  return {{name, sql + "\n)", {}, Work::instant}};
}

Statements drop(const Collation& x) {
  const std::string sql = "drop collation " + quoted(x.schema, x.name);
  return {{sql, sql, {}, Work::instant}};
}

// PostgreSQL changes nothing of how a collation sorts; `check_stored` refuses it while a column has that order.
Alteration alter(const Collation&, const Collation&) { return {true, false, {}}; }

std::optional<std::string> part(const Collation&) { return std::nullopt; }

// The locale of icu is left out: it stands in another column from version to version, and newer ones spell it anew.
std::string verify(const Collation& x) {
  const std::string& collate = x.locale.empty() ? x.lc_collate : x.locale;
  const std::string& ctype = x.locale.empty() ? x.lc_ctype : x.locale;
  return "exists (select from pg_catalog.pg_collation c where c.oid = to_regcollation(" +
         literal(quoted(x.schema, x.name)) + ") and c.collprovider = " + literal(provider_letter(x)) +
         (x.provider == "libc" ? " and c.collcollate = " + literal(collate) + " and c.collctype = " + literal(ctype)
                               : "") +
         (x.deterministic ? " and c.collisdeterministic)" : " and not c.collisdeterministic)");
}

Support collation_named(std::string& text, const Span* span, const Declaring& d) {
  if (text.empty()) return {};
  auto scanned = sql::tokens(text);
  if (!scanned.has_value()) return {};
  const sql::TokenList tokens(text, std::move(*scanned));
  if (!tokens.is_name(0)) return {};
  const std::string schema = tokens.size() > 2 ? tokens.name(0) : std::string();
  const std::string name = tokens.name(tokens.size() - 1);
  if (const auto key = d.world.collation(schema, name)) {
    text = quoted(key->schema, key->name);
    return {*key};
  }
  const bool may_be_there = schema.empty() || schema == "pg_catalog" || schema == "information_schema" ||
                            d.world.has_extensions() || d.world.has_unlisted();
  if (span != nullptr && !may_be_there)
    d.diagnostics.add(codes::unknown_object, *span, "collation `{}` is not declared", quoted(schema, name));
  return {};
}

void declare_collation(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name || pass != Pass::types) return;
  const auto options = sql::parse_options("collation c", item.text.text);
  if (!options) {
    d.syntax_error(item.text, options.error().offset, options.error().message);
    return;
  }
  Collation collation;
  collation.schema = d.schema_for_new(*item.name);
  collation.name = item.name->name.text;
  collation.provider = "libc";
  collation.origin.span = item.name->span;
  const std::size_t mistakes = d.diagnostics.error_count();
  for (const sql::OptionText& option : *options) {
    take(option, collation, Declaring::span_in(item.text, option.begin, option.begin + option.name.size()), d);
  }
  if (d.diagnostics.error_count() == mistakes) check(collation, item.name->span, d);
  if (!collation.lc_collate.empty() && collation.lc_collate == collation.lc_ctype) {
    collation.locale = collation.lc_collate;
    collation.lc_collate.clear();
    collation.lc_ctype.clear();
  }
  d.declare(std::move(collation), item.name->span);
}

}  // namespace godwit::kinds
