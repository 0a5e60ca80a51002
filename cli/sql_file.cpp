// SPDX-License-Identifier: Apache-2.0
#include "cli/sql_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace godwit::cli {
namespace {

bool begins_copy(std::string_view line) {
  const auto ends_with_word = [&](std::string_view word) {
    return line.size() >= word.size() &&
           std::equal(word.begin(), word.end(), line.end() - static_cast<std::ptrdiff_t>(word.size()),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
  };
  return (line.starts_with("COPY ") || line.starts_with("copy ")) && ends_with_word(" from stdin;");
}

bool is_restriction(std::string_view line) {
  return line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
}

}  // namespace

Expected<std::vector<SqlPiece>> read_sql(const std::string& text, const std::string& shown) {
  std::string sql;  // with a line for each of the file's, so that statements keep their places
  std::size_t number = 0;
  bool in_rows = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool has_end = begins_copy(line) && text.find("\n\\.", end) != std::string::npos;
    if (in_rows || has_end) {
      in_rows = line != "\\.";
    } else if (line.starts_with('\\') && !is_restriction(line)) {
      return fail(Exit::usage, fmt::format("{}:{}: `{}` is a command of psql's, not SQL", shown, number, line),
                  "write the schema as plain SQL, as `pg_dump --schema-only` does");
    } else if (!is_restriction(line)) {
      sql += line;
    }
    sql += '\n';
  }
  return split_sql(sql);
}

}  // namespace godwit::cli
