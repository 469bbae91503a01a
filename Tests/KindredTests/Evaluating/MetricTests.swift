// Metrics by name.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Metric names") struct MetricTests {
  @Test("are read and written alike")
  func names() throws {
    for metric in Metric.allOfRankings + [Metric(.rmse), Metric(.mae)] {
      #expect(try Metric("\(metric)") == metric)
      #expect(try Metric(" \(metric) ".uppercased()) == metric)
    }
    #expect(
      try Metric.list("ndcg@5, recall@20 ,,ndcg@5") == [Metric("ndcg@5"), Metric("recall@20")])
  }

  @Test("that are wrong are refused with what there is")
  func wrong() {
    #expect(throws: MetricError.unknown("accuracy")) { try Metric("accuracy") }
    #expect(MetricError.unknown("x").description.contains("recall-capped@k"))
    #expect(MetricError.unknown("x").description.contains("mrr[@k], auc,"))
    #expect(throws: MetricError.cutoffMissing("recall")) { try Metric("recall") }
    #expect(throws: MetricError.cutoffUnwanted("rmse")) { try Metric("rmse@5") }
    for text in ["recall@0", "recall@-1", "recall@", "recall@x", "recall@2.5", "recall@9999999999"]
    {
      #expect(throws: MetricError.badCutoff(text, smallest: 1)) { try Metric(text) }
    }
    #expect(throws: MetricError.badCutoff("ils@1", smallest: 2)) { try Metric("ils@1") }
    #expect(throws: MetricError.none) { try Metric.list(" , ") }
  }
}
