// SPDX-License-Identifier: Apache-2.0
// SQL that the user wrote, ready to be emitted: names qualified, and every name it mentions known by place and meaning.
#pragma once

#include "base/source.h"
#include "compiler/model/key.h"

#include <string>
#include <vector>

namespace godwit {

/// One place in a fragment that names an object of the catalog.
struct Reference {
  ObjectKey target;
  std::uint32_t begin = 0;  // bytes of Fragment::text that spell the name: for a column only the column's own token,
  std::uint32_t end = 0;    // for the rest the name with its schema
  std::uint32_t qualifier = 0;  // where the alias or table before a column's token begins; equals `begin` without one

  bool operator==(const Reference&) const = default;
};

/// Where something was declared. Never part of what two objects are compared by.
struct Origin {
  Span span;

  bool operator==(const Origin&) const { return true; }
};

/// What a fragment is in PostgreSQL's grammar; decides how it is parsed and normalised.
enum class Form : std::uint8_t {
  expression,       // select <it>
  query,            // <it>
  index_element,    // create index on t (<it>)
  exclude,          // alter table t add exclude <it>
  trigger_events,   // create trigger t <it> on t execute function f()
  trigger_rest,     // create constraint trigger t after insert on t <it>
  statistics,       // create statistics s <it> from t
  partition_key,    // create table t () partition by <it>
  partition_bound,  // create table p partition of t <it>
  rule,             // create rule r as <it>
  routine,          // create function f<it>
  procedure         // create procedure f<it>
};

/// Equality is that of `normal`: PostgreSQL's parse printed back, so layout and comments do not count.
struct Fragment {
  Form form = Form::expression;
  std::string text;
  std::string normal;
  std::vector<Reference> references;  // by place, only to objects of the catalog (never to built-in ones)

  bool operator==(const Fragment& other) const { return normal == other.normal; }
};

}  // namespace godwit
