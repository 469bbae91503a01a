// Where fetched data sets are kept.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension KnownDataSet {
  /// The folder for fetched data sets: KINDRED_CACHE if it is set, else where the platform keeps
  /// what can be fetched again.
  ///
  /// Source: the XDG base directory specification, which has relative paths ignored.
  package static func cacheFolder(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    if let own = environment["KINDRED_CACHE"], !own.isEmpty { return own }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    #if canImport(Darwin)
      return home + "/Library/Caches/kindred"
    #else
      if let caches = environment["XDG_CACHE_HOME"], caches.hasPrefix("/") {
        return caches + "/kindred"
      }
      return home + "/.cache/kindred"
    #endif
  }

  /// Where this data set lies once it has been fetched.
  package var cachePath: String { Self.cacheFolder() + "/" + fileName }

  /// Whether it lies there.
  package var isCached: Bool { FileManager.default.fileExists(atPath: cachePath) }
}
