// SPDX-License-Identifier: Apache-2.0
// A driver for fuzz targets where libFuzzer is not at hand: mutates a seed corpus, the same way for the same seed.
//   godwit_parse_fuzz [--iterations N] [--seconds N] [--seed N] FILE|FOLDER…
// The input at work is kept in fuzz-input.bin of the working folder when the target aborts.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string current_input;

void keep_input(int signal_number) {
  std::FILE* const file = std::fopen("fuzz-input.bin", "wb");
  if (file != nullptr) {
    std::fwrite(current_input.data(), 1, current_input.size(), file);
    std::fclose(file);
  }
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, std::uint64_t seed) : corpus_(std::move(corpus)), random_(seed) {
    for (const std::string& text : corpus_) {
      std::size_t begin = 0;
      for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        lines_.push_back(text.substr(begin, end - begin + 1));
        begin = end + 1;
      }
    }
    for (const char* token : {"'",
                              "\"",
                              "$$",
                              "$a$",
                              "/*",
                              "*/",
                              "--",
                              "\n",
                              "\r\n",
                              ";",
                              ",",
                              "(",
                              ")",
                              "[",
                              "]",
                              "{",
                              "}",
                              "->",
                              ".",
                              "E'\\'",
                              "U&'\\0061'",
                              "U&\"\\0061\"",
                              "B'1'",
                              "%",
                              "=",
                              "is",
                              "not",
                              "null",
                              "not null",
                              "default",
                              "check (a)",
                              "comment 'c'",
                              "index",
                              "owner",
                              "policy",
                              "partition",
                              "attach partition p default",
                              "detach partition p",
                              "with",
                              "using",
                              "reverse using",
                              "primary key",
                              "unique",
                              "begin atomic",
                              "end",
                              "case",
                              "constraint c",
                              "\"index\"",
                              "\"A b\"",
                              "text",
                              "integer",
                              "keep archive",
                              "irreversible",
                              "\xC3\xA9",
                              "\xFF",
                              "1",
                              "0.5%",
                              " ",
                              "as",
                              "on",
                              "to",
                              "from",
                              "value",
                              "table",
                              "view"}) {
      tokens_.emplace_back(token);
    }
  }

  std::string next() {
    std::string text;
    if (below(4) == 0) {
      text = pick(corpus_);
    } else {
      const std::string& base = pick(corpus_);
      const std::size_t from = base.empty() ? 0 : below(base.size());
      const std::size_t begin = base.rfind("\n\n", from) == std::string::npos ? 0 : base.rfind("\n\n", from);
      text = base.substr(begin, 200 + below(1500));
    }
    for (std::size_t left = below(6); left > 0; --left) mutate(text);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % std::max<std::size_t>(bound, 1)); }

  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  void mutate(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(7)) {
      case 0: text.insert(at, pick(tokens_)); break;
      case 1: text.insert(at, ' ' + pick(tokens_) + ' '); break;
      case 2: text.erase(at, 1 + below(8)); break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 4:
        if (!lines_.empty()) text.insert(std::min(text.size(), text.find('\n', at)), '\n' + pick(lines_));
        break;
      case 5: {
        const std::string piece = text.substr(at, below(60));
        text.insert(below(text.size() + 1), piece);
        break;
      }
      default: {
        const std::size_t space = text.find(' ', at);
        if (space != std::string::npos) text.replace(space, 1, pick(tokens_));
        break;
      }
    }
  }

  std::vector<std::string> corpus_;
  std::vector<std::string> lines_;
  std::vector<std::string> tokens_;
  std::mt19937_64 random_;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t iterations = 20000;
  std::uint64_t seconds = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> corpus;
  bool as_is = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const auto value = [&] { return i + 1 < count ? std::strtoull(arguments[++i], nullptr, 10) : 0ULL; };
    if (argument == "--iterations") {
      iterations = value();
    } else if (argument == "--seconds") {
      seconds = value();
    } else if (argument == "--seed") {
      seed = value();
    } else if (argument == "--as-is") {
      as_is = true;
    } else if (std::filesystem::is_directory(argument)) {
      std::vector<std::filesystem::path> files;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(argument)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
      std::sort(files.begin(), files.end());
      for (const auto& path : files) corpus.push_back(read(path));
    } else {
      corpus.push_back(read(argument));
    }
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "fuzz: no seeds given\n");
    return 2;
  }
  std::signal(SIGABRT, keep_input);
  std::signal(SIGSEGV, keep_input);
  for (const std::string& text : corpus) {
    current_input = text;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  if (as_is) return 0;
  Mutator mutator(std::move(corpus), seed);
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t done = 0;
  for (; done < iterations || seconds > 0; ++done) {
    if (seconds > 0 && std::chrono::steady_clock::now() - begin > std::chrono::seconds(seconds)) break;
    current_input = mutator.next();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current_input.data()), current_input.size());
  }
  std::printf("fuzz: %llu inputs, seed %llu, nothing found\n", static_cast<unsigned long long>(done),
              static_cast<unsigned long long>(seed));
  return 0;
}
