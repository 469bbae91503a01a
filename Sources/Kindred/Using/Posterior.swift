// Samples that stand side by side in one model, and what they were drawn with.
// SPDX-License-Identifier: Apache-2.0

/// What a model of `bayes` knows beyond its vectors: that they are samples side by side, and what each
/// sample was drawn with.
///
/// The mean of S samples' scores is a dot product again. Sample s takes up the columns
/// s · width ..< (s + 1) · width of both tables: the user's [x, 1, b_u] / S against the item's [y, b_i, 1],
/// so that the products of these columns add up to (x·y + b_i + b_u) / S. Without biases it is x / S against
/// y. The model has no biases besides; its mean is μ.
///
/// Samples are not alike dimension by dimension: each has turned its vectors its own way, so that only
/// products within one sample mean anything.
public struct Posterior: Sendable {
  /// The number of samples S, 1 or more.
  public let samples: Int
  /// The numbers in each vector of a sample.
  public let dimension: Int
  /// Whether samples have biases, in columns of their own.
  public let hasBiases: Bool
  /// The noise precision of each sample, of a rating by whoever it is: 1 / (unit of the ratings)².
  /// [samples]
  ///
  /// It is 1 over the mean variance of the training ratings' noise, which is not the same for all users:
  /// how much at whim each of them rates is sampled, but not kept.
  public var noisePrecisions: [Double] { Array(noise) }

  /// What users' rows [x, b_u] were drawn with.
  package let userPrior: Priors
  /// What items' rows [y, b_i] were drawn with.
  package let itemPrior: Priors
  package let noise: Flat<Double>

  /// The normal distributions that the samples' rows were drawn with.
  package struct Priors: Sendable {
    /// The means. [samples · f]
    package let means: Flat<Double>
    /// The precisions, symmetric. [samples · f · f]
    package let precisions: Flat<Double>

    package init(means: Flat<Double>, precisions: Flat<Double>) {
      self.means = means
      self.precisions = precisions
    }

    fileprivate init(_ priors: [RowPrior]) {
      means = Flat(priors.flatMap(\.mean))
      precisions = Flat(priors.flatMap(\.precision))
    }
  }

  package init(
    dimension: Int, hasBiases: Bool, userPriors: Priors, itemPriors: Priors, noise: Flat<Double>
  ) {
    self.dimension = dimension
    self.hasBiases = hasBiases
    samples = noise.count
    userPrior = userPriors
    itemPrior = itemPriors
    self.noise = noise
    for priors in [userPriors, itemPriors] {
      precondition(
        samples > 0 && priors.means.count == samples * rowWidth
          && priors.precisions.count == samples * rowWidth * rowWidth,
        "priors of \(priors.means.count) numbers for \(samples) samples of \(rowWidth)")
    }
  }

  init(
    dimension: Int, hasBiases: Bool, userPriors: [RowPrior], itemPriors: [RowPrior],
    noisePrecisions: [Double]
  ) {
    self.init(
      dimension: dimension, hasBiases: hasBiases, userPriors: Priors(userPriors),
      itemPriors: Priors(itemPriors), noise: Flat(noisePrecisions))
  }

  /// f, how many numbers of a row were drawn in a sample: [x, b] or x.
  package var rowWidth: Int { dimension + (hasBiases ? 1 : 0) }

  /// The columns of one sample in either table: [x, 1, b] or x.
  package var sampleWidth: Int { dimension + (hasBiases ? 2 : 0) }

  /// What a table's rows were drawn with.
  package func priors<S: Side>(of side: S.Type) -> Priors {
    side == UserSide.self ? userPrior : itemPrior
  }

  /// What one sample's rows were drawn with.
  package func prior<S: Side>(of side: S.Type, sample: Int) -> RowPrior {
    let priors = priors(of: side)
    let width = rowWidth
    return RowPrior(
      mean: Array(priors.means[sample * width..<(sample + 1) * width]),
      precision: Array(
        priors.precisions[sample * width * width..<(sample + 1) * width * width]))
  }

  // MARK: Columns

  /// What a side's columns are multiplied by: the users' carry the 1/S.
  package func factor<S: Side>(of side: S.Type) -> Double {
    side == UserSide.self ? 1 / Double(samples) : 1
  }

  /// The place of the row's own bias among the columns of a sample; the 1 that meets the other side's is
  /// in the other one of the last two.
  package func biasColumn<S: Side>(of side: S.Type) -> Int {
    side == UserSide.self ? dimension + 1 : dimension
  }

  /// Whether a column of the tables is a part of a vector, and not a bias or the 1 that meets one.
  package func isOfVector(_ column: Int) -> Bool { column % sampleWidth < dimension }

  /// Puts one row of a side's stacked table together from the row [x, b] of each sample.
  ///
  /// - Parameters:
  ///   - side: Whose row it is.
  ///   - number: Element k of the row in a sample.
  ///   - write: Told each place of the stacked row, once, with its number.
  package func stack<S: Side>(
    of side: S.Type, _ number: (_ sample: Int, _ k: Int) -> Double,
    write: (_ place: Int, _ value: Double) -> Void
  ) {
    let (factor, bias) = (factor(of: side), biasColumn(of: side))
    for sample in 0..<samples {
      let start = sample * sampleWidth
      for k in 0..<dimension { write(start + k, number(sample, k) * factor) }
      guard hasBiases else { continue }
      write(start + bias, number(sample, dimension) * factor)
      write(start + 2 * dimension + 1 - bias, factor)
    }
  }

  /// The stacked table of a side, from each sample's rows [x, b] end to end.
  package func stacked<S: Side>(_ rows: [Flat<Float>], count: Int) -> EmbeddingTable<S> {
    let width = rowWidth
    return EmbeddingTable(count: count, dimension: samples * sampleWidth) { elements in
      for row in 0..<count {
        let start = row * samples * sampleWidth
        stack(of: S.self) {
          Double(rows[$0][row * width + $1])
        } write: {
          elements[start + $0] = Float($1)
        }
      }
    }
  }
}
