// Which items a batch of users is held against, and what stands for those that are not there.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Softmax columns") struct SoftmaxColumnsTests {
  private func options(negatives: Int, correction: Double = 1) -> SoftmaxOptions {
    var options = SoftmaxOptions()
    options.negatives = negatives
    options.batch = 4
    options.correction = correction
    return options
  }

  private func numbers<Number>(_ buffer: Buffer<Number>) -> [Number] {
    (0..<buffer.count).map { buffer.span[$0] }
  }

  @Test(
    "with all items drawn they are all items, and nothing is corrected", arguments: [0, 0.5, 1])
  func drawsAll(correction: Double) {
    let counts = (0..<37).map { $0 % 5 }
    let options = options(negatives: 37, correction: correction)
    let all = SoftmaxColumns(all: 37, options: options)
    let source = SoftmaxColumns.Source(counts: counts, users: 20, options: options)
    let drawn = source.columns(own: [3, 3, 11], users: 4, epoch: 2, batch: 1)
    #expect(numbers(drawn.items) == numbers(all.items))
    #expect(numbers(drawn.items) == Array(0..<37))
    // −0 and 0 are one number, and −∞ fills both up.
    #expect(numbers(drawn.offsets) == numbers(all.offsets))
    #expect(drawn.bound == all.bound && all.bound != nil)
    for item in 0..<37 {
      #expect(drawn.column(ofItem: Int32(item)) == all.column(ofItem: Int32(item)))
    }
  }

  @Test("a batch's own items are there, with as many as are drawn beside them", arguments: 0..<20)
  func order(batch: Int) {
    let counts = (0..<50).map { 1 + $0 % 9 }
    let source = SoftmaxColumns.Source(
      counts: counts, users: 40, options: options(negatives: 12))
    let own: [Int32] = [7, 41, 7, 0]
    let columns = source.columns(own: own, users: 4, epoch: 1, batch: batch)
    let items = numbers(columns.items)
    #expect(items == Array(Set(items)).sorted() && Set(items).isSuperset(of: own))
    #expect((12...15).contains(items.count))
    for (column, item) in items.enumerated() {
      #expect(columns.column(ofItem: item) == Int32(column))
      // −ln(1 − (1 − n/N)(1 − B/U)^count): what is there by a chance stands for what is not.
      let missing = (1 - 12.0 / 50) * power(1 - 4.0 / 40, Double(counts[Int(item)]))
      expectClose(
        Double(columns.offsets.span[column]), -logarithm(1 - missing), absolute: 0x1p-23)
    }
    #expect(numbers(columns.offsets).dropFirst(items.count).allSatisfy { $0 == -.infinity })
    let again = source.columns(own: own, users: 4, epoch: 1, batch: batch)
    #expect(numbers(again.items) == items)
    for item in Set(Int32(0)..<50).subtracting(items) {
      #expect(columns.column(ofItem: item) == -1)
    }
  }

  @Test("corrected sums over columns are those over all items in the mean", arguments: 1...3)
  func isUnbiased(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 601)
    let (users, items, batches) = (24, 30, 4000)
    let history = (0..<users).map { _ in
      (0..<items).filter { _ in random.below(6) == 0 }.map { Int32($0) }
    }
    var counts = Array(repeating: 0, count: items)
    for item in history.joined() { counts[Int(item)] += 1 }
    var asked = options(negatives: 8)
    asked.seed = seed
    let source = SoftmaxColumns.Source(counts: counts, users: users, options: asked)
    let terms = (0..<items).map { _ in exponential(random.normal()) }
    var (sum, squares) = (0.0, 0.0)
    for batch in 0..<batches {
      // Each user is in the batch by the same chance, independently of the others, as the correction has it.
      let own = history.filter { _ in random.uniform() < 4.0 / 24 }.joined()
      let columns = source.columns(own: own, users: 4, epoch: 1, batch: batch)
      var estimate = 0.0
      for (column, item) in numbers(columns.items).enumerated() {
        estimate += terms[Int(item)] * exponential(Double(columns.offsets.span[column]))
      }
      sum += estimate
      squares += estimate * estimate
    }
    let mean = sum / Double(batches)
    let error = ((squares / Double(batches) - mean * mean) / Double(batches)).squareRoot()
    // Five standard errors of the mean.
    expectClose(mean, terms.reduce(0, +), absolute: 5 * error)
  }
}
