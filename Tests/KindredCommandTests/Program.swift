// Running the built program as a script would.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// How a run ended.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  /// Standard output as a JSON object.
  func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(value as? [String: Any], sourceLocation: sourceLocation)
  }
}

enum Program {
  /// The products' folder: where the test runner itself lies.
  static var folder: URL {
    let runner = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return runner.deletingLastPathComponent()
  }

  /// Runs `kindred` with arguments and waits for its end.
  static func run(_ arguments: [String], input: String? = nil) throws -> Run {
    try run("kindred", arguments, input: input)
  }

  static func run(_ arguments: String...) throws -> Run { try run("kindred", arguments) }

  /// Runs a product by name.
  static func run(_ product: String, _ arguments: [String], input: String? = nil) throws -> Run {
    try run(folder.appendingPathComponent(product), arguments, input: input)
  }

  /// Runs a line of shell, in which `$KINDRED` is the program.
  static func shell(_ line: String) throws -> Run {
    try run(URL(fileURLWithPath: "/bin/sh"), ["-c", line])
  }

  private static func run(_ program: URL, _ arguments: [String], input: String? = nil) throws -> Run
  {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["KINDRED"] = folder.appendingPathComponent("kindred").path
    process.environment = environment
    // Files take any amount of output without anybody reading along.
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("kindred-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (out, err, inn) = (
      scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"),
      scratch.appendingPathComponent("in")
    )
    for file in [out, err] { try Data().write(to: file) }
    try Data((input ?? "").utf8).write(to: inn)
    process.standardInput = try FileHandle(forReadingFrom: inn)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }
}
