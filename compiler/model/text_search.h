// SPDX-License-Identifier: Apache-2.0
// How text becomes words that are searched for.
#pragma once

#include "base/rare.h"
#include "compiler/model/fragment.h"
#include "compiler/model/key.h"

#include <string>
#include <utility>
#include <vector>

namespace godwit {

/// `create text search dictionary app.plain (template = pg_catalog.simple, stopwords = 'english')`
struct TextSearchDictionary {
  Interned schema, name;
  std::string from_template;                                 // as SQL takes it
  std::vector<std::pair<std::string, std::string>> options;  // in the order written: PostgreSQL keeps it
  Origin origin;

  bool operator==(const TextSearchDictionary&) const = default;
};

/// A dictionary as a mapping names it.
struct UsedDictionary {
  std::string name;        // as SQL takes it
  Rare<ObjectKey> object;  // the same when it is one of the catalog's

  bool operator==(const UsedDictionary&) const = default;
};

/// `add mapping for word with app.plain, pg_catalog.english_stem`
struct TextSearchMapping {
  std::string token;
  std::vector<UsedDictionary> dictionaries;

  bool operator==(const TextSearchMapping&) const = default;
};

/// `create text search configuration app.english (parser = pg_catalog."default")` and its mappings
struct TextSearchConfiguration {
  Interned schema, name;
  std::string parser;                       // as SQL takes it
  std::vector<TextSearchMapping> mappings;  // by token
  Origin origin;

  bool operator==(const TextSearchConfiguration&) const = default;
};

}  // namespace godwit
