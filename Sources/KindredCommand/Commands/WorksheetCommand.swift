// kindred worksheet: solving worksheets about embeddings.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred
import KindredWorksheet

struct WorksheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worksheet", abstract: "Worksheets about embeddings.",
    subcommands: [WorksheetSolveCommand.self])
}

struct WorksheetSolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Solve every part of a worksheet and show all work.",
    discussion: """
      Example: kindred worksheet solve Examples/Worksheets/first-steps.txt
               kindred worksheet solve sheet.txt --format html --blank -o sheet.html

      A part is a heading, two tables of vectors and perhaps relations such as Dot(u1, m1) = 1. \
      Three kinds: scores are computed; vectors are constructed so that relations hold exactly; \
      vectors are learned by gradient descent, step by step.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, html }

  @Argument(help: "The worksheet; - for standard input.")
  var file: String

  @Option(help: "What to print.")
  var format = Format.text

  @Flag(help: "The student's sheet: nothing solved, room to write.")
  var blank = false

  @Flag(help: "The key: the sheet with the answers in place.")
  var key = false

  @Option(parsing: .unconditional, help: "The rate of learn parts, instead of the worksheet's.")
  var rate: Double?

  @Option(
    parsing: .unconditional, help: "The most epochs of learn parts, instead of the worksheet's.")
  var epochs: Int?

  @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
  var output: String?

  func validate() throws {
    if blank && key { throw ValidationError("--blank and --key are two different sheets.") }
    if format == .json && (blank || key) {
      throw ValidationError("--format json has all answers; --blank and --key need another format.")
    }
    if let rate, !(rate > 0 && rate.isFinite) {
      throw ValidationError("--rate is \(rate); it must be a number above 0.")
    }
    if let epochs, !(1...1_000_000).contains(epochs) {
      throw ValidationError("--epochs is \(epochs); it must be from 1 to 1,000,000.")
    }
  }

  func run() throws {
    var options = SolvingOptions()
    options.rate = rate
    options.epochs = epochs
    let worksheet = try Worksheet(contentsOf: file)
    let solved = try located(in: file) { () throws(WorksheetError) in
      try worksheet.solved(options)
    }
    let purpose: RenderingPurpose = blank ? .blank : key ? .key : .worked
    let text =
      switch format {
      case .text: solved.text(purpose, color: output == nil && Terminal.hasColor)
      case .markdown: solved.markdown(purpose)
      case .json: String(decoding: try solved.json(), as: UTF8.self) + "\n"
      case .html:
        solved.html(purpose, title: FilePath.name(of: file))
      }
    if let output { try write(text, to: output) } else { try emit(text, terminator: "") }
  }
}
