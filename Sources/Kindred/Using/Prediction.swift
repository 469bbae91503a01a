// How sure a model is of a score.
// SPDX-License-Identifier: Apache-2.0

/// A score, and how far off it may be, as the samples of a ``Posterior`` tell.
///
/// ```swift
/// let prediction = try model.prediction(user: "alice", item: "heat-1995")
/// print(prediction.score, prediction.deviation, prediction.interval(0.9))
/// ```
///
/// Each sample s has a score and the noise precision α_s of a rating by whoever it is, so that a rating is
/// distributed as the mixture of the normal distributions with mean score_s and variance 1 / α_s. That mixture has the mean `score` and
/// the variance `deviation`² + mean of 1 / α_s; its quantiles are taken to be those of the normal
/// distribution with that mean and variance, which the mixture of dozens of much alike parts is close to.
public struct Prediction: Equatable, Sendable {
  /// The mean of the samples' scores, in the unit of the ratings; not clipped to their range.
  ///
  /// It is the model's score, to the last bit.
  public let score: Double
  /// The standard deviation of the samples' scores: how sure the model is of the score.
  public let deviation: Double
  /// The standard deviation of a rating: the spread of the scores, and the noise that ratings have
  /// whatever is known.
  public let ratingDeviation: Double

  package init(score: Double, deviation: Double, ratingDeviation: Double) {
    self.score = score
    self.deviation = deviation
    self.ratingDeviation = ratingDeviation
  }

  /// Where a rating lies with this probability, equally likely to be above as below.
  ///
  /// Spread alone would cover far too few ratings: it says where the score lies.
  ///
  /// - Precondition: 0 < `probability` < 1.
  public func interval(_ probability: Double = 0.9) -> ClosedRange<Double> {
    precondition(probability > 0 && probability < 1, "an interval of \(probability)")
    // By the lower tail: the upper one of a probability just below 1 would round to 1.
    let reach = -normalQuantile((1 - probability) / 2) * ratingDeviation
    return score - reach...score + reach
  }

  /// What the score itself, the mean that noise is around, is below with this probability.
  ///
  /// - Precondition: 0 < `probability` < 1.
  public func quantile(_ probability: Double) -> Double {
    score + normalQuantile(probability) * deviation
  }
}

extension Model {
  /// The score of one item for one user, with how sure the model is of it.
  ///
  /// - Throws: `ModelError` for an unknown id, or if the model is not one of samples: see ``Bayes``.
  /// - Complexity: O(log users + log items + *dimension*).
  public func prediction(user: String, item: String) throws(ModelError) -> Prediction {
    guard let posterior else { throw .noSamples(need: "How sure a score is") }
    let (userRow, itemRow) = (try row(ofUser: user), try row(ofItem: item))
    let further =
      isStranger(userRow) ? foldedInVariances(posterior, rated: [], of: [itemRow])[0] : 0
    return try prediction(
      of: score(userRow, itemRow), userEmbeddings.vector(userRow), itemRow, posterior,
      further: further)
  }

  /// Whether the model knows nothing of a user: then their samples do not differ, though anything is
  /// possible.
  package func isStranger(_ user: UserRow) -> Bool {
    let stranger = strangerVector(of: UserSide.self)
    let vector = userEmbeddings.vector(user)
    return stranger.indices.allSatisfy { vector[$0] == stranger[$0] }
  }

  /// How sure a score is that has been worked out already; `further` is a variance that the user's samples
  /// do not show.
  package func prediction(
    of score: Double, _ vector: Span<Float>, _ item: ItemRow, _ posterior: Posterior,
    further: Double = 0
  ) throws(ModelError) -> Prediction {
    let spread = posterior.variance(of: vector, itemEmbeddings.vector(item)) + further
    let prediction = Prediction(
      score: score, deviation: spread.squareRoot(),
      ratingDeviation: (spread + posterior.noiseVariance).squareRoot())
    guard score.isFinite, prediction.ratingDeviation.isFinite else {
      throw .outOfRange("This score")
    }
    return prediction
  }
}

extension Posterior {
  /// The mean over the samples of the noise's variance, 1 / α.
  package var noiseVariance: Double { noise.reduce(0) { $0 + 1 / $1 } / Double(samples) }

  /// The variance of the samples' scores, in `Double` from dot products in `Float`.
  ///
  /// - Complexity: O(dimension of the model).
  package func variance(of user: Span<Float>, _ item: Span<Float>) -> Double {
    let (width, count) = (sampleWidth, Double(samples))
    var sum = 0.0
    var scores = Array(repeating: 0.0, count: samples)
    for sample in 0..<samples {
      let columns = sample * width..<(sample + 1) * width
      // The users' side carries the 1/S.
      let score =
        count * Double(Kernels.best.dot(user.extracting(columns), item.extracting(columns)))
      scores[sample] = score
      sum += score
    }
    let mean = sum / count
    return scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  }
}
