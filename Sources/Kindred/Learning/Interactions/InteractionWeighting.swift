// How much a pair counts.
// SPDX-License-Identifier: Apache-2.0

/// How the value of a pair, such as how often something was played, becomes its weight.
///
/// A weight says how sure it is that the pair goes together, never how good it is: a pair of weight 2
/// counts as two that have the same vectors. Pairs without a value have the value 1.
///
/// ```swift
/// var options = IALSOptions()
/// options.weighting = .log(scale: 1, unit: 10)
/// ```
public enum InteractionWeighting: Equatable, Sendable {
  /// Every pair counts 1, whatever its value.
  case none
  /// `scale` · value (Hu, Koren & Volinsky 2008, section 4).
  case linear(scale: Double)
  /// `scale` · ln(1 + value / `unit`) (the same, eq. 6): from `unit` on, ten times as often counts less
  /// than ten times as much.
  case log(scale: Double, unit: Double)
  /// `scale` · value to the power of `exponent`: with 0.5 its square root.
  case power(scale: Double, exponent: Double)

  /// The largest weight that a pair may have.
  ///
  /// Beside larger ones the pairs of ordinary weight would be lost in the rounding of `Float`.
  public static let largest = 1e6
}

extension InteractionWeighting {
  /// The weight of a value; nil where there is none.
  ///
  /// - Parameter value: Above 0: no view is no interaction.
  /// - Returns: A number above 0 of ``largest`` at most; nil for a value of 0 or less, or whose weight would
  ///   be none such.
  public func weight(of value: Float) -> Float? {
    guard value > 0, value.isFinite else { return nil }
    let value = Double(value)
    let weight =
      switch self {
      case .none: 1.0
      case .linear(let scale): scale * value
      case .log(let scale, let unit): scale * logarithm(1 + value / unit)
      case .power(let scale, let exponent): scale * exponential(exponent * logarithm(value))
      }
    let rounded = Float(weight)
    return rounded > 0 && weight <= Self.largest ? rounded : nil
  }

  /// Checks the weighting's own numbers.
  ///
  /// - Throws: `TrainingError.badOption` for the first that is out of its range.
  package func validate() throws(TrainingError) {
    for (name, value) in numbers where !(value > 0 && value.isFinite) {
      throw .badOption(name: "weighting's \(name)", value: "\(value)", expected: "a number above 0")
    }
  }

  private var numbers: [(name: String, value: Double)] {
    switch self {
    case .none: []
    case .linear(let scale): [("scale", scale)]
    case .log(let scale, let unit): [("scale", scale), ("unit", unit)]
    case .power(let scale, let exponent): [("scale", scale), ("exponent", exponent)]
    }
  }

  /// The weight of every pair, in the order of the ratings by user.
  ///
  /// - Throws: `TrainingError.badWeight` for the first value that gives none.
  /// - Complexity: O(ratings).
  package func weights(of ratings: Ratings) throws(TrainingError) -> Flat<Float> {
    try requireWeights(of: ratings)
    guard self != .none else { return Flat(Array(repeating: 1, count: ratings.count)) }
    return Flat(ratings.byUser.values.map { weight(of: $0) ?? 1 })
  }

  /// Checks that every pair has a weight.
  ///
  /// - Throws: `TrainingError.badWeight` for the first value that gives none.
  /// - Complexity: O(ratings).
  package func requireWeights(of ratings: Ratings) throws(TrainingError) {
    if self == .none, let range = ratings.range, range.lowerBound > 0 { return }
    let rows = ratings.byUser
    for user in ratings.users.rows {
      for (item, value) in zip(rows.columns(user), rows.values(user))
      where weight(of: value) == nil {
        throw .badWeight(
          user: ratings.users[user], item: ratings.items[ItemRow(item)], value: value,
          expected: expected(of: value))
      }
    }
  }

  /// What a value should be that gives no weight.
  package func expected(of value: Float) -> String {
    value > 0
      ? "one whose weight is a number above 0 and \(Self.largest) at most: see the weighting"
      : "above 0"
  }
}

// MARK: As a record has it

extension InteractionWeighting: CustomStringConvertible {
  /// The weighting in a word, with its numbers: "none", "linear 40.0", "log 1.0 10.0".
  public var description: String { ([name] + numbers.map { "\($0.value)" }).joined(separator: " ") }

  private var name: String {
    switch self {
    case .none: "none"
    case .linear: "linear"
    case .log: "log"
    case .power: "power"
    }
  }

  /// The weighting that such words mean; nil if they mean none.
  ///
  /// Numbers that are left out are 1, and 0.5 for an exponent.
  public init?(_ words: String) {
    let parts = words.split(separator: " ")
    guard let name = parts.first else { return nil }
    var numbers: [Double] = []
    for part in parts.dropFirst() {
      guard let number = Double(part), number > 0, number.isFinite else { return nil }
      numbers.append(number)
    }
    func number(_ place: Int, _ usual: Double) -> Double {
      place < numbers.count ? numbers[place] : usual
    }
    switch (name, numbers.count) {
    case ("none", 0): self = .none
    case ("linear", ...1): self = .linear(scale: number(0, 1))
    case ("log", ...2): self = .log(scale: number(0, 1), unit: number(1, 1))
    case ("power", ...2): self = .power(scale: number(0, 1), exponent: number(1, 0.5))
    default: return nil
    }
  }
}

extension TrainingRecord {
  static let weightingKey = "weighting"

  /// How the values of pairs were weighted; every pair alike where nothing is recorded.
  public var weighting: InteractionWeighting {
    options[Self.weightingKey].flatMap { InteractionWeighting($0) } ?? InteractionWeighting.none
  }
}
