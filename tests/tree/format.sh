#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every C++ file is laid out as .clang-format says: `make format` does it.
source "$(dirname "$0")/common.sh"

make -s format-check || fail 'run `make format`'
exit "$failures"
