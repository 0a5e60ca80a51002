// SPDX-License-Identifier: Apache-2.0
#include "cli/comparison.h"

#include "cli/artifacts.h"
#include "cli/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <system_error>

namespace godwit::cli {
namespace {

using Json = nlohmann::ordered_json;
using Result = ComparedMove::Result;

constexpr const char* words[] = {"pass", "fail", "none"};

Json as_json(const ComparedMove& move) {
  Json remarks = Json::array();
  for (const ComparedMove::Remark& one : move.remarks)
    remarks.push_back({{"behind", one.behind}, {"up_to", one.up_to}, {"detail", one.detail}});
  return {{"migration", move.migration},
          {"applied_at", move.applied_at},
          {"move", move.step},
          {"result", words[static_cast<std::size_t>(move.result)]},
          {"reason", move.reason},
          {"moved", move.moved},
          {"same", move.same},
          {"already_there", move.already_there},
          {"missing", move.missing},
          {"different", move.differs},
          {"changed_since", move.changed},
          {"not_moved", move.others},
          {"source_sum", move.source_sum},
          {"target_sum", move.target_sum},
          {"not_compared", move.left_out},
          {"ranges", move.ranges},
          {"remarks", std::move(remarks)},
          {"behind", move.behind},
          {"done", move.done}};
}

/// What as_json() wrote; an exception where the file is another one.
ComparedMove from_json(const Json& json) {
  ComparedMove move;
  move.migration = json.at("migration");
  move.applied_at = json.at("applied_at");
  move.step = json.at("move");
  const std::string result = json.at("result");
  move.result = result == "fail" ? Result::fail : result == "none" ? Result::none : Result::pass;
  move.reason = json.at("reason");
  move.moved = json.at("moved");
  move.same = json.at("same");
  move.already_there = json.at("already_there");
  move.missing = json.at("missing");
  move.differs = json.at("different");
  move.changed = json.at("changed_since");
  move.others = json.at("not_moved");
  move.source_sum = json.at("source_sum");
  move.target_sum = json.at("target_sum");
  move.left_out = json.at("not_compared");
  move.ranges = json.at("ranges");
  for (const Json& one : json.at("remarks"))
    move.remarks.push_back({one.at("behind"), one.at("up_to"), one.at("detail")});
  move.behind = json.at("behind").get<std::vector<std::string>>();
  move.done = json.at("done");
  return move;
}

Expected<std::vector<ComparedMove>> read_progress(const std::string& file) {
  std::vector<ComparedMove> moves;
  if (file.empty()) return moves;
  const auto text = read_if_present(file, file);
  if (!text) return tl::make_unexpected(text.error());
  if (!text->has_value()) return moves;
  try {
    for (const Json& one : Json::parse(**text)) moves.push_back(from_json(one));
  } catch (const Json::exception&) {
    return fail(Exit::usage, fmt::format("`{}` is not a file that `verify --progress` wrote", file),
                "name another file, or remove this one to begin anew");
  }
  return moves;
}

std::string keys(const std::vector<std::string>& key) { return fmt::format("{}", fmt::join(key, " ")); }

std::string place_of(const ComparedMove::Remark& remark) {
  std::string place;
  if (!remark.behind.empty()) place += " behind key " + keys(remark.behind);
  if (!remark.up_to.empty()) place += " up to key " + keys(remark.up_to);
  return place;
}

std::string summary_of(const ComparedMove& move) {
  if (move.result == Result::none) return "not compared: " + move.reason;
  std::string text = fmt::format("{} moved, {} as the source gives them", counted(move.moved, "row"), move.same);
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0) text += fmt::format(", {} {}", count, what);
  };
  add(move.already_there, "already there");
  add(move.changed, "changed since");
  add(move.missing, "missing");
  add(move.differs, "different");
  add(move.others, "not moved");
  if (!move.left_out.empty()) text += "; not compared: " + move.left_out;
  return text;
}

bool passes(const ComparedMove& move, bool strict) {
  if (move.result == Result::fail) return false;
  return !strict || (move.result == Result::pass && move.changed == 0 && move.others == 0);
}

void print(Output& out, const ComparedMove& move, bool strict) {
  const bool passed = passes(move, strict);
  const std::string verdict = !passed                       ? out.styled("FAIL", Output::red)
                              : move.result == Result::none ? out.styled("NONE", Output::yellow)
                                                            : out.styled("PASS", Output::green);
  out.line(fmt::format("{}  {}: {}", verdict, move.step, summary_of(move)));
  for (const ComparedMove::Remark& remark : move.remarks)
    out.line("      " + (place_of(remark).empty() ? "" : place_of(remark).substr(1) + ": ") + remark.detail);
}

}  // namespace

Expected<bool> compare_moves(Context& context, const std::string& connection, const Compilation& compilation) {
  const Options& options = context.options;
  CompareOptions asked;
  if (!options.id.empty()) asked.id = options.id;
  asked.rows = options.range_rows;
  auto so_far = read_progress(options.progress);
  if (!so_far) return tl::make_unexpected(so_far.error());
  asked.so_far = std::move(*so_far);
  for (const ComparedMove& move : asked.so_far) {
    if (!move.done && !move.behind.empty())
      context.out.remark(fmt::format("{} goes on behind key {}", move.step, keys(move.behind)));
  }
  Expected<void> written;
  asked.observer = [&](const std::vector<ComparedMove>& moves) {
    if (options.verbose && !moves.back().done)
      context.out.remark(fmt::format("{}: {} compared, up to key {}", moves.back().step,
                                     counted(moves.back().moved, "row"), keys(moves.back().behind)));
    if (options.progress.empty() || !written) return;
    Json json = Json::array();
    for (const ComparedMove& move : moves) json.push_back(as_json(move));
    written = write_files({{options.progress, json.dump(2) + '\n'}});
  };
  const auto outcome = compare(connection, runnable(compilation.migrations), asked);
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));
  if (!written) return tl::make_unexpected(written.error());
  const auto& moves = std::get<std::vector<ComparedMove>>(outcome);
  if (!options.progress.empty()) {
    std::error_code gone;
    std::filesystem::remove(options.progress, gone);  // the next run begins anew
  }
  Json json = Json::array();
  bool passed = true;
  for (const ComparedMove& move : moves) {
    json.push_back(as_json(move));
    passed = passed && passes(move, options.strict);
    print(context.out, move, options.strict);
  }
  context.out.set("moves", json);
  if (moves.empty()) context.out.line("no rows were moved, there is nothing to compare");
  return passed;
}

}  // namespace godwit::cli
