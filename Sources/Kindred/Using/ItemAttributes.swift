// What is known of an item besides its title.
// SPDX-License-Identifier: Apache-2.0

/// The attributes of one item, by name, each with one or more values, as a model file keeps them: a
/// JSON object of lists of texts, `{"genres":["Comedy","Drama"],"year":["1995"]}`.
package struct ItemAttributes: Equatable, Sendable {
  package private(set) var values: [String: [String]]

  package init(_ values: [String: [String]]) { self.values = values.filter { !$0.value.isEmpty } }

  /// Attributes from JSON; a single text or number stands for a list of one.
  ///
  /// - Returns: nil if it is no such object.
  /// - Complexity: O(bytes).
  package init?(_ json: Flat<UInt8>) {
    var scanner = JSONScanner(json)
    var values: [String: [String]] = [:]
    let isObject = scanner.object { name, scanner in
      var list: [String] = []
      let takeOne = { (scanner: inout JSONScanner) -> Bool in
        let isText = scanner.next == UInt8(ascii: "\"")
        guard let value = isText ? scanner.string() : scanner.number() else { return false }
        list.append(value)
        return true
      }
      let isList = scanner.next == UInt8(ascii: "[")
      guard isList ? scanner.array(takeOne) : takeOne(&scanner) else { return false }
      return values.updateValue(list, forKey: name) == nil
    }
    guard isObject, scanner.isAtEnd else { return nil }
    self.init(values)
  }

  package var isEmpty: Bool { values.isEmpty }

  /// The values of an attribute; case does not matter where no name is exactly this one.
  package func values(of name: String) -> [String]? {
    values[name]
      ?? values.keys.filter { $0.lowercased() == name.lowercased() }.min().flatMap { values[$0] }
  }

  /// The object as JSON, names in order.
  package var json: String {
    let members = values.keys.sorted().map { name in
      "\(Self.quoted(name)):[\((values[name] ?? []).map(Self.quoted).joined(separator: ","))]"
    }
    return "{\(members.joined(separator: ","))}"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
