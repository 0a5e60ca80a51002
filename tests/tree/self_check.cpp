// SPDX-License-Identifier: Apache-2.0
// PEGTL's own analysis finds no rule of the grammar that could loop without consuming.
#include "grammar/parse.h"

#include <cstdio>

int main() {
  const std::size_t problems = godwit::grammar::self_check();
  if (problems != 0) std::fprintf(stderr, "%zu rules of the grammar could loop without consuming\n", problems);
  return problems == 0 ? 0 : 1;
}
