// SPDX-License-Identifier: Apache-2.0
// `attach partition p …` and `detach partition p` of `alter table`: what they name, and what keeps a table from
// becoming a partition.
#include "base/identifier.h"
#include "compiler/kinds/attachment.h"
#include "compiler/kinds/inheritance.h"
#include "compiler/kinds/partition.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

std::string called(const ObjectKey& table) { return '`' + quoted(table.schema, table.name) + '`'; }

/// A name without a schema is one in that of its table, as that of a new partition is.
std::optional<ObjectKey> named(ast::QualifiedName name, const ObjectKey& table, Declaring& d) {
  if (!name.schema) name.schema = ast::Name{table.schema.str(), name.span};
  auto found = d.existing_relation(name, {Kind::table});
  if (!found) return std::nullopt;
  const bool twice = std::any_of(d.attachments.begin(), d.attachments.end(),
                                 [&](const Attachment& other) { return other.partition == *found; });
  if (!twice) return found;
  d.diagnostics.add(codes::repeated_clause, name.span, "{} is attached or detached twice", called(*found))
      .hint("one migration for each");
  return std::nullopt;
}

/// `from`, `in`, `with` or `default`.
bool bound_fits(const Fragment& bound, const std::string& strategy) {
  if (is_default_bound(bound)) return strategy != "hash";
  const std::string begin = folded(bound.text.substr(0, bound.text.find('(')));
  const std::string word = strategy == "range" ? "from" : strategy == "list" ? "in" : "with";
  const std::size_t last = begin.find_last_not_of(" \t\r\n");
  return last != std::string::npos && begin.substr(0, last + 1).ends_with(word);
}

void check_place(const Attachment& a, Span bound_span, Declaring& d) {
  const Fragment& key = *d.catalog.get<Table>(a.table)->partition_key;
  if (!bound_fits(*a.bound, strategy_of(key))) {
    d.diagnostics.add(codes::bad_option, bound_span, "{} is partitioned by {}, and this is no bound of one",
                      called(a.table), strategy_of(key));
  }
}

/// One that is detached by the same migration makes room.
void check_default(const Attachment& a, Declaring& d) {
  if (!is_default_bound(*a.bound)) return;
  const auto refuse = [&](const ObjectKey& other) {
    d.diagnostics.add(codes::bad_option, a.span, "{} has the default partition {} already", called(a.table),
                      called(other));
  };
  for (const ObjectKey& child : d.catalog.children(a.table)) {
    const auto* other = d.catalog.get<Table>(child);
    if (other == nullptr || !is_default_bound(other->partition_of->bound)) continue;
    const bool leaves = std::any_of(d.attachments.begin(), d.attachments.end(),
                                    [&](const Attachment& one) { return one.partition == child; });
    if (!leaves) refuse(child);
  }
  for (const Attachment& one : d.attachments) {
    if (&one == &a) return;
    if (one.bound && one.table == a.table && is_default_bound(*one.bound)) refuse(one.partition);
  }
}

void declare_attach(const ast::AttachPartition& item, const ObjectKey& table, Declaring& d) {
  const auto partition = named(item.name, table, d);
  sql::Analysis bound = d.analyze(Form::partition_bound, item.bound);
  check_bound(bound, item.bound, d);
  if (!partition) return;
  const auto* shell = d.catalog.get<Table>(*partition);
  if (shell->partition_of) {
    d.diagnostics
        .add(codes::bad_option, item.name.span, "{} is a partition of {} already", called(*partition),
             called(shell->partition_of->table))
        .hint("detach it in a migration before");
    return;
  }
  const std::vector<ObjectKey> below = tables_below(*partition, d.catalog);
  if (std::find(below.begin(), below.end(), table) != below.end()) {
    d.diagnostics.add(codes::bad_option, item.name.span, "{} would be a partition of itself", called(*partition));
    return;
  }
  Attachment attachment{*partition, table, std::move(bound.fragment), item.name.span};
  check_place(attachment, item.bound.span, d);
  d.attachments.push_back(std::move(attachment));
}

void declare_detach(const ast::DetachPartition& item, const ObjectKey& table, Declaring& d) {
  const auto partition = named(item.name, table, d);
  if (!partition) return;
  const auto* shell = d.catalog.get<Table>(*partition);
  if (!shell->partition_of || shell->partition_of->table != table) {
    auto report = d.diagnostics.add(codes::bad_option, item.name.span, "{} is no partition of {}", called(*partition),
                                    called(table));
    if (shell->partition_of) report.hint("it is one of {}", called(shell->partition_of->table));
    return;
  }
  if (d.declared_here.contains(*partition)) {
    d.diagnostics.add(codes::no_effect, item.name.span, "{} is declared as a partition by the same file",
                      called(*partition));
    return;
  }
  d.attachments.push_back({*partition, table, {}, item.name.span});
}

// ---- what keeps a table from becoming a partition -------------------------------------------------------------------

class Joining {
 public:
  Joining(const Attachment& attachment, Declaring& d)
      : a_(attachment), d_(d), table_(attachment.partition), root_(d.catalog.root_of(attachment.table)) {}

  void check() {
    columns();
    alone();
    referring();
    check_keys_below(root_, table_, d_);
  }

 private:
  void columns() {
    for (const ObjectKey& child : d_.catalog.children(root_)) {
      const Column* column = d_.catalog.get<Column>(child);
      if (column == nullptr || column->hidden) continue;
      const Column* own = d_.catalog.get<Column>(column_key(table_, column->name));
      if (own != nullptr && !own->hidden) {
        compare(*own, *column);
        continue;
      }
      d_.diagnostics.add(codes::unknown_column, a_.span, "{} has no column `{}`, which {} has", called(table_),
                         column->name, called(root_));
    }
    for (const ObjectKey& child : d_.catalog.children(table_)) {
      const Column* own = d_.catalog.get<Column>(child);
      if (own == nullptr || own->hidden || d_.catalog.get<Column>(column_key(root_, own->name)) != nullptr) continue;
      d_.diagnostics.add(codes::bad_option, a_.span, "{} has a column `{}`, which {} lacks", called(table_), own->name,
                         called(root_));
    }
  }

  void compare(const Column& own, const Column& column) {
    if (!(own.type == column.type)) {
      d_.diagnostics.add(codes::type_mismatch, a_.span, "column `{}` of {} is `{}`, and `{}` in {}", own.name,
                         called(table_), own.type.text, column.type.text, called(root_));
      return;
    }
    const Column wanted = column_as_of(column, table_, d_.catalog);
    const char* what = nullptr;
    if (own.identity) what = "is an identity column, which no partition has of its own";
    if (own.collation != wanted.collation) what = "has another collation";
    if (!(own.generated == wanted.generated)) what = "is generated in another way";
    if (!own.serial.empty() || own.default_value != wanted.default_value || !(own.serial_of == wanted.serial_of))
      what = "has another default";
    if (own.storage != wanted.storage || own.compression != wanted.compression || own.statistics != wanted.statistics)
      what = "is stored or measured in another way";
    if (what == nullptr) return;
    d_.diagnostics
        .add(codes::bad_option, a_.span, "{} cannot become a partition: its column `{}` {}", called(table_), own.name,
             what)
        .hint("state it as that of {} is, in `alter table {} {{ … }}`", called(root_),
              quoted(table_.schema, table_.name));
  }

  void alone() {
    std::set<ObjectKey> shared;
    for (const SharedPart& part : shared_parts(table_, root_, d_.catalog)) {
      if (part.exists) shared.insert(key_of(part.own));
    }
    std::vector<std::string> own;
    for (const ObjectKey& child : d_.catalog.children(table_)) {
      const bool stays = child.kind == Kind::owner || child.kind == Kind::comment || child.kind == Kind::table;
      for (const ObjectKey& part : d_.catalog.children(child)) {
        if (child.kind != Kind::table) own.push_back(describe(part));
      }
      const auto* identity = d_.catalog.get<ReplicaIdentity>(child);
      if (identity != nullptr && identity->index) own.push_back("a replica identity by an index");
      if (stays || child.kind == Kind::column || identity != nullptr || shared.contains(child)) continue;
      const auto* grant = d_.catalog.get<Grant>(child);
      if (grant != nullptr && !of_columns(*grant)) continue;
      own.push_back(describe(child));
    }
    if (!inheritors(table_, d_.catalog).empty()) own.push_back("tables that inherit from it");
    if (own.empty()) return;
    d_.diagnostics
        .add(codes::bad_option, a_.span, "{} cannot become a partition with what {} lacks: {}", called(table_),
             called(root_), joined(own, ", "))
        .hint("drop {} here or in a migration before, or give the same to {}", own.size() == 1 ? "it" : "them",
              called(root_));
  }

  static bool of_columns(const Grant& grant) {
    return std::any_of(grant.privileges.begin(), grant.privileges.end(),
                       [](const Privilege& privilege) { return !privilege.columns.empty(); });
  }

  void referring() {
    for (const ObjectKey& dependent : d_.catalog.dependents(table_)) {
      const auto* foreign = d_.catalog.get<ForeignKey>(dependent);
      if (foreign == nullptr || foreign->target != table_) continue;
      d_.diagnostics
          .add(codes::bad_option, a_.span, "{} cannot become a partition: {} refers to it", called(table_),
               describe(dependent))
          .hint("drop that, or let it refer to {}", called(root_));
    }
  }

  const Attachment& a_;
  Declaring& d_;
  const ObjectKey table_, root_;
};

void check_leaving(const Attachment& a, Declaring& d) {
  const ObjectKey root = d.catalog.root_of(a.table);
  for (const ObjectKey& reader : readers_of(a.partition, d.catalog)) {
    if (reading_of(reader, a.partition, root, d.catalog) != Reading::unclear) continue;
    d.diagnostics
        .add(codes::dependents_remain, a.span, "{} is detached, and {} reads columns both of it and of what stays",
             called(a.partition), describe(reader))
        .note(span_of(*d.catalog.find(reader)), "it is declared here")
        .hint("drop it in this migration, and declare it anew in the next");
  }
}

/// What one of them takes from the table at the root, another would find changed.
void check_apart(Declaring& d) {
  for (const Attachment& one : d.attachments) {
    const std::vector<ObjectKey> below = tables_below(one.partition, d.catalog);
    for (const Attachment& other : d.attachments) {
      if (std::find(below.begin(), below.end(), other.table) == below.end()) continue;
      d.diagnostics
          .add(codes::bad_option, other.span, "{} and {}, which is above it, are attached or detached at the same time",
               called(other.partition), called(one.partition))
          .hint("one migration for each");
    }
  }
}

}  // namespace

void declare_attachments(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  for (const ast::TableItem& item : statement.items) {
    const auto* attach = std::get_if<ast::AttachPartition>(&item);
    const auto* detach = std::get_if<ast::DetachPartition>(&item);
    if (attach == nullptr && detach == nullptr) continue;
    const auto* shell = d.catalog.get<Table>(table);
    if (shell == nullptr) return;
    if (!shell->partition_key) {
      d.diagnostics.add(codes::bad_option, attach != nullptr ? attach->name.span : detach->name.span,
                        "{} is not partitioned", called(table));
      continue;
    }
    if (attach != nullptr) declare_attach(*attach, table, d);
    if (detach != nullptr) declare_detach(*detach, table, d);
  }
}

void check_attachments(Declaring& d) {
  check_apart(d);
  for (const Attachment& attachment : d.attachments) {
    if (attachment.bound) {
      check_default(attachment, d);
      Joining(attachment, d).check();
    } else {
      check_leaving(attachment, d);
    }
  }
}

}  // namespace godwit::kinds
