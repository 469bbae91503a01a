// Vectors without their biases, and rows of whom nothing is known.
// SPDX-License-Identifier: Apache-2.0

extension Posterior {
  /// The length of a row's vectors, all samples' together, without the columns of biases.
  func length(_ vector: Span<Float>) -> Double {
    var squares = 0.0
    for column in 0..<vector.count where isOfVector(column) {
      squares += Double(vector[column]) * Double(vector[column])
    }
    return squares.squareRoot()
  }

  /// The row with zeros in the columns of biases, so that its products are those of vectors alone.
  func withoutBiases(_ vector: Span<Float>) -> [Float] {
    (0..<vector.count).map { isOfVector($0) ? vector[$0] : 0 }
  }
}

extension Model {
  /// The vector of a row of this side of whom the model knows nothing: zero, but for the ones that meet
  /// the other side's biases in a model of samples. [dimension]
  package func strangerVector<S: Side>(of side: S.Type) -> [Float] {
    var vector = Array(repeating: Float(0), count: dimension)
    posterior?.stack(of: side) { _, _ in
      0
    } write: {
      vector[$0] = Float($1)
    }
    return vector
  }

  /// The mean bias of a row over the samples; 0 in a model without samples, whose ``biases`` are apart.
  func meanBias<S: Side>(_ row: Row<S>, in table: EmbeddingTable<S>) -> Double {
    guard let posterior, posterior.hasBiases else { return 0 }
    let vector = table.vector(row)
    var sum = 0.0
    for sample in 0..<posterior.samples {
      sum += Double(vector[sample * posterior.sampleWidth + posterior.biasColumn(of: S.self)])
    }
    return sum / (posterior.factor(of: S.self) * Double(posterior.samples))
  }
}
