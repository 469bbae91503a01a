// Saves that are broken off: the old file or the new one, whole, and nothing else.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Interrupted saves") struct InterruptedSaveTests {
  @Test("that are killed at any call to the system leave a whole file, and the next one tidies up")
  func killed() throws {
    let folder = try ScratchFolder()
    try randomModel(seed: 1).save(to: folder.path("old"))
    try randomModel(seed: 2).withSampleTitles.save(to: folder.path("new"))
    let (old, new) = (try folder.bytes("old"), try folder.bytes("new"))
    func save(_ step: Int) throws -> Run {
      try Program.run(
        "InterruptedSave", ["\(step)", folder.path("new"), folder.path("model")])
    }
    let whole = try save(.max)
    let steps = try #require(Int(whole.output.dropLast()), "\(whole.errors)")
    // Create, lock, a write for the header and each array, sync, close, rename, sync the folder.
    #expect(steps == 6 + 1 + 18)
    for hasOld in [true, false] {
      var replaced = 0
      for step in 0..<steps {
        if hasOld {
          _ = try folder.file(old, "model")
        } else {
          try? FileManager.default.removeItem(atPath: folder.path("model"))
        }
        let run = try save(step)
        #expect(run.status == 9 && run.output.isEmpty, "step \(step)")
        let isThere = FileManager.default.fileExists(atPath: folder.path("model"))
        let found = isThere ? try folder.bytes("model") : nil
        if found == new { replaced += 1 } else { #expect(found == (hasOld ? old : nil), "\(step)") }
      }
      // Only the last step, syncing the folder, comes after the new name is there.
      #expect(replaced == 1)
    }
    // Each killed process left a file at most; the next write of the same name took it away.
    #expect(try folder.names.filter { $0.hasSuffix(".tmp") }.count <= 1)
    _ = try save(.max)
    #expect(try folder.names == ["model", "new", "old"])
    #expect(try folder.bytes("model") == new)
  }

  @Test("leave the files of writers that live alone, and of other names")
  func others() throws {
    let folder = try ScratchFolder()
    let mine = ".model.\(ProcessInfo.processInfo.processIdentifier)-77.tmp"
    // No process has this number: it is beyond the largest that systems give.
    let dead = 2_000_000_000
    let kept = [
      mine, ".other.\(dead)-1.tmp", ".model.x-1.tmp", ".model.\(dead).tmp", "model.\(dead)-1.tmp",
    ]
    for name in kept + [".model.\(dead)-1.tmp"] { _ = try folder.file("x", name) }
    try randomModel(seed: 1).save(to: folder.path("model"))
    #expect(try folder.names == (kept + ["model"]).sorted())
  }

  @Test("on a disk that is full at any byte leave the old file, and nothing else")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      var shape = ModelShape()
      (shape.users, shape.items, shape.dimension) = (3, 4, 2)
      let model = try randomModel(seed: 2, shape).withSampleTitles
      try model.save(to: folder.path("new"))
      let size = try folder.bytes("new").count
      let old = Array("the old file".utf8)
      _ = try folder.file(old, "model")
      for limit in 0..<size {
        var code: FileError.Code?
        withFileSizeLimit(limit) {
          do throws(FileError) { try model.save(to: folder.path("model")) } catch {
            code = error.code
          }
        }
        let isWhole = try folder.bytes("model") == old && folder.names == ["model", "new"]
        precondition(code == .cannotWrite && isWhole, "\(limit) of \(size) bytes")
      }
      try withFileSizeLimit(size) { try model.save(to: folder.path("model")) }
      let isNew = try folder.bytes("model") == folder.bytes("new")
      precondition(isNew, "what just fits is written")
    }
  }
}
