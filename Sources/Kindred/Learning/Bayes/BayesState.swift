// The samples while they are drawn.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A Markov chain of samples: the one that it is at, and those that have been kept.
package struct BayesState: RatingState {
  private let options: BayesOptions
  private let users: SampledSide<UserSide, ItemSide>
  private let items: SampledSide<ItemSide, UserSide>
  private let mean: Double
  private var userPrior: RowPrior
  private var itemPrior: RowPrior
  private var noise: RatingNoise
  private var kept: [PosteriorSample] = []
  private var validation = ValidationScores()

  package init(_ ratings: Ratings, options: BayesOptions) throws(TrainingError) {
    try Self.requireMemory(for: ratings, options)
    self.options = options
    mean = options.hasBiases ? ratings.mean : 0
    let scale = RatingScale(ratings.byUser.values, mean: mean)
    users = SampledSide(ratings.byUser, options: options, mean: mean, scale: scale)
    items = SampledSide(ratings.byItem, options: options, mean: mean, scale: scale)
    userPrior = users.hyperprior.expected
    itemPrior = items.hyperprior.expected
    noise = RatingNoise(scale: scale, users: ratings.users.count)
  }

  package func copy() -> BayesState { BayesState(copying: self) }

  private init(copying other: BayesState) {
    options = other.options
    users = SampledSide(copying: other.users)
    items = SampledSide(copying: other.items)
    mean = other.mean
    userPrior = other.userPrior
    itemPrior = other.itemPrior
    noise = other.noise
    kept = other.kept
    validation = other.validation
  }

  // MARK: Sampling

  package mutating func run(
    epoch: Int, shouldStop: () -> Bool
  ) throws(TrainingError) -> EpochOutcome {
    let stopped = EpochOutcome(squares: 0, wasStopped: true)
    let diverged = TrainingError.diverged(epoch: epoch, rate: nil)
    guard let userPrior = users.drawnPrior(epoch: epoch) else { throw diverged }
    self.userPrior = userPrior
    let ofUsers = users.resample(
      against: items.table, prior: userPrior, noisePrecision: noise.precision, epoch: epoch,
      shouldStop: shouldStop, weight: { user, _ in noise.weights[user] })
    if ofUsers == .stopped { return stopped }
    guard ofUsers == .done, let itemPrior = items.drawnPrior(epoch: epoch) else { throw diverged }
    self.itemPrior = itemPrior
    let ofItems = items.resample(
      against: users.table, prior: itemPrior, noisePrecision: noise.precision, epoch: epoch,
      shouldStop: shouldStop, weight: { _, user in noise.weights[user] })
    if ofItems == .stopped { return stopped }
    guard ofItems == .done else { throw diverged }
    let squares = users.squaredErrors(against: items.table)
    guard squares.allSatisfy(\.isFinite),
      noise.draw(squares: squares, counts: users.count, seed: options.seed, epoch: epoch)
    else { throw diverged }
    if options.keeps(epoch: epoch) { kept.append(current) }
    return EpochOutcome(squares: squares.reduce(0, +))
  }

  /// The sample that the chain is at.
  private var current: PosteriorSample {
    PosteriorSample(
      users: users.table.packed, items: items.table.packed, userPrior: userPrior,
      itemPrior: itemPrior, noisePrecision: noise.meanPrecision(counts: users.count))
  }

  // MARK: Results

  /// Before samples are kept, one sample's error says nothing about the mean of many.
  package var canBeBest: Bool { !kept.isEmpty }

  package mutating func rmse(
    on heldOut: HeldOut, clippedTo range: ClosedRange<Float>?
  ) -> Double? {
    let width = users.table.width
    for sample in kept.dropFirst(validation.count) {
      validation.add(sample, on: heldOut, width: width, hasBiases: options.hasBiases)
    }
    guard validation.count == 0 else {
      return validation.rmse(on: heldOut, mean: mean, clippedTo: range)
    }
    var now = ValidationScores()
    now.add(current, on: heldOut, width: width, hasBiases: options.hasBiases)
    return now.rmse(on: heldOut, mean: mean, clippedTo: range)
  }

  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    let samples = kept.isEmpty ? [current] : kept
    let posterior = Posterior(
      dimension: options.dimension, hasBiases: options.hasBiases,
      userPriors: samples.map(\.userPrior), itemPriors: samples.map(\.itemPrior),
      noisePrecisions: samples.map(\.noisePrecision))
    return Model(
      userEmbeddings: posterior.stacked(samples.map(\.users), count: ratings.users.count),
      itemEmbeddings: posterior.stacked(samples.map(\.items), count: ratings.items.count),
      biases: nil, mean: mean, users: ratings.users, items: ratings.items,
      history: ratings.byUser, record: record, posterior: posterior)
  }

  // MARK: Checkpoints

  package var arrays: [CheckpointArray] {
    var arrays = current.arrays(prefix: "")
    arrays.append(CheckpointArray("noise", .doubles([noise.precision])))
    arrays.append(CheckpointArray("user_noise", .floats(Flat(noise.weights))))
    arrays.append(CheckpointArray("kept", .int64s([Int64(kept.count)])))
    for (place, sample) in kept.enumerated() {
      arrays += sample.arrays(prefix: Self.prefix(place))
    }
    return arrays
  }

  package mutating func restore(_ arrays: CheckpointArrays) throws(FileError) {
    let shape = PosteriorSample.Shape(
      users: users.table.count, items: items.table.count, width: users.table.width)
    let current = try PosteriorSample(arrays, prefix: "", shape)
    let count = try arrays.int64s("kept", count: 1)[0]
    guard count >= 0, count <= Int64(options.samples) else {
      throw arrays.malformed("it keeps \(count) samples of \(options.samples)")
    }
    var kept: [PosteriorSample] = []
    for place in 0..<Int(count) {
      kept.append(try PosteriorSample(arrays, prefix: Self.prefix(place), shape))
    }
    let precision = try arrays.doubles("noise", count: 1)[0]
    let weights = try arrays.floats("user_noise", count: users.table.count)
    guard precision > 0, precision.isFinite, weights.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw arrays.malformed("its noise makes no sense")
    }
    users.table.unpack(current.users)
    items.table.unpack(current.items)
    userPrior = current.userPrior
    itemPrior = current.itemPrior
    noise.restore(precision: precision, weights: Array(weights))
    self.kept = kept
    validation = ValidationScores()
  }

  private static func prefix(_ place: Int) -> String { "sample\(place)." }

  // MARK: Memory

  /// The kept samples once as they are drawn and once in the model, their priors twice (and once more
  /// while they are copied), and the ratings.
  private static func requireMemory(
    for ratings: Ratings, _ options: BayesOptions
  ) throws(TrainingError) {
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    let rows = Double(ratings.users.count + ratings.items.count)
    let (width, samples) = (Double(options.dimension) + 2, Double(options.samples))
    let ofSample = rows * width * 8 + width * width * 40
    // In Double, so that nothing overflows; it is an estimate.
    let bytes = (samples + 2) * ofSample + width * width * 8 * 40 + Double(ratings.count) * 24
    guard bytes < Double(available) else {
      throw .tooLarge(bytes: bytes < Double(Int.max) ? Int(bytes) : .max, available: available)
    }
  }
}
