// What an item must be like.
// SPDX-License-Identifier: Apache-2.0

/// A condition on one attribute of an item, such as `genres=Comedy|Drama` or `year>=1990`.
///
/// - `name=A|B`: some value of the attribute is A or B.
/// - `name!=A|B`: none is; so it is also met by an item without the attribute.
/// - `name<N`, `name<=N`, `name>N`, `name>=N`: some value is a number, and it is less than N, and so
///   on.
///
/// Case does not matter, and numbers are compared as numbers: 1995 equals 1995.0.
public struct AttributeCondition: Equatable, Sendable, CustomStringConvertible {
  /// How a value must stand to the wanted ones.
  public enum Relation: String, CaseIterable, Sendable {
    /// The same as one of them.
    case equal = "="
    /// The same as none of them.
    case notEqual = "!="
    /// A smaller number.
    case less = "<"
    /// A smaller number or the same.
    case atMost = "<="
    /// A larger number.
    case greater = ">"
    /// A larger number or the same.
    case atLeast = ">="
  }

  /// The attribute's name.
  public let name: String
  /// How its values must stand to the wanted ones.
  public let relation: Relation
  /// The wanted values: one or more texts, or one number.
  public let wanted: [String]

  /// A condition as it is written.
  ///
  /// - Returns: nil if there is no relation in it, a name or a value is missing, or what a value is
  ///   to be smaller or larger than is not a number.
  public init?(_ text: String) {
    guard let first = text.firstIndex(where: { "!<>=".contains($0) }) else { return nil }
    let rest = text[first...]
    let twoFirst = ["!=", "<=", ">=", "=", "<", ">"]
    guard let sign = twoFirst.first(where: rest.hasPrefix), let relation = Relation(rawValue: sign)
    else { return nil }
    name = Self.trimmed(text[..<first])
    let value = rest.dropFirst(sign.count)
    let isText = relation == .equal || relation == .notEqual
    wanted =
      isText
      ? value.split(separator: "|").map(Self.trimmed).filter { !$0.isEmpty }
      : [Self.trimmed(value)]
    self.relation = relation
    guard !name.isEmpty, !wanted.isEmpty, isText || Self.number(wanted[0]) != nil else {
      return nil
    }
  }

  /// The condition as it can be written.
  public var description: String { name + relation.rawValue + wanted.joined(separator: "|") }

  /// Whether an item with these values of the attribute meets the condition.
  func isMet(by values: [String]?) -> Bool {
    let values = values ?? []
    switch relation {
    case .equal: return values.contains(where: isWanted)
    case .notEqual: return !values.contains(where: isWanted)
    case .less: return compare(values, <)
    case .atMost: return compare(values, <=)
    case .greater: return compare(values, >)
    case .atLeast: return compare(values, >=)
    }
  }

  private func isWanted(_ value: String) -> Bool {
    wanted.contains { wanted in
      if wanted == value || wanted.lowercased() == value.lowercased() { return true }
      guard let a = Self.number(wanted), let b = Self.number(value) else { return false }
      return a == b
    }
  }

  private func compare(_ values: [String], _ holds: (Double, Double) -> Bool) -> Bool {
    guard let limit = Self.number(wanted[0]) else { return false }
    return values.contains { Self.number($0).map { holds($0, limit) } ?? false }
  }

  /// A decimal number; `Double` alone would also take "nan", "inf" and "0x1p3".
  private static func number(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
      let number = Double(text), number.isFinite
    else { return nil }
    return number
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
