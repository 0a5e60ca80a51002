// SPDX-License-Identifier: Apache-2.0
// What all scripts of a migration are put together from: their head, how a transaction opens and locks, and how a step
// of the plan stands in them.
#pragma once

#include "compiler/model/plan.h"
#include "compiler/model/script.h"
#include "compiler/stages/emit.h"

#include <string>
#include <vector>

namespace godwit::stages {

/// The worst that a step of the plan allows.
RollbackClass rollback_class(const Plan& plan);
/// The text with a semicolon at its end.
std::string closed(std::string sql);

class ScriptWriter {
 public:
  ScriptWriter(const Plan& plan, const EmitContext& context)
      : plan_(plan), context_(context), d_(context.declared), class_(rollback_class(plan)) {}

 protected:
  Script begin(const std::string& direction) const;
  /// A step of godwit's own.
  static void own(Script& script, const std::string& title, std::string sql);
  /// A step of the plan, with its remarks; `title`: another than its own.
  void add(Script& script, const Step& step, const Statements& statements, const std::string& title = {}) const;
  /// What takes back, or finalizes, a step of the plan.
  void add_later(Script& script, const Step& step, const Statements& statements, const std::string& title) const;

  /// `undoes_renames`: bodies of functions come back before the names in them do.
  /// `one_snapshot`: every statement sees the same rows.
  void open(Script& script, bool undoes_renames = false, bool one_snapshot = false) const;

  enum class Names { before, now };  // of tables that the migration renames
  /// Explicit locks on every table that will change, in one fixed order, before the first row is read.
  void lock(Script& script, const std::vector<const Statements*>& lists, Names names) const;

  /// In the words of the runtime's events. A payload has less than 8000 bytes: without its tables all are meant.
  void notify(Script& script, const std::string& event, const std::string& message = {}) const;

  const Plan& plan_;
  const EmitContext& context_;
  const kinds::Declaring& d_;
  RollbackClass class_;

 private:
  /// Tables that come, go, change or get rows, under the names of before and after.
  std::vector<std::string> touched() const;
};

}  // namespace godwit::stages
