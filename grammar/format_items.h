// SPDX-License-Identifier: Apache-2.0
// Items of tables, views and schemas as the formatter prints them: one text for each, without a place on the page.
#pragma once

#include "grammar/ast.h"

#include <string>

namespace godwit::grammar {

/// What follows a column's type. The clauses keep the author's order: an SQL fragment ends where the next clause
/// begins, so that order has a meaning.
std::string column_clauses(const ast::Column& column);
/// `grant select on table app.t to reporting;`, `objects` being what stands behind the privileges.
std::string grant_text(const ast::GrantClause& grant, const std::string& objects);

/// An item with its semicolon.
std::string text_of(const ast::Constraint& item);
std::string text_of(const ast::Index& item);
std::string text_of(const ast::Policy& item);
std::string text_of(const ast::Trigger& item);
std::string text_of(const ast::RowSecurity& item);
std::string text_of(const ast::GrantClause& item);
std::string text_of(const ast::OwnerClause& item);
std::string text_of(const ast::CommentClause& item);
std::string text_of(const ast::ExtendedStatistics& item);
std::string text_of(const ast::StorageParameters& item);
std::string text_of(const ast::TablespaceClause& item);
std::string text_of(const ast::Unlogged& item);
std::string text_of(const ast::Inherits& item);
std::string text_of(const ast::ReplicaIdentity& item);
std::string text_of(const ast::PartitionBy& item);
std::string text_of(const ast::AttachPartition& item);
std::string text_of(const ast::DetachPartition& item);
std::string text_of(const ast::DropPart& item);

}  // namespace godwit::grammar
