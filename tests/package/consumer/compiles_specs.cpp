// SPDX-License-Identifier: Apache-2.0
// A program that compiles a spec with the library.
#include <godwit/compile.h>

#include <iostream>

int main() {
  godwit::CompileRequest request;
  request.specs.push_back({"specs/1_contacts.gw", "schema app;\ntable app.contacts { id bigint primary key; }\n"});
  const godwit::Compilation right = godwit::compile(request);
  if (!right.ok || right.migrations.size() != 1 || right.migrations[0].up_sql.empty()) {
    std::cerr << "the spec did not compile\n" << right.report(godwit::ReportFormat::text);
    return 1;
  }

  request.specs[0].text = "table app.contacts { id bigint primary key; }\n";
  const godwit::Compilation wrong = godwit::compile(request);
  if (wrong.ok || wrong.findings.empty() || wrong.findings[0].code != "GW1202") {
    std::cerr << "an undeclared schema was not found\n" << wrong.report(godwit::ReportFormat::text);
    return 1;
  }
  return 0;
}
