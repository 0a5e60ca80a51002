# SPDX-License-Identifier: Apache-2.0
# Everything godwit builds on, from Debian 12 packages (make setup installs them). Nothing is downloaded here. Global,
# so that a project which has godwit as a folder can link what our static libraries link.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PgQuery REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET GLOBAL libpqxx)
find_path(PEGTL_INCLUDE_DIR tao/pegtl.hpp REQUIRED)
if(GODWIT_CLI)
  find_package(CLI11 REQUIRED)
  find_package(mimalloc REQUIRED)
  pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET GLOBAL tomlplusplus)
endif()
