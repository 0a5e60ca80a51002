# SPDX-License-Identifier: Apache-2.0
# cmake -DFOLDER=docs/diagnostics -DOUTPUT=pages.cpp -P embed_pages.cmake
# turns every GWnnnn.md of the folder into one string of a C++ file.
file(GLOB pages LIST_DIRECTORIES false "${FOLDER}/GW*.md")
list(SORT pages)
file(WRITE "${OUTPUT}.new" "// Written by cli/embed_pages.cmake.\n#include \"cli/pages.h\"\n\nnamespace godwit::cli {\n\n"
  "const std::vector<Page>& diagnostic_pages() {\n  static const std::vector<Page> pages = {\n")
foreach(page IN LISTS pages)
  get_filename_component(code "${page}" NAME_WE)
  file(READ "${page}" text)
  file(APPEND "${OUTPUT}.new" "      {\"${code}\", R\"godwit(${text})godwit\"},\n")
endforeach()
file(APPEND "${OUTPUT}.new" "  };\n  return pages;\n}\n\n}  // namespace godwit::cli\n")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
