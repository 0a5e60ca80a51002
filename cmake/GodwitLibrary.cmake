# SPDX-License-Identifier: Apache-2.0
# godwit_library(<name> SOURCES … [HEADERS <public headers below include/>] [LINKS …] [PRIVATE_LINKS …])
# makes the static library godwit_<name> and its alias godwit::<name>. Private headers are included from the source
# root ("base/source.h"); public ones stand below <folder>/include and are the only ones installed. Each public header
# must compile alone: the target all_verify_interface_header_sets asks for it with the consumer's include folders.

# GCC 12 takes std::string + "literal" for overlapping copies when it optimises (gcc bug 105651): no -Wrestrict there.
set(GODWIT_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Werror=switch
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)

function(godwit_options target)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE ${GODWIT_WARNINGS} $<$<BOOL:${GODWIT_WERROR}>:-Werror>)
endfunction()

function(godwit_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target godwit_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(godwit::${name} ALIAS ${target})
  godwit_options(${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  if(arg_HEADERS)
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${arg_HEADERS})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
  if(GODWIT_INSTALL)
    if(arg_HEADERS)
      install(TARGETS ${target} EXPORT godwit-targets FILE_SET HEADERS)
    else()
      install(TARGETS ${target} EXPORT godwit-targets)
    endif()
  endif()
endfunction()
