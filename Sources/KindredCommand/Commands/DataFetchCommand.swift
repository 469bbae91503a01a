// kindred data fetch: a public data set, brought to this machine.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetch a public data set by name.",
    discussion: """
      Example: kindred data fetch ml-100k --accept-licence

      The set is kept in the cache folder (KINDRED_CACHE, or where the platform keeps caches) and \
      fetched only once. What broke off, or was stopped by Ctrl-C, goes on at the next run. The \
      file appears under its name only when its checksum is right.
      """)

  @Argument(help: "The data set; data list shows them.")
  var name: String

  @Flag(help: "You have read the owners' terms and agree to them.")
  var acceptLicence = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Put it there instead of into the cache.", valueName: "folder|file"))
  var output: String?

  @Flag(help: "Fetch anew what is there already.")
  var force = false

  @Option(
    name: .customLong("from"), help: ArgumentHelp("Take it from a mirror.", valueName: "address"))
  var mirror: String?

  @Flag(help: "No progress.")
  var quiet = false

  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    let name: String
    let path: String
    let bytes: Int
    let checksum: String
    let verified: Bool
    let cached: Bool
  }

  func validate() throws {
    if let mirror {
      guard mirror.hasPrefix("http://") || mirror.hasPrefix("https://") else {
        throw ValidationError("--from is \(mirror); it must begin with http:// or https://.")
      }
    }
  }

  func run() throws {
    let set = try KnownDataSet.named(name)
    let path = try destination(of: set)
    var reporter = DownloadReporter(set.name, total: set.bytes)
    var fetch = Fetch(set, from: mirror, to: path)
    fetch.isForced = force
    if !quiet {
      fetch.say = { reporter.say($0) }
      fetch.progress = { reporter.report($0) }
    }
    if let existing = try fetch.existing() { return try report(existing, set) }
    guard acceptLicence else {
      Terminal.say(Self.terms(of: set, from: mirror))
      throw Exit.Problem(
        code: 64,
        message: "Nothing was fetched. Add --accept-licence if you agree to these terms.")
    }
    try makeCacheFolder()
    try requireWritable(path)
    if !quiet {
      Terminal.say("Fetching \(set.title) from \(fetch.address); its terms: \(set.licence.terms)")
    }
    let interrupt = Interrupt()
    fetch.shouldStop = { interrupt.wasRequested }
    let outcome: Fetch.Outcome
    do {
      // Also after an error the live line is left standing, and the sentence comes below it.
      defer { reporter.finish() }
      outcome = try fetch.run()
    }
    try report(outcome, set)
  }

  /// The file that the set is to become.
  private func destination(of set: KnownDataSet) throws -> String {
    guard let output else { return set.cachePath }
    var isFolder: ObjCBool = false
    let isThere = unsafe FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
    guard output.hasSuffix("/") || (isThere && isFolder.boolValue) else { return output }
    return output + (output.hasSuffix("/") ? "" : "/") + set.fileName
  }

  private func makeCacheFolder() throws {
    guard output == nil else { return }
    let folder = KnownDataSet.cacheFolder()
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Exit.Problem.cannotWrite(
        "The cache folder \(folder) could not be made; set KINDRED_CACHE to one that can, or use "
          + "-o.")
    }
  }

  private func report(_ outcome: Fetch.Outcome, _ set: KnownDataSet) throws {
    switch result.format {
    case .json:
      try printJSON(
        Report(
          name: set.name, path: outcome.path, bytes: outcome.bytes,
          checksum: outcome.checksum.description, verified: outcome.isVerified,
          cached: outcome.wasCached))
    case .text: try emit(Self.text(outcome, set))
    }
  }

  /// What somebody should know before agreeing.
  private static func terms(of set: KnownDataSet, from mirror: String?) -> String {
    """
    \(set.title): \(counted(set.ratings, "rating")) by \(counted(set.users, "user")) of \
    \(counted(set.items, "item")), \(set.year). \(set.about)
    From:  \(mirror ?? set.address)
    Terms: \(set.licence.short). \(set.licence.summary)
    In full: \(set.licence.terms)
    Cite: \(set.citation)
    """
  }

  private static func text(_ outcome: Fetch.Outcome, _ set: KnownDataSet) -> String {
    let size = "\(grouped(outcome.bytes)) bytes"
    let what =
      outcome.wasCached
      ? "\(set.title) is there already: \(outcome.path), \(size); nothing was fetched."
      : "\(set.title) is in \(outcome.path), \(size)."
    let check =
      switch set.check {
      case .known: "Its checksum is as known, \(outcome.checksum)."
      case .beside where outcome.isVerified:
        "Its checksum is the one published beside it, \(outcome.checksum): the transfer is right; "
          + "the contents change from time to time."
      case .beside: "Its contents change from time to time; --force fetches the newest."
      case .unknown: "Its checksum is not known, so it was not checked; it is \(outcome.checksum)."
      }
    var learn =
      "kindred learn \(shell("\(outcome.path)/\(set.ratingsMember)")) -o model.safetensors"
    if let titles = set.titlesMember { learn += " --titles \(shell("\(outcome.path)/\(titles)"))" }
    return "\(what)\n\(check)\nNext: \(learn)"
  }

  /// A path as a shell takes it.
  private static func shell(_ path: String) -> String {
    let plain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+:,@%".contains($0) }
    return plain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
