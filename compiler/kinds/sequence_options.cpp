// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/sequence_options.h"

namespace godwit::kinds {

std::string sequence_options(const SequenceOptions& options) {
  std::string text;
  const auto add = [&](const std::string& words, const std::optional<long long>& value) {
    if (value) text += (text.empty() ? "" : " ") + words + ' ' + std::to_string(*value);
  };
  add("start with", options.start);
  add("increment by", options.increment);
  add("minvalue", options.minimum);
  add("maxvalue", options.maximum);
  add("cache", options.cache);
  if (options.cycle) text += text.empty() ? "cycle" : " cycle";
  return text;
}

}  // namespace godwit::kinds
