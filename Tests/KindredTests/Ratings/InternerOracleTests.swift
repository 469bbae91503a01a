// Numbering ids: against a dictionary, over lengths that take every way through the table.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Numbering ids of every length") struct InternerOracleTests {
  @Test("agrees with a dictionary", arguments: 0..<30)
  func dictionary(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 11)
    var interner = Interner<UserSide>()
    var known: [[UInt8]: Int32] = [:]
    var order: [[UInt8]] = []
    // Few letters and a common start, so that ids are often alike in their first or last bytes.
    let letters = 2 + random.below(3)
    let longest = 1 + random.below(40)
    for _ in 0..<4000 {
      let start = random.below(2) == 0 ? [] : Array("customer-".utf8)
      let id =
        start + (0..<1 + random.below(longest)).map { _ in UInt8(48 + random.below(letters)) }
      let expected = known[id] ?? Int32(order.count)
      if known.updateValue(expected, forKey: id) == nil { order.append(id) }
      #expect(interner.intern(id).index == expected, "seed \(seed)")
    }
    #expect(interner.count == order.count)
    #expect(interner.finish().all == order.map { String(decoding: $0, as: UTF8.self) })
  }

  @Test("ids that share all but one byte are told apart", arguments: 1...40)
  func oneByte(length: Int) {
    var interner = Interner<ItemSide>()
    let plain = Array(repeating: UInt8(ascii: "a"), count: length)
    let first = interner.intern(plain)
    for place in 0..<length {
      var other = plain
      other[place] = UInt8(ascii: "b")
      #expect(interner.intern(other).index == Int32(place + 1))
    }
    #expect(interner.intern(plain) == first)
    #expect(interner.intern(plain + plain).index == Int32(length + 1))
  }

  @Test("numbers and what only looks like one are told apart")
  func numbers() {
    var interner = Interner<ItemSide>()
    var ids = (0..<3000).map { String($0) }
    ids += (0..<3000).map { "0\($0)" }
    ids += ["00", "000", "-1", "+1", "1 ", " 1", "1.0", "٣", "1a", "a1", "9/", ":0", "/9", "::"]
    for power in 0..<60 { ids += [String(1 << power), String((1 << power) - 1)] }
    var known: [String: Int32] = [:]
    for id in ids + ids.reversed() {
      let expected = known[id] ?? Int32(known.count)
      known[id] = expected
      #expect(interner.intern(id).index == expected, "\(id)")
    }
  }

  @Test("joining two tables keeps the order of first appearance", arguments: 0..<20)
  func joining(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 12)
    let ids = (0..<500).map { _ in
      String(random.below(300)) + (random.below(2) == 0 ? "-long-id" : "")
    }
    var whole = Interner<UserSide>()
    for id in ids { _ = whole.intern(id) }
    let cut = random.below(ids.count)
    var first = Interner<UserSide>()
    var second = Interner<UserSide>()
    for id in ids[..<cut] { _ = first.intern(id) }
    let rows = ids[cut...].map { second.intern($0) }
    let joined = first.absorb(second)
    #expect(first.finish().all == whole.finish().all)
    for (id, row) in zip(ids[cut...], rows) {
      #expect(joined[Int(row.index)] == whole.intern(id).index)
    }
  }
}
