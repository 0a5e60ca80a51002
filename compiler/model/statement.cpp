// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/statement.h"

namespace godwit {

std::string_view name_of(Lock lock) {
  switch (lock) {
    case Lock::none: return "none";
    case Lock::access_share: return "access share";
    case Lock::row_share: return "row share";
    case Lock::row_exclusive: return "row exclusive";
    case Lock::share_update_exclusive: return "share update exclusive";
    case Lock::share: return "share";
    case Lock::share_row_exclusive: return "share row exclusive";
    case Lock::exclusive: return "exclusive";
    case Lock::access_exclusive: return "access exclusive";
  }
  return {};
}

std::string_view name_of(Work work) {
  switch (work) {
    case Work::instant: return "instant";
    case Work::scan: return "scan";
    case Work::rewrite: return "rewrite";
  }
  return {};
}

}  // namespace godwit
