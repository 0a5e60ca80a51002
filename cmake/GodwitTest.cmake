# SPDX-License-Identifier: Apache-2.0
# godwit_test(<name> SOURCES … [LINKS …] [DB])
# makes the Catch2 program godwit_<name>_tests and the ctest <name>. Tests read files of the tree below GODWIT_SOURCE_DIR.
# DB: the program runs under a private PostgreSQL server (tests/support/with_server.sh) and carries the label db.

set(GODWIT_WITH_SERVER "${PROJECT_SOURCE_DIR}/tests/support/with_server.sh")

function(godwit_test name)
  cmake_parse_arguments(arg "DB" "" "SOURCES;LINKS" ${ARGN})
  set(target godwit_${name}_tests)
  add_executable(${target} ${arg_SOURCES})
  godwit_options(${target})
  target_link_libraries(${target} PRIVATE godwit_test_main ${arg_LINKS})
  target_compile_definitions(${target} PRIVATE GODWIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(arg_DB)
    add_test(NAME ${name} COMMAND "${GODWIT_WITH_SERVER}" $<TARGET_FILE:${target}>)
    set_tests_properties(${name} PROPERTIES LABELS db)
  else()
    add_test(NAME ${name} COMMAND ${target})
  endif()
endfunction()
