// SPDX-License-Identifier: Apache-2.0
// An SQL file such as `pg_dump --schema-only` writes it, as statements for a server.
#pragma once

#include "cli/failure.h"

#include <godwit/compile.h>

#include <string>
#include <vector>

namespace godwit::cli {

/// The statements of `text`. What pg_dump writes for psql alone (`\restrict`, rows behind `copy … from stdin`) is left
/// out; any other of psql's commands is a failure. `shown` is the file's name in messages.
Expected<std::vector<SqlPiece>> read_sql(const std::string& text, const std::string& shown);

}  // namespace godwit::cli
