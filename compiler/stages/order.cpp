// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/order.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace godwit::stages {

namespace {

/// Ranks by (phase, kind, subject, title), so that the queue compares numbers.
std::vector<std::size_t> ranks(const std::vector<Step>& steps) {
  std::vector<std::size_t> by_rank(steps.size());
  for (std::size_t i = 0; i < by_rank.size(); ++i) by_rank[i] = i;
  std::sort(by_rank.begin(), by_rank.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(steps[a].phase, steps[a].subject, steps[a].title, steps[a].span) <
           std::tie(steps[b].phase, steps[b].subject, steps[b].title, steps[b].span);
  });
  std::vector<std::size_t> rank(steps.size());
  for (std::size_t i = 0; i < by_rank.size(); ++i) rank[by_rank[i]] = i;
  return rank;
}

struct Graph {
  std::vector<std::vector<std::size_t>> after;
  std::vector<std::size_t> waiting;

  Graph(std::size_t size, const std::vector<Edge>& edges, bool with_soft) : after(size), waiting(size, 0) {
    for (const Edge& edge : edges) {
      if (edge.soft && !with_soft) continue;
      after[edge.first].push_back(edge.second);
      ++waiting[edge.second];
    }
  }
};

std::vector<std::size_t> run(const std::vector<std::size_t>& rank, Graph& graph) {
  const auto later = [&](std::size_t a, std::size_t b) { return rank[a] > rank[b]; };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> ready(later);
  for (std::size_t i = 0; i < rank.size(); ++i) {
    if (graph.waiting[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> sequence;
  sequence.reserve(rank.size());
  while (!ready.empty()) {
    const std::size_t step = ready.top();
    ready.pop();
    sequence.push_back(step);
    for (const std::size_t next : graph.after[step]) {
      if (--graph.waiting[next] == 0) ready.push(next);
    }
  }
  return sequence;
}

/// The steps that lie on a cycle: from one that waits, follow what it waits for until a step comes twice.
std::vector<std::size_t> find_cycle(const Graph& graph, const std::vector<Edge>& edges) {
  std::vector<std::vector<std::size_t>> before(graph.waiting.size());
  for (const Edge& edge : edges) {
    if (!edge.soft && graph.waiting[edge.first] > 0 && graph.waiting[edge.second] > 0)
      before[edge.second].push_back(edge.first);
  }
  std::size_t at = 0;
  while (at < graph.waiting.size() && (graph.waiting[at] == 0 || before[at].empty())) ++at;
  std::vector<std::size_t> path;
  std::vector<char> seen(graph.waiting.size(), 0);
  while (at < graph.waiting.size() && seen[at] == 0) {
    seen[at] = 1;
    path.push_back(at);
    at = *std::min_element(before[at].begin(), before[at].end());
  }
  const auto start = std::find(path.begin(), path.end(), at);
  std::vector<std::size_t> cycle(start, path.end());
  std::reverse(cycle.begin(), cycle.end());
  return cycle;
}

}  // namespace

Order order(const std::vector<Step>& steps, const std::vector<Edge>& edges) {
  const std::vector<std::size_t> rank = ranks(steps);
  Order result;
  Graph all(steps.size(), edges, true);
  result.sequence = run(rank, all);
  if (result.sequence.size() == steps.size()) return result;
  result.broke_soft_edges = true;
  Graph hard(steps.size(), edges, false);
  result.sequence = run(rank, hard);
  if (result.sequence.size() < steps.size()) result.cycle = find_cycle(hard, edges);
  return result;
}

}  // namespace godwit::stages
