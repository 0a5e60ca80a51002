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

/// `create server files type 'local' version '1' foreign data wrapper file_fdw options (host 'a')`
struct ForeignServer {
  Interned name;
  std::string type, version;
  std::string wrapper;                                       // an extension's, or made by SQL by hand
  Rare<ObjectKey> extension;                                 // the one that has the name of the wrapper
  std::vector<std::pair<std::string, std::string>> options;  // sorted by name
  Origin origin;

  bool operator==(const ForeignServer&) const = default;
};

}  // namespace godwit
