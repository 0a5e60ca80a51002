// SPDX-License-Identifier: Apache-2.0
#include "tests/support/expected_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace godwit::test {
namespace fs = std::filesystem;

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

bool blessing() {
  const char* bless = std::getenv("GODWIT_BLESS");
  if (bless == nullptr || std::string_view(bless).empty() || std::string_view(bless) == "0") return false;
  if (std::getenv("CI") != nullptr) throw std::runtime_error("expected files are not rewritten where CI is set");
  return true;
}

namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// One line of an edit script.
struct Edit {
  char mark;  // ' ', '-' or '+'
  std::string_view line;
};

/// The longest common subsequence between the first and the last difference; everything around it is equal.
std::vector<Edit> edits(const Lines& from, const Lines& to) {
  std::size_t head = 0;
  while (head < from.size() && head < to.size() && from[head] == to[head]) ++head;
  std::size_t tail = 0;
  while (tail < from.size() - head && tail < to.size() - head &&
         from[from.size() - 1 - tail] == to[to.size() - 1 - tail])
    ++tail;
  const std::size_t rows = from.size() - head - tail;
  const std::size_t columns = to.size() - head - tail;
  std::vector<std::vector<std::size_t>> common(rows + 1, std::vector<std::size_t>(columns + 1));
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      common[i][j] =
          from[head + i] == to[head + j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<Edit> script;
  for (std::size_t i = 0; i < head; ++i) script.push_back({' ', from[i]});
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && from[head + i] == to[head + j]) {
      script.push_back({' ', from[head + i++]});
      ++j;
    } else if (j == columns || (i < rows && common[i + 1][j] >= common[i][j + 1])) {
      script.push_back({'-', from[head + i++]});
    } else {
      script.push_back({'+', to[head + j++]});
    }
  }
  for (std::size_t k = from.size() - tail; k < from.size(); ++k) script.push_back({' ', from[k]});
  return script;
}

}  // namespace

std::string unified_diff(std::string_view expected, std::string_view actual, const std::string& name) {
  if (expected == actual) return {};
  constexpr std::size_t around = 3;
  const std::vector<Edit> script = edits(lines_of(expected), lines_of(actual));
  std::string text = "--- expected " + name + "\n+++ actual " + name + '\n';
  std::size_t old_line = 1;
  std::size_t new_line = 1;
  for (std::size_t at = 0; at < script.size();) {
    std::size_t change = at;
    while (change < script.size() && script[change].mark == ' ') ++change;
    if (change == script.size()) break;
    const std::size_t begin = change - std::min(around, change - at);
    std::size_t end = change;
    for (std::size_t quiet = 0; end < script.size() && quiet <= 2 * around; ++end)
      quiet = script[end].mark == ' ' ? quiet + 1 : 0;
    while (end > change && script[end - 1].mark == ' ') --end;
    end = std::min(end + around, script.size());

    old_line += begin - at;
    new_line += begin - at;
    std::size_t removed = 0;
    std::size_t added = 0;
    std::string body;
    for (std::size_t i = begin; i < end; ++i) {
      removed += script[i].mark != '+';
      added += script[i].mark != '-';
      body += script[i].mark;
      body += script[i].line;
      if (!body.ends_with('\n')) body += "\n\\ no line end\n";
    }
    text += "@@ -" + std::to_string(old_line) + ',' + std::to_string(removed) + " +" + std::to_string(new_line) + ',' +
            std::to_string(added) + " @@\n" + body;
    old_line += removed;
    new_line += added;
    at = end;
  }
  return text;
}

std::string mismatch(const fs::path& file, std::string_view actual, const std::string& command) {
  const std::optional<std::string> expected = read_file(file);
  if (expected ? *expected == actual && !actual.empty() : actual.empty()) return {};
  if (blessing()) {
    actual.empty() ? static_cast<void>(fs::remove(file)) : write_file(file, actual);
    return {};
  }
  return unified_diff(expected.value_or(""), actual, fs::relative(file, GODWIT_SOURCE_DIR).string()) +
         "to accept what is there now: " + command + '\n';
}

std::string bless_command(const std::string& test_case, const std::string& section) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  return "GODWIT_BLESS=1 " + program.string() + " '" + test_case + "' -c '" + section + '\'';
}

std::vector<std::string> unknown_entries(const fs::path& folder, const std::vector<std::string>& known) {
  std::vector<std::string> unknown;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (std::find(known.begin(), known.end(), name) == known.end()) unknown.push_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

}  // namespace godwit::test
