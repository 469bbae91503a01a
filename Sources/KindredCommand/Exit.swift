// From errors to exit codes: the one place that knows which is which.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred
import KindredWorksheet

/// How the program ends.
enum Exit {
  /// A training run that Ctrl-C stopped after it had saved what it had.
  static let interrupted: Int32 = 130

  /// A problem that no library error covers, with the exit code it deserves.
  struct Problem: Error {
    let code: Int32
    let message: String

    static func badData(_ message: String) -> Problem { Problem(code: 65, message: message) }
    static func noInput(_ message: String) -> Problem { Problem(code: 66, message: message) }
    static func cannotWrite(_ message: String) -> Problem { Problem(code: 73, message: message) }
  }

  /// A full disk or a file-size limit should be an error with a sentence, not a signal.
  static func writeErrorsInsteadOfSignals() {
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  /// Prints the error and ends with its code.
  ///
  /// - Parameters:
  ///   - error: What was thrown.
  ///   - command: What was running, if anything was yet: the parser knows no longer, and would show
  ///     how to use the root.
  static func end(with error: any Error, in command: (any ParsableCommand.Type)?) -> Never {
    if let error = error as? ValidationError, let command {
      let usage = KindredCommand.usageString(for: command)
      Terminal.say("Error: \(error.message)\nUsage: \(usage)")
      Foundation.exit(64)
    }
    guard let (code, message) = verdict(on: error) else {
      KindredCommand.exit(withError: error)
    }
    Terminal.say("kindred: \(message)")
    Foundation.exit(code)
  }

  /// The exit code and the sentence; nil for what the argument parser explains itself.
  static func verdict(on error: any Error) -> (code: Int32, message: String)? {
    switch error {
    case let error as Problem: (error.code, error.message)
    case let error as WorksheetError: (65, error.description)
    case let error as ModelError: (65, error.description)
    case let error as EvaluationError:
      (error.isMisuse ? 64 : 65, ([error.description] + error.hints).joined(separator: " "))
    case let error as RatingsError:
      (error.code == .notFound ? 66 : error.code == .unreadable ? 74 : 65, error.description)
    case let error as SplitError: (65, error.description)
    case let error as GenerationError: (64, error.description)
    case let error as FileError:
      (
        error.code == .notFound
          ? 66 : error.code == .cannotRead ? 74 : error.code == .cannotWrite ? 73 : 65,
        error.description
      )
    case let error as TrainingError:
      switch error {
      case .badOption, .tooLarge: (64, error.description)
      case .noRatings, .diverged, .singular, .badWeight, .otherRun: (65, error.description)
      case .checkpoint(let error): verdict(on: error)
      }
    case let error as TuningError:
      switch error {
      case .training(let error): verdict(on: error)
      case .evaluation(let error): verdict(on: error)
      case .file(let error): verdict(on: error)
      case .otherSearch: (65, error.description)
      }
    case let error as ConstructionError: (65, error.description)
    case let error as FetchError:
      switch error {
      case .unknownSet, .tooLarge, .mismatch, .noChecksumBeside: (65, error.description)
      case .busy: (73, error.description)
      case .toolMissing, .unreachable, .refused, .brokenOff: (74, error.description)
      case .interrupted: (interrupted, error.description)
      }
    case is EncodingError: (65, "The answer holds numbers too large to write down.")
    default: nil
    }
  }
}

extension EvaluationError {
  /// Whether the question was wrong, and not the data.
  fileprivate var isMisuse: Bool {
    switch self {
    case .notOneAgainstMany, .badConfidence: true
    default: false
    }
  }

  /// How the command line does what the error says is missing.
  fileprivate var hints: [String] {
    self == .noHistory ? ["On the command line: --exclude FILE."] : []
  }
}
