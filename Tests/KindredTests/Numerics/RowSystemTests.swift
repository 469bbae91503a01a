// The row kernels against their plain Swift twin, bit for bit, and against arithmetic in Double.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Row systems") struct RowSystemTests {
  private static let kernels = Kernels.rowChoices
  private static let special: [Float] = [
    0, -0.0, 1, -1, .leastNonzeroMagnitude, .leastNormalMagnitude / 2, .greatestFiniteMagnitude,
    1e20, -1e20, .infinity, -.infinity, .nan,
  ]

  /// A table, and the entries of a row that are gathered from it.
  private struct Trial {
    let width: Int
    let stride: Int
    let offset: Int
    let table: [Float]
    let rows: [Int32]
    let targets: [Float]
    let weights: [Float]
    let start: [[Float]]
    let ridge: Double

    init(
      _ random: inout KeyedRandom, width: Int, count: Int, weighted: Bool = false,
      started: Bool = false, ridge: Double = 0.5,
      draw: (inout KeyedRandom) -> Float = { Float($0.normal()) }
    ) {
      self.width = width
      self.ridge = ridge
      stride = width + random.below(4)
      offset = random.below(5)
      let tableRows = 40
      table = (0..<tableRows * stride + offset).map { _ in draw(&random) }
      rows = (0..<count).map { _ in Int32(random.below(tableRows)) }
      targets = (0..<count).map { _ in draw(&random) }
      weights = weighted ? (0..<count).map { _ in Float(random.below(9)) / 4 } : []
      guard started else {
        start = []
        return
      }
      start = (0..<width).map { row in
        (0...width).map { $0 == row ? Float(width) : $0 > row ? Float(random.normal()) / 8 : 0 }
      }
    }

    var features: Span<Float> {
      @_lifetime(borrow self)
      get { table.span.extracting(droppingFirst: offset) }
    }

    var twin: PlainRowSystem {
      PlainRowSystem(
        features: rows.map { row in
          let first = offset + Int(row) * stride
          return Array(table[first..<first + width])
        }, targets: targets, weights: weights, start: start, width: width, ridge: ridge)
    }

    func assembled(_ kernels: Kernels) -> RowSystem {
      let system = RowSystem(width: width, kernels: kernels)
      let shared =
        start.isEmpty
        ? nil
        : RowStart(
          matrix: start.flatMap { $0.dropLast().map { Double($0) } },
          rightSide: start.compactMap { $0.last.map { Double($0) } }, width: width)
      system.assemble(
        features, stride: stride, rows: rows.span, targets: targets.span, weights: weights.span,
        start: shared, ridge: ridge)
      return system
    }
  }

  private func solution(_ system: RowSystem, adding noise: [Float] = []) -> [Float] {
    var x = Array(repeating: Float(77), count: system.width)
    var span = x.mutableSpan
    system.solve(adding: noise.span, into: &span)
    return x
  }

  private func expectAgreement(_ trial: Trial, _ note: String, noise: [Float] = []) {
    let twin = trial.twin
    for kernels in Self.kernels {
      let system = trial.assembled(kernels)
      let failed = system.factor()
      #expect(failed == twin.failedPivot, "\(kernels.rowsName), \(note)")
      guard failed == nil, twin.failedPivot == nil else { continue }
      let (found, expected) = (system.upper.map(bits), twin.factor.map(bits))
      let wrong = found.indices.first { found[$0] != expected[$0] }
      #expect(wrong == nil, "\(kernels.rowsName), factor, \(note)")
      let x = solution(system, adding: noise)
      #expect(x.map(bits) == twin.solve(adding: noise).map(bits), "\(kernels.rowsName), \(note)")
    }
  }

  @Test("agree with the twin in every dimension", arguments: 1...130)
  func everyDimension(width: Int) {
    var random = KeyedRandom(seed: 1, key: UInt64(width))
    for count in [0, 1, 7, 50] {
      let trial = Trial(
        &random, width: width, count: count, weighted: count == 7, started: count == 50)
      let noise = count == 7 ? (0..<width).map { _ in Float(random.normal()) } : []
      expectAgreement(trial, "\(count) entries of \(width)", noise: noise)
    }
  }

  @Test("agree with the twin for every number of entries", arguments: [1, 5, 16, 33])
  func everyCount(width: Int) {
    var random = KeyedRandom(seed: 2, key: UInt64(width))
    for count in Array(0...20) + [255, 256, 257, 258, 511, 512, 513, 1000] {
      for (weighted, started) in [(false, false), (true, false), (false, true), (true, true)] {
        let trial = Trial(
          &random, width: width, count: count, weighted: weighted, started: started)
        expectAgreement(trial, "\(count) entries of \(width), \(weighted), \(started)")
      }
    }
  }

  @Test(
    "agree with the twin on zeros, subnormals, huge numbers, infinities and NaN", arguments: 0..<40)
  func specialValues(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 3)
    for width in [1, 2, 4, 7, 8, 9, 17] {
      let trial = Trial(&random, width: width, count: 11, ridge: seed % 2 == 0 ? 0.5 : 1e-3) {
        random in
        random.below(60) > 0
          ? Float(random.normal()) : Self.special[random.below(Self.special.count)]
      }
      expectAgreement(trial, "width \(width), seed \(seed)")
    }
  }

  @Test("say which unknown is left open, without regularization", arguments: [2, 3, 8, 20, 65])
  func openUnknown(width: Int) {
    var random = KeyedRandom(seed: 4, key: UInt64(width))
    // Fewer entries than unknowns: after so many pivots nothing but rounding is left.
    let trial = Trial(&random, width: width, count: width / 2, ridge: 0)
    let distinct = Set(trial.rows).count
    for kernels in Self.kernels {
      #expect(trial.assembled(kernels).factor() == trial.twin.failedPivot)
    }
    #expect(trial.twin.failedPivot == distinct, "\(distinct) different rows")
  }

  @Test("solve the equations to the precision of Float", arguments: 0..<20)
  func againstDouble(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 5)
    let width = 1 + random.below(70)
    let count = 20 + random.below(600)
    // A ridge of a tenth of the count keeps the condition below (count · 4 · width) / (count / 10).
    let trial = Trial(&random, width: width, count: count, ridge: Double(count) / 10)
    let system = trial.assembled(.best)
    #expect(system.factor() == nil)
    let x = solution(system)
    let equations = RowEquations(
      features: trial.rows.flatMap { row -> [Float] in
        let first = trial.offset + Int(row) * trial.stride
        return Array(trial.table[first..<first + width])
      }, targets: trial.targets.map { Double($0) }, width: width, ridge: trial.ridge)
    guard let exact = equations.factor()?.solve(equations.rightSide) else {
      Issue.record("no solution, seed \(seed)")
      return
    }
    // Errors of some 2⁻²⁴ · √(terms) in A and b, times the condition (at most 40 · width) of A.
    let size = exact.reduce(0) { max($0, abs($1)) }
    let tolerance = size * 0x1p-24 * 40 * Double(width) * 30
    for k in 0..<width { expectClose(Double(x[k]), exact[k], absolute: tolerance, "\(k)") }
    // What the squared targets keep is the objective at the solution.
    var least = trial.ridge * exact.reduce(0) { $0 + $1 * $1 }
    for (n, row) in trial.rows.enumerated() {
      let first = trial.offset + Int(row) * trial.stride
      var error = Double(trial.targets[n])
      for k in 0..<width { error -= Double(trial.table[first + k]) * exact[k] }
      least += error * error
    }
    expectClose(system.leastSquares, least, relative: 1e-4)
  }

  @Test("solve for many right sides", arguments: [1, 3, 8, 31, 64])
  func manySides(width: Int) {
    var random = KeyedRandom(seed: 6, key: UInt64(width))
    let trial = Trial(&random, width: width, count: 40)
    let twin = trial.twin
    for kernels in Self.kernels {
      let system = trial.assembled(kernels)
      #expect(system.factor() == nil)
      for count in 0...9 {
        let sides = (0..<count * width).map { _ in Float(random.normal()) }
        var found = sides
        var span = found.mutableSpan
        system.solve(replacing: &span)
        let expected = (0..<count).flatMap {
          twin.solve(Array(sides[$0 * width..<($0 + 1) * width]))
        }
        #expect(
          found.map(bits) == expected.map(bits), "\(kernels.rowsName), \(count) sides of \(width)")
      }
    }
  }

  @Test("a system that is used again is as good as new")
  func again() {
    var random = KeyedRandom(seed: 7)
    let large = Trial(&random, width: 12, count: 700, weighted: true, started: true)
    let small = Trial(&random, width: 12, count: 3)
    let system = large.assembled(.best)
    #expect(system.factor() == nil)
    let none: [Float] = []
    system.assemble(
      small.features, stride: small.stride, rows: small.rows.span, targets: small.targets.span,
      weights: none.span, ridge: small.ridge)
    #expect(system.factor() == nil)
    #expect(solution(system) == small.twin.solve())
  }

  @Test("dot and axpy agree with their twins", arguments: 1...130)
  func vectors(count: Int) {
    var random = KeyedRandom(seed: 8, key: UInt64(count))
    for round in 0..<4 {
      let (a, b) = (count % 3, round)
      func numbers(_ offset: Int) -> [Float] {
        (0..<count + offset).map { _ in
          random.below(round == 3 ? 12 : 200) > 0
            ? Float(random.normal()) : Self.special[random.below(Self.special.count)]
        }
      }
      let (x, y, scale) = (numbers(a), numbers(b), Float(random.normal()))
      let (p, q) = (x.span.extracting(droppingFirst: a), y.span.extracting(droppingFirst: b))
      for kernels in Self.kernels {
        #expect(
          bits(kernels.laneDot(p, q)) == bits(plainLaneDot(p, q)), "\(kernels.rowsName) \(count)")
        var moved = y + [77]
        var span = moved.mutableSpan
        var out = span._mutatingExtracting(b..<b + count)
        kernels.add(scale, times: p, to: &out)
        let expected = (0..<count).map { y[b + $0].addingProduct(scale, x[a + $0]) }
        #expect(
          moved[b..<b + count].map(bits) == expected.map(bits), "\(kernels.rowsName) \(count)")
        #expect(moved.last == 77 && moved[..<b].map(bits) == y[..<b].map(bits))
      }
    }
  }

  @Test("the sum over all rows of a table", arguments: [0, 1, 255, 256, 257, 4100])
  func gram(count: Int) {
    var random = KeyedRandom(seed: 9, key: UInt64(count))
    let (width, stride) = (11, 13)
    let table = (0..<count * stride).map { _ in Float(random.normal()) }
    let found = Kernels.best.gram(
      table.span, stride: stride, width: width, count: count, threads: 2)
    for kernels in Self.kernels {
      for threads in [1, 4] {
        let other = kernels.gram(
          table.span, stride: stride, width: width, count: count, threads: threads)
        #expect(other == found, "\(kernels.rowsName), \(threads) threads")
      }
    }
    for a in 0..<width {
      for b in 0..<width {
        var sum = 0.0
        for row in 0..<count {
          sum += Double(table[row * stride + a]) * Double(table[row * stride + b])
        }
        // A block's sum of at most 256 terms is off by at most 256 · 2⁻²⁴ of the sum of their sizes.
        expectClose(found[a * width + b], sum, absolute: Double(count) * 256 * 0x1p-24)
      }
    }
  }

  @Test("refuse shapes that do not fit")
  func shapes() async {
    await #expect(processExitsWith: .failure) { _ = RowSystem(width: 0) }
    await #expect(processExitsWith: .failure) {
      let (table, rows, targets): ([Float], [Int32], [Float]) = ([1, 2, 3, 4], [2], [1])
      RowSystem(width: 2).assemble(
        table.span, stride: 2, rows: rows.span, targets: targets.span, ridge: 1)
    }
    await #expect(processExitsWith: .failure) {
      let (table, rows, targets): ([Float], [Int32], [Float]) = ([1, 2, 3, 4], [-1], [1])
      RowSystem(width: 2).assemble(
        table.span, stride: 2, rows: rows.span, targets: targets.span, ridge: 1)
    }
    await #expect(processExitsWith: .failure) {
      let (table, rows, targets): ([Float], [Int32], [Float]) = ([1, 2, 3, 4], [0, 1], [1])
      RowSystem(width: 2).assemble(
        table.span, stride: 2, rows: rows.span, targets: targets.span, ridge: 1)
    }
    await #expect(processExitsWith: .failure) {
      var x: [Float] = [0, 0]
      var span = x.mutableSpan
      RowSystem(width: 2).solve(into: &span)
    }
  }
}

/// The bits of a number, all NaN being one.
private func bits(_ number: Float) -> UInt32 {
  number.isNaN ? Float.nan.bitPattern : number.bitPattern
}
