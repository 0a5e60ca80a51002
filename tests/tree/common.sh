# SPDX-License-Identifier: Apache-2.0
# What the checks of the tree share; each is sourced as `source common.sh` and ends with `exit "$failures"`.
# shellcheck shell=bash disable=SC2034
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
failures=0

fail() {
  echo "$*" >&2
  failures=1
}

# The product's own C++ files below the given folders.
cpp_files() {
  local folder
  for folder in "$@"; do
    [[ -e $folder ]] && find "$folder" -type f \( -name '*.h' -o -name '*.hpp' -o -name '*.cpp' \)
  done | LC_ALL=C sort
}

# The ids of all diagnostics.
codes() {
  grep -oE '"GW[0-9]{4}"' base/codes.h | tr -d '"'
}

# Lines of an id and the name that the sources know it by.
code_names() {
  tr '\n' ' ' <base/codes.h | grep -oE 'Code [a-z_0-9]+ *\{ *"GW[0-9]{4}"' | sed -E 's/Code ([a-z_0-9]+).*"(GW[0-9]+)"/\2 \1/'
}

# The code without its comments and string literals.
code_only() {
  sed -E 's/"([^"\\]|\\.)*"/""/g; s@//.*@@' "$1"
}
