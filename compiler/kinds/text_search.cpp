// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/text_search.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/sql/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace godwit::kinds {

namespace {

constexpr std::array templates{"ispell", "simple", "snowball", "synonym", "thesaurus"};
/// The languages of PostgreSQL's own configurations, each with a dictionary `…_stem` (snowball_create.sql).
struct Language {
  const char* name;
  int since;
};
constexpr std::array languages{
    Language{"arabic", 13},     Language{"armenian", 14},   Language{"basque", 14},     Language{"catalan", 14},
    Language{"danish", 13},     Language{"dutch", 13},      Language{"english", 13},    Language{"estonian", 18},
    Language{"finnish", 13},    Language{"french", 13},     Language{"german", 13},     Language{"greek", 13},
    Language{"hindi", 14},      Language{"hungarian", 13},  Language{"indonesian", 13}, Language{"irish", 13},
    Language{"italian", 13},    Language{"lithuanian", 13}, Language{"nepali", 13},     Language{"norwegian", 13},
    Language{"portuguese", 13}, Language{"romanian", 13},   Language{"russian", 13},    Language{"serbian", 14},
    Language{"spanish", 13},    Language{"swedish", 13},    Language{"tamil", 13},      Language{"turkish", 13},
    Language{"yiddish", 14}};
/// What the parser `default` finds (wparser_def.c), without blanks and tags that its own configurations leave out.
constexpr std::array ascii_words{"asciihword", "asciiword", "hword_asciipart"};
constexpr std::array words{"hword", "hword_part", "word"};
constexpr std::array others{"email",   "file",   "float", "host", "hword_numpart", "int",    "numhword",
                            "numword", "sfloat", "uint",  "url",  "url_path",      "version"};
constexpr std::array left_out{"blank", "entity", "protocol", "tag"};

template <typename List>
bool holds(const List& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

const Language* language(const std::string& name) {
  const auto found =
      std::find_if(languages.begin(), languages.end(), [&](const Language& each) { return name == each.name; });
  return found == languages.end() ? nullptr : found;
}

std::string text_of(const std::vector<std::string>& path) {
  return path.size() > 1 ? quoted(path[path.size() - 2], path.back()) : quoted(path.back());
}

bool may_be_builtin(const std::vector<std::string>& path) { return path.size() == 1 || path.front() == "pg_catalog"; }

/// One of the catalog's own: in the schema that is written, or in the first of the search path that has it.
std::optional<ObjectKey> declared(Kind kind, const std::vector<std::string>& path, const Declaring& d) {
  const std::vector<std::string> schemas =
      path.size() > 1 ? std::vector<std::string>{path[path.size() - 2]} : d.search_path;
  for (const std::string& schema : schemas) {
    const ObjectKey key{kind, schema, path.back(), {}, Kind::schema, {}};
    if (d.catalog.find(key) != nullptr) return key;
  }
  return std::nullopt;
}

/// Something that the specs do not list may be an extension's, or made by SQL by hand.
bool may_be_there(const Declaring& d) { return d.world.has_extensions() || d.world.has_unlisted(); }

void unknown(const char* what, const std::vector<std::string>& path, Span span, Declaring& d) {
  if (may_be_there(d)) return;
  d.diagnostics.add(codes::unknown_object, span, "text search {} `{}` is not declared", what, text_of(path));
}

UsedDictionary dictionary_named(const std::vector<std::string>& path, Span span, Declaring& d) {
  if (const auto key = declared(Kind::text_search_dictionary, path, d)) return {quoted(key->schema, key->name), *key};
  const std::string& name = path.back();
  const std::size_t stem = name.rfind("_stem");
  const Language* of = stem == std::string::npos ? nullptr : language(name.substr(0, stem));
  if (may_be_builtin(path) && (name == "simple" || of != nullptr)) {
    if (of != nullptr) d.needs_postgres(of->since, span, "the dictionary `" + name + "`", "");
    return {"pg_catalog." + name, {}};
  }
  unknown("dictionary", path, span, d);
  return {text_of(path), {}};
}

UsedDictionary builtin(const std::string& name) { return {"pg_catalog." + name, {}}; }

using Mappings = std::map<std::string, std::vector<UsedDictionary>>;

/// The mappings of one of PostgreSQL's own configurations.
Mappings mappings_of(const std::string& configuration) {
  const bool simple = configuration == "simple";
  const std::string stem = simple ? "simple" : configuration + "_stem";
  const bool other_letters = configuration == "russian" || configuration == "hindi";
  Mappings mappings;
  for (const char* token : words) mappings[token] = {builtin(stem)};
  for (const char* token : ascii_words) mappings[token] = {builtin(other_letters ? "english_stem" : stem)};
  for (const char* token : others) mappings[token] = {builtin("simple")};
  return mappings;
}

std::vector<TextSearchMapping> listed(const Mappings& mappings) {
  std::vector<TextSearchMapping> all;
  for (const auto& [token, dictionaries] : mappings) all.push_back({token, dictionaries});
  return all;
}

Mappings by_token(const std::vector<TextSearchMapping>& list) {
  Mappings mappings;
  for (const TextSearchMapping& mapping : list) mappings[mapping.token] = mapping.dictionaries;
  return mappings;
}

std::string names_of(const std::vector<UsedDictionary>& dictionaries) {
  std::string names;
  for (const UsedDictionary& each : dictionaries) names += (names.empty() ? "" : ", ") + each.name;
  return names;
}

std::string name_of(const TextSearchConfiguration& x) {
  return "text search configuration " + quoted(x.schema, x.name);
}

std::string name_of(const TextSearchDictionary& x) { return "text search dictionary " + quoted(x.schema, x.name); }

/// `add mapping for a, b with d`: one statement for all tokens that go the same way.
void map(const TextSearchConfiguration& x, const char* verb, const Mappings& mappings, Statements& out) {
  std::map<std::string, std::vector<std::string>> tokens;
  for (const auto& [token, dictionaries] : mappings) tokens[names_of(dictionaries)].push_back(quoted(token));
  for (const auto& [dictionaries, of] : tokens) {
    out.push_back(
        {"change mappings of " + name_of(x),
         fmt::format("alter {}\n    {} mapping for {}\n    with {}", name_of(x), verb, joined(of, ", "), dictionaries),
         {},
         Work::instant});
  }
}

std::string option(const std::pair<std::string, std::string>& one) {
  return quoted(one.first) + " = " + literal(one.second);
}

Statement simple_statement(const std::string& sql) { return {sql, sql, {}, Work::instant}; }

// ---- declaring ----

std::string schema_of(const std::vector<std::string>& path, Span span, Declaring& d) {
  ast::QualifiedName name;
  if (path.size() > 1) name.schema = ast::Name{path[path.size() - 2], span};
  return d.schema_for_new(name);
}

void declare_dictionary(const sql::TextSearchText& text, const ast::Sql& sql, Span span, Declaring& d) {
  TextSearchDictionary dictionary;
  dictionary.schema = schema_of(text.path, span, d);
  dictionary.name = text.path.back();
  dictionary.origin.span = span;
  if (!text.mappings.empty()) {
    d.diagnostics.add(codes::bad_option,
                      Declaring::span_in(sql, text.mappings.front().begin, text.mappings.front().end),
                      "a dictionary has no mappings: a configuration has");
  }
  for (const sql::OptionText& each : text.options) {
    const Span place = Declaring::span_in(sql, each.begin, each.begin + each.name.size());
    if (each.name != "template") {
      const auto same = [&](const auto& other) { return other.first == each.name; };
      if (std::any_of(dictionary.options.begin(), dictionary.options.end(), same))
        d.diagnostics.add(codes::duplicate_name, place, "option `{}` stands twice", each.name);
      dictionary.options.emplace_back(each.name, each.plain);
      continue;
    }
    if (each.path.empty()) continue;
    const bool own = may_be_builtin(each.path) && holds(templates, each.path.back());
    if (!own) unknown("template", each.path, place, d);
    dictionary.from_template = own ? "pg_catalog." + each.path.back() : text_of(each.path);
  }
  if (dictionary.from_template.empty()) {
    d.diagnostics.add(codes::bad_option, span, "a dictionary needs its `template`")
        .hint("PostgreSQL has {}", joined(std::vector<std::string>(templates.begin(), templates.end()), ", "));
  }
  d.declare(std::move(dictionary), span);
}

/// The mappings that `copy` brings along, with the parser.
void copy_from(const std::vector<std::string>& path, Span span, TextSearchConfiguration& to, Declaring& d) {
  to.parser = "pg_catalog.\"default\"";
  if (const auto key = declared(Kind::text_search_configuration, path, d)) {
    const auto& from = *d.catalog.get<TextSearchConfiguration>(*key);
    to.parser = from.parser;
    to.mappings = from.mappings;
    return;
  }
  const Language* of = language(path.back());
  if (!may_be_builtin(path) || (of == nullptr && path.back() != "simple")) {
    if (may_be_there(d)) {
      d.later(span, "a text search configuration that copies one which the specs do not declare");
    } else {
      unknown("configuration", path, span, d);
    }
    return;
  }
  if (of != nullptr) d.needs_postgres(of->since, span, "the configuration `" + path.back() + "`", "");
  to.mappings = listed(mappings_of(path.back()));
}

void take_mapping(const sql::TextSearchText::Mapping& mapping, Span span, bool default_parser, Mappings& mappings,
                  Mappings& stated, Declaring& d) {
  std::vector<UsedDictionary> dictionaries;
  for (const auto& path : mapping.dictionaries) dictionaries.push_back(dictionary_named(path, span, d));
  for (const std::string& token : mapping.tokens) {
    const bool known =
        holds(ascii_words, token) || holds(words, token) || holds(others, token) || holds(left_out, token);
    if (default_parser && !known)
      d.diagnostics.add(codes::bad_option, span, "the parser `default` has no token type `{}`", token);
    if (!stated.emplace(token, dictionaries).second)
      d.diagnostics.add(codes::duplicate_name, span, "a mapping for `{}` stands twice", token);
    mappings[token] = dictionaries;
  }
}

void declare_configuration(const sql::TextSearchText& text, const ast::Sql& sql, Span span, Declaring& d) {
  TextSearchConfiguration configuration;
  configuration.schema = schema_of(text.path, span, d);
  configuration.name = text.path.back();
  configuration.origin.span = span;
  for (const sql::OptionText& each : text.options) {
    const Span place = Declaring::span_in(sql, each.begin, each.begin + each.name.size());
    if ((each.name != "parser" && each.name != "copy") || each.path.empty()) {
      d.diagnostics.add(codes::bad_option, place, "a configuration takes `parser` or `copy`");
    } else if (!configuration.parser.empty()) {
      d.diagnostics.add(codes::bad_option, place, "a configuration has a `parser` or is a `copy`, not both");
    } else if (each.name == "copy") {
      copy_from(each.path, place, configuration, d);
    } else {
      const bool own = may_be_builtin(each.path) && each.path.back() == "default";
      if (!own) unknown("parser", each.path, place, d);
      configuration.parser = own ? "pg_catalog.\"default\"" : text_of(each.path);
    }
  }
  if (configuration.parser.empty())
    d.diagnostics.add(codes::bad_option, span, "a configuration needs its `parser`, or another one to `copy`");
  Mappings mappings = by_token(configuration.mappings), stated;
  for (const sql::TextSearchText::Mapping& mapping : text.mappings) {
    take_mapping(mapping, Declaring::span_in(sql, mapping.begin, mapping.end),
                 configuration.parser == "pg_catalog.\"default\"", mappings, stated, d);
  }
  configuration.mappings = listed(mappings);
  d.declare(std::move(configuration), span);
}

}  // namespace

// ---- dictionaries ----

std::optional<ObjectKey> parent(const TextSearchDictionary&) { return std::nullopt; }

void needs(const TextSearchDictionary& x, std::vector<Need>& out) { need(schema_key(x.schema), out); }

void rename(TextSearchDictionary&, const Renames&, RenamedBy) {}

Statements create(const TextSearchDictionary& x, const Parts&) {
  std::string sql = "create " + name_of(x) + " (\n    template = " + x.from_template;
  for (const auto& one : x.options) sql += ",\n    " + option(one);
  return {{"create " + name_of(x), sql + "\n)", {}, Work::instant}};
}

Statements drop(const TextSearchDictionary& x) { return {simple_statement("drop " + name_of(x))}; }

// PostgreSQL puts what is set last: all are set again, in their order.
Alteration alter(const TextSearchDictionary& from, const TextSearchDictionary& to) {
  if (from.from_template != to.from_template) return {true, false, {}};
  std::vector<std::string> options;
  for (const auto& one : from.options) {
    const auto same = [&](const auto& other) { return other.first == one.first; };
    if (std::none_of(to.options.begin(), to.options.end(), same)) options.push_back(quoted(one.first));
  }
  for (const auto& one : to.options) options.push_back(option(one));
  return {false,
          false,
          {{"change options of " + name_of(to),
            "alter " + name_of(to) + " (\n    " + joined(options, ",\n    ") + "\n)",
            {},
            Work::instant}}};
}

std::optional<std::string> part(const TextSearchDictionary&) { return std::nullopt; }

std::string verify(const TextSearchDictionary& x) {
  const std::size_t dot = x.from_template.rfind('.');
  const std::string from = dot == std::string::npos ? "quote_ident(t.tmplname)"
                                                    : "t.tmplnamespace::regnamespace || '.' || quote_ident(t.tmplname)";
  std::string options;
  for (const auto& one : x.options) options += (options.empty() ? "" : ", ") + option(one);
  return "exists (select from pg_catalog.pg_ts_dict d join pg_catalog.pg_ts_template t on t.oid = d.dicttemplate"
         " where d.oid = " +
         address_of(key(x)).oid + " and " + from + " = " + literal(x.from_template) +
         " and coalesce(d.dictinitoption, '') = " + literal(options) + ")";
}

// ---- configurations ----

std::optional<ObjectKey> parent(const TextSearchConfiguration&) { return std::nullopt; }

void needs(const TextSearchConfiguration& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  for (const TextSearchMapping& mapping : x.mappings) {
    for (const UsedDictionary& each : mapping.dictionaries) {
      if (each.object) need(*each.object, out);
    }
  }
}

void rename(TextSearchConfiguration&, const Renames&, RenamedBy) {}

Statements create(const TextSearchConfiguration& x, const Parts&) {
  Statements out{{"create " + name_of(x), "create " + name_of(x) + " (parser = " + x.parser + ")", {}, Work::instant}};
  map(x, "add", by_token(x.mappings), out);
  return out;
}

Statements drop(const TextSearchConfiguration& x) { return {simple_statement("drop " + name_of(x))}; }

// An index of the words that were found before is not built anew, by PostgreSQL neither.
Alteration alter(const TextSearchConfiguration& from, const TextSearchConfiguration& to) {
  if (from.parser != to.parser) return {true, false, {}};
  const Mappings before = by_token(from.mappings), after = by_token(to.mappings);
  Mappings added, changed;
  std::vector<std::string> gone;
  for (const auto& [token, dictionaries] : before) {
    if (!after.contains(token)) gone.push_back(quoted(token));
  }
  for (const auto& [token, dictionaries] : after) {
    const auto was = before.find(token);
    if (was == before.end()) added[token] = dictionaries;
    if (was != before.end() && was->second != dictionaries) changed[token] = dictionaries;
  }
  Alteration out;
  if (!gone.empty()) {
    out.statements.push_back({"change mappings of " + name_of(to),
                              "alter " + name_of(to) + "\n    drop mapping for " + joined(gone, ", "),
                              {},
                              Work::instant});
  }
  map(to, "alter", changed, out.statements);
  map(to, "add", added, out.statements);
  return out;
}

std::optional<std::string> part(const TextSearchConfiguration&) { return std::nullopt; }

std::string verify(const TextSearchConfiguration& x) {
  bool qualified = true;  // what an extension has is named as the search path finds it
  std::vector<std::string> mappings;
  for (const TextSearchMapping& mapping : x.mappings) {
    for (const UsedDictionary& each : mapping.dictionaries)
      qualified = qualified && each.name.find('.') != std::string::npos;
    mappings.push_back(mapping.token + ": " + names_of(mapping.dictionaries));
  }
  std::string condition = "exists (select from pg_catalog.pg_ts_config c where c.oid = " + address_of(key(x)).oid;
  if (qualified) {
    condition +=
        " and array(select (t.alias || ': ' || string_agg(d.dictnamespace::regnamespace || '.' || "
        "quote_ident(d.dictname), ', ' order by m.mapseqno)) collate \"C\" from pg_catalog.pg_ts_config_map m"
        " join pg_catalog.pg_ts_dict d on d.oid = m.mapdict"
        " join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype where m.mapcfg = c.oid group by t.alias order "
        "by 1) = " +
        text_array(mappings);
  }
  return condition + ")";
}

void declare_text_search(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass != Pass::types && pass != Pass::relations && pass != Pass::routines) return;
  const auto text = sql::parse_text_search(item.text.text);
  if (!text) {
    if (pass == Pass::types) d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  const Span span = Declaring::span_in(item.text, text->name.begin, text->name.begin + text->path.front().size());
  const bool copies = std::any_of(text->options.begin(), text->options.end(),
                                  [](const sql::OptionText& each) { return each.name == "copy"; });
  if (text->what == "dictionary") {
    if (pass == Pass::types) declare_dictionary(*text, item.text, span, d);
  } else if (text->what == "configuration") {
    // What is copied is known by the pass behind it.
    if (pass == (copies ? Pass::routines : Pass::relations)) declare_configuration(*text, item.text, span, d);
  } else if (pass == Pass::types) {
    d.later(item.span, "a text search " + text->what);
  }
}

}  // namespace godwit::kinds
