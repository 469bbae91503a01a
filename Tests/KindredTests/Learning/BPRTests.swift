// Pairwise ranking under the contract of all trainers, and what is its own.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("BPR") struct BPRTests {
  private static var quick: BPROptions {
    var options = BPROptions()
    options.dimension = 6
    options.epochs = 40
    options.validationInterval = 1
    return options
  }

  private let contract = TrainerContract(BPR.self, options: quick)

  // Popularity alone finds about a quarter.
  @Test("learns planted tastes", arguments: 1...5)
  func learns(seed: UInt64) throws { try contract.ranks(seed: seed, recall: 0.4) }

  @Test("gives the same bytes for any number of threads", arguments: 1...3)
  func isDeterministic(seed: UInt64) throws { try contract.isDeterministic(seed: seed) }

  @Test("records what it did") func records() throws { try contract.records() }
  @Test("folds in") func foldsIn() throws { try contract.foldsIn() }
  @Test("saves and loads") func savesAndLoads() throws { try contract.savesAndLoads() }
  @Test("reports every epoch") func reports() throws { try contract.reportsEveryEpoch() }
  @Test("stops when asked") func stops() throws { try contract.stopsWhenAsked() }
  @Test("resumes", arguments: [nil, 3]) func resumes(patience: Int?) throws {
    try contract.resumes(patience: patience)
  }
  @Test("keeps the best epoch")
  func keepsTheBestEpoch() throws {
    var options = Self.quick
    options.dimension = 24
    options.regularization = 0
    options.epochs = 80
    try contract.keepsTheBestEpoch(overfitting: options)
  }

  @Test("refuses another run's checkpoint") func refusesAnotherRun() throws {
    try contract.refusesAnotherRun()
  }
  @Test("runs in the background") func background() async throws {
    try await contract.runsInTheBackground()
  }
  @Test("handles empty rows") func emptyRows() throws { try contract.handlesEmptyRows() }
  @Test("handles little data") func littleData() throws { try contract.handlesLittleData() }
  @Test("refuses no ratings") func noRatings() throws { try contract.refusesNoRatings() }
  @Test("refuses bad options") func badOptions() throws { try contract.refusesBadOptions() }
  @Test("refuses tables beyond memory") func tooLarge() throws { try contract.refusesTooLarge() }
  @Test("survives huge values") func hugeRatings() throws { try contract.survivesHugeRatings() }

  @Test("refuses options of its own out of range")
  func ownOptions() throws {
    let changes: [(inout BPROptions) -> Void] = [
      { $0.rate = 0 }, { $0.rate = .nan }, { $0.decay = 0 }, { $0.decay = 1.1 },
      { $0.regularization = -1 }, { $0.regularization = .infinity }, { $0.negativeExponent = -0.1 },
      { $0.negativeExponent = 1.5 }, { $0.negativeExponent = .nan }, { $0.candidates = 0 },
      { $0.candidates = .max }, { $0.initialDeviation = 0 }, { $0.validationInterval = 0 },
    ]
    for (index, change) in changes.enumerated() {
      var options = Self.quick
      change(&options)
      try contract.refuses(options, "change \(index)")
    }
  }
}
