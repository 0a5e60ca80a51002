// SPDX-License-Identifier: Apache-2.0
// Steps into an order in which each finds what it needs. Stable: the same steps in any order give the same result.
#pragma once

#include "compiler/model/plan.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace godwit::stages {

/// `first` must run before `second`. A soft edge may be broken to resolve a cycle.
struct Edge {
  std::size_t first = 0, second = 0;
  bool soft = false;

  bool operator==(const Edge&) const = default;
  auto operator<=>(const Edge&) const = default;
};

struct Order {
  std::vector<std::size_t> sequence;  // every step once, unless there is a cycle
  std::vector<std::size_t> cycle;     // steps that wait for each other, when hard edges alone form a cycle
  bool broke_soft_edges = false;
};

/// Topological order; among steps that are free to go the one with the lowest (phase, kind, subject, title) goes first.
/// Linear in steps and edges but for the queue.
Order order(const std::vector<Step>& steps, const std::vector<Edge>& edges);

/// The steps in the order of `sequence`. Each knows then what it had to wait for, and none is of an earlier phase than
/// the one before it.
std::vector<Step> arranged(std::vector<Step> steps, const std::vector<Edge>& edges,
                           const std::vector<std::size_t>& sequence);

}  // namespace godwit::stages
