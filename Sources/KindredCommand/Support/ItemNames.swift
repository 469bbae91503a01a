// Items by id or by title, and how they are shown.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension Model {
  /// The id that somebody meant: an id, or the title of exactly one item.
  ///
  /// - Throws: `ModelError.unknownItem` with the nearest ids, or titles where there are no near ids.
  func itemID(_ name: String) throws(ModelError) -> String {
    if items.contains(name) { return name }
    let wanted = name.lowercased()
    let found = items.all.filter { title(of: $0)?.lowercased() == wanted }
    if found.count == 1 { return found[0] }
    if found.count > 1 { throw .unknownItem(name, nearest: found) }
    let nearest = items.nearest(to: name)
    guard nearest.isEmpty else { throw .unknownItem(name, nearest: nearest) }
    let alike = items.all.filter { title(of: $0)?.lowercased().contains(wanted) ?? false }
    throw .unknownItem(name, nearest: alike.prefix(3).map { "\($0)\" (\(title(of: $0) ?? "")) \"" })
  }

  /// An item for people: its title where there is one.
  func shown(_ item: String) -> String { title(of: item) ?? item }
}
