// The folder and the name in a path.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A path taken apart by its slashes alone.
///
/// Foundation's own way stops the program on a path of one character on some platforms.
package enum FilePath {
  /// The folder that holds what the path names: "" where the path has but a name.
  package static func folder(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: slash) else { return "" }
    let folder = withoutTrailingSlashes(trimmed[..<slash])
    return folder.isEmpty ? "/" : String(folder)
  }

  /// The last name in the path; "/" for the root, "" for nothing.
  package static func name(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    if trimmed.isEmpty { return path.isEmpty ? "" : "/" }
    guard let slash = trimmed.utf8.lastIndex(of: slash) else { return String(trimmed) }
    return String(trimmed[trimmed.utf8.index(after: slash)...])
  }

  /// Whether two paths lead to one file, by whatever links.
  package static func areSame(_ a: String, _ b: String) -> Bool {
    func place(_ path: String) -> [AnyHashable]? {
      guard let found = try? FileManager.default.attributesOfItem(atPath: resolved(path)),
        let volume = found[.systemNumber] as? Int, let file = found[.systemFileNumber] as? Int
      else { return nil }
      return [volume, file]
    }
    if let first = place(a), let second = place(b) { return first == second }
    return resolved(a) == resolved(b)
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private static let slash = UInt8(ascii: "/")

  private static func withoutTrailingSlashes(_ path: some StringProtocol) -> Substring {
    var rest = Substring(path)
    while rest.utf8.last == slash { rest.removeLast() }
    return rest
  }
}
