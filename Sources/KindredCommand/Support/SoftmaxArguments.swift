// The flags of the softmax method.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Kindred

extension SoftmaxOptions.Optimizer: ExpressibleByArgument {}

/// What `learn` may be told about softmax alone.
struct SoftmaxArguments: ParsableArguments {
  private static let defaults = SoftmaxOptions()

  @Option(
    parsing: .unconditional,
    help: """
      What softmax divides scores by; the smaller, the more the items nearest to a user matter. \
      (default: \(Self.defaults.temperature))
      """)
  var temperature: Double?

  @Option(
    help: """
      Whether softmax scores by the cosine or by the dot product. \
      (default: \(Self.defaults.similarity.rawValue))
      """)
  var similarity: Similarity?

  @Option(
    parsing: .unconditional,
    help: """
      How many items softmax holds a batch of users against; all if there are no more. \
      (default: \(Self.defaults.negatives))
      """)
  var negatives: Int?

  @Option(
    parsing: .unconditional,
    help: "How many users softmax moves together. (default: \(Self.defaults.batch))")
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: """
      How far softmax makes up for popular items being among the negatives more often, from 0 to 1. \
      (default: \(Self.defaults.correction))
      """)
  var correction: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The power of an item's count of users that softmax multiplies its share by once it has learned. \
      (default: \(Self.defaults.popularity))
      """)
  var popularity: Double?

  @Option(
    parsing: .unconditional,
    help: """
      How many users' worth softmax lets an item lean on the mean of its users once it has learned. \
      (default: \(Self.defaults.shrinkage))
      """)
  var shrinkage: Double?

  @Option(
    parsing: .unconditional,
    help: "Over how many epochs softmax's rate falls to nothing. (default: all)")
  var annealing: Int?

  @Option(
    parsing: .unconditional,
    help: """
      How many times the mean of their items' vectors softmax adds to a user's own. \
      (default: \(Self.defaults.pastWeight))
      """)
  var pastWeight: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The power of an item's count of users that softmax divides its part of that mean by. \
      (default: \(Self.defaults.pastExponent))
      """)
  var pastExponent: Double?

  @Option(
    help: "How softmax takes its steps. (default: \(Self.defaults.optimizer.rawValue))")
  var optimizer: SoftmaxOptions.Optimizer?

  @Option(
    parsing: .unconditional,
    help: """
      What softmax multiplies the rate of users by, who move once an epoch. \
      (default: \(Self.defaults.userRate))
      """)
  var userRate: Double?

  /// The flags, each with whether it was given.
  var given: [(flag: String, isGiven: Bool)] {
    [
      ("--temperature", temperature != nil), ("--similarity", similarity != nil),
      ("--negatives", negatives != nil), ("--batch", batch != nil),
      ("--correction", correction != nil), ("--popularity", popularity != nil),
      ("--annealing", annealing != nil), ("--shrinkage", shrinkage != nil),
      ("--past-weight", pastWeight != nil),
      ("--past-exponent", pastExponent != nil),
      ("--optimizer", optimizer != nil), ("--user-rate", userRate != nil),
    ]
  }

  /// The options that were given, in place of others.
  func applied(to options: SoftmaxOptions) -> SoftmaxOptions {
    var options = options
    if let temperature { options.temperature = temperature }
    if let similarity { options.similarity = similarity }
    if let negatives { options.negatives = negatives }
    if let batch { options.batch = batch }
    if let correction { options.correction = correction }
    if let popularity { options.popularity = popularity }
    if let shrinkage { options.shrinkage = shrinkage }
    if let annealing { options.annealing = annealing }
    if let pastWeight { options.pastWeight = pastWeight }
    if let pastExponent { options.pastExponent = pastExponent }
    if let optimizer { options.optimizer = optimizer }
    if let userRate { options.userRate = userRate }
    return options
  }
}
