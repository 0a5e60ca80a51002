// SPDX-License-Identifier: Apache-2.0
// Laws of the compiler that need no server.
#include "tests/laws/laws.h"
#include "compiler/kinds/contract.h"
#include "compiler/model/script.h"
#include "compiler/stages/checksum.h"
#include "compiler/stages/diff.h"
#include "grammar/format.h"
#include "grammar/parse.h"
#include "tests/laws/staged.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <set>

namespace {

using namespace godwit;
using namespace godwit::laws;

Compilation compiled(const SpecPair& pair) { return compile(request_of(text_of(pair.before), text_of(pair.after))); }

std::vector<std::string> artifacts(const CompiledMigration& migration) {
  return {migration.up_sql, migration.down_sql, migration.finalize_sql, migration.verify_sql};
}

/// Places and checksums say where a declaration stands; the order of declarations says nothing else.
std::string without_places(const std::string& text) {
  static const std::regex places(R"(specs/[0-9a-z_]+\.gw:[0-9]+|sha256:[0-9a-f]+)");
  return std::regex_replace(text, places, "");
}

}  // namespace

TEST_CASE("random specs compile") {
  for_all(
      "compiles", 150,
      [](const SpecPair& pair) {
        const Compilation compilation = compiled(pair);
        if (!compilation.ok) RC_FAIL(compilation.report(ReportFormat::text));
      },
      false);
}

TEST_CASE("two inverses are none, and an inverse takes a change back") {
  for_all("inverse", 60, [](const SpecPair& pair) {
    const Staged staged(text_of(pair.before), text_of(pair.after));
    RC_PRE(staged.ok);
    for (const auto& [key, change] : staged.changes) {
      const Change twice = inverse(inverse(change));
      RC_ASSERT(twice.before == change.before);
      RC_ASSERT(twice.after == change.after);
    }
    Catalog catalog = renamed(staged.before, staged.declared->renamed_keys);
    const Catalog start = catalog;
    for (const auto& [key, change] : staged.changes) apply(catalog, change);
    RC_ASSERT(difference(catalog, staged.after) == std::string());
    for (const auto& [key, change] : staged.changes) apply(catalog, inverse(change));
    RC_ASSERT(difference(catalog, start) == std::string());
  });
}

TEST_CASE("what is declared again as it is changes nothing") {
  for_all("no difference", 60, [](const SpecPair& pair) {
    const std::string text = text_of(pair.before);
    const Staged nothing(text, "");
    RC_PRE(nothing.ok);
    RC_ASSERT(nothing.changes.empty());
    const Staged again(text, text);
    RC_ASSERT(again.ok);
    for (const auto& [key, change] : again.changes) RC_FAIL("changes: " + describe(key));
    RC_ASSERT(again.plan.steps.empty());
  });
}

TEST_CASE("every step finds what it needs, and a rollback goes the same way back") {
  for_all("order", 80, [](const SpecPair& pair) {
    const Staged staged(text_of(pair.before), text_of(pair.after));
    RC_PRE(staged.ok);
    const std::vector<Step>& steps = staged.plan.steps;
    const Catalog before = renamed(staged.before, staged.declared->renamed_keys);
    std::set<ObjectKey> there;
    for (const ObjectKey& key : before.keys()) there.insert(key);
    std::set<ObjectKey> remade;
    for (const Step& step : steps) remade.insert(step.makes.begin(), step.makes.end());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const std::size_t earlier : steps[i].after) RC_ASSERT(earlier < i);
      if (i > 0) RC_ASSERT(steps[i - 1].phase <= steps[i].phase);
      for (const ObjectKey& key : steps[i].unmakes) {
        there.erase(key);
        for (const ObjectKey& dependent : before.dependents(key)) {
          const bool stays = there.contains(dependent) && remade.contains(dependent);
          if (!stays) continue;
          for (const Need& need : kinds::needs_of(*before.find(dependent))) {
            if (need.target == key && !need.soft)
              RC_FAIL(steps[i].title + " comes before " + describe(dependent) + " is gone");
          }
        }
      }
      there.insert(steps[i].makes.begin(), steps[i].makes.end());
      for (const ObjectKey& key : steps[i].makes) {
        const Object* object = staged.after.find(key);
        if (object == nullptr) continue;
        std::vector<Need> needs = kinds::needs_of(*object);
        if (const auto parent = kinds::parent_of(*object)) needs.push_back({*parent, false});
        for (const Need& need : needs) {
          // A view's column is no object of its own: it is there with the view.
          const bool is_object = staged.after.find(need.target) != nullptr;
          if (!need.soft && is_object && !there.contains(need.target))
            RC_FAIL(steps[i].title + " comes before " + describe(need.target));
        }
      }
    }
    const Compilation compilation = compiled(pair);
    RC_ASSERT(compilation.ok);
    std::vector<std::string> undone;
    const auto script = parse_script(compilation.migrations[1].down_sql);
    RC_ASSERT(script.has_value());
    for (const ScriptStep& step : script->steps) {
      if (step.title.starts_with("undo: ")) undone.push_back(step.title.substr(6));
    }
    std::vector<std::string> done;
    for (const Step& step : steps) {
      if (!step.down.empty()) done.push_back(step.title);
    }
    std::reverse(done.begin(), done.end());
    RC_ASSERT(undone == done);
  });
}

TEST_CASE("the order of declarations changes nothing") {
  for_all("shuffle", 60, [](const SpecPair& pair) {
    const Compilation first = compiled(pair);
    RC_PRE(first.ok);
    const Compilation again = compiled(pair);
    Dice dice(pair.seed + 1);
    SpecPair shuffled = pair;
    dice.shuffle(shuffled.before);
    dice.shuffle(shuffled.after);
    const Compilation other = compiled(shuffled);
    if (!other.ok) RC_FAIL(other.report(ReportFormat::text));
    for (std::size_t i = 0; i < first.migrations.size(); ++i) {
      RC_ASSERT(artifacts(first.migrations[i]) == artifacts(again.migrations[i]));
      RC_ASSERT(first.migrations[i].plan_json == again.migrations[i].plan_json);
      RC_ASSERT(first.migrations[i].review_md == again.migrations[i].review_md);
      RC_ASSERT(without_places(first.migrations[i].up_sql) == without_places(other.migrations[i].up_sql));
      RC_ASSERT(without_places(first.migrations[i].down_sql) == without_places(other.migrations[i].down_sql));
    }
  });
}

TEST_CASE("the canonical layout means the same") {
  for_all("format", 100, [](const SpecPair& pair) {
    SourceSet sources;
    Diagnostics diagnostics;
    for (const Spec& spec : {pair.before, pair.after}) {
      const std::string text = text_of(spec);
      const ast::File file = grammar::parse(sources, sources.add("specs/a.gw", text), diagnostics);
      RC_PRE(!diagnostics.has_errors());
      const std::string formatted = grammar::format(file, sources);
      const ast::File again = grammar::parse(sources, sources.add("specs/b.gw", formatted), diagnostics);
      RC_ASSERT(!diagnostics.has_errors());
      RC_ASSERT(stages::checksum(again, sources) == stages::checksum(file, sources));
      RC_ASSERT(grammar::format(again, sources) == formatted);
    }
  });
}

TEST_CASE("artifacts are read back as they were written") {
  for_all("scripts", 60, [](const SpecPair& pair) {
    const Compilation compilation = compiled(pair);
    RC_PRE(compilation.ok);
    for (const CompiledMigration& migration : compilation.migrations) {
      for (const std::string& text : artifacts(migration)) {
        const auto script = parse_script(text);
        if (!script) RC_FAIL(script.error().message);
        RC_ASSERT(print_script(*script) == text);
        RC_ASSERT(parse_script(print_script(*script)).value() == *script);
      }
      const auto plan = nlohmann::json::parse(migration.plan_json);
      RC_ASSERT(plan.at("id") == migration.id);
    }
  });
}

TEST_CASE("damaged specs are refused or compiled, whatever the damage") {
  for_all(
      "damage", 150,
      [](const SpecPair& pair) {
        Dice dice(pair.seed + 2);
        std::string before = text_of(pair.before);
        std::string after = text_of(pair.after);
        static const std::vector<std::string> pieces{"(",  ")",    "{",      "}",      ";",        "'", "\"",
                                                     "$$", " -> ", " drop ", "table ", " unique ", ",", "\n",
                                                     "--", "/*",   "é",      " as ",   "."};
        const std::size_t damages = 1 + dice.below(3);
        for (std::size_t i = 0; i < damages; ++i) {
          std::string& text = dice.chance(50) || after.empty() ? before : after;
          const std::size_t at = dice.below(text.size());
          switch (dice.below(4)) {
            case 0: text.erase(at, 1 + dice.below(12)); break;
            case 1: text.insert(at, dice.pick(pieces)); break;
            case 2: text.insert(at, text.substr(dice.below(text.size()), 1 + dice.below(40))); break;
            default: text.replace(at, 1, dice.pick(pieces)); break;
          }
        }
        const Compilation compilation = compile(request_of(before, after));
        RC_ASSERT(compilation.ok == !std::any_of(compilation.findings.begin(), compilation.findings.end(),
                                                 [](const Finding& x) { return x.error; }));
        RC_ASSERT(compilation.ok == !compilation.migrations.empty());
        for (const Finding& finding : compilation.findings) RC_ASSERT(finding.line > 0);
        for (const ReportFormat format :
             {ReportFormat::text, ReportFormat::json, ReportFormat::github, ReportFormat::sarif})
          compilation.report(format);
      },
      false);
}
