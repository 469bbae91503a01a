// People taken out of a model.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Forgetting") struct ForgettingTests {
  private func bytes(_ numbers: [Float]) -> [UInt8] {
    numbers.flatMap { n in (0..<4).map { UInt8(truncatingIfNeeded: n.bitPattern >> (8 * $0)) } }
  }

  private func contains(_ file: [UInt8], _ wanted: [UInt8]) -> Bool {
    Data(file).range(of: Data(wanted)) != nil
  }

  @Test("leaves nothing of a person in the file, and all of the others", arguments: 0..<20)
  func gone(seed: UInt64) throws {
    let folder = try ScratchFolder()
    var shape = ModelShape()
    shape.users = 12
    let plain = try randomModel(seed: seed, shape).withSampleTitles
    // An id that is found nowhere else, and ratings that are nobody else's.
    let out = [Int(seed % 12), Int((seed * 7 + 3) % 12)]
    let ids = plain.users.all.enumerated().map { place, id in
      out.contains(place) ? "person-\(place)-secret" : id
    }
    let history = try #require(plain.history)
    let values = (0..<12).flatMap { user in
      history.values(UserRow(user)).indices.map { entry in
        out.contains(user) ? Float(100 + user) + Float(entry) / 1024 : history.values[entry]
      }
    }
    let model = Model(
      userEmbeddings: plain.userEmbeddings, itemEmbeddings: plain.itemEmbeddings,
      biases: plain.biases, mean: plain.mean, users: IDs(ids), items: plain.items,
      titles: plain.titles, attributes: plain.attributes,
      history: CompressedRows(
        offsets: history.offsets, columns: history.columns, values: Flat(values)),
      record: plain.record)
    try model.save(to: folder.path("before"))
    let loaded = try Model(contentsOf: folder.path("before"))
    let after = try loaded.forgetting(out.map { ids[$0] })
    try after.save(to: folder.path("after"))
    let (old, new) = (try folder.bytes("before"), try folder.bytes("after"))
    for user in Set(out) {
      let row = UserRow(user)
      let vector = plain.userEmbeddings.numbers(row).map { Float($0) }
      var secrets = [Array("secret".utf8), bytes(vector)]
      if !history.values(row).isEmpty {
        secrets.append(bytes(Array(loaded.history?.values(row) ?? [])))
      }
      for secret in secrets {
        #expect(contains(old, secret), "the test looks for what is there")
        #expect(!contains(new, secret))
      }
      #expect(!contains(new, Array(plain.record.fingerprint.utf8)))
    }
    let again = try Model(contentsOf: folder.path("after"))
    #expect(again.users.count == 12 - Set(out).count)
    #expect(again.record.options["forgotten"] == "\(Set(out).count)")
    for user in again.users.all {
      let (row, oldRow) = (try again.row(ofUser: user), try loaded.row(ofUser: user))
      #expect(again.scores(row).map(\.bitPattern) == loaded.scores(oldRow).map(\.bitPattern))
      #expect(again.seen(Int(row.index)) == loaded.seen(Int(oldRow.index)))
      #expect(try again.explain(user: user, item: "i3") == loaded.explain(user: user, item: "i3"))
    }
    #expect(again.title(of: "i0") == loaded.title(of: "i0"))
  }

  @Test("counts on, and forgets everybody")
  func everybody() throws {
    let folder = try ScratchFolder()
    var model = randomModel(seed: 1)
    for id in model.users.all { model = try model.forgetting([id]) }
    #expect(model.users.count == 0 && model.record.options["forgotten"] == "7")
    try model.save(to: folder.path("model"))
    #expect(try Model(contentsOf: folder.path("model")).users.count == 0)
  }

  @Test("knows nobody who is not there, and then forgets nobody")
  func unknown() {
    let model = randomModel(seed: 1)
    #expect(throws: ModelError.unknownUser("u7", nearest: ["u0", "u1", "u2"])) {
      try model.forgetting(["u1", "u7"])
    }
  }
}
