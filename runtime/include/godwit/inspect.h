// SPDX-License-Identifier: Apache-2.0
// A live database as the text of a baseline spec. Reads the catalog only, changes nothing, and needs no parser: whoever
// has one tries the text and says which objects it refuses; those are then carried as SQL.
#pragma once

#include <godwit/runtime.h>

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace godwit {

struct InspectOptions {
  std::string application_name = "godwit inspect";
};

/// One object that was found.
struct InspectedObject {
  std::string kind, schema, name;  // "composite type", "app", "address"; no schema for some kinds
  std::string title;               // "type app.address"
  std::string reason;              // why a spec cannot say it; empty when it can
};

/// What was found, at one moment.
struct Inspection {
  std::string database;
  int server_version = 0;  // 150004
  std::vector<InspectedObject> objects;
  std::vector<std::string> not_carried;  // what was seen and cannot be written down, with the reason

  struct Details;
  std::shared_ptr<const Details> details;
};

/// Reads all schemas but the system's and godwit's own. What belongs to an extension is left out.
Outcome<Inspection> inspect(const std::string& connection, const InspectOptions& options);

/// The spec as written: right, but not in canonical layout.
struct BaselineSpec {
  std::string name;  // the schema or area it is about; empty for what stands in none, and for a whole database
  std::string text;
  // By line: the objects written there. A line that a column shares with its constraints has its table at the end.
  std::vector<std::vector<std::size_t>> objects;
};
inline constexpr std::size_t no_object = static_cast<std::size_t>(-1);

/// An object that is written as SQL.
struct CarriedObject {
  std::size_t object = no_object;
  std::string reason;  // empty for what only goes with another object
};

struct Baseline {
  std::vector<BaselineSpec> specs;    // one, or one a schema or area, each behind those that it needs
  std::vector<CarriedObject> as_sql;  // in the order in which they are made
  std::string not_split;              // why there is one spec although several were asked for
};

enum class BaselineSplit { none, by_schema, by_area };

/// What trying a baseline found out.
struct Refusals {
  std::map<std::size_t, std::string> items;  // objects that the language does not take, with the reason
  std::set<std::size_t> sql;                 // objects whose SQL the parser does not take: the server may be newer
};

/// Objects that are refused, and all that needs them, are carried as SQL; SQL that is refused is handed to the server
/// as a text that it executes.
Baseline baseline_of(const Inspection& inspection, const Refusals& refusals, BaselineSplit split);

}  // namespace godwit
