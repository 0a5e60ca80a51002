// SPDX-License-Identifier: Apache-2.0
// godwit explain GW1203: the page about a diagnostic; without a code, the list of all.
#include "cli/closest.h"
#include "cli/commands.h"
#include "cli/pages.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace godwit::cli {
namespace {

std::string_view heading(std::string_view page) {
  const std::string_view line = page.substr(0, page.find('\n'));
  return line.substr(std::min(line.size(), line.find_first_not_of("# ")));
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

Expected<Exit> run_explain(Context& context) {
  if (context.options.id.empty()) {
    nlohmann::ordered_json codes = nlohmann::ordered_json::array();
    for (const Page& page : diagnostic_pages()) {
      context.out.line(std::string(heading(page.text)));
      codes.push_back(page.code);
    }
    context.out.set("codes", codes);
    return Exit::done;
  }
  const std::string code = upper(context.options.id);
  std::vector<std::string> known;
  for (const Page& page : diagnostic_pages()) {
    known.emplace_back(page.code);
    if (page.code != code) continue;
    std::string text(page.text);
    while (text.ends_with("\n")) text.pop_back();
    context.out.line(text);
    context.out.set("code", page.code);
    context.out.set("text", text);
    return Exit::done;
  }
  return fail(Exit::usage, "there is no diagnostic `" + context.options.id + "`",
              did_you_mean(code, known, "`godwit explain` lists all"));
}

}  // namespace godwit::cli
