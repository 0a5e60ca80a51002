// SPDX-License-Identifier: Apache-2.0
// godwit prove: puts the promise of the rollback to the test, on a throwaway server or on copies of a database.
#include "cli/artifacts.h"
#include "cli/commands.h"

#include <godwit/prove.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace godwit::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string name_of(Claim::Verdict verdict) {
  switch (verdict) {
    case Claim::Verdict::proven: return "proven";
    case Claim::Verdict::refuted: return "refuted";
    case Claim::Verdict::not_shown: return "not shown";
  }
  return {};
}

const char* style_of(Claim::Verdict verdict) {
  switch (verdict) {
    case Claim::Verdict::proven: return Output::green;
    case Claim::Verdict::refuted: return Output::red;
    case Claim::Verdict::not_shown: return Output::yellow;
  }
  return Output::bold;
}

Json as_json(const MigrationProof& proof) {
  Json claims = Json::array();
  for (const Claim& claim : proof.claims)
    claims.push_back({{"verdict", name_of(claim.verdict)}, {"what", claim.what}, {"detail", claim.detail}});
  return {{"id", proof.id},
          {"tables", proof.tables},
          {"rows", proof.rows},
          {"claims", std::move(claims)},
          {"not_filled", proof.not_filled}};
}

void print(const MigrationProof& proof, Output& out) {
  out.line(fmt::format("{}  ({}, {})", out.styled(proof.id, Output::bold), counted(proof.tables, "table"),
                       counted(proof.rows, "row")));
  for (const Claim& claim : proof.claims) {
    const std::string verdict = out.styled(fmt::format("{:<9}", name_of(claim.verdict)), style_of(claim.verdict));
    out.line(fmt::format("  {}  {}{}", verdict, claim.what, claim.detail.empty() ? "" : ": " + claim.detail));
  }
  for (const std::string& table : proof.not_filled)
    out.line(fmt::format("  {}  no rows for {}", out.styled("no rows  ", Output::yellow), table));
}

}  // namespace

Expected<Exit> run_prove(Context& context) {
  const Options& given = context.options;
  const auto project = find_project(given.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto compilation = compile_project(context, *project);
  if (!compilation) return tl::make_unexpected(compilation.error());
  if (!compilation->ok) return Exit::findings;
  Options database_options = given;
  if (!given.names_database()) database_options.database = "ephemeral";
  const auto database = open_database(database_options, *project);
  if (!database) return tl::make_unexpected(database.error());

  ProveOptions options;
  options.ids = given.ids;
  options.rows = static_cast<std::size_t>(given.rows);
  options.seed = given.seed;
  options.boundaries = static_cast<std::size_t>(given.boundaries);
  options.copies_database = !database->ephemeral();
  options.creates_missing_roles = database->ephemeral();
  const auto outcome = prove(database->connection, runnable(compilation->migrations), options, observer(context));
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));

  const Proof& proof = std::get<Proof>(outcome);
  Json migrations = Json::array();
  for (const MigrationProof& one : proof.migrations) {
    print(one, context.out);
    migrations.push_back(as_json(one));
  }
  context.out.set("holds", proof.holds());
  context.out.set("migrations", migrations);
  if (proof.migrations.empty()) context.out.line("nothing to prove: all is applied");
  return proof.holds() ? Exit::done : Exit::findings;
}

}  // namespace godwit::cli
