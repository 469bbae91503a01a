// Choosing items by what is known of them.
// SPDX-License-Identifier: Apache-2.0

/// Some of a model's items.
public struct ItemSet: Equatable, Sendable {
  /// Whether each item is one of them. [items]
  private let contains: [Bool]

  package init(_ contains: [Bool]) { self.contains = contains }

  /// How many they are.
  public var count: Int { contains.count { $0 } }

  /// The items that are in both sets.
  ///
  /// - Precondition: Both are of one model.
  public func intersection(_ other: ItemSet) -> ItemSet {
    var both = contains
    other.narrow(&both)
    return ItemSet(both)
  }

  /// The items that are in this set and not in the other.
  ///
  /// - Precondition: Both are of one model.
  public func subtracting(_ other: ItemSet) -> ItemSet {
    intersection(ItemSet(other.contains.map { !$0 }))
  }

  /// Rules out all items but these.
  package func narrow(_ allowed: inout [Bool]) {
    precondition(
      allowed.count == contains.count,
      "a choice among \(contains.count) items for a model of \(allowed.count)")
    for item in allowed.indices where !contains[item] { allowed[item] = false }
  }
}

extension Model {
  /// What is known of an item besides its title: the values of each attribute, by name; empty for an
  /// unknown item.
  public func attributes(of item: String) -> [String: [String]] {
    guard let row = items.row(of: item) else { return [:] }
    return attributes(Int(row.index)).values
  }

  /// The names of all attributes that some item has, in order.
  ///
  /// - Complexity: O(bytes of the attributes).
  public var attributeNames: [String] {
    var names: Set<String> = []
    for item in 0..<items.count { names.formUnion(attributes(item).values.keys) }
    return names.sorted()
  }

  /// All items of the model, or those with some ids, to be recommended or looked through.
  ///
  /// - Throws: `ModelError.unknownItem`.
  /// - Complexity: O(items + ids · log items).
  public func itemSet(_ ids: [String]? = nil) throws(ModelError) -> ItemSet {
    var contains = Array(repeating: ids == nil, count: items.count)
    for id in ids ?? [] { contains[Int(try row(ofItem: id).index)] = true }
    return ItemSet(contains)
  }

  /// The items that meet all of some conditions, to be recommended or looked through.
  ///
  /// ```swift
  /// var options = RecommendationOptions()
  /// options.among = try model.items(where: [AttributeCondition("genres=Comedy")].compactMap(\.self))
  /// ```
  ///
  /// - Throws: `ModelError.unknownAttribute` if no item has an attribute of that name,
  ///   `ModelError.noSuchItem` if no item meets the conditions.
  /// - Complexity: O(bytes of the attributes · conditions).
  public func items(where conditions: [AttributeCondition]) throws(ModelError) -> ItemSet {
    var isKnown = Array(repeating: false, count: conditions.count)
    let contains = (0..<items.count).map { item in
      let attributes = attributes(item)
      var meetsAll = true
      for (place, condition) in conditions.enumerated() {
        let values = attributes.values(of: condition.name)
        if values != nil { isKnown[place] = true }
        if !condition.isMet(by: values) { meetsAll = false }
      }
      return meetsAll
    }
    if let unknown = isKnown.firstIndex(of: false) {
      throw .unknownAttribute(conditions[unknown].name, known: attributeNames)
    }
    guard contains.contains(true) else {
      throw .noSuchItem(
        conditions: conditions.map(\.description).joined(separator: " and "),
        nearest: nearestValues(conditions))
    }
    return ItemSet(contains)
  }

  private func attributes(_ item: Int) -> ItemAttributes {
    // In a file that nobody has checked the text may be anything.
    attributes.flatMap { ItemAttributes($0.utf8(item)) } ?? ItemAttributes([:])
  }

  /// Values that were perhaps meant, for the first condition that names only values nobody has.
  private func nearestValues(_ conditions: [AttributeCondition]) -> [String] {
    for condition in conditions where condition.relation == .equal {
      var known: [String] = []
      var seen: Set<String> = []
      var isMet = false
      for item in 0..<items.count {
        let values = attributes(item).values(of: condition.name) ?? []
        isMet = isMet || condition.isMet(by: values)
        for value in values where seen.insert(value).inserted { known.append(value) }
      }
      guard !isMet else { continue }
      return nearestTexts(to: condition.wanted[0], in: known, limit: 3).map(\.text)
    }
    return []
  }
}
