// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL carries from a table down to those that inherit from it. A step that changes a column or check of a
// parent does so for its children's too: what a child has is made before the parent's, so that it is the child's own as
// well, and goes after it.
#pragma once

#include "compiler/kinds/contract.h"
#include "compiler/model/plan.h"

#include <functional>
#include <map>
#include <vector>

namespace godwit::kinds {

class Descent {
 public:
  using Lookup = std::function<ObjectPtr(const ObjectKey&)>;
  /// `before` finds what stood before under its present name, `replaced` tells what is dropped and made again.
  Descent(const Catalog& catalog, Lookup before, std::function<bool(const ObjectKey&)> replaced)
      : catalog_(catalog), before_(std::move(before)), replaced_(std::move(replaced)) {}

  /// Its parent's step sees to it.
  bool covers(const ObjectKey& part) const;

  /// Adds to the step that makes, alters or drops `part` what its inherited copies need.
  void make(Step& step, const ObjectKey& part) const;
  /// Says how many statements let a column and its copies be null, where the step begins with these.
  std::size_t alter(Step& step, const ObjectKey& part, std::map<ObjectKey, ObjectPtr>& befores) const;
  void drop(Step& step, const ObjectKey& part, std::map<ObjectKey, ObjectPtr>& befores) const;
  /// Names the children among what the statements lock.
  void lock(std::vector<Step>& steps) const;

 private:
  enum class What { nothing, made, altered, dropped, replaced };
  What what(const ObjectKey& part) const;
  std::vector<ObjectKey> sources(const ObjectKey& part) const;
  ObjectKey origin(ObjectKey part) const;
  std::vector<ObjectKey> covered_by(const ObjectKey& part) const;
  bool reaches(const ObjectKey& part, const ObjectKey& copy) const;
  bool stands_below(const ObjectKey& child, const ObjectKey& parent) const;

  const Catalog& catalog_;
  Lookup before_;
  std::function<bool(const ObjectKey&)> replaced_;
};

/// `drop` removes a hidden column, wherever its table is by then; what its children have of it goes too.
Statement drop_hidden_with_copies(const Statement& drop, const std::string& migration, const ObjectKey& column,
                                  const std::string& hidden);

}  // namespace godwit::kinds
