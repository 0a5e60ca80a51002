// SPDX-License-Identifier: Apache-2.0
#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace godwit::cli {
namespace {

namespace fs = std::filesystem;

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }

 private:
  int number_;
};

std::string reason() { return std::strerror(errno); }

std::string way_out_of_reading() {
  switch (errno) {
    case ENOENT: return "check the name; paths are relative to the current folder, or to the one after `-C`";
    case EACCES: return "give the current user the right to read it";
    default: return {};
  }
}

Expected<void> write_one(const fs::path& path, const std::string& text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.number() < 0)
    return fail(Exit::failed, fmt::format("cannot write into `{}`: {}", path.parent_path().string(), reason()),
                "make the folder writable, or name another one with `--output` or `migrations` in godwit.toml");
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return fail(Exit::failed, fmt::format("cannot write `{}`: {}", path.string(), reason()),
                  "nothing was changed; make room and run the command again");
    done += static_cast<std::size_t>(count);
  }
  return {};
}

Expected<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder, error))
    return fail(Exit::failed,
                fmt::format("cannot make the folder `{}`: {}", folder.string(),
                            error ? error.message() : std::string("a file of that name is in the way")),
                "name another folder with `--output` or `migrations` in godwit.toml");
  return {};
}

/// Where a file is written before it takes its place.
fs::path beside(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
}

}  // namespace

Expected<std::string> read_file(const fs::path& path, const std::string& shown) {
  struct stat facts {};

  if (::stat(path.c_str(), &facts) != 0)
    return fail(Exit::usage, fmt::format("cannot read `{}`: {}", shown, reason()), way_out_of_reading());
  if (S_ISDIR(facts.st_mode))
    return fail(Exit::usage, fmt::format("`{}` is a folder where a file is expected", shown),
                "name a file, or rename the folder");
  if (!S_ISREG(facts.st_mode))
    return fail(Exit::usage, fmt::format("`{}` is not a regular file", shown), "name a regular file");
  const auto too_large = [&] {
    return tl::make_unexpected(
        Failure{Exit::usage, fmt::format("`{}` is over 64 MiB", shown),
                "split it into several migrations; large data belongs into a table that a `move` reads", "GW1004"});
  };
  if (static_cast<std::size_t>(facts.st_size) > largest_file) return too_large();

  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0)
    return fail(Exit::usage, fmt::format("cannot read `{}`: {}", shown, reason()), way_out_of_reading());
  std::string text(static_cast<std::size_t>(facts.st_size) + 1, '\0');
  std::size_t done = 0;
  while (true) {  // one byte more than expected is asked for, so that a file that grows meanwhile is seen
    if (done == text.size()) text.resize(text.size() * 2);
    const ssize_t count = ::read(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Exit::usage, fmt::format("cannot read `{}`: {}", shown, reason()));
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
    if (done > largest_file) return too_large();
  }
  text.resize(done);
  return text;
}

Expected<std::optional<std::string>> read_if_present(const fs::path& path, const std::string& shown) {
  struct stat facts {};

  if (::lstat(path.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  auto text = read_file(path, shown);
  if (!text) return tl::make_unexpected(text.error());
  return std::optional<std::string>(std::move(*text));
}

Expected<std::vector<std::string>> list_folder(const fs::path& folder, const std::string& suffix) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::string name = entries->path().filename().string();
    if (name.front() != '.' && name.size() > suffix.size() && name.ends_with(suffix)) names.push_back(std::move(name));
  }
  if (error) return fail(Exit::usage, fmt::format("cannot read the folder `{}`: {}", folder.string(), error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

Expected<void> write_files(const std::vector<NewFile>& files) {
  std::vector<fs::path> written;
  const auto clean = [&](Failure failure) -> Expected<void> {
    for (const fs::path& path : written) ::unlink(path.c_str());
    return tl::make_unexpected(std::move(failure));
  };
  fs::path made;
  for (const NewFile& file : files) {
    if (const fs::path folder = file.path.parent_path(); !folder.empty() && folder != made) {
      if (auto done = make_folder(folder); !done) return clean(done.error());
      made = folder;
    }
    written.push_back(beside(file.path));
    if (auto done = write_one(written.back(), file.text); !done) return clean(done.error());
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (::rename(written[i].c_str(), files[i].path.c_str()) != 0) {
      const std::string message = fmt::format("cannot replace `{}`: {}", files[i].path.string(), reason());
      return clean(Failure{Exit::failed, message, "remove what is in the way and run the command again"});
    }
  }
  return {};
}

}  // namespace godwit::cli
