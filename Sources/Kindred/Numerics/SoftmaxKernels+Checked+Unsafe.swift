// The softmax kernels on whole buffers, with their shapes checked.
// SPDX-License-Identifier: Apache-2.0

extension SoftmaxKernels {
  /// Rows of a table made units, with their lengths and turned.
  package func checkedUnits(
    _ table: Buffer<Float>, stride: Int, places: [Int32], normalizes: Bool
  ) -> (units: [Float], lengths: [Float], panels: [Float]) {
    let rows = table.count / stride
    precondition(places.allSatisfy { (0..<rows).contains(Int($0)) })
    let padded = (places.count + Self.lanes - 1) / Self.lanes * Self.lanes
    let units = Buffer(count: places.count * stride, repeating: Float(77))
    let lengths = Buffer(count: places.count, repeating: Float(77))
    let panels = Buffer(count: padded * stride, repeating: Float(77))
    unsafe places.withUnsafeBufferPointer { places in
      guard let first = places.baseAddress else { return }
      unsafe self.units(
        table.base, stride: stride, places: first, count: places.count, normalizes: normalizes,
        into: units.base, lengths: lengths.base, panels: panels.base)
    }
    return (units.array, lengths.array, panels.array)
  }

  /// Scores of users [users, stride] and panels: [users, panels · lanes], and each user's largest.
  package func checkedScores(
    _ users: Buffer<Float>, users count: Int, _ panels: Buffer<Float>, panels panelCount: Int,
    stride: Int, scale: Float, offsets: Buffer<Float>
  ) -> (scores: [Float], most: [Float]) {
    let width = panelCount * Self.lanes
    precondition(users.count == count * stride && panels.count == width * stride)
    precondition(offsets.count >= width)
    let scores = Buffer(count: count * width, repeating: Float(77))
    let most = Buffer(count: count, repeating: -Float.infinity)
    unsafe self.scores(
      users.base, count: count, panels.base, panelCount: panelCount, stride: stride, scale: scale,
      offsets: offsets.base, into: scores.base, pitch: width, most: most.base)
    return (scores.array, most.array)
  }

  /// e to the scores less `most`, of which there are a multiple of `lanes`, and their sum.
  package func checkedExponentials(
    _ scores: Buffer<Float>, most: Float
  ) -> (numbers: [Float], sum: Float) {
    precondition(scores.count % Self.lanes == 0)
    let numbers = Buffer(copying: scores)
    let sum = unsafe exponentials(numbers.base, count: numbers.count, most: most)
    return (numbers.array, sum)
  }

  /// Σ over b of factors[a · aStep + b · bStep] · rows[b]: [a, stride].
  package func checkedCombination(
    _ factors: Buffer<Float>, aStep: Int, aCount: Int, bStep: Int, bCount: Int,
    rows: Buffer<Float>, stride: Int
  ) -> [Float] {
    precondition((aCount - 1) * aStep + (bCount - 1) * bStep < factors.count)
    precondition(rows.count == bCount * stride)
    let sums = Buffer(count: aCount * stride, repeating: Float(0))
    unsafe combine(
      factors.base, aStep: aStep, aCount: aCount, bStep: bStep, bCount: bCount, rows: rows.base,
      stride: stride, into: sums.base)
    return sums.array
  }

  /// A row and its moments after a step.
  package func checkedStep(
    _ step: SoftmaxStep, _ state: PlainSoftmax.State, sum: Buffer<Float>, unit: Buffer<Float>?,
    length: Float
  ) -> PlainSoftmax.State {
    func copy(_ numbers: [Float]) -> Buffer<Float> {
      precondition(numbers.count == sum.count)
      let buffer = Buffer(count: numbers.count, repeating: Float(0))
      buffer.write { for k in numbers.indices { $0[k] = numbers[k] } }
      return buffer
    }
    let row = copy(state.row)
    let first = state.first.map(copy)
    let second = copy(state.second)
    unsafe self.step(
      step, row.base, sum: sum.base, unit: unit.map { unsafe UnsafePointer($0.base) },
      length: length, stride: sum.count, first: first.map { unsafe $0.base }, second: second.base)
    return PlainSoftmax.State(row: row.array, first: first?.array, second: second.array)
  }
}
