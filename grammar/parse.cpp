// SPDX-License-Identifier: Apache-2.0
// The only translation unit that instantiates PEGTL: the rules of grammar/rules over a text, writing to a Builder.
#include "grammar/parse.h"

#include "base/identifier.h"
#include "grammar/builder.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze.hpp>

namespace godwit::grammar {
namespace peg = tao::pegtl;
}  // namespace godwit::grammar

// clang-format off
#include "grammar/rules/lexical.hpp"
#include "grammar/rules/object.hpp"
#include "grammar/rules/constraint.hpp"
#include "grammar/rules/column.hpp"
#include "grammar/rules/index.hpp"
#include "grammar/rules/grant.hpp"
#include "grammar/rules/table.hpp"
#include "grammar/rules/foreign_table.hpp"
#include "grammar/rules/header.hpp"
#include "grammar/rules/schema.hpp"
#include "grammar/rules/definition.hpp"
#include "grammar/rules/change.hpp"
#include "grammar/rules/data.hpp"
#include "grammar/rules/move.hpp"
#include "grammar/rules/backfill.hpp"
#include "grammar/rules/extract.hpp"
#include "grammar/rules/rows.hpp"
#include "grammar/rules/check.hpp"
#include "grammar/rules/file.hpp"

// clang-format on

namespace tao::pegtl {

template <typename Name>
struct analyze_traits<Name, godwit::grammar::consuming> : analyze_any_traits<> {};

template <typename Name>
struct analyze_traits<Name, godwit::grammar::nullable> : analyze_opt_traits<> {};

}  // namespace tao::pegtl

namespace godwit::grammar {

namespace {

constexpr std::size_t most_bytes = std::size_t{64} << 20U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

ast::File parse(const SourceSet& sources, std::uint32_t file_number, Diagnostics& diagnostics) {
  const std::string_view text = sources[file_number].text();
  Builder out(text, file_number, diagnostics);
  if (text.size() > most_bytes) {
    diagnostics
        .add(codes::too_large, Span{file_number, 0, 0}, "the file has {} bytes, at most 64 MiB are read", text.size())
        .hint("split it into several migrations; large data belongs into a table that a `move` reads");
    return std::move(out.file);
  }
  if (const std::size_t bad = first_bad_byte(text); bad != std::string_view::npos) {
    const auto at = static_cast<std::uint32_t>(bad);
    const bool is_nul = text[bad] == '\0';
    diagnostics
        .add(codes::invalid_encoding, out.span(at, at + 1), "{}",
             is_nul ? "a NUL byte: the file is no text" : "this byte is not valid UTF-8")
        .hint("{}", is_nul ? "save it as text in UTF-8; `iconv -f UTF-16 -t UTF-8` converts what some editors write"
                           : "save it as UTF-8; `iconv -f LATIN1 -t UTF-8` converts what older programs write");
    return std::move(out.file);
  }
  peg::memory_input<peg::tracking_mode::lazy, peg::eol::lf_crlf, const char*> in(text.data(), text.data() + text.size(),
                                                                                 "");
  if (text.starts_with(byte_order_mark)) {
    in.bump(byte_order_mark.size());
    out.text_begin = byte_order_mark.size();
  }
  try {
    peg::parse<file, on, control>(in, out);
  } catch (const Mistake&) {  // an open comment before the first declaration, reported already
  }
  return std::move(out.file);
}

std::size_t self_check() { return peg::analyze<file>(-1); }

}  // namespace godwit::grammar
