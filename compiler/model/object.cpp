// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/object.h"

#include "base/identifier.h"

#include <tuple>

namespace godwit {

namespace {

ObjectKey named(Kind kind, Interned schema, Interned name, Interned part = {}) {
  return {kind, schema, name, part, Kind::schema, {}};
}

}  // namespace

ObjectKey key(const Schema& x) { return named(Kind::schema, {}, x.name); }

ObjectKey key(const Extension& x) { return named(Kind::extension, {}, x.name); }

ObjectKey key(const Collation& x) { return named(Kind::collation, x.schema, x.name); }

ObjectKey key(const EnumType& x) { return named(Kind::enum_type, x.schema, x.name); }

ObjectKey key(const Domain& x) { return named(Kind::domain, x.schema, x.name); }

ObjectKey key(const CompositeType& x) { return named(Kind::composite_type, x.schema, x.name); }

ObjectKey key(const RangeType& x) { return named(Kind::range_type, x.schema, x.name); }

ObjectKey key(const ForeignDataWrapper& x) { return named(Kind::foreign_data_wrapper, {}, x.name); }

ObjectKey key(const ForeignServer& x) { return named(Kind::foreign_server, {}, x.name); }

ObjectKey key(const TextSearchDictionary& x) { return named(Kind::text_search_dictionary, x.schema, x.name); }

ObjectKey key(const TextSearchConfiguration& x) { return named(Kind::text_search_configuration, x.schema, x.name); }

ObjectKey key(const Sequence& x) { return named(Kind::sequence, x.schema, x.name); }

ObjectKey key(const ReplicaIdentity& x) {
  return named(Kind::replica_identity, x.schema, x.table, std::string("replica identity"));
}

ObjectKey key(const Table& x) { return named(Kind::table, x.schema, x.name); }

ObjectKey key(const Column& x) { return named(Kind::column, x.schema, x.table, x.name); }

ObjectKey key(const PrimaryKey& x) { return named(Kind::primary_key, x.schema, x.table, x.name); }

ObjectKey key(const Unique& x) { return named(Kind::unique, x.schema, x.table, x.name); }

ObjectKey key(const Check& x) { return named(Kind::check, x.schema, x.table, x.name); }

ObjectKey key(const ForeignKey& x) { return named(Kind::foreign_key, x.schema, x.table, x.name); }

ObjectKey key(const Exclude& x) { return named(Kind::exclude, x.schema, x.table, x.name); }

ObjectKey key(const Inheritance& x) {
  return named(Kind::inheritance, x.schema, x.table, quoted(x.parent.schema, x.parent.name));
}

ObjectKey key(const ForeignTable& x) { return named(Kind::foreign_table, x.schema, x.name); }

ObjectKey key(const Function& x) { return named(Kind::function, x.schema, x.name, x.signature); }

ObjectKey key(const Aggregate& x) { return named(Kind::aggregate, x.schema, x.name, x.signature); }

ObjectKey key(const Operator& x) {
  return named(Kind::operator_, x.schema, x.name, (x.left.text.empty() ? "none" : x.left.text) + ", " + x.right.text);
}

ObjectKey key(const Cast& x) { return named(Kind::cast, {}, x.source.text, x.target.text); }

ObjectKey key(const View& x) { return named(Kind::view, x.schema, x.name); }

ObjectKey key(const MaterializedView& x) { return named(Kind::materialized_view, x.schema, x.name); }

ObjectKey key(const Index& x) { return named(Kind::index, x.schema, x.name); }

ObjectKey key(const Statistics& x) { return named(Kind::statistics, x.schema, x.name); }

ObjectKey key(const Trigger& x) { return named(Kind::trigger, x.schema, x.table, x.name); }

ObjectKey key(const Policy& x) { return named(Kind::policy, x.schema, x.table, x.name); }

ObjectKey key(const Rule& x) { return named(Kind::rule, x.relation.schema, x.relation.name, x.name); }

ObjectKey key(const Publication& x) { return named(Kind::publication, {}, x.name); }

ObjectKey key(const PublicationTable& x) {
  return named(Kind::publication_table, {}, x.publication, x.table.schema + '.' + x.table.name);
}

ObjectKey key(const DefaultPrivileges& x) {
  return {Kind::default_privileges, x.schema, x.objects, x.maker, Kind::schema, x.role};
}

ObjectKey key(const EventTrigger& x) { return named(Kind::event_trigger, {}, x.name); }

ObjectKey key(const Owner& x) { return satellite_of(Kind::owner, x.target); }

ObjectKey key(const Grant& x) { return satellite_of(Kind::grant, x.target, x.role); }

ObjectKey key(const Comment& x) { return satellite_of(Kind::comment, x.target); }

ObjectKey key_of(const Object& object) {
  return std::visit([](const auto& x) { return key(x); }, object);
}

Span span_of(const Object& object) {
  return std::visit([](const auto& x) { return x.origin.span; }, object);
}

Change inverse(const Change& change) { return {change.after, change.before}; }

bool Column::operator==(const Column& other) const {
  const auto value = [](const Column& x) {
    return std::tie(x.schema, x.table, x.name, x.type, x.collation, x.not_null, x.default_value, x.generated,
                    x.identity, x.serial, x.serial_of, x.storage, x.compression, x.statistics, x.hidden);
  };
  return value(*this) == value(other);
}

bool Function::operator==(const Function& other) const {
  return schema == other.schema && name == other.name && signature == other.signature && procedure == other.procedure &&
         definition == other.definition;
}

bool Aggregate::operator==(const Aggregate& other) const {
  return std::tie(schema, name, signature, arguments, options) ==
         std::tie(other.schema, other.name, other.signature, other.arguments, other.options);
}

bool Operator::operator==(const Operator& other) const {
  return std::tie(schema, name, left, right, options, commutator, negator) ==
         std::tie(other.schema, other.name, other.left, other.right, other.options, other.commutator, other.negator);
}

bool View::operator==(const View& other) const {
  return std::tie(schema, name, columns, options, recursive, query) ==
         std::tie(other.schema, other.name, other.columns, other.options, other.recursive, other.query);
}

bool MaterializedView::operator==(const MaterializedView& other) const {
  return std::tie(schema, name, columns, method, parameters, tablespace, query) ==
         std::tie(other.schema, other.name, other.columns, other.method, other.parameters, other.tablespace,
                  other.query);
}

}  // namespace godwit
