// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

namespace godwit {

std::string_view version() { return GODWIT_VERSION; }

}  // namespace godwit
