// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL refuses in an expression although every name is known: operators and casts there are not, conditions
// that are none, literals that cannot be read. A type that is not known is never judged.
#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/sql/access_methods.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/literals.h"
#include "compiler/sql/type_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace godwit::sql {

void Analyzer::problem_at(const Code& code, std::size_t token, std::string message, std::string hint) {
  if (token < tokens_.size())
    problem(code, tokens_[token].begin, tokens_[token].end, std::move(message), std::move(hint));
}

void Analyzer::check_exclusion(const std::string& method, const Json& element,
                               const std::vector<std::string>& operator_path, const std::string& type,
                               std::size_t token) {
  if (world_.has_extensions()) return;
  std::size_t word = 0;
  while (word < tokens_.size() && !tokens_.is(word, method)) ++word;
  const AccessMethod* known = access_method(method);
  if (known == nullptr || !known->excludes) {
    problem_at(codes::bad_option, word,
               known == nullptr ? fmt::format("there is no index method `{}`", method)
                                : fmt::format("{} takes no exclusion constraint", method),
               "`using gist` is the usual one");
    return;
  }
  if (const std::string fault = class_fault(method, string_values(field(element, "opclass")), type, world_);
      !fault.empty()) {
    problem_at(codes::type_mismatch, token, fault,
               method == "gist" ? "extension btree_gist brings classes for plain types" : "");
    return;
  }
  if (operator_path.empty() || (operator_path.size() > 1 && operator_path.front() != "pg_catalog")) return;
  const OperatorFit fit = operator_fits(operator_path.back(), type, type, world_);
  std::size_t at = token;
  while (at < tokens_.size() && tokens_.spelling(at) != operator_path.back()) ++at;
  if (!fit.fits) {
    problem_at(codes::type_mismatch, at,
               fmt::format("there is no operator `{}` for two values of type `{}`", operator_path.back(), type));
  }
}

}  // namespace godwit::sql
