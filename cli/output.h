// SPDX-License-Identifier: Apache-2.0
// What the program prints. Results go to stdout, remarks, progress and text diagnostics to stderr. With --format json
// stdout holds exactly one object, printed at the end.
#pragma once

#include "cli/failure.h"
#include "cli/options.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace godwit {

struct Compilation;
struct Event;
struct Finding;

namespace cli {

class Output {
 public:
  explicit Output(const Options& options);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();

  /// Opens the file of --events; call before the first event.
  Expected<void> open_events();

  /// A line of the result, printed in text format only.
  void line(const std::string& text);
  /// A part of the result, printed in json format only.
  void set(const std::string& key, const nlohmann::ordered_json& value);
  /// Something worth knowing beside the result; on stderr whatever the format.
  void remark(const std::string& text);

  /// What the compiler found.
  void findings(const Compilation& compilation);
  /// What the program itself found, for example files out of date.
  void finding(const Finding& finding);
  void failure(const Failure& failure);
  /// Already redacted.
  void event(const Event& event);

  /// Prints what was held back until the end.
  void finish(Exit exit);

  /// `text` in bold or in a colour when stdout is a terminal that wants it.
  std::string styled(std::string_view text, const char* style) const;
  static constexpr const char* green = "32";
  static constexpr const char* yellow = "33";
  static constexpr const char* red = "31";
  static constexpr const char* bold = "1";

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cli
}  // namespace godwit
