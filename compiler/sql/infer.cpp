// SPDX-License-Identifier: Apache-2.0
// Types of operators and of branches that settle on one type, and the names of output columns. An empty type is
// unknown.
#include "base/identifier.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/types.h"

#include <algorithm>
#include <array>
#include <utility>

namespace godwit::sql {

namespace {

constexpr std::string_view boolean_operators[] = {
    "=",   "<>",   "!=",  "<",   ">",  "<=", ">=",  "~",   "~*",   "!~",  "!~*",  "~~",  "~~*",
    "!~~", "!~~*", "@>",  "<@",  "&&", "?",  "?|",  "?&",  "@@",   "@?",  "<<",   ">>",  "&<",
    "&>",  "-|-",  "<<=", ">>=", "^@", "~=", "@@@", "~<~", "~<=~", "~>~", "~>=~", "<<|", "|>>",
    "&<|", "|&>",  "<^",  ">^",  "?#", "?-", "?||", "?-|", "%>",   "<%"};

int number_rank(const std::string& type) {
  constexpr std::array<std::string_view, 6> ranks{"smallint", "integer", "bigint",
                                                  "numeric",  "real",    "double precision"};
  const auto found = std::find(ranks.begin(), ranks.end(), type);
  return found == ranks.end() ? -1 : static_cast<int>(found - ranks.begin());
}

bool is_text(const std::string& type) {
  return type == "text" || type == "character varying" || type == "character" || type == "bpchar" || type == "name" ||
         type == "\"char\"";
}

bool is_timestamp(const std::string& type) { return type.starts_with("timestamp"); }

std::string arithmetic(const std::string& name, const std::string& left, const std::string& right) {
  const int a = number_rank(left);
  const int b = number_rank(right);
  if (a >= 0 && b >= 0) {
    if (a >= 4 || b >= 4) return a == 4 && b == 4 ? "real" : "double precision";
    return std::max(a, b) == a ? left : right;
  }
  if (left == "none") return b >= 0 || right == "interval" ? right : "";
  if (left == "unknown" && b >= 0) return right;
  if (right == "unknown" && a >= 0) return left;
  if (name == "-") {
    if (left == "date" && right == "date") return "integer";
    if (is_timestamp(left) && (is_timestamp(right) || right == "date")) return "interval";
    if (left == "jsonb") return "jsonb";
  }
  if (name == "+" || name == "-") {
    if (left == "date" && (right == "integer" || right == "smallint")) return "date";
    if (left == "date" && right == "interval") return "timestamp without time zone";
    if (right == "interval" && (is_timestamp(left) || left.starts_with("time") || left == "interval")) return left;
    if (name == "+" && left == "interval" && (is_timestamp(right) || right.starts_with("time"))) return right;
    if (name == "+" && right == "date" && left == "integer") return "date";
  }
  if ((name == "*" || name == "/") && (left == "interval" || right == "interval")) return "interval";
  return {};
}

// `||` joins values of one kind; an array takes elements too, and text what is neither.
std::string concatenation(const std::string& left, const std::string& right) {
  if (left.ends_with("[]") || right.ends_with("[]")) {
    const std::string& array = left.ends_with("[]") ? left : right;
    const std::string& other = left.ends_with("[]") ? right : left;
    return other == "unknown" || other == array || other + "[]" == array ? array : "";
  }
  for (const char* type : {"jsonb", "tsvector", "bytea", "tsquery"}) {
    if ((left == type || left == "unknown") && (right == type || right == "unknown") && left != right) return type;
    if (left == type && right == type) return type;
  }
  return is_text(left) || is_text(right) || (left == "unknown" && right == "unknown") ? "text" : "";
}

std::string prefixed(const std::string& name, const std::string& right) {
  if (name == "+" || name == "-" || name == "@") return arithmetic("+", "none", right);
  if (name == "~") return number_rank(right) >= 0 ? right : "";
  return name == "!!" ? "tsquery" : "";
}

}  // namespace

std::string operator_result(const std::string& name, const std::string& written_left,
                            const std::string& written_right) {
  const std::string left = written_left.ends_with("[]") ? written_left : element_type(written_left);
  const std::string right = written_right.ends_with("[]") ? written_right : element_type(written_right);
  if (left == "none") return prefixed(name, right);
  if (name == "&&" && (left == "tsquery" || right == "tsquery")) return "tsquery";
  if (name == "<<" || name == ">>") {
    if (number_rank(left) >= 0) return left;
    return left.find("range") != std::string::npos || left == "inet" || left == "cidr" ? "boolean" : "";
  }
  if (std::find(std::begin(boolean_operators), std::end(boolean_operators), name) != std::end(boolean_operators)) {
    return "boolean";
  }
  if (name == "||") return concatenation(left, right);
  if (name == "->>" || name == "#>>") return "text";
  if (name == "->" || name == "#>") return left == "json" || left == "jsonb" ? left : "";
  if (name == "#-") return left == "unknown" ? "" : left;
  if (name == "+" || name == "-" || name == "*" || name == "/" || name == "%") return arithmetic(name, left, right);
  if (name == "&" || name == "|" || name == "#")
    return number_rank(left) >= 0 && (left == right || right == "unknown") ? left : "";
  if (name == "^") {
    const auto is_double = [](const std::string& type) { return number_rank(type) > 3; };
    const bool numeric = (left == "numeric" && !is_double(right)) || (right == "numeric" && !is_double(left));
    return numeric ? "numeric" : "double precision";
  }
  if (name == "<->") return left == "tsquery" || right == "tsquery" ? "tsquery" : "double precision";
  return {};
}

std::string common_type(const std::vector<std::string>& types) {
  std::string common = "unknown";
  const bool arrays = std::any_of(types.begin(), types.end(), [](const auto& type) { return type.ends_with("[]"); });
  for (const std::string& type : types) {
    if (type == "unknown" || type == common) continue;
    if (type.empty()) return {};
    if (common == "unknown") {
      common = type;
      continue;
    }
    const std::string a = element_type(common);
    const std::string b = element_type(type);
    if (a == b && common.ends_with("[]") == type.ends_with("[]")) {
      common = common.ends_with("[]") ? a + "[]" : a;  // modifiers that differ are dropped
    } else if (arrays) {
      return {};
    } else if (number_rank(a) >= 0 && number_rank(b) >= 0) {
      common = number_rank(a) >= number_rank(b) ? a : b;
    } else if (is_text(a) && is_text(b) && (a == "text" || b == "text")) {
      common = "text";
    } else if ((is_timestamp(a) || a == "date") && (is_timestamp(b) || b == "date")) {
      const bool zoned = a == "timestamp with time zone" || b == "timestamp with time zone";
      common = zoned ? "timestamp with time zone" : "timestamp without time zone";
    } else {
      return {};
    }
  }
  return common;
}

namespace {

// FigureColnameInternal of parse_target.c: how strong the name is, 2 for a column or function, 1 for a cast or case.
int figure(const Json& node, std::string& name) {
  const std::string_view kind = kind_of(node);
  if (kind.empty()) return 0;
  const Json& body = body_of(node);
  const auto named = [&name](std::string_view word, int strength) {
    name = word;
    return strength;
  };
  if (kind == "ColumnRef") {
    std::string last;
    for (const Json& part : field(body, "fields")) {
      if (is(part, "String")) last = string_value(part);
    }
    return last.empty() ? 0 : named(last, 2);
  }
  if (kind == "A_Indirection") {
    std::string last;
    for (const Json& part : field(body, "indirection")) {
      if (is(part, "String")) last = string_value(part);
    }
    return last.empty() ? figure(field(body, "arg"), name) : named(last, 2);
  }
  if (kind == "FuncCall") return named(string_value(field(body, "funcname").back()), 2);
  if (kind == "A_Expr") return text_of(body, "kind") == "AEXPR_NULLIF" ? named("nullif", 2) : 0;
  if (kind == "TypeCast") {
    const int strength = figure(field(body, "arg"), name);
    const Json& names = field(field(body, "typeName"), "names");
    return strength <= 1 && !names.empty() ? named(string_value(names.back()), 1) : strength;
  }
  if (kind == "CollateClause") return figure(field(body, "arg"), name);
  if (kind == "GroupingFunc") return named("grouping", 2);
  if (kind == "SubLink") {
    const std::string type = text_of(body, "subLinkType");
    if (type == "EXISTS_SUBLINK") return named("exists", 2);
    if (type == "ARRAY_SUBLINK") return named("array", 2);
    if (type != "EXPR_SUBLINK" || !is(field(body, "subselect"), "SelectStmt")) return 0;
    const Json* select = &body_of(field(body, "subselect"));
    while (select->contains("larg")) select = &field(*select, "larg");
    const Json& targets = field(*select, "targetList");
    if (targets.empty()) return 0;
    const Json& target = body_of(targets.front());
    const std::string alias = text_of(target, "name");
    return alias.empty() ? figure(field(target, "val"), name) : named(alias, 2);
  }
  if (kind == "CaseExpr") {
    const int strength = figure(field(body, "defresult"), name);
    return strength <= 1 ? named("case", 1) : strength;
  }
  if (kind == "A_ArrayExpr") return named("array", 2);
  if (kind == "RowExpr") return named("row", 2);
  if (kind == "CoalesceExpr") return named("coalesce", 2);
  if (kind == "MinMaxExpr") return named(text_of(body, "op") == "IS_LEAST" ? "least" : "greatest", 2);
  if (kind == "SQLValueFunction") {
    std::string word = text_of(body, "op").substr(6);  // SVFOP_CURRENT_TIMESTAMP_N
    if (word.ends_with("_N")) word.resize(word.size() - 2);
    word = folded(word);
    return named(word, 2);
  }
  if (kind == "XmlExpr") {
    const std::string op = text_of(body, "op");
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{{{"IS_XMLCONCAT", "xmlconcat"},
                                                                                  {"IS_XMLELEMENT", "xmlelement"},
                                                                                  {"IS_XMLFOREST", "xmlforest"},
                                                                                  {"IS_XMLPARSE", "xmlparse"},
                                                                                  {"IS_XMLPI", "xmlpi"},
                                                                                  {"IS_XMLROOT", "xmlroot"}}};
    for (const auto& [node_op, word] : names) {
      if (op == node_op) return named(word, 2);
    }
    return 0;
  }
  return kind == "XmlSerialize" ? named("xmlserialize", 2) : 0;
}

}  // namespace

std::string output_name(const Json& value) {
  std::string name;
  return figure(value, name) > 0 ? name : "?column?";
}

}  // namespace godwit::sql
