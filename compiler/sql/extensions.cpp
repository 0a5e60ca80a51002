// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/extensions.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

namespace godwit::sql {

namespace {

struct Brought {
  std::string_view name;  // `st_*`: all that begin so
  std::string_view extension;
  std::string_view instead = {};  // what PostgreSQL itself has
};

constexpr auto functions = std::to_array<Brought>({
    {"uuid_generate_v1", "uuid-ossp"},
    {"uuid_generate_v1mc", "uuid-ossp"},
    {"uuid_generate_v3", "uuid-ossp"},
    {"uuid_generate_v4", "uuid-ossp", "gen_random_uuid()"},
    {"uuid_generate_v5", "uuid-ossp"},
    {"uuid_nil", "uuid-ossp"},
    {"uuid_ns_*", "uuid-ossp"},
    {"armor", "pgcrypto"},
    {"crypt", "pgcrypto"},
    {"dearmor", "pgcrypto"},
    {"decrypt", "pgcrypto"},
    {"decrypt_iv", "pgcrypto"},
    {"digest", "pgcrypto", "sha256()"},
    {"encrypt", "pgcrypto"},
    {"encrypt_iv", "pgcrypto"},
    {"gen_random_bytes", "pgcrypto"},
    {"gen_salt", "pgcrypto"},
    {"hmac", "pgcrypto"},
    {"pgp_*", "pgcrypto"},
    {"unaccent", "unaccent"},
    {"show_trgm", "pg_trgm"},
    {"similarity", "pg_trgm"},
    {"strict_word_similarity", "pg_trgm"},
    {"word_similarity", "pg_trgm"},
    {"daitch_mokotoff", "fuzzystrmatch"},
    {"difference", "fuzzystrmatch"},
    {"dmetaphone", "fuzzystrmatch"},
    {"levenshtein", "fuzzystrmatch"},
    {"levenshtein_less_equal", "fuzzystrmatch"},
    {"metaphone", "fuzzystrmatch"},
    {"soundex", "fuzzystrmatch"},
    {"connectby", "tablefunc"},
    {"crosstab*", "tablefunc"},
    {"normal_rand", "tablefunc"},
    {"akeys", "hstore"},
    {"avals", "hstore"},
    {"hstore*", "hstore"},
    {"skeys", "hstore"},
    {"svals", "hstore"},
    {"nlevel", "ltree"},
    {"subltree", "ltree"},
    {"subpath", "ltree"},
    {"text2ltree", "ltree"},
    {"dblink*", "dblink"},
    {"earth_*", "earthdistance"},
    {"ll_to_earth", "earthdistance"},
    {"postgres_fdw_*", "postgres_fdw"},
    {"st_*", "postgis"},
    {"cosine_distance", "vector"},
    {"l2_distance", "vector"},
});

constexpr auto types = std::to_array<Brought>({
    {"citext", "citext"},
    {"hstore", "hstore"},
    {"ltree", "ltree"},
    {"lquery", "ltree"},
    {"ltxtquery", "ltree"},
    {"cube", "cube"},
    {"earth", "earthdistance"},
    {"isbn*", "isn"},
    {"issn*", "isn"},
    {"ean13", "isn"},
    {"seg", "seg"},
    {"geography", "postgis"},
    {"geometry", "postgis"},
    {"halfvec", "vector"},
    {"sparsevec", "vector"},
    {"vector", "vector"},
});

bool fits(std::string_view pattern, std::string_view name) {
  if (pattern.back() != '*') return pattern == name;
  pattern.remove_suffix(1);
  return name.starts_with(pattern);
}

std::string hint_among(std::span<const Brought> known, std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const Brought& one) { return fits(one.name, name); });
  if (found == known.end()) return {};
  std::string hint = fmt::format("extension `{0}` brings it: declare `extension {1};`", found->extension,
                                 quoted(std::string(found->extension)));
  if (!found->instead.empty()) hint += fmt::format(", or take PostgreSQL's own `{}`", found->instead);
  return hint;
}

}  // namespace

std::string hint_of_extension_function(std::string_view name) { return hint_among(functions, name); }

std::string hint_of_extension_type(std::string_view name) { return hint_among(types, name); }

}  // namespace godwit::sql
