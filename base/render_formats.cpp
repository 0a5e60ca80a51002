// SPDX-License-Identifier: Apache-2.0
#include "base/render_formats.h"

#include "base/percent.h"

#include "base/version.h"

#include <nlohmann/json.hpp>

#include <array>
#include <map>

namespace godwit {

namespace {

using Json = nlohmann::ordered_json;

std::string printed(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'; }

void add_place(Json& json, const Place& place) {
  json["file"] = place.file;
  json["line"] = place.begin.line;
  json["column"] = place.begin.column;
  json["end_line"] = place.end.line;
  json["end_column"] = place.end.column;
}

// The message with everything that explains it but has no field of its own in the format.
std::string full_message(const Diagnostic& diagnostic, const SourceSet& sources, bool placed_notes) {
  std::string text = diagnostic.message;
  for (const Note& note : diagnostic.notes) {
    const auto place = note.span ? place_of(*note.span, sources) : std::nullopt;
    if (place && !placed_notes) continue;
    text += "\nnote: " + note.message;
    if (place) text += " (" + sources.describe(*note.span) + ')';
  }
  if (!diagnostic.hint.empty()) text += "\nhint: " + diagnostic.hint;
  return text;
}

// Percent-encoded as GitHub's workflow commands want it.
std::string command_text(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += is_property ? "%3A" : ":"; break;
      case ',': out += is_property ? "%2C" : ","; break;
      default: out += c;
    }
  }
  return out;
}

// A path as a relative URI reference (RFC 3986).
std::string uri(std::string_view path) { return percent_encoded(path, "-._~/!$&'()*+,;=@"); }

Json sarif_location(const Place& place) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri(place.file)}}},
            {"region",
             {{"startLine", place.begin.line},
              {"startColumn", place.begin.column},
              {"endLine", place.end.line},
              {"endColumn", place.end.column}}}}}};
}

}  // namespace

std::optional<Place> place_of(Span span, const SourceSet& sources) {
  if (span.file >= sources.size()) return std::nullopt;
  const Source& source = sources[span.file];
  return Place{source.name(), source.position(span.begin), source.position(span.end)};
}

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
  }
  return {};
}

std::string render_json(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  Json all = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Json one{{"code", diagnostic.code.id},
             {"severity", severity_name(diagnostic.code.severity)},
             {"title", diagnostic.code.title},
             {"message", diagnostic.message}};
    if (const auto place = place_of(diagnostic.span, sources)) add_place(one, *place);
    one["notes"] = Json::array();
    for (const Note& note : diagnostic.notes) {
      Json& added = one["notes"].emplace_back(Json{{"message", note.message}});
      if (const auto place = note.span ? place_of(*note.span, sources) : std::nullopt) add_place(added, *place);
    }
    if (!diagnostic.hint.empty()) one["hint"] = diagnostic.hint;
    all.push_back(std::move(one));
  }
  return printed(all);
}

std::string render_github(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    out.append("::").append(severity_name(diagnostic.code.severity)).append(" ");
    if (const auto place = place_of(diagnostic.span, sources)) {
      out += "file=" + command_text(place->file, true) + ",line=" + std::to_string(place->begin.line) +
             ",col=" + std::to_string(place->begin.column) + ',';
    }
    out += "title=" + command_text(diagnostic.code.id, true) +
           "::" + command_text(full_message(diagnostic, sources, true), false) + '\n';
  }
  return out;
}

std::string render_sarif(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  std::map<std::string_view, Code> codes;
  for (const Diagnostic& diagnostic : diagnostics) codes.emplace(diagnostic.code.id, diagnostic.code);
  Json rules = Json::array();
  for (const auto& [id, code] : codes) {
    rules.push_back({{"id", id},
                     {"shortDescription", {{"text", code.title}}},
                     {"defaultConfiguration", {{"level", severity_name(code.severity)}}}});
  }
  Json results = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Json result{{"ruleId", diagnostic.code.id},
                {"level", severity_name(diagnostic.code.severity)},
                {"message", {{"text", full_message(diagnostic, sources, false)}}}};
    if (const auto place = place_of(diagnostic.span, sources)) {
      result["locations"] = Json::array({sarif_location(*place)});
    }
    for (const Note& note : diagnostic.notes) {
      const auto place = note.span ? place_of(*note.span, sources) : std::nullopt;
      if (!place) continue;
      Json related = sarif_location(*place);
      related["message"] = {{"text", note.message}};
      result["relatedLocations"].push_back(std::move(related));
    }
    results.push_back(std::move(result));
  }
  return printed(
      {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
       {"version", "2.1.0"},
       {"runs",
        Json::array({{{"tool", {{"driver", {{"name", "godwit"}, {"version", version()}, {"rules", std::move(rules)}}}}},
                      {"columnKind", "unicodeCodePoints"},
                      {"results", std::move(results)}}})}});
}

}  // namespace godwit
