// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/kinds/specs.h"

#include "grammar/parse.h"

namespace godwit::tests {

namespace {

std::string joined(const Statements& statements) {
  std::string text;
  for (const Statement& statement : statements) text += (text.empty() ? "" : ";\n") + statement.sql;
  return text;
}

std::string alteration(const Object& from, const Object& to) {
  const kinds::Alteration alteration = kinds::alter_object(from, to);
  return alteration.rebuild ? "rebuild" : joined(alteration.statements);
}

}  // namespace

Specs& Specs::then(const std::string& text, int oldest_postgres) {
  const std::uint32_t file = sources_.add("spec" + std::to_string(sources_.size() + 1) + ".gw", text);
  const ast::File parsed = grammar::parse(sources_, file, diagnostics_);
  kinds::Declaring declaring(sources_, catalog_, diagnostics_);
  declaring.oldest_postgres = oldest_postgres;
  catalog_.begin_journal();
  for (const kinds::Pass pass : kinds::all_passes) {
    for (const ast::Declaration& declaration : parsed.declarations) {
      std::visit([&](const auto& x) { kinds::declare(x, declaring, pass); }, declaration);
    }
    if (pass == kinds::Pass::renames) kinds::apply_renames(declaring);
  }
  kinds::report_dynamic_mentions(declaring);
  return *this;
}

std::vector<std::string> Specs::findings() const {
  std::vector<std::string> all;
  for (const Diagnostic& diagnostic : diagnostics_.sorted()) {
    all.push_back(std::string(diagnostic.code.id) + ' ' + diagnostic.message);
  }
  return all;
}

std::vector<std::string> Specs::codes() const {
  std::vector<std::string> all;
  for (const Diagnostic& diagnostic : diagnostics_.sorted()) all.emplace_back(diagnostic.code.id);
  return all;
}

std::string Specs::created(const ObjectKey& key) const {
  const Object* object = catalog_.find(key);
  return object == nullptr ? "nothing" : joined(kinds::create_object(*object, {}));
}

std::string Specs::dropped(const ObjectKey& key) const {
  const Object* object = catalog_.find(key);
  return object == nullptr ? "nothing" : joined(kinds::drop_object(*object));
}

std::string Specs::altered(const ObjectKey& key) const {
  const ObjectPtr before = catalog_.before(key), after = catalog_.pointer(key);
  return before && after ? alteration(*before, *after) : "nothing";
}

std::string Specs::altered_back(const ObjectKey& key) const {
  const ObjectPtr before = catalog_.before(key), after = catalog_.pointer(key);
  return before && after ? alteration(*after, *before) : "nothing";
}

ObjectKey key(Kind kind, const std::string& schema, const std::string& name, const std::string& part) {
  return {kind, schema, name, part, Kind::schema, {}};
}

}  // namespace godwit::tests
