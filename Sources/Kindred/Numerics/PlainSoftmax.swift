// What the softmax kernels compute, in plain Swift.
// SPDX-License-Identifier: Apache-2.0

/// The definition of ``SoftmaxKernels``, loop by loop, with the same bits; the tests' oracle.
package enum PlainSoftmax {
  /// The dot product in sixteen lanes, added up in halves.
  package static func laneDot(_ a: [Float], _ b: [Float]) -> Float {
    var lanes = Array(repeating: Float(0), count: 16)
    for k in a.indices { lanes[k % 16] = a[k].addingProduct(of: b[k], in: lanes[k % 16]) }
    return sum(lanes)
  }

  /// The sum of sixteen lanes, in halves.
  package static func sum(_ lanes: [Float]) -> Float {
    let eight = (0..<8).map { lanes[$0] + lanes[$0 + 8] }
    let four = (0..<4).map { eight[$0] + eight[$0 + 4] }
    return (four[0] + four[2]) + (four[1] + four[3])
  }

  /// A row divided by its length, and the length.
  package static func unit(_ row: [Float]) -> (unit: [Float], length: Float) {
    let length = max(laneDot(row, row).squareRoot(), SoftmaxKernels.leastLength)
    return (row.map { $0 / length }, length)
  }

  /// scale · (x · y) + offset.
  package static func score(_ x: [Float], _ y: [Float], scale: Float, offset: Float) -> Float {
    var sum: Float = 0
    for k in x.indices { sum = x[k].addingProduct(of: y[k], in: sum) }
    return scale.addingProduct(of: sum, in: offset)
  }

  /// e to the x for x of at most 0; 0 below −87.
  package static func exponential(_ x: Float) -> Float {
    guard x > -87 else { return 0 }
    let shifted = x.addingProduct(of: 1.44269504088896341, in: 12_582_912)
    let whole = shifted - 12_582_912
    var r = whole.addingProduct(of: -0.693359375, in: x)
    r = whole.addingProduct(of: 2.12194440e-4, in: r)
    var p: Float = 1.9875691500e-4
    for coefficient: Float in [
      1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
    ] { p = p.addingProduct(of: r, in: coefficient) }
    p = p.addingProduct(of: r * r, in: r + 1)
    return Float(bitPattern: p.bitPattern &+ shifted.bitPattern << 23)
  }

  /// e to each score less `most`, and the sum.
  package static func exponentials(
    _ scores: [Float], most: Float
  ) -> (numbers: [Float], sum: Float) {
    let numbers = scores.map { exponential($0 - most) }
    var even = Array(repeating: Float(0), count: 16)
    var odd = even
    for (place, number) in numbers.enumerated() {
      if place / 16 % 2 == 0 { even[place % 16] += number } else { odd[place % 16] += number }
    }
    return (numbers, sum(zip(even, odd).map { $0 + $1 }))
  }

  /// Σ over b of factors[b] · rows[b].
  package static func combination(_ factors: [Float], _ rows: [[Float]]) -> [Float] {
    var sums = Array(repeating: Float(0), count: rows.first?.count ?? 0)
    for (factor, row) in zip(factors, rows) {
      for k in sums.indices { sums[k] = factor.addingProduct(of: row[k], in: sums[k]) }
    }
    return sums
  }

  /// A row with its moments.
  package struct State: Equatable {
    package var row: [Float]
    package var first: [Float]?
    package var second: [Float]

    package init(row: [Float], first: [Float]?, second: [Float]) {
      self.row = row
      self.first = first
      self.second = second
    }
  }

  /// One step; see ``SoftmaxKernels/step(_:_:sum:unit:length:stride:first:second:)``.
  package static func step(
    _ step: SoftmaxStep, _ state: inout State, sum: [Float], unit: [Float]?, length: Float
  ) {
    let along = unit.map { laneDot(sum, $0) } ?? 0
    for k in sum.indices {
      var gradient = sum[k]
      if let unit { gradient = (-along).addingProduct(of: unit[k], in: gradient) / length }
      gradient = step.regularization.addingProduct(of: state.row[k], in: gradient * step.scale)
      var moved = gradient
      if let mean = state.first?[k] {
        let square = gradient * gradient
        state.second[k] = step.second.addingProduct(
          of: square - state.second[k], in: state.second[k])
        moved = step.first.addingProduct(of: gradient - mean, in: mean)
        state.first?[k] = moved
      } else {
        state.second[k] = gradient.addingProduct(of: gradient, in: state.second[k])
      }
      let root = (state.second[k] * step.correction).squareRoot() + 1e-8
      state.row[k] -= step.rate * (moved / root)
    }
  }
}

extension Float {
  /// self · factor + sum, rounded once.
  fileprivate func addingProduct(of factor: Float, in sum: Float) -> Float {
    sum.addingProduct(self, factor)
  }
}
