// SPDX-License-Identifier: Apache-2.0
#include "base/render.h"

#include "base/render_formats.h"

#include <algorithm>
#include <string_view>

namespace godwit {

namespace {

constexpr std::size_t tab_width = 4;
constexpr std::size_t widest_line = 110;  // columns of source text shown; longer lines are cut around the caret
constexpr std::size_t kept_before_caret = 40;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

struct Colours {
  std::string_view strong, error, warning, frame, note, hint, reset;
};

constexpr Colours plain{};
constexpr Colours ansi{"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1;36m", "\x1b[1;32m", "\x1b[0m"};

// The bytes of the UTF-8 character that starts the text: 1 to 4, or 0 when it is not valid UTF-8.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  if (byte(0) < 0x80U) return 1;
  if (byte(0) >= 0xC2U && byte(0) <= 0xDFU) return follows(1) ? 2 : 0;
  if (byte(0) >= 0xE0U && byte(0) <= 0xEFU) return follows(1) && follows(2) ? 3 : 0;
  if (byte(0) >= 0xF0U && byte(0) <= 0xF4U) return follows(1) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20U || c == '\x7F'; }

// A source line as one string per screen column, with the columns of a range of its bytes.
struct ShownLine {
  std::vector<std::string_view> cells;
  std::size_t caret_begin = 0;
  std::size_t caret_end = 0;
};

ShownLine shown(std::string_view line, std::size_t begin, std::size_t end) {
  ShownLine out;
  std::optional<std::size_t> caret_begin, caret_end;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t bytes = character_bytes(line.substr(at));
    const std::size_t next = at + std::max<std::size_t>(bytes, 1);
    if (!caret_begin && next > begin) caret_begin = out.cells.size();
    if (!caret_end && at >= end) caret_end = out.cells.size();
    if (line[at] == '\t') {
      do out.cells.emplace_back(" ");
      while (out.cells.size() % tab_width != 0);
    } else {
      out.cells.push_back(bytes == 0 || is_control(line[at]) ? replacement : line.substr(at, bytes));
    }
    at = next;
  }
  out.caret_begin = caret_begin.value_or(out.cells.size());
  out.caret_end = std::max(caret_end.value_or(out.cells.size()), out.caret_begin + 1);
  return out;
}

void clip(ShownLine& line) {
  if (line.cells.size() <= widest_line) return;
  std::size_t from = line.caret_begin > kept_before_caret ? line.caret_begin - kept_before_caret : 0;
  if (line.caret_end <= widest_line - 1) from = 0;
  from = std::min(from, line.cells.size() - widest_line);
  const std::size_t to = from + widest_line;
  const bool cut_after = to < line.cells.size();
  line.cells = {line.cells.begin() + static_cast<std::ptrdiff_t>(from),
                line.cells.begin() + static_cast<std::ptrdiff_t>(to)};
  if (from > 0) line.cells.front() = ellipsis;
  if (cut_after) line.cells.back() = ellipsis;
  line.caret_begin -= from;
  line.caret_end = std::max(std::min(line.caret_end - from, widest_line), line.caret_begin + 1);
}

// Messages quote the user's text: what would steer a terminal is shown as U+FFFD.
std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = character_bytes(text.substr(at));
    const bool shown_as_is = bytes > 0 && (!is_control(text[at]) || text[at] == '\n' || text[at] == '\t');
    out += shown_as_is ? text.substr(at, bytes) : replacement;
    at += std::max<std::size_t>(bytes, 1);
  }
  return out;
}

class TextRenderer {
 public:
  TextRenderer(const SourceSet& sources, const Colours& colours) : sources_(sources), colours_(colours) {}

  std::string render(const std::vector<Diagnostic>& diagnostics) {
    for (const Diagnostic& diagnostic : diagnostics) {
      if (!out_.empty()) out_ += '\n';
      add(diagnostic);
    }
    return std::move(out_);
  }

 private:
  void add(const Diagnostic& diagnostic) {
    const bool error = diagnostic.code.severity == Severity::error;
    paint(error ? colours_.error : colours_.warning,
          std::string(severity_name(diagnostic.code.severity)) + '[' + std::string(diagnostic.code.id) + ']');
    paint(colours_.strong, ": " + harmless(diagnostic.message));
    out_ += '\n';
    if (diagnostic.span.file < sources_.size()) add_source(diagnostic.span);
    for (const Note& note : diagnostic.notes) {
      paint(colours_.note, "note");
      out_ += ": " + harmless(note.message) + described(note, diagnostic.span) + '\n';
    }
    if (!diagnostic.hint.empty()) {
      paint(colours_.hint, "hint");
      out_ += ": " + harmless(diagnostic.hint) + '\n';
    }
  }

  void add_source(Span span) {
    const Source& source = sources_[span.file];
    const Position at = source.position(span.begin);
    const std::string number = std::to_string(at.line);
    const std::string margin(number.size() + 1, ' ');
    paint(colours_.frame, margin + "--> ");
    out_ += harmless(source.name()) + ':' + number + ':' + std::to_string(at.column) + '\n';

    const std::string_view text = source.line(at.line);
    const std::size_t line_begin = static_cast<std::size_t>(text.data() - source.text().data());
    const std::size_t begin =
        std::min<std::size_t>(span.begin - std::min<std::size_t>(span.begin, line_begin), text.size());
    const std::size_t end = std::min<std::size_t>(span.end - std::min<std::size_t>(span.end, line_begin), text.size());
    ShownLine line = shown(text, begin, end);
    clip(line);

    paint(colours_.frame, margin + " |");
    out_ += '\n';
    paint(colours_.frame, ' ' + number + " |");
    std::string shown_text;
    for (const std::string_view cell : line.cells) shown_text += cell;
    shown_text.erase(shown_text.find_last_not_of(' ') + 1);
    if (!shown_text.empty()) out_ += ' ' + shown_text;
    out_ += '\n';
    paint(colours_.frame, margin + " |");
    out_ += std::string(line.caret_begin + 1, ' ');
    paint(colours_.error, std::string(line.caret_end - line.caret_begin, '^'));
    out_ += '\n';
  }

  std::string described(const Note& note, Span from) const {
    if (!note.span || note.span->file >= sources_.size()) return {};
    if (note.span->file != from.file) return " (" + harmless(sources_.describe(*note.span)) + ')';
    const Position at = sources_[note.span->file].position(note.span->begin);
    return " (" + std::to_string(at.line) + ':' + std::to_string(at.column) + ')';
  }

  void paint(std::string_view colour, std::string_view text) {
    out_.append(colour).append(text).append(colour.empty() ? std::string_view() : colours_.reset);
  }

  const SourceSet& sources_;
  const Colours& colours_;
  std::string out_;
};

}  // namespace

std::string render(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources, const RenderOptions& options) {
  switch (options.format) {
    case DiagnosticFormat::text: return TextRenderer(sources, options.colour ? ansi : plain).render(diagnostics);
    case DiagnosticFormat::json: return render_json(diagnostics, sources);
    case DiagnosticFormat::github: return render_github(diagnostics, sources);
    case DiagnosticFormat::sarif: return render_sarif(diagnostics, sources);
  }
  return {};
}

}  // namespace godwit
