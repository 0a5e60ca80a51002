// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/foreign_data_wrapper.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/foreign_options.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {

constexpr const char* handler_arguments = "";
constexpr const char* validator_arguments = "text[], oid";

std::string name_of(const ForeignDataWrapper& x) { return "foreign data wrapper " + quoted(x.name); }

/// ` handler app.f`; ` no handler` where there was one.
std::string changed_function(const char* word, const std::string& from, const std::string& to) {
  if (from == to) return {};
  return to.empty() ? std::string(" no ") + word : std::string(" ") + word + ' ' + to;
}

std::string same_function(const std::string& column, const std::string& function, const char* arguments) {
  if (function.empty()) return " and w." + column + " = 0";
  return " and w." + column + " = to_regprocedure(" + literal(function + '(' + arguments + ')') + ")";
}

/// The function as SQL takes it, and its key when it is one of the catalog's.
void find_function(const ast::Definition& item, const std::vector<std::string>& path, const char* arguments,
                   const std::string& result, std::string& function, Rare<ObjectKey>& key, Declaring& d) {
  if (path.empty()) return;
  function = path.size() > 1 ? quoted(path[path.size() - 2], path.back()) : quoted(path.back());
  const sql::NamedFunction named = sql::function_named(path, arguments, d.world);
  const Span span = place_of_word(item.text, path.back());
  if (!named.known || (named.key && named.key->part.str() != arguments)) {
    d.diagnostics.add(codes::unknown_function, span, "function `{}({})` is not declared", function, arguments);
    return;
  }
  if (!named.key) return;
  function = quoted(named.key->schema, named.key->name);
  key = *named.key;
  if (!result.empty() && named.result != result) {
    d.diagnostics.add(codes::type_mismatch, span, "`{}({})` returns `{}`, not `{}`", function, arguments, named.result,
                      result);
  }
}

}  // namespace

std::optional<ObjectKey> parent(const ForeignDataWrapper&) { return std::nullopt; }

void needs(const ForeignDataWrapper& x, std::vector<Need>& out) {
  if (x.handler_function) need(*x.handler_function, out);
  if (x.validator_function) need(*x.validator_function, out);
}

void rename(ForeignDataWrapper& x, const Renames& renames, RenamedBy) {
  x.name = renamed_key(key(x), renames).name;
  const auto follow = [&](std::string& function, Rare<ObjectKey>& key) {
    if (!key) return;
    key = renamed_key(*key, renames);
    function = quoted(key->schema, key->name);
  };
  follow(x.handler, x.handler_function);
  follow(x.validator, x.validator_function);
}

Statements create(const ForeignDataWrapper& x, const Parts&) {
  const std::string name = "create " + name_of(x);
  std::string sql = name + changed_function("handler", "", x.handler) + changed_function("validator", "", x.validator);
  if (!x.options.empty()) sql += "\n    " + foreign_options(x.options);
  return {{name, std::move(sql), {}, Work::instant}};
}

Statements drop(const ForeignDataWrapper& x) {
  const std::string sql = "drop " + name_of(x);
  return {{sql, sql, {}, Work::instant}};
}

Alteration alter(const ForeignDataWrapper& from, const ForeignDataWrapper& to) {
  std::string sql = "alter " + name_of(to) + changed_function("handler", from.handler, to.handler) +
                    changed_function("validator", from.validator, to.validator);
  if (from.options != to.options) sql += "\n    " + changed_foreign_options(from.options, to.options);
  return {false, false, {{"change " + name_of(to), std::move(sql), {}, Work::instant}}};
}

std::optional<std::string> part(const ForeignDataWrapper&) { return std::nullopt; }

std::string verify(const ForeignDataWrapper& x) {
  return "exists (select from pg_catalog.pg_foreign_data_wrapper w where w.fdwname = " + literal(x.name) +
         same_function("fdwhandler", x.handler, handler_arguments) +
         same_function("fdwvalidator", x.validator, validator_arguments) +
         " and coalesce(w.fdwoptions, '{}') = " + stored_options(x.options) + ")";
}

void declare_foreign_data_wrapper(const ast::Definition& item, Declaring& d, Pass pass) {
  // A server of the file needs to know it early, and its functions are known late.
  if (!item.name || (pass != Pass::schemas && pass != Pass::satellites)) return;
  auto text = sql::parse_foreign_data_wrapper(item.text.text);
  if (pass == Pass::schemas) {
    if (!text) {
      d.syntax_error(item.text, text.error().offset, text.error().message);
      return;
    }
    if (item.name->schema) {
      d.diagnostics.add(codes::bad_option, item.name->span,
                        "a foreign data wrapper belongs to the database, to no schema");
      return;
    }
    check_options(text->options, item.text.span, d);
    ForeignDataWrapper wrapper;
    wrapper.name = item.name->name.text;
    wrapper.options = std::move(text->options);
    wrapper.origin.span = item.name->span;
    d.declare(std::move(wrapper), item.name->span);
    return;
  }
  const ObjectKey key{Kind::foreign_data_wrapper, {}, item.name->name.text, {}, Kind::schema, {}};
  const auto* there = d.catalog.get<ForeignDataWrapper>(key);
  if (!text || there == nullptr || there->origin.span != item.name->span) return;
  ForeignDataWrapper wrapper = *there;
  find_function(item, text->handler, handler_arguments, "fdw_handler", wrapper.handler, wrapper.handler_function, d);
  find_function(item, text->validator, validator_arguments, "", wrapper.validator, wrapper.validator_function, d);
  d.catalog.put(std::move(wrapper));
}

}  // namespace godwit::kinds
