// SPDX-License-Identifier: Apache-2.0
// A database's schema as text, to compare before and after.
#pragma once

#include <string>

namespace godwit::test {

/// The major version of the server that the variables PGHOST, PGPORT and PGUSER lead to.
int server_major();

/// What pg_dump prints of the schema, godwit's own left out, and without the key that newer ones draw by lot
/// (\restrict). pg_dump reads no server newer than itself: there it is each object in the server's own words, the order
/// of columns and that of privileges. Throws when the database cannot be read.
std::string schema_dump(const std::string& database);

}  // namespace godwit::test
