// The two sides of a rating, and row numbers that cannot be mistaken for one another.
// SPDX-License-Identifier: Apache-2.0

/// One side of the table of ratings: the users or the items.
///
/// A side is a type, so that a row of users and a row of items are different types too: handing a
/// user's row to a table of items does not compile.
public protocol Side: Sendable {
  /// What one row of this side is called in messages: "user" or "item".
  static var noun: String { get }
  /// Keys the side's random draws.
  static var key: UInt64 { get }
}

/// The users' side.
public enum UserSide: Side {
  /// "user".
  public static let noun = "user"
  /// Keys the users' random draws.
  public static let key: UInt64 = 1
}

/// The items' side.
public enum ItemSide: Side {
  /// "item".
  public static let noun = "item"
  /// Keys the items' random draws.
  public static let key: UInt64 = 2
}

/// A dense row number of one side, 0-based, in order of first appearance.
///
/// Rows never leave the package: the public interface speaks of ids.
package struct Row<S: Side>: Hashable, Comparable, Sendable {
  package let index: Int32

  package init(_ index: Int) { self.index = Int32(index) }
  package init(_ index: Int32) { self.index = index }

  package static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

package typealias UserRow = Row<UserSide>
package typealias ItemRow = Row<ItemSide>
