// What is added to the scores of a row, whoever or whatever it meets.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// What is added to every score of a row, in the unit of the ratings.
  public struct Biases: Sendable {
    /// One number per user. [users]
    public let users: Numbers
    /// One number per item. [items]
    public let items: Numbers

    package init(users: [Float], items: [Float]) {
      self.init(users: Numbers(Flat(users)), items: Numbers(Flat(items)))
    }

    package init(users: Numbers, items: Numbers) {
      self.users = users
      self.items = items
    }

    package var isFinite: Bool {
      users.numbers.firstNonFinite == nil && items.numbers.firstNonFinite == nil
    }

    /// Numbers by row, which may lie in a mapped model file.
    public struct Numbers:
      RandomAccessCollection, ExpressibleByArrayLiteral, Equatable, Sendable
    {
      package let numbers: Flat<Float>

      package init(_ numbers: Flat<Float>) { self.numbers = numbers }

      /// Numbers one by one.
      public init(arrayLiteral elements: Float...) { self.init(Flat(elements)) }

      /// 0.
      public var startIndex: Int { numbers.startIndex }
      /// The number of rows.
      public var endIndex: Int { numbers.endIndex }
      /// The number of one row.
      public subscript(row: Int) -> Float { numbers[row] }

      /// All numbers, one per row.
      public var span: Span<Float> {
        @_lifetime(borrow self)
        get { numbers.span }
      }
    }
  }
}
