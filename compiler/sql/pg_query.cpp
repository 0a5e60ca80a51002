// SPDX-License-Identifier: Apache-2.0
// libpg_query behind plain values. Its parser and printers recurse over the tree, so texts that could nest deeply run
// on a stack of their own, and a tree that is too deep to walk is refused instead of followed.
#include "compiler/sql/pg_query.h"

#include <nlohmann/json.hpp>

#include <pg_query.h>

#include <pthread.h>
#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>

namespace godwit::sql {

namespace {

// A tree deeper than this is refused. One nested operator takes three levels of JSON.
constexpr std::size_t max_depth = 3000;
// Texts up to this size cannot overflow a default stack.
constexpr std::size_t direct_bytes = 4096;
constexpr std::size_t max_bytes = std::size_t{64} << 20;

// PostgreSQL counts characters from 1; 0 means that it does not know.
std::size_t byte_offset(const std::string& text, int cursor) {
  std::size_t offset = 0;
  for (int character = 1; character < cursor && offset < text.size(); ++character) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) ++offset;
  }
  return offset;
}

SyntaxError error_of(const std::string& text, const PgQueryError& error) {
  return {error.message == nullptr ? std::string("syntax error") : std::string(error.message),
          byte_offset(text, error.cursorpos)};
}

std::optional<SyntaxError> refused(const std::string& text) {
  if (const auto zero = text.find('\0'); zero != std::string::npos) return SyntaxError{"a NUL byte in SQL", zero};
  if (text.size() > max_bytes) return SyntaxError{"SQL text over 64 MiB", 0};
  return std::nullopt;
}

// Runs `work` on a stack that fits what a text of this size can nest. Only touched pages cost memory.
void on_ample_stack(std::size_t text_bytes, const std::function<void()>& work) {
  if (text_bytes <= direct_bytes) {
    work();
    return;
  }
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  const std::size_t stack = std::clamp(text_bytes * 1024, std::size_t{32} << 20, std::size_t{16} << 30);
  pthread_attr_setstacksize(&attributes, stack);
  pthread_t thread{};
  auto run = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  auto* argument = const_cast<std::function<void()>*>(&work);  // NOLINT(cppcoreguidelines-pro-type-const-cast): C API
  if (pthread_create(&thread, &attributes, run, argument) == 0) {
    pthread_join(thread, nullptr);
  } else {
    work();
  }
  pthread_attr_destroy(&attributes);
}

// The depth of a JSON text without building it.
std::size_t json_depth(const char* text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (const char* c = text; *c != '\0'; ++c) {
    if (quoted) {
      if (*c == '\\' && c[1] != '\0') {
        ++c;
      } else if (*c == '"') {
        quoted = false;
      }
    } else if (*c == '"') {
      quoted = true;
    } else if (*c == '{' || *c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (*c == '}' || *c == ']') {
      --depth;
    }
  }
  return deepest;
}

Result<nlohmann::json, SyntaxError> json_of(const char* text) {
  if (json_depth(text) > max_depth)
    return unexpected(
        SyntaxError{"SQL nested too deeply: write it in fewer levels, or put a part of it into a "
                    "function or a view of its own",
                    0});
  auto tree = nlohmann::json::parse(text, nullptr, false);
  if (tree.is_discarded()) return unexpected(SyntaxError{"invalid UTF-8 in SQL", 0});
  return tree;
}

// The fields of a protobuf message that the scanner's result uses: varints and length-delimited ones.
class ProtobufReader {
 public:
  ProtobufReader(const char* data, std::size_t size)
      : data_(reinterpret_cast<const unsigned char*>(data)), end_(data_ + size) {}

  bool done() const { return data_ >= end_; }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; data_ < end_ && shift < 64; shift += 7) {
      const unsigned char byte = *data_++;
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }

  ProtobufReader message() {
    const auto size = std::min<std::uint64_t>(varint(), static_cast<std::uint64_t>(end_ - data_));
    ProtobufReader part(reinterpret_cast<const char*>(data_), static_cast<std::size_t>(size));
    data_ += size;
    return part;
  }

 private:
  const unsigned char* data_;
  const unsigned char* end_;
};

// pg_query.proto, enum Token: identifiers 258-259, numbers 260 and 266, strings 261-264, operators 265-274, comments.
Token::Kind token_kind(std::uint64_t token, std::uint64_t keyword_kind) {
  if (keyword_kind != 0) return Token::Kind::keyword;
  if (token == 258 || token == 259) return Token::Kind::identifier;
  if (token == 260 || token == 266) return Token::Kind::number;
  if (token >= 261 && token <= 264) return Token::Kind::string;
  if (token == 275 || token == 276) return Token::Kind::comment;
  return Token::Kind::symbol;
}

Token token_of(ProtobufReader reader) {
  Token token;
  std::uint64_t number = 0;
  std::uint64_t keyword = 0;
  while (!reader.done()) {
    const auto field = reader.varint();
    const auto value = reader.varint();
    switch (field >> 3U) {
      case 1: token.begin = static_cast<std::uint32_t>(value); break;
      case 2: token.end = static_cast<std::uint32_t>(value); break;
      case 4: number = value; break;
      case 5: keyword = value; break;
      default: break;
    }
  }
  token.kind = token_kind(number, keyword);
  return token;
}

}  // namespace

Result<nlohmann::json, SyntaxError> parse_tree(const std::string& text) {
  if (auto error = refused(text)) return unexpected(*error);
  Result<nlohmann::json, SyntaxError> tree = nlohmann::json();
  on_ample_stack(text.size(), [&] {
    const PgQueryParseResult result = pg_query_parse(text.c_str());
    if (result.error != nullptr) {
      tree = unexpected(error_of(text, *result.error));
    } else {
      tree = json_of(result.parse_tree);
    }
    pg_query_free_parse_result(result);
  });
  return tree;
}

Result<nlohmann::json, SyntaxError> parse_plpgsql(const std::string& text) {
  if (auto error = refused(text)) return unexpected(*error);
  Result<nlohmann::json, SyntaxError> tree = nlohmann::json();
  on_ample_stack(text.size(), [&] {
    const PgQueryPlpgsqlParseResult result = pg_query_parse_plpgsql(text.c_str());
    if (result.error != nullptr) {
      tree = unexpected(error_of(text, *result.error));
    } else {
      tree = json_of(result.plpgsql_funcs);
    }
    pg_query_free_plpgsql_parse_result(result);
  });
  return tree;
}

Result<std::string, SyntaxError> deparsed(const std::string& text) {
  if (auto error = refused(text)) return unexpected(*error);
  Result<std::string, SyntaxError> printed = std::string();
  on_ample_stack(text.size(), [&] {
    const PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(text.c_str());
    if (parsed.error != nullptr) {
      printed = unexpected(error_of(text, *parsed.error));
    } else {
      const PgQueryDeparseResult result = pg_query_deparse_protobuf(parsed.parse_tree);
      if (result.error != nullptr) {
        printed = unexpected(error_of(text, *result.error));
      } else {
        printed = std::string(result.query);
      }
      pg_query_free_deparse_result(result);
    }
    pg_query_free_protobuf_parse_result(parsed);
  });
  return printed;
}

Result<std::vector<Token>, SyntaxError> tokens(const std::string& text) {
  if (auto error = refused(text)) return unexpected(*error);
  const PgQueryScanResult result = pg_query_scan(text.c_str());
  std::vector<Token> found;
  std::optional<SyntaxError> error;
  if (result.error != nullptr) {
    error = error_of(text, *result.error);
  } else {
    ProtobufReader reader(result.pbuf.data, result.pbuf.len);
    while (!reader.done()) {
      const auto field = reader.varint();
      if (field == (2U << 3U | 2U)) {
        found.push_back(token_of(reader.message()));
      } else {
        reader.varint();
      }
    }
  }
  pg_query_free_scan_result(result);
  if (error) return unexpected(*error);
  return found;
}

}  // namespace godwit::sql
