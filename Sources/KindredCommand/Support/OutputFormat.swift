// Results for people or for scripts.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred
import KindredWorksheet

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

struct FormatOption: ParsableArguments {
  @Option(help: "How to print the result: text for people, json for scripts.")
  var format = OutputFormat.text
}

/// Prints a result on standard output.
///
/// - Throws: `Exit.Problem` if it cannot be written: a full disk behind a redirection.
func emit(_ text: some StringProtocol, terminator: String = "\n") throws {
  do { try FileHandle.standardOutput.write(contentsOf: Data((text + terminator).utf8)) } catch {
    throw Exit.Problem(code: 74, message: "The output could not be written completely.")
  }
}

/// Prints one JSON object, keys in order, on standard output.
func printJSON(_ value: some Encodable) throws {
  try emit(String(decoding: try jsonBytes(value, pretty: true), as: UTF8.self))
}

/// A value as JSON: over several lines for people to read, or on one line.
func jsonBytes(_ value: some Encodable, pretty: Bool) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  return try encoder.encode(value)
}

/// A number for people: up to six digits, no -0.
func digits(_ value: Double) -> String {
  let text = String(format: "%.6g", value)
  return text == "-0" ? "0" : text
}

/// A number for people with a fixed count of decimals, no -0.00.
func fixed(_ value: Double, _ places: Int) -> String {
  let text = String(format: "%.\(places)f", value)
  return Double(text) == 0 && text.hasPrefix("-") ? String(text.dropFirst()) : text
}

/// A number with its thousands separated: 80,000.
func grouped(_ count: Int) -> String {
  var text = String(abs(count))
  var place = text.count - 3
  while place > 0 {
    text.insert(",", at: text.index(text.startIndex, offsetBy: place))
    place -= 3
  }
  return (count < 0 ? "-" : "") + text
}

/// A count with its noun: "1 user", "80,000 ratings".
func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// Refuses "-", which elsewhere means standard output: here that is for the report.
func requireFile(_ path: String) throws {
  guard path != "-" else {
    throw ValidationError(
      "- is not standard output here, which is for the report. Name a file; ./- is one called -.")
  }
}

/// Writes a text to a file, whole or not at all.
func write(_ text: String, to path: String) throws {
  try WholeFile.write(to: path) { file throws(FileError) in try file.append(text.utf8) }
}

/// Runs `body`, and lets a worksheet's error say which file it is about.
func located<Result>(
  in path: String, _ body: () throws(WorksheetError) -> Result
) throws(WorksheetError) -> Result {
  do { return try body() } catch {
    var located = error
    located.file = path
    throw located
  }
}
