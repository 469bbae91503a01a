// A Python with packages, for tests that compare with what others compute.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A virtual environment below `.build`, made once and kept.
package enum PythonEnvironment {
  /// Python could not be had; the description says why.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private static let build = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent(".build")

  /// The path of a Python that has these packages; the first call installs them.
  ///
  /// Tests, threads and processes may ask at the same time: they wait for one another.
  ///
  /// - Parameter packages: Names as `pip install` takes them.
  /// - Returns: The path of the interpreter.
  /// - Throws: `Failure` with the output of what failed: no Python, no `venv` module, no network.
  package static func python(with packages: [String]) throws -> String {
    try FileManager.default.createDirectory(at: build, withIntermediateDirectories: true)
    return try locked(build.appendingPathComponent("test-python.lock")) {
      let home = build.appendingPathComponent("test-python")
      let python = home.appendingPathComponent("bin/python").path
      if !isMarked(home, "made") {
        // What an interrupted run left is not an environment.
        try? FileManager.default.removeItem(at: home)
        try make(home)
        try mark(home, "made")
      }
      let missing = packages.filter { !isMarked(home, $0) }
      if !missing.isEmpty {
        try run(
          python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + missing)
        for package in missing { try mark(home, package) }
      }
      return python
    }
  }

  /// Runs a Python script and gives what it printed on standard output.
  ///
  /// - Throws: `Failure` with everything that it printed, if it fails.
  @discardableResult
  package static func run(_ python: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let scratch = try ScratchFolder()
    let (out, err) = (try scratch.file("", "out"), try scratch.file("", "err"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
    try process.run()
    process.waitUntilExit()
    let output = String(decoding: try scratch.bytes("out"), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      let errors = String(decoding: try scratch.bytes("err"), as: UTF8.self)
      throw Failure(
        description: "\(python) \(arguments.joined(separator: " ")) ended with "
          + "\(process.terminationStatus):\n\(output)\(errors)")
    }
    return output
  }

  /// With Debian's Python alone, `venv` has no pip to put into the environment; `virtualenv` brings
  /// its own.
  private static func make(_ home: URL) throws {
    do { try run("python3", ["-m", "venv", home.path]) } catch let failure as Failure {
      try? FileManager.default.removeItem(at: home)
      do { try run("python3", ["-m", "virtualenv", "--quiet", home.path]) } catch {
        throw Failure(
          description: "\(failure.description)\nTests that compare with Python need python3 and "
            + "its venv module (on Debian and Ubuntu: sudo apt-get install python3-venv).")
      }
    }
  }

  private static func isMarked(_ home: URL, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: home.appendingPathComponent("\(name).done").path)
  }

  private static func mark(_ home: URL, _ name: String) throws {
    try Data().write(to: home.appendingPathComponent("\(name).done"))
  }

  /// Runs `body` while nobody else holds the lock, in this process or another.
  private static func locked<Result>(_ file: URL, _ body: () throws -> Result) throws -> Result {
    if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    guard flock(handle.fileDescriptor, LOCK_EX) == 0 else {
      throw Failure(description: "\(file.path) could not be locked.")
    }
    return try body()
  }
}
