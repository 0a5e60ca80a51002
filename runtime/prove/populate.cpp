// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/populate.h"

#include "base/identifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>

namespace godwit {

namespace {

/// A column as it concerns who writes a row.
struct Column {
  std::string name, type;  // both as SQL takes them
  std::string base;        // the name of the type below domains, of the element for an array
  char category = 'U';     // pg_type.typcategory of it
  int modifier = -1;       // pg_attribute.atttypmod
  bool is_array = false, not_null = false, has_default = false;
  std::vector<std::string> candidates;  // labels of an enum, literals of checks
};

struct ForeignKey {
  std::size_t parent = 0;                        // its place among the tables
  std::vector<std::string> columns, referenced;  // as SQL takes them
};

struct Table {
  std::string name;
  std::uint64_t there = 0;
  std::vector<Column> columns;  // that an insert may name
  std::vector<ForeignKey> foreign_keys;
};

// What an insert may name, with the type below domains and arrays, and the labels of an enum, one a line.
constexpr const char* columns_sql = R"(
with recursive base as (
  select oid as type, oid, typtype, typbasetype, typcategory, typname, typelem, typnotnull, typtypmod from pg_type
  union all
  select base.type, t.oid, t.typtype, t.typbasetype, t.typcategory, t.typname, t.typelem,
         base.typnotnull or t.typnotnull, base.typtypmod
    from base join pg_type t on base.typtype = 'd' and t.oid = base.typbasetype
), plain as (
  select * from base where typtype <> 'd'
)
select c.oid, format('%I.%I', n.nspname, c.relname), quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
       coalesce(e.typname, p.typname), coalesce(e.typcategory, p.typcategory),
       greatest(a.atttypmod, p.typtypmod), p.typcategory = 'A', a.attnotnull or p.typnotnull, a.atthasdef, a.attnum,
       (select string_agg(v.enumlabel, chr(10) order by v.enumsortorder) from pg_enum v
         where v.enumtypid = coalesce(e.oid, p.oid)),
       (select string_agg(pg_get_constraintdef(k.oid), chr(10)) from pg_constraint k where k.contypid = a.atttypid)
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
   and a.attidentity = '' and a.attname not like '\_gw\_%'
  left join plain p on p.type = a.atttypid
  left join pg_type e on p.typcategory = 'A' and e.oid = p.typelem
 where c.relkind in ('r', 'p') and not c.relispartition
   and n.nspname !~ '^(pg_|information_schema$|godwit$|godwit_kept)'
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
     and d.deptype = 'e')
 order by n.nspname collate "C", c.relname collate "C", a.attnum;
)";

// What bounds compare the columns of a partition key with is as good as a check, for the table at the root.
constexpr const char* constraints_sql = R"(
with bound as (
  select 'c'::"char", pg_partition_root(c.oid)::oid as root, null::oid, pg_get_expr(c.relpartbound, c.oid),
         (select string_agg(quote_ident(a.attname), chr(10) order by o)
            from unnest(p.partattrs) with ordinality u (n, o)
            join pg_attribute a on a.attrelid = p.partrelid and a.attnum = u.n),
         null::text, c.relname
    from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_partitioned_table p on p.partrelid = i.inhparent
   where c.relispartition
), rule (contype, conrelid, confrelid, definition, columns, referenced, name) as (
select k.contype, k.conrelid, k.confrelid, pg_get_constraintdef(k.oid),
       (select string_agg(quote_ident(a.attname), chr(10) order by o) from unnest(k.conkey) with ordinality u (n, o)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
       (select string_agg(quote_ident(a.attname), chr(10) order by o) from unnest(k.confkey) with ordinality u (n, o)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n),
       k.conname
  from pg_constraint k
 where k.contype in ('c', 'f') and k.conrelid <> 0
union all select * from bound
)
select contype, conrelid, confrelid, definition, columns, referenced from rule order by conrelid, name collate "C";
)";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The literals in a check's text, strings and numbers with their neighbours: what it compares with is often what it
/// takes.
void add_literals(const std::string& text, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string found;
    long beside = 0;
    if (text[i] == '\'') {
      for (++i; i < text.size() && (text[i] != '\'' || (i + 1 < text.size() && text[i + 1] == '\'')); ++i) {
        if (text[i] == '\'') ++i;
        found += text[i];
      }
    } else if (text[i] >= '0' && text[i] <= '9' && (i == 0 || (std::isalnum(text[i - 1]) == 0 && text[i - 1] != '_'))) {
      while (i < text.size() && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.')) found += text[i++];
      beside = found.size() < 10 && found.find('.') == std::string::npos ? std::atol(found.c_str()) : 0;
    } else {
      continue;
    }
    if (std::find(out.begin(), out.end(), found) == out.end()) out.push_back(std::move(found));
    if (beside != 0) out.insert(out.end(), {std::to_string(beside - 1), std::to_string(beside + 1)});
  }
}

class Populating {
 public:
  Populating(Session& session, std::size_t rows, std::uint64_t seed)
      : session_(session), wanted_(rows), random_(seed) {}

  Result<Population, ServerError> run(bool only_empty) {
    if (auto read = read_tables(); !read) return unexpected(read.error());
    Population population;
    for (const std::size_t place : parents_first()) {
      Table& table = tables_[place];
      const auto count = session_.exec("select count(*) from " + table.name + ";");
      if (!count) return unexpected(count.error());
      table.there = std::strtoull(count->text(0, 0).c_str(), nullptr, 10);
      if (only_empty && table.there > 0) continue;
      std::string refused;
      const std::size_t made = fill(table, refused);
      population.rows += made;
      if (made == 0 && wanted_ > 0) population.not_filled.push_back(table.name + ": " + refused);
    }
    return population;
  }

 private:
  Result<void, ServerError> read_tables() {
    const auto columns = session_.exec(columns_sql);
    if (!columns) return unexpected(columns.error());
    std::map<std::string, std::size_t> places;  // by oid
    for (std::size_t i = 0; i < columns->rows.size(); ++i) {
      const auto [entry, is_new] = places.emplace(columns->text(i, 0), tables_.size());
      if (is_new) tables_.push_back({columns->text(i, 1), 0, {}, {}});
      if (columns->text(i, 2).empty()) continue;
      Column column{columns->text(i, 2),
                    columns->text(i, 3),
                    columns->text(i, 4),
                    columns->text(i, 5).front(),
                    std::atoi(columns->text(i, 6).c_str()),
                    columns->is_true(i, 7),
                    columns->is_true(i, 8),
                    columns->is_true(i, 9),
                    lines_of(columns->text(i, 11))};
      add_literals(columns->text(i, 12), column.candidates);
      tables_[entry->second].columns.push_back(std::move(column));
    }
    const auto constraints = session_.exec(constraints_sql);
    if (!constraints) return unexpected(constraints.error());
    for (std::size_t i = 0; i < constraints->rows.size(); ++i) {
      const auto place = places.find(constraints->text(i, 1));
      if (place == places.end()) continue;
      Table& table = tables_[place->second];
      const std::vector<std::string> names = lines_of(constraints->text(i, 4));
      if (constraints->text(i, 0) == "f") {
        const auto parent = places.find(constraints->text(i, 2));
        if (parent != places.end())
          table.foreign_keys.push_back({parent->second, names, lines_of(constraints->text(i, 5))});
        continue;
      }
      for (Column& column : table.columns) {
        if (std::find(names.begin(), names.end(), column.name) != names.end())
          add_literals(constraints->text(i, 3), column.candidates);
      }
    }
    return {};
  }

  std::vector<std::size_t> parents_first() const {
    std::vector<std::size_t> order;
    std::set<std::size_t> done, open;
    const auto visit = [&](auto&& self, std::size_t place) -> void {
      if (done.contains(place) || !open.insert(place).second) return;
      for (const ForeignKey& key : tables_[place].foreign_keys) self(self, key.parent);
      done.insert(place);
      order.push_back(place);
    };
    for (std::size_t place = 0; place < tables_.size(); ++place) visit(visit, place);
    return order;
  }

  std::size_t fill(const Table& table, std::string& refused) {
    // Values of the parents, once: rows that are made here are parents too.
    std::vector<std::vector<std::vector<std::optional<std::string>>>> parents;
    const auto read_parents = [&] {
      parents.clear();
      for (const ForeignKey& key : table.foreign_keys) {
        const auto rows = session_.exec(fmt::format("select {}::text from {} order by {} limit 100;",
                                                    fmt::join(key.referenced, "::text, "), tables_[key.parent].name,
                                                    fmt::join(key.referenced, ", ")));
        parents.push_back(rows ? rows->rows : std::vector<std::vector<std::optional<std::string>>>{});
      }
    };
    read_parents();
    std::size_t made = 0;
    const std::size_t most = wanted_ * 12 + 60;
    for (std::size_t attempt = 0; attempt < most && made < wanted_; ++attempt) {
      const auto done = session_.exec(insert(table, parents, table.there + attempt, attempt >= wanted_));
      if (done) {
        ++made;
        const bool own_parent = std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                            [&](const auto& key) { return &tables_[key.parent] == &table; });
        if (own_parent) read_parents();
      } else if (done.error().lost) {
        refused = done.error().message;
        return made;
      } else {
        refused = done.error().message;
      }
    }
    return made;
  }

  template <typename Parents>
  std::string insert(const Table& table, const Parents& parents, std::uint64_t number, bool wild) {
    std::map<std::string, std::string> values;  // by column
    for (std::size_t i = 0; i < table.foreign_keys.size(); ++i) {
      const ForeignKey& key = table.foreign_keys[i];
      if (parents[i].empty()) {
        // The first row of a table that refers to itself refers to nothing, or to this very row.
        for (std::size_t j = 0; j < key.columns.size(); ++j) {
          const Column* column = column_of(table, key.columns[j]);
          if (column != nullptr && !column->not_null) values.emplace(key.columns[j], "null");
        }
        continue;
      }
      const auto& row = parents[i][below(parents[i].size())];
      for (std::size_t j = 0; j < key.columns.size() && j < row.size(); ++j) {
        values.emplace(key.columns[j], row[j] ? literal(*row[j]) : "null");
      }
    }
    std::vector<std::string> names, literals;
    for (const Column& column : table.columns) {
      const auto given = values.find(column.name);
      if (given == values.end() && column.has_default && (wild ? below(2) == 0 : number % 3 == 0)) continue;
      names.push_back(column.name);
      if (given != values.end()) {
        literals.push_back(given->second);
      } else if (!column.not_null && below(wild ? 2 : 5) == 0) {
        literals.push_back("null");
      } else {
        literals.push_back(value(column, number, wild));
      }
    }
    if (names.empty()) return "insert into " + table.name + " default values;";
    return fmt::format("insert into {} ({}) values ({});", table.name, fmt::join(names, ", "),
                       fmt::join(literals, ", "));
  }

  static const Column* column_of(const Table& table, const std::string& name) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column& column) { return column.name == name; });
    return found == table.columns.end() ? nullptr : &*found;
  }

  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  std::string value(const Column& column, std::uint64_t number, bool wild) {
    const bool takes_candidate = !column.candidates.empty() && (column.category == 'E' || below(wild ? 2 : 4) != 0);
    std::string text =
        takes_candidate ? column.candidates[below(column.candidates.size())] : made_up(column, number, wild);
    if (column.is_array) text = below(3) == 0 ? "{}" : "{" + in_array(text) + "}";
    return literal(text) + "::" + column.type;
  }

  static std::string in_array(const std::string& text) {
    std::string out = "\"";
    for (const char letter : text) {
      if (letter == '"' || letter == '\\') out += '\\';
      out += letter;
    }
    return out + '"';
  }

  std::string made_up(const Column& column, std::uint64_t number, bool wild) {
    const std::string& base = column.base;
    const std::string counter = std::to_string(number + 1);
    const auto of = [&](std::initializer_list<const char*> texts) {
      return std::string(*(texts.begin() + static_cast<std::ptrdiff_t>(below(texts.size()))));
    };
    const auto two = [](std::uint64_t n) { return fmt::format("{:02}", n); };
    if (base == "uuid")
      return fmt::format("00000000-0000-4000-8000-{:012x}", number + 1 + (wild ? below(1U << 30) : 0));
    if (column.category == 'B') return number % 2 == 0 ? "true" : "false";
    if (column.category == 'N') return number_text(column, number, wild);
    if (column.category == 'D') {
      const std::string date =
          fmt::format("20{}-{}-{}", two(10 + number % 15), two(1 + number % 12), two(1 + number % 28));
      const std::string time = fmt::format("{}:{}:{}", two(number % 24), two(number * 7 % 60), two(number * 13 % 60));
      if (base == "date") return date;
      if (base == "time" || base == "timetz") return time;
      return date + ' ' + time + (base == "timestamptz" ? "+00" : "");
    }
    if (column.category == 'T') return counter + " hours";
    if (column.category == 'I')
      return fmt::format("10.{}.{}.{}", number / 65536 % 256, number / 256 % 256, number % 256);
    if (column.category == 'R') return "empty";
    if (column.category == 'G') return of({"(1,2)", "(0,0)"});
    if (column.category == 'V') return std::string(static_cast<std::size_t>(std::max(column.modifier, 1)), '1');
    if (base == "json" || base == "jsonb") return of({"{}", "[]"}).insert(1, below(2) == 0 ? "" : " ");
    if (base == "bytea") return "\\x" + fmt::format("{:08x}", number);
    if (base == "xml") return "<a/>";
    if (base == "tsvector" || base == "tsquery") return "word";
    if (base == "macaddr") return fmt::format("08:00:2b:00:{:02x}:{:02x}", number / 256 % 256, number % 256);
    if (base == "pg_lsn") return "0/" + counter;
    if (base == "hstore") return "a=>" + counter;
    return text_value(column, number, wild);
  }

  std::string number_text(const Column& column, std::uint64_t number, bool wild) {
    std::uint64_t most = 1'000'000'000;
    if (column.base == "int2") most = 32'767;
    if (column.base == "numeric" && column.modifier > 4) {
      const int digits = ((column.modifier - 4) >> 16) - ((column.modifier - 4) & 0x7ff);
      most = 1;
      for (int i = 0; i < std::min(digits, 9); ++i) most *= 10;
    }
    return std::to_string((wild ? below(most) : number + 1) % most);
  }

  /// Words of several shapes: what a check wants of a text is not known.
  std::string text_value(const Column& column, std::uint64_t number, bool wild) {
    const std::string counter = std::to_string(number + 1);
    std::string text = "word " + counter;
    if (wild) {
      switch (below(8)) {
        case 0: text = "name" + counter + "@example.org"; break;
        case 1: text = "https://example.org/" + counter; break;
        case 2: text = counter; break;
        case 3: text = "w" + counter; break;
        case 4: text = "W" + counter; break;
        case 5: text = "+49 30 " + std::to_string(100000 + number); break;
        case 6: text = std::string(1, static_cast<char>('a' + number % 26)); break;
        default: text = "größe \"" + counter + "\" 'x' \\"; break;
      }
    }
    const std::size_t most = column.modifier > 4 ? static_cast<std::size_t>(column.modifier - 4) : text.size();
    if (text.size() > most) text = most >= counter.size() ? counter : counter.substr(counter.size() - most);
    return text;
  }

  Session& session_;
  std::size_t wanted_;
  std::mt19937_64 random_;
  std::vector<Table> tables_;
};

}  // namespace

Result<Population, ServerError> populate(Session& session, std::size_t rows, std::uint64_t seed, bool only_empty) {
  return Populating(session, rows, seed).run(only_empty);
}

}  // namespace godwit
