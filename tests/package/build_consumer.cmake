# SPDX-License-Identifier: Apache-2.0
# Configures, builds and runs tests/package/consumer, with godwit found the given WAY (see CMakeLists.txt beside this).
file(REMOVE_RECURSE "${SCRATCH}")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}\n${output}")
  endif()
endfunction()

if(WAY STREQUAL find_package)
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${SCRATCH}/prefix")
  file(GLOB_RECURSE private RELATIVE "${SCRATCH}/prefix/include" "${SCRATCH}/prefix/include/*")
  list(FILTER private EXCLUDE REGEX "^godwit/")
  if(private)
    message(FATAL_ERROR "headers outside of include/godwit were installed: ${private}")
  endif()
  set(where "-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix")
else()
  set(where "-DGODWIT_SOURCE=${SOURCE}" -DGODWIT_WERROR=ON)
endif()

run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${SCRATCH}/build" -G "${GENERATOR}" ${where}
    "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
    "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DCMAKE_EXE_LINKER_FLAGS=${LINK_FLAGS}" "-DGODWIT_VERSION=${VERSION}")
run("${CMAKE_COMMAND}" --build "${SCRATCH}/build" --target compiles_specs applies_plans)
run("${SCRATCH}/build/compiles_specs")
run("${SCRATCH}/build/applies_plans")
file(REMOVE_RECURSE "${SCRATCH}")
