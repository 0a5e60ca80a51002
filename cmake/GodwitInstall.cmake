# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` lays down beside the libraries and headers of godwit_library(): the CMake package `godwit`, so
# that find_package(godwit) gives godwit::compiler, godwit::runtime and what they link.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(GODWIT_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/godwit")
configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/godwitConfig.cmake.in" "${PROJECT_BINARY_DIR}/godwitConfig.cmake"
  INSTALL_DESTINATION "${GODWIT_PACKAGE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/godwitConfigVersion.cmake" COMPATIBILITY SameMinorVersion)

install(EXPORT godwit-targets NAMESPACE godwit:: DESTINATION "${GODWIT_PACKAGE_DIR}")
install(FILES "${PROJECT_BINARY_DIR}/godwitConfig.cmake" "${PROJECT_BINARY_DIR}/godwitConfigVersion.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FindPgQuery.cmake"
        DESTINATION "${GODWIT_PACKAGE_DIR}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
