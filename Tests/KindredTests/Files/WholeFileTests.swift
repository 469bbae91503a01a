// Files are written whole or not at all.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Whole files") struct WholeFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// The error that writing to this path ends with.
  private func writingError(
    _ path: String,
    _ body: (inout WholeFile) throws(FileError) -> Void = { file throws(FileError) in
      try file.append("new".utf8)
    }
  ) -> FileError? {
    do throws(FileError) {
      try WholeFile.write(to: path, body)
      return nil
    } catch { return error }
  }

  @Test("hold what was appended, in order, over several chunks")
  func contents() throws {
    let numbers = (0..<700_000).map { Int32($0) }
    try WholeFile.write(to: folder.path("file")) { file throws(FileError) in
      try file.append("head".utf8)
      try file.append(numbers: numbers)
      try file.append([1, 2])
      try file.append(numbers: [Float]())
      try file.append([UInt8](repeating: 7, count: 3_000_000))
      try file.append(numbers: [UInt8(9)])
    }
    let bytes = try folder.bytes("file")
    #expect(bytes.count == 4 + 2_800_000 + 2 + 3_000_000 + 1)
    #expect(bytes.prefix(4).elementsEqual("head".utf8))
    #expect(bytes[4 + 4 * 70_000..<8 + 4 * 70_000] == [0x70, 0x11, 1, 0])  // 70,000
    #expect(bytes[2_800_004..<2_800_007] == [1, 2, 7])
    #expect(bytes.suffix(2) == [7, 9])
    #expect(try folder.names == ["file"])
  }

  @Test("replace what stood there, and may be empty")
  func replacing() throws {
    let path = try folder.file("a much longer old text", "file")
    try WholeFile.write(to: path) { file throws(FileError) in try file.append("new".utf8) }
    #expect(try folder.bytes("file") == Array("new".utf8))
    try WholeFile.write(to: path) { _ in }
    #expect(try folder.bytes("file").isEmpty)
    #expect(try folder.names == ["file"])
  }

  @Test("leave the old file and nothing else where writing fails")
  func failingBody() throws {
    let path = try folder.file("old", "file")
    let error = writingError(path) { file throws(FileError) in
      try file.append([UInt8](repeating: 1, count: 2_000_000))
      throw FileError(.cannotWrite, path: "x", "the body gave up")
    }
    #expect(error?.reason == "the body gave up")
    #expect(try folder.bytes("file") == Array("old".utf8))
    #expect(try folder.names == ["file"])
  }

  @Test("are not written over a folder, or into none")
  func badPaths() throws {
    let inner = folder.path("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    #expect(writingError(inner)?.code == .cannotWrite)
    #expect(writingError(inner + "/")?.code == .cannotWrite)
    let missing = writingError(folder.path("none") + "/file")
    #expect(missing?.code == .cannotWrite)
    #expect(missing?.reason == "the folder \(folder.path("none")) does not exist")
    let path = try folder.file("old", "file")
    #expect(writingError(path + "/inside")?.code == .cannotWrite)
    #expect(writingError("/")?.code == .cannotWrite)
    #expect(writingError("")?.code == .cannotWrite)
    let name = String(repeating: "n", count: 300)
    #expect(writingError(folder.path(name))?.code == .cannotWrite)
    #expect(try folder.names == ["file", "inner"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: inner).isEmpty)
  }

  @Test("go into a pipe that is open under a number")
  func openPipe() throws {
    let pipe = Pipe()
    let number = pipe.fileHandleForWriting.fileDescriptor
    #expect(writingError("/dev/fd/\(number)") == nil)
    try pipe.fileHandleForWriting.close()
    #expect(try pipe.fileHandleForReading.readToEnd() == Data("new".utf8))
    // A link to it too.
    let other = Pipe()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"),
      withDestinationPath: "/dev/fd/\(other.fileHandleForWriting.fileDescriptor)")
    #expect(writingError(folder.path("link")) == nil)
    try other.fileHandleForWriting.close()
    #expect(try other.fileHandleForReading.readToEnd() == Data("new".utf8))
  }

  @Test("may have a name as long as the system allows, in any letters")
  func longNames() throws {
    for name in [String(repeating: "n", count: 255), String(repeating: "🎬", count: 60)] {
      #expect(writingError(folder.path(name)) == nil)
      #expect(try folder.bytes(name) == Array("new".utf8))
    }
    #expect(try folder.names.count == 2)
  }

  @Test("are refused in a folder that may not be written")
  func readOnlyFolder() throws {
    let inner = folder.path("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    _ = try folder.file("old", "inner/file")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: inner)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: inner)
    }
    // The administrator may write anywhere.
    guard !FileManager.default.isWritableFile(atPath: inner) else { return }
    #expect(writingError(inner + "/file")?.code == .cannotWrite)
    #expect(try folder.bytes("inner/file") == Array("old".utf8))
  }

  @Test("leave the old file as it is when the disk is full")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      var shape = ModelShape()
      shape.items = 4000
      try randomModel(seed: 1).save(to: folder.path("model"))
      let old = try folder.bytes("model")
      limitFileSize(to: 20_000)
      let error = #expect(throws: FileError.self) {
        try randomModel(seed: 2, shape).save(to: folder.path("model"))
      }
      let isIntact = try folder.bytes("model") == old
      let names = try folder.names
      guard error?.code == .cannotWrite, isIntact, names == ["model"] else {
        preconditionFailure("\(String(describing: error)), \(names)")
      }
      // What fits is still written.
      try randomModel(seed: 2).save(to: folder.path("model"))
    }
  }
}

@Suite("Paths") struct FilePathTests {
  @Test(
    "the folder and the name",
    arguments: [
      ("p", "", "p"), ("a/b", "a", "b"), ("/p", "/", "p"), ("a/b/", "a", "b"), ("a//b", "a", "b"),
      ("/", "", "/"), ("", "", ""), ("./x.csv", ".", "x.csv"), ("/a/b/c", "/a/b", "c"),
      ("é", "", "é"), ("..", "", ".."),
    ])
  func parts(path: String, folder: String, name: String) {
    #expect(FilePath.folder(of: path) == folder && FilePath.name(of: path) == name)
  }
}
