// SPDX-License-Identifier: Apache-2.0
// A move, looked at afterwards: every row that it recorded is looked up in the source and in the target, and what the
// one gives is compared with what the other holds, by hashes. All names are those that are valid once the migration is
// over: what it dropped is read where it is kept.
#include "compiler/data/compare.h"

#include "base/identifier.h"
#include "compiler/data/reject.h"
#include "compiler/model/script.h"
#include "compiler/sql/analyze.h"

#include <fmt/format.h>

#include <algorithm>

namespace godwit::data {

namespace {

// ---- names as they are afterwards -----------------------------------------------------------------------------------

ObjectKey afterwards(const ObjectKey& present, const Surroundings& around) {
  const auto place = around.aftermath.set_aside.find(present);
  return place == around.aftermath.set_aside.end() ? present : place->second;
}

/// Surroundings in which old names lead to where things stand once the migration is over.
struct Afterwards {
  explicit Afterwards(const Surroundings& before) : renames(before.renames) {
    for (auto& [old, key] : renames) key = afterwards(key, before);
    for (const auto& [present, place] : before.aftermath.set_aside) {
      renames.insert_or_assign(then(present, before), place);
      places.insert(place);
    }
    for (const ObjectKey& key : before.dropped) dropped.insert(afterwards(key, before));
  }

  std::map<ObjectKey, ObjectKey> renames;
  std::set<ObjectKey> dropped, places;
};

// ---- what can be compared -------------------------------------------------------------------------------------------

struct Compared {
  const Mapped* mapped = nullptr;
  const Assignment* set = nullptr;
};

class Comparing {
 public:
  Comparing(const Move& move, const Surroundings& around)
      : move_(move),
        around_(around),
        after_(around),
        end_{around.catalog, after_.renames, after_.dropped, around.sources, around.migration},
        shape_(shape_of(move, end_)) {
    for (const Mapped& mapped : shape_.mapped) {
      const auto set = std::find_if(move.set.begin(), move.set.end(),
                                    [&](const Assignment& one) { return one.column == mapped.target->name; });
      if (std::string why = left_out(*set); !why.empty()) {
        left_out_.push_back(fmt::format("{} ({})", quoted(set->column), why));
      } else {
        compared_.push_back({&mapped, &*set});
      }
    }
    reads_source_ = shape_.records_source() && !compared_.empty() && finds_source();
  }

  Comparison comparison() const {
    Comparison result;
    result.record = shape_.kept;
    result.remarks.push_back(fmt::format("needs {}: what is recorded of the move until finalize", shape_.kept));
    if (const std::string why = impossible(); !why.empty()) {
      result.sql = fmt::format("select 'NONE' as result, 'move' as kind, {} as object, {} as detail",
                               literal(move_.title()), literal(why));
      return result;
    }
    if (!left_out_.empty()) result.remarks.push_back("not compared: " + joined(left_out_, ", "));
    result.sql = statement();
    if (reads_source_ && by_key()) {
      result.table = table_sql(shape_.source);
      result.columns = listed(shape_.source_key);
    }
    return result;
  }

 private:
  bool is_gone(const ObjectKey& old) const {
    const ObjectKey key = now(old, end_);
    if (after_.places.contains(key)) return false;
    if (key.kind == Kind::column && after_.places.contains(table_of(key))) return false;
    return around_.catalog.find(key) == nullptr;
  }

  bool is_rewritten(const ObjectKey& present) const { return around_.aftermath.rewritten.contains(present); }

  std::string unreadable(const Fragment& value) const {
    for (const Reference& reference : value.references) {
      if (is_gone(reference.target)) return describe(reference.target) + " is gone";
      if (is_rewritten(now(reference.target, around_))) return describe(reference.target) + " is changed as well";
    }
    return {};
  }

  /// Why a column says nothing, if so.
  std::string left_out(const Assignment& set) const {
    if (is_rewritten(column_key(move_.target, set.column))) return "other steps write it too";
    if (!shape_.records_source()) return {};
    return set.changes_by_itself ? "another value each time" : unreadable(set.value);
  }

  bool by_key() const { return !shape_.target_key.empty(); }

  bool writes_with_record() const { return move_.batch || move_.reject; }

  std::string impossible() const {
    for (const std::string& column : shape_.target_key) {
      if (is_rewritten(column_key(move_.target, column)))
        return fmt::format("other steps write the key column {} too", quoted(column));
      const auto set =
          std::find_if(move_.set.begin(), move_.set.end(), [&](const Assignment& one) { return one.column == column; });
      if (set != move_.set.end() && set->changes_by_itself && shape_.records_source() && !writes_with_record())
        return fmt::format("the key column {} got another value than would be recorded", quoted(column));
    }
    if (!by_key() && compared_.empty()) return "no column can be compared: " + joined(left_out_, ", ");
    if (!by_key() && shape_.records_source() && !reads_source_)
      return "the source's rows cannot be read any more, and rows of the target have no key";
    return {};
  }

  bool finds_source() const {
    return std::none_of(shape_.source_key.begin(), shape_.source_key.end(), [&](const std::string& column) {
      return is_gone(then(column_key(shape_.source, column), end_));
    });
  }

  /// Nobody writes what the compared values are made of: the source is kept, or its columns are hidden.
  bool is_frozen() const {
    if (shape_.source_dropped) return true;
    for (const Compared& one : compared_) {
      for (const Reference& reference : one.set->value.references) {
        const ObjectKey key = now(reference.target, end_);
        if (key.kind != Kind::column || after_.places.contains(key)) continue;
        const bool of_key =
            table_of(key) == shape_.source &&
            std::find(shape_.source_key.begin(), shape_.source_key.end(), key.part.str()) != shape_.source_key.end();
        if (!of_key) return false;
      }
    }
    return true;
  }

  /// Values come from other tables too, whose rows may have changed since.
  bool reads_others() const {
    std::vector<const Fragment*> values;
    for (const Compared& one : compared_) values.push_back(&one.set->value);
    const std::vector<ObjectKey> tables = tables_in(values);
    return std::any_of(tables.begin(), tables.end(), [&](const ObjectKey& table) {
      return table != *move_.source && !after_.places.contains(now(table, end_));
    });
  }

  // ---- SQL ----------------------------------------------------------------------------------------------------------

  /// Blanks that fill a `character(n)` are no difference.
  static std::string as_hashed(const std::string& value, const Column& column) {
    const std::string& type = column.type.text;
    const bool filled = type == "bpchar" || type == "character" || type.starts_with("character(");
    return filled ? fmt::format("({})::text", value) : value;
  }

  template <typename Spell>
  std::string hash_of(const Spell& spell) const {
    std::vector<std::string> values;
    for (const Compared& one : compared_) values.push_back(as_hashed(spell(*one.mapped), *one.mapped->target));
    constexpr std::size_t one_line = 60;
    const std::string list = joined(values, ", ");
    return list.size() < one_line
               ? fmt::format("hashtextextended(row({})::text, 0)", list)
               : fmt::format("hashtextextended(row(\n             {})::text, 0)", lines_of(values, 13));
  }

  std::string held() const {
    return hash_of([](const Mapped& mapped) { return "target." + quoted(mapped.target->name); });
  }

  std::vector<std::string> source_labels(std::string_view alias) const {
    std::vector<std::string> labels;
    for (const std::string& column : shape_.source_key)
      labels.push_back(std::string(alias) + labelled("source", column));
    return labels;
  }

  /// What names a row to people: its key in the source, else in the target, else all that was put.
  std::vector<std::string> naming_labels(std::string_view alias) const {
    if (shape_.records_source()) return source_labels(alias);
    std::vector<std::string> labels;
    for (const std::string& column : by_key() ? shape_.target_key : mapped_columns(shape_))
      labels.push_back(std::string(alias) + labelled("target", column));
    return labels;
  }

  static std::string as_text(const std::vector<std::string>& labels) {
    if (labels.size() == 1) return labels.front() + "::text";
    return fmt::format("concat_ws(' ', {})", joined(labels, ", "));
  }

  std::string alias() const {
    return quoted(move_.alias == move_.source->name.str() ? shape_.source.name.str() : move_.alias) + '.';
  }

  std::string source_keys() const { return listed(shape_.source_key, alias()); }

  std::string is_recorded(std::size_t indent) const {
    std::vector<std::string> same;
    for (const std::string& column : shape_.source_key)
      same.push_back(fmt::format("recorded.{} = {}{}", labelled("source", column), alias(), quoted(column)));
    return indented(
        fmt::format("exists (select from {} as recorded\n         where {}\n           and {})", shape_.kept,
                    range_mark(joined(source_labels("recorded."), ", ")), joined(same, "\n           and ")),
        indent);
  }

  std::string source_part() const {
    std::vector<std::string> columns;
    for (const std::string& column : shape_.source_key)
      columns.push_back(fmt::format("{}{} as {}", alias(), quoted(column), labelled("source", column)));
    const std::string hash = hash_of([](const Mapped& mapped) { return mapped.sql; });
    columns.push_back(
        is_frozen()
            ? hash + " as given"
            : fmt::format("case when age({}xmin) >= (select since from applied) then {} end as given", alias(), hash));
    return fmt::format(
        "source as materialized (            -- what the source gives for each row that was moved{}\n"
        "  select {}\n    from {}\n   where {}\n     and {}\n)",
        is_frozen() ? "" : "; null: written since", lines_of(columns, 9), shape_.from, range_mark(source_keys()),
        is_recorded(4));
  }

  /// The columns of `found` that do not depend on the target.
  std::vector<std::string> recorded_columns() const {
    std::vector<std::string> columns = naming_labels("kept.");
    if (shape_.records_there()) columns.emplace_back("kept.already_there");
    columns.emplace_back("kept.xmin as put_in");
    if (reads_source_) {
      columns.push_back(fmt::format("source.{} is not null as stands", labelled("source", shape_.source_key.front())));
      columns.emplace_back("source.given");
    } else {
      columns.emplace_back("true as stands");
      columns.push_back((shape_.records_source() ? std::string("0::bigint") : hash_of([](const Mapped& mapped) {
                          return "kept." + labelled("target", mapped.target->name);
                        })) +
                        " as given");
    }
    return columns;
  }

  std::string recorded_from(int indent) const {
    const std::string space(static_cast<std::size_t>(indent), ' ');
    std::string text = fmt::format("{}from {} as kept", space, shape_.kept);
    if (reads_source_)
      text +=
          fmt::format("\n{}left join source on {}", space, joined(by_source_key(shape_, "source", "kept"), " and "));
    return text;
  }

  std::string found_part() const {
    std::vector<std::string> columns = recorded_columns();
    if (by_key()) {
      columns.emplace_back("target.ctid is not null as there");
      columns.emplace_back("target.xmin as written_by");
      const bool hashes = reads_source_ || !shape_.records_source();
      columns.push_back(fmt::format("case when target.ctid is not null then {} end as held",
                                    hashes ? held() : std::string("0::bigint")));
      return fmt::format(
          "found as materialized (             -- and what the target holds\n  select {}\n{}\n    left join {} as "
          "target\n      on {}\n   where {}\n)",
          lines_of(columns, 9), recorded_from(4), table_sql(shape_.target),
          all_of(by_target_key(shape_, "kept", "target"), 6),
          reads_source_ ? range_mark(joined(source_labels("kept."), ", ")) : "true");
    }
    // Without a key any row of the target with the same values will do, each for one row of the source.
    columns.push_back(
        fmt::format("row_number() over (partition by {}) as turn",
                    reads_source_ ? "source.given" : columns.back().substr(0, columns.back().rfind(" as "))));
    return fmt::format(
        "found as materialized (             -- and what the target holds: no key tells its rows apart\n"
        "  select kept.*, target.held is not null as there, target.written_by, target.held\n"
        "    from (select {}\n{}) as kept\n"
        "    left join (select {} as held, target.xmin as written_by,\n"
        "                      row_number() over (partition by {}) as turn\n"
        "                 from {} as target) as target\n"
        "      on target.held = kept.given and target.turn = kept.turn\n)",
        lines_of(columns, 17), recorded_from(10), held(), held(), table_sql(shape_.target));
  }

  /// The target's row is as the migration left it.
  std::string is_as_put() const {
    if (reads_source_ && reads_others()) return {};
    if (writes_with_record()) return "written_by in (put_in, applied.by)";
    // The rows went in right behind their record, in a block that is a transaction of its own to the server.
    return "written_by = put_in\n                or age(written_by) = (select max(age(written_by)) from found where "
           "age(written_by) < age(put_in))";
  }

  std::string judged_part() const {
    std::string cases;
    if (move_.on_conflict == OnConflict::skip) cases += "\n              when already_there then 'already there'";
    cases += "\n              when not there and stands" + std::string(by_key() ? "" : " and given is not null") +
             " then 'missing'\n              when not stands or given is null then 'changed'"
             "\n              when given = held then 'same'";
    if (const std::string as_put = is_as_put(); !as_put.empty())
      cases += fmt::format("\n              when {} then 'differs'", as_put);
    return fmt::format(
        "judged as (\n  select found.*,\n         case{}\n              else 'changed' end as verdict\n    from found, "
        "applied\n)",
        cases);
  }

  /// Rows of the source that qualify and were not moved: written since, or in a source that nobody writes, lost.
  std::string others_part() const {
    const bool tells = reads_source_ && (!move_.where || unreadable(*move_.where).empty());
    if (!tells) return "others as (\n  select null as row_key, 1 as place where false\n)";
    std::vector<std::string> keys;
    for (const std::string& column : shape_.source_key) keys.push_back(alias() + quoted(column));
    std::string conditions = fmt::format("{}\n     and not {}", range_mark(source_keys()), is_recorded(8));
    if (move_.reject) conditions += "\n     and not " + is_set_aside(move_.title(), shape_.source_key, alias(), end_);
    if (!shape_.where.empty()) conditions += fmt::format("\n     and ({})", shape_.where);
    return fmt::format(
        "others as (                          -- rows that qualify and were not moved{}\n"
        "  select {} as row_key, row_number() over (order by {}) as place\n    from {}\n   where {}\n)",
        shape_.source_dropped ? "" : ": written since", as_text(keys), joined(keys, ", "), shape_.from, conditions);
  }

  std::string statement() const {
    std::vector<std::string> parts{
        fmt::format("with applied as (                    -- the transaction that ended the migration\n"
                    "  select xmin as by, age(xmin) as since from godwit.event\n"
                    "   where (migration, what) = ({}, 'applied') order by id desc limit 1\n)",
                    literal(around_.migration))};
    if (reads_source_) parts.push_back(source_part());
    parts.push_back(found_part());
    parts.push_back(judged_part());
    parts.push_back(fmt::format(
        "unlike as (\n  select {} as row_key, verdict,\n         row_number() over (partition by verdict order by {}) "
        "as "
        "place\n    from judged where verdict in ('missing', 'differs', 'changed')\n)",
        as_text(naming_labels("")),
        shape_.records_source() || by_key() ? joined(naming_labels(""), ", ") : as_text(naming_labels(""))));
    parts.push_back(others_part());
    const auto counted = [](std::string_view verdict) {
      return fmt::format("count(*) filter (where verdict = '{}')", verdict);
    };
    const auto named = [](std::string_view verdict) {
      return fmt::format("string_agg(row_key, ', ' order by place) filter (where verdict = '{}' and place <= 10)",
                         verdict);
    };
    return joined(parts, ", ") +
           fmt::format(
               "\nselect case when missing + differs{} = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,\n"
               "       {} as object,\n"
               "       concat_ws('; ', 'missing: ' || missing_keys, 'different: ' || differing_keys,\n"
               "                 'changed since: ' || changed_keys, '{}: ' || other_keys) as detail,\n"
               "       moved, same, already_there, missing, differs, changed, others, source_sum, target_sum,\n"
               "       missing_keys, differing_keys, changed_keys, other_keys, {} as kept_source, {} as left_out\n"
               "  from (select count(*) as moved,\n               {} as same,\n               {} as already_there,\n"
               "               {} as missing,\n               {} as differs,\n               {} as changed,\n"
               "               coalesce(sum(given::numeric) filter (where verdict in ('same', 'differs')), 0) as "
               "source_sum,\n"
               "               coalesce(sum(held::numeric) filter (where verdict in ('same', 'differs')), 0) as "
               "target_sum\n"
               "          from judged) as counted,\n"
               "       (select {} as missing_keys,\n               {} as differing_keys,\n               {} as "
               "changed_keys\n          from unlike) as named,\n"
               "       (select count(*) as others, string_agg(row_key, ', ' order by place) filter (where place <= 10) "
               "as other_keys\n          from others) as apart",
               shape_.source_dropped ? " + others" : "", literal(move_.title()),
               shape_.source_dropped ? "not moved" : "written to the source since", shape_.source_dropped,
               literal(joined(left_out_, ", ")), counted("same"), counted("already there"), counted("missing"),
               counted("differs"), counted("changed"), named("missing"), named("differs"), named("changed"));
  }

  const Move& move_;
  const Surroundings& around_;
  const Afterwards after_;
  const Surroundings end_;
  const MoveShape shape_;
  std::vector<Compared> compared_;
  std::vector<std::string> left_out_;
  bool reads_source_ = false;  // else the record alone says what was put
};

}  // namespace

Comparison comparison_of(const Move& move, const Surroundings& around) { return Comparing(move, around).comparison(); }

}  // namespace godwit::data
