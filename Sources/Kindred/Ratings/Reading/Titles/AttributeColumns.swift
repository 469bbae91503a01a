// The columns of a file of titles that say more about an item.
// SPDX-License-Identifier: Apache-2.0

/// How the fields of one line become attributes.
///
/// A field may hold several values, separated by `|`. A year is also taken from a title that ends in
/// it, as in "Heat (1995)", where no column has it.
enum AttributeColumns {
  /// By the names of a header; the places of the columns that are neither id nor title.
  case named([(place: Int, name: String)])
  /// `id::title::genres`, MovieLens' `movies.dat`.
  case genresThird
  /// `id|title|…`, which has attributes if it is MovieLens' `u.item` with its 24 fields.
  case movieLens100K
  /// Nobody says what the other columns are.
  case none

  func attributes(_ fields: [String], title: String) -> [String: [String]] {
    var attributes: [String: [String]] = [:]
    switch self {
    case .none: break
    case .named(let columns):
      for (place, name) in columns where place < fields.count {
        attributes[name, default: []] += Self.values(fields[place])
      }
    case .genresThird: attributes["genres"] = fields.count == 3 ? Self.values(fields[2]) : []
    case .movieLens100K: attributes = Self.movieLens100K(fields)
    }
    let hasYear = attributes.contains { $0.key.lowercased() == "year" && !$0.value.isEmpty }
    if !hasYear, let year = Self.year(endingIn: title) { attributes["year"] = [year] }
    return attributes.filter { !$0.value.isEmpty }
  }

  /// The values of a field, each once.
  private static func values(_ field: String) -> [String] {
    // MovieLens' way of leaving a field empty.
    guard field != "(no genres listed)" else { return [] }
    var values: [String] = []
    for part in field.split(separator: "|") {
      var value = part
      while value.first?.isWhitespace ?? false { value.removeFirst() }
      while value.last?.isWhitespace ?? false { value.removeLast() }
      if !value.isEmpty, !values.contains(String(value)) { values.append(String(value)) }
    }
    return values
  }

  /// The genres of `u.item` in the order of their columns, as its `u.genre` lists them.
  private static let genres = [
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
    "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
    "Thriller", "War", "Western",
  ]

  /// id, title, release date, video release date, address, then a 0 or 1 for each genre.
  private static func movieLens100K(_ fields: [String]) -> [String: [String]] {
    let flags = fields.dropFirst(5)
    guard flags.count == genres.count, flags.allSatisfy({ $0 == "0" || $0 == "1" }) else {
      return [:]
    }
    return [
      "release_date": values(fields[2]), "video_release_date": values(fields[3]),
      "imdb_url": values(fields[4]), "year": year(ofDate: fields[2]).map { [$0] } ?? [],
      "genres": zip(genres, flags).filter { $0.1 == "1" }.map(\.0),
    ]
  }

  /// 1995, of "01-Jan-1995".
  private static func year(ofDate date: String) -> String? {
    guard let dash = date.lastIndex(of: "-") else { return nil }
    return year(date[date.index(after: dash)...])
  }

  /// 1995, of "Heat (1995)".
  private static func year(endingIn title: String) -> String? {
    var title = title[...]
    while title.last == " " { title.removeLast() }
    guard title.last == ")", let open = title.lastIndex(of: "(") else { return nil }
    return year(title[title.index(after: open)...].dropLast())
  }

  private static func year(_ text: Substring) -> String? {
    guard text.utf8.count == 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      text.first != "0"
    else { return nil }
    return String(text)
  }
}
