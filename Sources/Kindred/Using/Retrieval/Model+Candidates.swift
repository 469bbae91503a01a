// Which items may come up, and why others do not.
// SPDX-License-Identifier: Apache-2.0

/// How many of a model's items may not be recommended to somebody, and why.
///
/// An item is counted once, by the first reason that holds.
public struct Exclusions: Equatable, Sendable, CustomStringConvertible {
  /// The items of the model.
  public let items: Int
  /// Those that are not among the ones asked for: ``RecommendationOptions/only`` and
  /// ``RecommendationOptions/among``.
  public let notAmong: Int
  /// Those that were to be left out: ``RecommendationOptions/without``.
  public let without: Int
  /// Those that the user has rated.
  public let seen: Int

  /// The items that may be recommended.
  public var allowed: Int { items - notAmong - without - seen }

  /// The reasons, in a sentence.
  public var description: String {
    let reasons = [
      (notAmong, "not among those asked for"), (without, "left out by name"),
      (seen, "rated already"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let left = "\(allowed) of the model's \(items) items may be recommended"
    return reasons.isEmpty ? left + "." : left + ": " + reasons.joined(separator: ", ") + "."
  }
}

extension Model {
  /// Why items may not be recommended to a user.
  ///
  /// - Throws: `ModelError` as ``recommend(for:count:options:)``.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(items).
  public func exclusions(
    for user: String, options: RecommendationOptions = .init()
  ) throws(ModelError) -> Exclusions {
    let row = try row(ofUser: user)
    var seen: [Int32] = []
    if !options.includeSeen {
      guard let history else { throw .noHistory(need: "Leaving out what a user has rated") }
      seen = Array(history.columns(row))
    }
    return try exclusions(seen: seen, options)
  }

  /// Why items may not be recommended to somebody new.
  ///
  /// - Throws: `ModelError` for an unknown item.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(items).
  public func exclusions(
    rated: [String], options: RecommendationOptions = .init()
  ) throws(ModelError) -> Exclusions {
    var seen: [Int32] = []
    if !options.includeSeen {
      for item in rated { seen.append(try row(ofItem: item).index) }
    }
    return try exclusions(seen: seen, options)
  }

  private func exclusions(
    seen: [Int32], _ options: RecommendationOptions
  ) throws(ModelError) -> Exclusions {
    var allowed = try among(options)
    let asked = allowed.count { $0 }
    for id in options.without { allowed[Int(try row(ofItem: id).index)] = false }
    let left = allowed.count { $0 }
    for row in seen { allowed[Int(row)] = false }
    return Exclusions(
      items: items.count, notAmong: items.count - asked, without: asked - left,
      seen: left - allowed.count { $0 })
  }

  /// Whether each item is among those asked for.
  private func among(_ options: RecommendationOptions) throws(ModelError) -> [Bool] {
    var allowed = Array(repeating: options.only == nil, count: items.count)
    for id in options.only ?? [] { allowed[Int(try row(ofItem: id).index)] = true }
    options.among?.narrow(&allowed)
    return allowed
  }

  /// The rows of the items that may come up for everybody, ascending; nil if all may.
  func candidates(_ options: RecommendationOptions) throws(ModelError) -> [Int32]? {
    guard options.only != nil || options.among != nil || !options.without.isEmpty else {
      return nil
    }
    var allowed = try among(options)
    for id in options.without { allowed[Int(try row(ofItem: id).index)] = false }
    return allowed.indices.filter { allowed[$0] }.map { Int32($0) }
  }

  /// How popular each item is: ln((1 + n) / (1 + mean n)), n being its ratings. [items]
  ///
  /// - Throws: `ModelError.noHistory`.
  var popularity: [Double] {
    get throws(ModelError) {
      guard let history else { throw .noHistory(need: "Damping what is popular") }
      let counts = history.counts(columnCount: items.count)
      let mean = Double(counts.reduce(0, +)) / Double(max(1, counts.count))
      return counts.map { logarithm((1 + Double($0)) / (1 + mean)) }
    }
  }
}
