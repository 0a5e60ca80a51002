// SPDX-License-Identifier: Apache-2.0
// Specs as tests write them: declared one after the other into one catalog.
#pragma once

#include "compiler/kinds/declaring.h"

#include <memory>
#include <string>
#include <vector>

namespace godwit::tests {

class Specs {
 public:
  /// Declares one more spec; its journal is that of the catalog from then on.
  Specs& then(const std::string& text, int oldest_postgres = 15);

  const Catalog& catalog() const { return catalog_; }

  /// `GW1203 table `x` is not declared`, one a finding, in file order.
  std::vector<std::string> findings() const;
  /// The codes alone.
  std::vector<std::string> codes() const;

  /// The statements that create, drop, and alter (from before the last spec) the object, joined by ";\n".
  std::string created(const ObjectKey& key) const;
  std::string dropped(const ObjectKey& key) const;
  std::string altered(const ObjectKey& key) const;
  /// The way back of `altered`.
  std::string altered_back(const ObjectKey& key) const;

 private:
  SourceSet sources_;
  Diagnostics diagnostics_;
  Catalog catalog_{kinds::facts()};
};

ObjectKey key(Kind kind, const std::string& schema, const std::string& name, const std::string& part = {});

}  // namespace godwit::tests
