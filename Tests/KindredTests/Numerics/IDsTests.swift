// Ids and rows: finding, numbering, transposing.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Ids") struct IDsTests {
  private static let awkward = [
    "", "a", "ab", "abc", "abcdefgh", "abcdefghi", "abcdefg", "abcdefgh\u{0}", "a\u{0}", "\u{0}",
    "Ä", "A\u{308}", "🎬", "🎬🎬", "👩‍👩‍👧", "ÿ", "\u{10FFFF}", "1", "10", "2", " ", "\"", "\\", "\n",
    String(repeating: "x", count: 10_000), String(repeating: "x", count: 10_001),
  ]

  @Test("are found at the rows they were given")
  func awkward() {
    let ids = IDs<UserSide>(Self.awkward)
    #expect(ids.count == Self.awkward.count)
    #expect(ids.all.map { Array($0.utf8) } == Self.awkward.map { Array($0.utf8) })
    for (row, id) in Self.awkward.enumerated() {
      #expect(ids.row(of: id)?.index == Int32(row), "row \(row)")
      #expect(ids.contains(id))
    }
    for unknown in ["b", "abcd", "abcdefghij", "🎥", "a\u{0}\u{0}", "x", "ä", "3"] {
      #expect(ids.row(of: unknown) == nil, "\(unknown)")
      #expect(!ids.contains(unknown))
    }
    #expect(ids.isStrictlyAscending)
  }

  @Test("are found among random ones that share prefixes", arguments: 0..<30)
  func random(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    var known: Set<String> = []
    var list: [String] = []
    for _ in 0..<300 {
      let letters = (0..<random.below(14)).map { _ in ["a", "b", "é", "🎬"][random.below(4)] }
      if known.insert(letters.joined()).inserted { list.append(letters.joined()) }
    }
    let ids = IDs<ItemSide>(list)
    for (row, id) in list.enumerated() {
      #expect(ids.row(of: id)?.index == Int32(row))
      if !known.contains(id + "a") { #expect(ids.row(of: id + "a") == nil) }
    }
    #expect(ids.isStrictlyAscending)
    #expect(ids.order.sorted() == (0..<Int32(list.count)).map { $0 })
  }

  @Test("of no rows find nothing")
  func none() {
    let ids = IDs<UserSide>([String]())
    #expect(ids.count == 0 && ids.all.isEmpty && ids.isStrictlyAscending)
    #expect(ids.row(of: "") == nil && ids.nearest(to: "a").isEmpty)
  }

  @Test("that repeat are found at the first, and noticed")
  func repeated() {
    let ids = IDs<UserSide>(["b", "a", "b", "a"])
    #expect(ids.row(of: "a")?.index == 1 && ids.row(of: "b")?.index == 0)
    #expect(!ids.isStrictlyAscending)
  }

  @Test("tell composed from decomposed letters")
  func normalization() {
    let ids = IDs<UserSide>(["é", "e\u{301}"])
    #expect(ids.row(of: "é")?.index == 0)
    #expect(ids.row(of: "e\u{301}")?.index == 1)
  }

  @Test("suggest what was probably meant, the nearest first")
  func nearest() {
    let ids = IDs<UserSide>(["alice", "Bob", "alicia", "carol", "malice", "12345"])
    #expect(ids.nearest(to: "alise") == ["alice", "malice"])
    #expect(ids.nearest(to: "alice") == ["alice", "malice", "alicia"])
    #expect(ids.nearest(to: "alice", limit: 1) == ["alice"])
    #expect(ids.nearest(to: "BOB") == ["Bob"])
    #expect(ids.nearest(to: "12346") == ["12345"])
    #expect(ids.nearest(to: "nothing like it").isEmpty)
    #expect(ids.nearest(to: String(repeating: "y", count: 10_000)).isEmpty)
    #expect(ids.nearest(to: "").isEmpty)
  }
}

@Suite("Interning") struct InternerTests {
  @Test("numbers ids by first appearance, like a dictionary", arguments: 0..<20)
  func dictionary(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    var interner = Interner<ItemSide>()
    var rows: [String: Int32] = [:]
    for _ in 0..<5000 {
      let id = "id-\(random.below(3000))"  // past the first growth of the table
      let expected = rows[id] ?? Int32(rows.count)
      rows[id] = expected
      #expect(interner.intern(id).index == expected)
    }
    #expect(interner.count == rows.count)
    let ids = interner.finish()
    #expect(ids.count == rows.count)
    for (id, row) in rows { #expect(ids.row(of: id)?.index == row && ids[ItemRow(row)] == id) }
  }

  @Test("keeps the empty id and long ones apart")
  func odd() {
    var interner = Interner<UserSide>()
    let long = String(repeating: "z", count: 10_000)
    let rows = ["", long, long + "z", "", long].map { interner.intern($0).index }
    #expect(rows == [0, 1, 2, 0, 1])
  }
}

@Suite("Compressed rows") struct CompressedRowsTests {
  @Test("transposed twice are themselves", arguments: 0..<30)
  func twice(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    let (rowCount, columnCount) = (random.below(12), 1 + random.below(9))
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for _ in 0..<rowCount {
      for column in 0..<columnCount where random.below(3) == 0 {
        columns.append(Int32(column))
        values.append(Float(random.normal()))
      }
      offsets.append(columns.count)
    }
    let rows = CompressedRows<UserSide, ItemSide>(
      offsets: offsets, columns: columns, values: values)
    let turned = rows.transposed(columnCount: columnCount)
    #expect(turned.rowCount == columnCount && turned.count == rows.count)
    for item in 0..<columnCount {
      let users = turned.columns(ItemRow(item))
      #expect(zip(users, users.dropFirst()).allSatisfy { $0 < $1 })
      for (user, value) in zip(users, turned.values(ItemRow(item))) {
        let place = rows.columns(UserRow(user)).firstIndex(of: Int32(item))
        #expect(place.map { rows.values[$0] } == value)
      }
    }
    let back = turned.transposed(columnCount: rowCount)
    #expect(back.offsets == rows.offsets && back.columns == rows.columns)
    #expect(back.values == rows.values)
  }
}
