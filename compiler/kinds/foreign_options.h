// SPDX-License-Identifier: Apache-2.0
// `options (host 'a', "Odd" 'b')`, as foreign data wrappers, servers, tables and their columns have them.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"

#include <string>

namespace godwit::kinds {

/// `options (a '1', b '2')`; nothing without options.
std::string foreign_options(const Options& options);
/// `options (drop c, set b '2', add a '1')`; nothing where they are the same. PostgreSQL keeps options in the order in
/// which they were added, so that those behind a place which changes go and come again.
std::string changed_foreign_options(const Options& from, const Options& to);
/// The options as PostgreSQL stores them: an array of `name=value`.
std::string stored_options(const Options& options);
/// Options in parentheses, in their order; reports what is wrong with them.
Options declared_options(const ast::Sql& text, Declaring& d);
/// Reports an option that stands twice.
void check_options(const Options& options, Span span, Declaring& d);

}  // namespace godwit::kinds
