// SPDX-License-Identifier: Apache-2.0
// Data of another place.
#pragma once

#include "base/rare.h"
#include "compiler/model/fragment.h"
#include "compiler/model/key.h"

#include <string>
#include <utility>
#include <vector>

namespace godwit {

/// In the order in which PostgreSQL keeps them, which is that in which they were added.
using ForeignOptions = std::vector<std::pair<std::string, std::string>>;

/// `create foreign data wrapper w handler app.handle validator app.check options (a 'b')`
struct ForeignDataWrapper {
  Interned name;
  std::string handler, validator;                        // their names as SQL takes them, empty: none
  Rare<ObjectKey> handler_function, validator_function;  // the same when they are the catalog's
  ForeignOptions options;
  Origin origin;

  bool operator==(const ForeignDataWrapper&) const = default;
};

/// `create server files type 'local' version '1' foreign data wrapper file_fdw options (host 'a')`
struct ForeignServer {
  Interned name;
  std::string type, version;
  std::string wrapper;             // a wrapper of the specs, an extension's, or made by SQL by hand
  Rare<ObjectKey> wrapper_object;  // the one of the specs, or the extension that has its name
  ForeignOptions options;
  Origin origin;

  bool operator==(const ForeignServer&) const = default;
};

}  // namespace godwit
