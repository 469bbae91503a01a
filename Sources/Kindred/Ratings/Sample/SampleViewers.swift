// Simulated viewers: a formula that draws ratings with a structure worth learning.
// SPDX-License-Identifier: Apache-2.0

// Nobody gave these ratings. Viewer u's rating of film i is
//
//   r(u, i) = stars(3 + a_u + q_i + s · ⟨p_u, v_i⟩ + σ ε_ui),   s = 0.7, σ = 0.45,
//
// where stars(·) rounds to half stars between 0.5 and 5, ε and every other normal draw is
// standard, and
//
// 1. v_i, what film i is made of: the sum of its genres' directions scaled to length 1, then
//    (year − 1960) / 40 on the axis of years, then 0.3 · normal of its own on every axis;
// 2. q_i = 0.35 · normal, its quality in the simulated world, the same for everyone;
// 3. p_u, what viewer u enjoys: one taste, plus up to half of a second one, plus 0.5 · normal of
//    their own on every axis;
// 4. a_u = 0.4 · normal, how lenient they are.
//
// They rate n_u = 15 … 60 different films, fewer more often than more, drawn one after another
// with weight
//
//   w(u, i) = exp(0.5 h_i + 0.6 q_i + 0.5 ⟨p_u, v_i⟩),   h_i normal: how widely film i is shown,
//
// so, as in real data, ratings are missing where people expected to be disappointed. The part
// that no average can know, s · ⟨p_u, v_i⟩, is a dot product of eight dimensions: that is what a
// model is to find, and σ with the rounding is what none can.
//
// The sizes are chosen so that the lesson shows: on a tenth held out, with λ = 0.05 and 120 epochs
// (kindred learn --validation 0.1 --regularization 0.05 --epochs 120), the root mean squared error
// is 0.61 stars with four dimensions, 0.58 with eight, and with sixteen, which begin to learn the
// noise, 0.59 again.

/// One rating by ids and value, the shape that ``Ratings`` takes.
///
/// The rating is in stars, 0.5 to 5 in halves.
public typealias SampleRating = (user: String, item: String, rating: Float)

extension SampleData {
  /// Draws the ratings of simulated viewers.
  ///
  /// They are simulated by a formula: nobody's opinions, and no evidence about any film.
  ///
  /// A viewer has one of six tastes (comedies and musicals; noir, crime and thrillers; science
  /// fiction, adventure and fantasy; westerns and war; horror; romance and drama), a share of a
  /// second one and deviations of their own. A rating is an average, plus the viewer's leniency,
  /// plus the film's quality, plus the dot product of taste and film over eight axes, plus noise,
  /// rounded to half stars. Each viewer rates 15 to 60 films and favours what is widely shown and
  /// what suits them.
  ///
  /// ```swift
  /// let ratings = try Ratings(SampleData.ratings())
  /// ```
  ///
  /// The result depends on nothing but the arguments, and the first viewers of a larger draw are
  /// the viewers of a smaller one.
  ///
  /// - Parameters:
  ///   - viewers: How many viewers to draw; their ids are "viewer-001" and up.
  ///   - seed: Chooses one simulated world, the films' qualities included.
  /// - Returns: The ratings, viewer after viewer, each in the order in which they were drawn.
  /// - Precondition: `viewers >= 0`.
  /// - Complexity: O(*viewers* · *f* log *f*) time with *f* films.
  public static func ratings(viewers: Int = 400, seed: UInt64 = 1) -> [SampleRating] {
    precondition(viewers >= 0, "ratings: \(viewers) viewers cannot be drawn")
    let world = films.enumerated().map { SimulatedFilm($1, row: $0, seed: seed) }
    return (0..<viewers).flatMap { viewer in
      var random = stream(ofViewer: viewer, seed: seed)
      return SimulatedViewer(from: &random).ratings(of: world, id: id(ofViewer: viewer), &random)
    }
  }

  /// The main taste of one simulated viewer, by their 0-based number.
  package static func taste(ofViewer viewer: Int, seed: UInt64 = 1) -> SampleTaste {
    var random = stream(ofViewer: viewer, seed: seed)
    return SimulatedViewer(from: &random).taste
  }

  /// The id of a viewer by their 0-based number: at least three digits, so that ids sort.
  package static func id(ofViewer viewer: Int) -> String {
    let digits = String(viewer + 1)
    return "viewer-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  private static func stream(ofViewer viewer: Int, seed: UInt64) -> KeyedRandom {
    KeyedRandom(seed: seed, key: StreamKey.viewer, UInt64(viewer))
  }
}

/// A film with what the formula needs: its vector, its quality and how widely it is shown.
private struct SimulatedFilm {
  let id: String
  let vector: [Double]
  let quality: Double
  let exposure: Double

  init(_ film: SampleFilm, row: Int, seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: ItemSide.key, UInt64(row))
    id = film.id
    quality = 0.35 * random.normal()
    exposure = random.normal()

    var sum = SampleAxis.vector([:])
    for genre in film.genres { sum.add(genre.direction) }
    var vector = SampleAxis.vector([.recent: Double(film.year - 1960) / 40])
    vector.add(sum, times: 1 / sum.dot(sum).squareRoot())
    for axis in vector.indices { vector[axis] += 0.3 * random.normal() }
    self.vector = vector
  }
}

/// A viewer with what the formula needs: tastes, leniency and how many films they rate.
private struct SimulatedViewer {
  let taste: SampleTaste
  let vector: [Double]
  let leniency: Double
  let count: Int

  init(from random: inout KeyedRandom) {
    let tastes = SampleTaste.allCases
    taste = tastes[random.below(tastes.count)]
    var vector = taste.direction
    let second = tastes[random.below(tastes.count)]
    vector.add(second.direction, times: 0.5 * random.uniform())
    for axis in vector.indices { vector[axis] += 0.5 * random.normal() }
    self.vector = vector
    leniency = 0.4 * random.normal()
    // The power makes short lists the common ones; 45.99 and not 46, so that 60 is the most.
    let share = random.uniform()
    count = 15 + Int(45.99 * share * share.squareRoot())
  }

  func ratings(
    of world: [SimulatedFilm], id: String, _ random: inout KeyedRandom
  ) -> [SampleRating] {
    // Drawing without replacement by weight w is taking the smallest of −ln(uniform) / w
    // (Efraimidis & Spirakis 2006). 1 − uniform is never zero.
    let arrivals = world.map { film in
      let weight = exponential(
        0.5 * film.exposure + 0.6 * film.quality + 0.5 * vector.dot(film.vector))
      return -logarithm(1 - random.uniform()) / weight
    }
    let order = world.indices.sorted { (arrivals[$0], $0) < (arrivals[$1], $1) }
    return order.prefix(count).map { row in
      let film = world[row]
      let liking = 3.0 + leniency + film.quality + 0.7 * vector.dot(film.vector)
      let stars = (2 * (liking + 0.45 * random.normal())).rounded() / 2
      return (user: id, item: film.id, rating: Float(min(max(stars, 0.5), 5)))
    }
  }
}

extension [Double] {
  /// The dot product with a vector of the same length.
  fileprivate func dot(_ other: [Double]) -> Double {
    zip(self, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Adds a multiple of a vector of the same length.
  fileprivate mutating func add(_ other: [Double], times factor: Double = 1) {
    for index in indices { self[index] += factor * other[index] }
  }
}
