// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/order.h"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

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
  std::vector<std::vector<const Edge*>> from, to;  // by the step that an edge leaves, and by the one it leads to
  std::vector<std::size_t> hard, soft;             // how many edges of each kind a step still waits for
  std::vector<char> gone;

  Graph(std::size_t size, const std::vector<Edge>& edges)
      : from(size), to(size), hard(size, 0), soft(size, 0), gone(size, 0) {
    for (const Edge& edge : edges) {
      from[edge.first].push_back(&edge);
      to[edge.second].push_back(&edge);
      ++(edge.soft ? soft : hard)[edge.second];
    }
  }

  /// From a step that waits, what it waits for, until a step comes twice: the steps of a circle, in the order they
  /// would have to go. Edges that `counts` denies are not followed.
  template <typename Counts>
  std::vector<std::size_t> circle(std::size_t start, const Counts& counts) const {
    std::vector<std::size_t> path;
    std::set<std::size_t> seen;
    for (std::size_t at = start; seen.insert(at).second;) {
      path.push_back(at);
      std::size_t next = gone.size();
      for (const Edge* edge : to[at]) {
        if (gone[edge->first] == 0 && counts(*edge)) next = std::min(next, edge->first);
      }
      if (next == gone.size()) return {};
      if (seen.contains(next)) path.erase(path.begin(), std::find(path.begin(), path.end(), next));
      at = next;
    }
    std::reverse(path.begin(), path.end());
    return path;
  }
};

/// Takes what waits for nothing, the lowest rank first. Where soft edges close a circle, one of its steps that waits
/// for nothing else goes without them.
class Run {
 public:
  Run(const std::vector<std::size_t>& rank, Graph& graph) : rank_(rank), graph_(graph), ready_(Later{&rank}) {
    for (std::size_t i = 0; i < rank.size(); ++i) arrived(i);
  }

  Order finish() {
    order_.sequence.reserve(rank_.size());
    for (;;) {
      while (!ready_.empty()) {
        const std::size_t step = ready_.top();
        ready_.pop();
        go(step);
      }
      if (could_go_.empty()) return std::move(order_);
      order_.broke_soft_edges = true;
      go(loosened());
    }
  }

 private:
  struct Later {
    const std::vector<std::size_t>* rank;
    bool operator()(std::size_t a, std::size_t b) const { return (*rank)[a] > (*rank)[b]; }
  };

  void arrived(std::size_t step) {
    if (graph_.hard[step] > 0) return;
    if (graph_.soft[step] > 0) {
      could_go_.emplace(rank_[step], step);
    } else {
      could_go_.erase({rank_[step], step});
      ready_.push(step);
    }
  }

  void go(std::size_t step) {
    graph_.gone[step] = 1;
    could_go_.erase({rank_[step], step});
    order_.sequence.push_back(step);
    for (const Edge* edge : graph_.from[step]) {
      --(edge->soft ? graph_.soft : graph_.hard)[edge->second];
      if (graph_.gone[edge->second] == 0) arrived(edge->second);
    }
  }

  std::size_t loosened() const {
    const std::size_t lowest = could_go_.begin()->second;
    std::size_t best = rank_.size();
    for (const std::size_t member : graph_.circle(lowest, [](const Edge&) { return true; })) {
      if (graph_.hard[member] == 0 && (best == rank_.size() || rank_[member] < rank_[best])) best = member;
    }
    return best == rank_.size() ? lowest : best;
  }

  const std::vector<std::size_t>& rank_;
  Graph& graph_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, Later> ready_;
  std::set<std::pair<std::size_t, std::size_t>> could_go_;  // by rank: wait for soft edges only
  Order order_;
};

}  // namespace

Order order(const std::vector<Step>& steps, const std::vector<Edge>& edges) {
  const std::vector<std::size_t> rank = ranks(steps);
  Graph graph(steps.size(), edges);
  Order result = Run(rank, graph).finish();
  for (std::size_t i = 0; i < steps.size() && result.cycle.empty(); ++i) {
    if (graph.gone[i] == 0) result.cycle = graph.circle(i, [](const Edge& edge) { return !edge.soft; });
  }
  return result;
}

std::vector<Step> arranged(std::vector<Step> steps, const std::vector<Edge>& edges,
                           const std::vector<std::size_t>& sequence) {
  std::vector<std::size_t> position(steps.size());
  for (std::size_t i = 0; i < sequence.size(); ++i) position[sequence[i]] = i;
  for (const Edge& edge : edges) {
    const std::size_t first = position[edge.first];
    if (first < position[edge.second]) steps[edge.second].after.push_back(first);  // not a soft edge that was broken
  }
  std::vector<Step> result;
  result.reserve(steps.size());
  Phase phase = Phase::preflight;
  for (const std::size_t index : sequence) {
    Step& step = steps[index];
    std::sort(step.after.begin(), step.after.end());
    step.after.erase(std::unique(step.after.begin(), step.after.end()), step.after.end());
    step.phase = phase = std::max(phase, step.phase);
    result.push_back(std::move(step));
  }
  return result;
}

}  // namespace godwit::stages
