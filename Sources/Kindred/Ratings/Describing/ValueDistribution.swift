// How the values of ratings are spread.
// SPDX-License-Identifier: Apache-2.0

/// The mean, the scale and a histogram of the ratings' values.
public struct ValueDistribution: Equatable, Encodable, Sendable {
  /// What all values are multiples of.
  public enum Step: String, Encodable, Sendable {
    /// All are whole numbers.
    case whole
    /// All are multiples of a half.
    case half
    /// Neither.
    case other
  }

  /// The mean.
  public let mean: Double
  /// The standard deviation.
  public let deviation: Double
  /// The least value.
  public let least: Float
  /// The largest value.
  public let largest: Float
  /// What all values are multiples of.
  public let step: Step
  /// How many different values there are; nil if more than 1,000.
  public let distinct: Int?
  /// A bin for every value where there are 20 or fewer; else bins of equal width, or doubling or
  /// growing tenfold where all are positive and few are large.
  public let bins: [Bin]

  /// Ratings with about the same value.
  public struct Bin: Equatable, Encodable, Sendable {
    /// The least value of the bin.
    public let low: Float
    /// The value at which the next bin begins; the value itself where a bin holds but one.
    public let high: Float
    /// How many ratings.
    public let ratings: Int
  }

  /// - Complexity: O(*n*); with many different values O(*n* log *n*).
  package init?(_ values: some Collection<Float>, mean: Double) {
    guard let first = values.first else { return nil }
    var (least, largest) = (first, first)
    var squares = 0.0
    var isWhole = true
    var isHalf = true
    var counts: [Float: Int] = [:]
    for value in values {
      least = min(least, value)
      largest = max(largest, value)
      squares += (Double(value) - mean) * (Double(value) - mean)
      if isHalf {
        if isWhole, value != value.rounded() { isWhole = false }
        if (2 * value) != (2 * value).rounded() { isHalf = false }
      }
      if counts.count <= Self.distinctLimit { counts[value, default: 0] += 1 }
    }
    self.mean = mean
    deviation = (squares / Double(values.count)).squareRoot()
    self.least = least
    self.largest = largest
    step = isWhole && isHalf ? .whole : isHalf ? .half : .other
    distinct = counts.count > Self.distinctLimit ? nil : counts.count
    bins =
      counts.count <= 20
      ? counts.sorted { $0.key < $1.key }.map { Bin(low: $0.key, high: $0.key, ratings: $0.value) }
      : Self.bins(values, edges: Self.edges(least, largest, mean: mean))
  }

  private static let distinctLimit = 1000

  /// The borders of the bins, the last one above or at the largest value.
  private static func edges(_ least: Float, _ largest: Float, mean: Double) -> [Float] {
    // Times that something was played are like this: mostly few, sometimes thousands.
    if least > 0, Double(largest) > 20 * mean {
      let factor: Float = largest / least > 0x1p16 ? 10 : 2
      var edge: Float = 1
      while edge > least { edge /= factor }
      while edge * factor <= least { edge *= factor }
      var edges = [edge]
      while edge <= largest, edges.count <= 40 {
        edge *= factor
        edges.append(edge)
      }
      return edges
    }
    // Steps of 1, 2 or 5 times a power of ten, so that the borders are round numbers.
    let width = (Double(largest) - Double(least)) / 10
    var unit = 1.0
    while unit > width { unit /= 10 }
    while unit * 10 <= width { unit *= 10 }
    let step = [1.0, 2, 5, 10].map { $0 * unit }.first { $0 >= width } ?? width
    let start = (Double(least) / step).rounded(.down)
    var edges: [Float] = []
    var place = start
    while edges.count < 20 {
      edges.append(Float(place * step))
      if place * step > Double(largest) { break }
      place += 1
    }
    return edges
  }

  private static func bins(_ values: some Collection<Float>, edges: [Float]) -> [Bin] {
    var counts = Array(repeating: 0, count: edges.count - 1)
    for value in values {
      var (low, high) = (0, counts.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle + 1] <= value { low = middle + 1 } else { high = middle }
      }
      counts[min(low, counts.count - 1)] += 1
    }
    return counts.indices.map { Bin(low: edges[$0], high: edges[$0 + 1], ratings: counts[$0]) }
  }
}
