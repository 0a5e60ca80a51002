// SPDX-License-Identifier: Apache-2.0
// collation app.german (provider = icu, locale = 'de-DE');
#pragma once

#include "compiler/kinds/contract.h"
#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Collation& x);
void needs(const Collation& x, std::vector<Need>& out);
void rename(Collation& x, const Renames& renames, RenamedBy by);
Statements create(const Collation& x, const Parts& parts);
Statements drop(const Collation& x);
Alteration alter(const Collation& from, const Collation& to);
std::optional<std::string> part(const Collation& x);
std::string verify(const Collation& x);

/// The collation that `text` (`app.german`, `"C"`) names, when it is one of the catalog's: the text gets its schema.
/// With a span, one that is not declared is reported there.
Support collation_named(std::string& text, const Span* span, const Declaring& d);

}  // namespace godwit::kinds
