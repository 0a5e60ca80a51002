// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's protocol as far as something that stands between a client and a server must know it: where a message
// begins and ends. Unix sockets only, blocking.
#pragma once

#include <cstdint>
#include <string>

namespace godwit::test::wire {

/// Connects to the socket that PGHOST and PGPORT name; -1 when nobody answers there.
int connect_to_server();
/// Listens at `<folder>/.s.PGSQL.<port>`; -1 when that cannot be.
int listen_in(const std::string& folder, const std::string& port);

/// The whole text, as far as the other side takes it.
void write_all(int file, const std::string& text);
/// What a client begins with, which has no type byte; empty when the other side is gone.
std::string read_start(int file);
/// One message with its type byte; empty when the other side is gone.
std::string read_message(int file);
/// What the server says until it is ready for the next query.
std::string read_answer(int server);

/// Four bytes in the order of the network.
std::string bytes_of(std::uint32_t value);

}  // namespace godwit::test::wire
