// One step of gradient descent, worked by hand.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("The hand-worked step") struct HandWorkedStepTests {
  private let founding = HandWorkedStep(
    PairObjective(target: 1), from: PairState(user: [-1], item: [0]), learned: .items, rate: 0.1)

  @Test("of the founding worksheet")
  func worksheet() {
    #expect(founding.pred == 0)
    #expect(founding.diff == 1)
    #expect(founding.loss == 1 && founding.value == 1)
    #expect(founding.gradients.diff == 2)
    #expect(founding.gradients.pred == -2)
    #expect(founding.gradients.item == [2])
    #expect(founding.gradients.user == [0])
    #expect(founding.after.item == [-0.2])
    #expect(founding.after.user == [-1])
    #expect(founding.predAfter == 0.2)
    // 0.8² where 0.8 = 1 − 0.2 and 0.2 is rounded: two roundings.
    expectClose(founding.lossAfter, 0.64, relative: 0x1p-51)
    #expect(founding.wentDown && !founding.wasRight && founding.wigglesAgree)
    // The slope of a parabola, rounded: about 2⁻⁵² / 0.001 ≈ 2e-13.
    expectClose(founding.wiggles.diff.slope, 2, absolute: 1e-6)
    expectClose(founding.wiggles.pred.slope, -2, absolute: 1e-6)
    expectClose(founding.wiggles.item[0].slope, 2, absolute: 1e-6)
    expectClose(founding.wiggles.user[0].slope, 0, absolute: 1e-6)
    #expect(founding.wiggles.userBias == nil && founding.wiggles.itemBias == nil)
    #expect(founding.wiggles.item[0].nudge == 0.001)
  }

  @Test("with too large a rate goes up")
  func tooLarge() {
    // loss(m) = (1 + m)², so m₁ = −2 · rate and the loss is (1 − 2 · rate)²: worse above a rate of 1.
    for (rate, wentDown) in [(0.5, true), (0.99, true), (1.01, false), (3, false)] {
      let step = HandWorkedStep(
        founding.objective, from: founding.before, learned: .items, rate: rate)
      #expect(step.wentDown == wentDown, "\(rate)")
      expectClose(step.lossAfter, (1 - 2 * rate) * (1 - 2 * rate), absolute: 1e-14)  // roundings
    }
  }

  @Test("that was right already moves nothing")
  func wasRight() {
    let state = PairState(user: [2, 1], item: [1, -1])
    let right = HandWorkedStep(PairObjective(target: 1), from: state, learned: .both, rate: 0.1)
    #expect(right.wasRight && right.after == state && !right.wentDown && right.wigglesAgree)
    let shrunk = HandWorkedStep(
      PairObjective(target: 1, regularization: 0.1), from: state, learned: .both, rate: 0.1)
    #expect(!shrunk.wasRight && shrunk.wentDown && shrunk.wigglesAgree)
  }

  /// A random objective and state.
  private func random(_ seed: UInt64) -> (objective: PairObjective, state: PairState) {
    var random = KeyedRandom(seed: seed, key: 6)
    let dimension = 1 + random.below(8)
    let numbers = { (0..<dimension).map { _ in random.normal() * 2 } }
    let objective = PairObjective(
      target: random.normal() * 3, mean: seed % 3 == 0 ? 0 : random.normal(),
      regularization: seed % 4 == 0 ? 0 : random.uniform())
    let biases = PairState.Biases(user: random.normal(), item: random.normal())
    return (
      objective, PairState(user: numbers(), item: numbers(), biases: seed % 2 == 0 ? biases : nil)
    )
  }

  @Test("derives what finite differences measure", arguments: 0..<60)
  func finiteDifferences(seed: UInt64) {
    let (objective, state) = random(seed)
    let slopes = objective.gradients(state)
    // The objective is quadratic in each number, so the difference is exact but for rounding: about
    // 2⁻⁵² · value / h.
    let h = 1e-4
    let tolerance = 16 * 0x1p-52 * (objective.value(state) + 10) / h
    func slope(_ nudge: (inout PairState, Double) -> Void) -> Double {
      var (up, down) = (state, state)
      nudge(&up, h)
      nudge(&down, -h)
      return (objective.value(up) - objective.value(down)) / (2 * h)
    }
    for k in state.user.indices {
      expectClose(slopes.user[k], slope { $0.user[k] += $1 }, absolute: tolerance, "user \(k)")
      expectClose(slopes.item[k], slope { $0.item[k] += $1 }, absolute: tolerance, "item \(k)")
    }
    if let biases = slopes.biases {
      expectClose(biases.user, slope { $0.biases?.user += $1 }, absolute: tolerance)
      expectClose(biases.item, slope { $0.biases?.item += $1 }, absolute: tolerance)
    } else {
      #expect(state.biases == nil)
    }
    let step = HandWorkedStep(objective, from: state, learned: .both, rate: 1e-5)
    #expect(step.wigglesAgree)
    #expect(step.wentDown)  // downhill, and so short a step cannot overshoot
  }

  @Test("moves only the sides that are learned", arguments: 0..<12)
  func sides(seed: UInt64) {
    let (objective, state) = random(seed)
    for learned in [LearnedSides.users, .items, .both, []] {
      let after = HandWorkedStep(objective, from: state, learned: learned, rate: 0.01).after
      let slopes = objective.gradients(state)
      let user = zip(state.user, slopes.user).map { $0 - 0.01 * $1 }
      let item = zip(state.item, slopes.item).map { $0 - 0.01 * $1 }
      #expect(after.user == (learned.contains(.users) ? user : state.user))
      #expect(after.item == (learned.contains(.items) ? item : state.item))
      guard let biases = state.biases, let slope = slopes.biases else { continue }
      #expect(
        after.biases?.user
          == (learned.contains(.users) ? biases.user - 0.01 * slope.user : biases.user))
      #expect(
        after.biases?.item
          == (learned.contains(.items) ? biases.item - 0.01 * slope.item : biases.item))
    }
  }

  @Test("a wrong derivative does not agree with the wiggle", arguments: [1e-3, 1, -5, 1e6])
  func disagreement(value: Double) {
    let wiggle = Wiggle(value) { 3 * $0 * $0 - $0 }
    let derivative = 6 * value - 1
    #expect(wiggle.agrees(with: derivative))
    #expect(!wiggle.agrees(with: -derivative))
    #expect(!wiggle.agrees(with: derivative * 1.001))
  }

  @Test("of vectors of two dimensions is refused")
  func uneven() async {
    await #expect(processExitsWith: .failure) { _ = PairState(user: [1, 2], item: [1]) }
  }
}
