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
    let candidates = try Candidates(self, options)
    return candidates.exclusions(seen: options.includeSeen ? [] : try seen(row))
  }

  /// Why items may not be recommended to somebody new.
  ///
  /// - Throws: `ModelError` for an unknown item.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(items).
  public func exclusions(
    rated: [String], options: RecommendationOptions = .init()
  ) throws(ModelError) -> Exclusions {
    var seen: Set<Int32> = []
    if !options.includeSeen {
      for item in rated { seen.insert(try row(ofItem: item).index) }
    }
    return try Candidates(self, options).exclusions(seen: Array(seen))
  }

  /// The rows of the items that a user has rated, ascending.
  func seen(_ user: UserRow) throws(ModelError) -> [Int32] {
    guard let history else { throw .noHistory(need: "Leaving out what a user has rated") }
    let columns = Array(history.columns(user))
    // In a file that nobody has checked they may come in any order, and repeat.
    return history.isUnchecked ? Set(columns).sorted() : columns
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

/// The items that may come up for everybody.
struct Candidates: Sendable {
  /// Whether each item may; empty if all may. [items]
  let allowed: [Bool]
  /// The rows of those that may, ascending; nil if all may.
  let rows: [Int32]?
  private let items: Int
  private let notAmong: Int
  private let without: Int

  /// - Throws: `ModelError.unknownItem`.
  /// - Complexity: O(items).
  init(_ model: Model, _ options: RecommendationOptions) throws(ModelError) {
    items = model.items.count
    guard options.only != nil || options.among != nil || !options.without.isEmpty else {
      (allowed, rows, notAmong, without) = ([], nil, 0, 0)
      return
    }
    var allowed = Array(repeating: options.only == nil, count: items)
    for id in options.only ?? [] { allowed[Int(try model.row(ofItem: id).index)] = true }
    options.among?.narrow(&allowed)
    let asked = allowed.count { $0 }
    for id in options.without { allowed[Int(try model.row(ofItem: id).index)] = false }
    let rows = allowed.indices.filter { allowed[$0] }.map { Int32($0) }
    self.allowed = allowed
    self.rows = rows
    notAmong = items - asked
    without = asked - rows.count
  }

  /// Why others do not come up for somebody who has seen these items, each named once.
  func exclusions(seen: [Int32]) -> Exclusions {
    let count = allowed.isEmpty ? seen.count : seen.count { allowed[Int($0)] }
    return Exclusions(items: items, notAmong: notAmong, without: without, seen: count)
  }
}
