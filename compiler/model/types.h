// SPDX-License-Identifier: Apache-2.0
// Types and collations, and how others name them.
#pragma once

#include "base/rare.h"
#include "compiler/model/fragment.h"
#include "compiler/model/key.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace godwit {

/// `create collation app.german (provider = icu, locale = 'de-DE')`
struct Collation {
  Interned schema, name;
  std::string provider;  // libc, icu, builtin
  std::string locale;    // empty where the two below say it
  std::string lc_collate, lc_ctype;
  std::string rules;  // of icu
  bool deterministic = true;
  Origin origin;

  bool operator==(const Collation&) const = default;
};

/// `create type app.channel as enum ('email', 'phone')`
struct EnumType {
  Interned schema, name;
  std::vector<std::string> values;
  Origin origin;

  bool operator==(const EnumType&) const = default;
};

/// An object that another leans on without spelling it: the key behind a foreign key, the sequence behind a default.
struct Support {
  Rare<ObjectKey> key;

  bool operator==(const Support&) const { return true; }
};

/// A type as written, in PostgreSQL's canonical spelling (`character varying(12)`, `text[]`, `app.channel`).
struct TypeName {
  std::string text;
  Rare<ObjectKey> declared;  // the enum, domain, table or view it names, when it is one of the catalog's

  bool operator==(const TypeName&) const = default;
};

struct DomainCheck {
  std::string name;
  Fragment expression;
  bool not_valid = false;

  bool operator==(const DomainCheck&) const = default;
};

/// `create domain app.email as text check (value ~ '@')`
struct Domain {
  Interned schema, name;
  TypeName type;
  std::string collation;
  Support collation_object;
  std::optional<Fragment> default_value;
  bool not_null = false;
  std::vector<DomainCheck> checks;
  Origin origin;

  bool operator==(const Domain&) const = default;
};

/// `street text collate "C"`
struct Attribute {
  std::string name;
  TypeName type;
  std::string collation;  // as SQL takes it, empty: the type's own
  Support collation_object;

  bool operator==(const Attribute&) const = default;
};

/// `create type app.address as (street text, city text)`
struct CompositeType {
  Interned schema, name;
  std::vector<Attribute> attributes;
  Origin origin;

  bool operator==(const CompositeType&) const = default;
};

/// `create type app.period as range (subtype = timestamptz, subtype_diff = app.seconds_between)`
struct RangeType {
  Interned schema, name;
  TypeName subtype;
  std::string operator_class, collation;  // as SQL takes them, empty: the subtype's own
  Support collation_object;
  std::string difference;               // the function's name as SQL takes it, empty: none
  Rare<ObjectKey> difference_function;  // the same when it is one of the catalog's
  std::string multirange;               // the name of the type made along with it (14+), without its schema
  bool names_multirange = false;        // it is written, and not PostgreSQL's own choice
  Origin origin;

  bool operator==(const RangeType&) const = default;
};

}  // namespace godwit
