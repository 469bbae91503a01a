// Which column is which, by its name.
// SPDX-License-Identifier: Apache-2.0

/// The names in a file's first line.
struct Header {
  /// The usual names of one column, the likeliest first, folded: lower case, letters and digits only.
  enum Column: String {
    case user, item, rating, timestamp, title

    var usualNames: [String] {
      switch self {
      case .user:
        [
          "userid", "user", "uid", "users", "useridx", "customerid", "customer", "personid",
          "person", "reviewerid", "reviewer", "memberid", "member", "accountid", "visitorid",
          "readerid", "reader", "username",
        ]
      case .item:
        [
          "itemid", "item", "iid", "items", "itemidx", "movieid", "movie", "filmid", "film",
          "bookid", "book", "isbn", "productid", "product", "asin", "parentasin", "songid", "song",
          "trackid", "track", "artistid", "artist", "gameid", "game", "animeid", "anime",
          "businessid", "business", "showid", "show", "articleid", "article", "jokeid", "joke",
          "placeid", "place", "locationid", "recipeid", "recipe", "beerid", "mid", "title",
        ]
      case .rating:
        [
          "rating", "ratings", "score", "scores", "stars", "star", "value", "overall", "grade",
          "bookrating", "movierating", "userrating", "ratingvalue", "itemrating", "starrating",
          "rate", "preference", "r",
        ]
      case .timestamp:
        ["timestamp", "time", "date", "datetime", "ts", "unixtime", "unixreviewtime", "ratedat"]
      case .title:
        [
          "title", "name", "movietitle", "booktitle", "itemtitle", "producttitle", "filmtitle",
          "itemname", "productname", "moviename",
        ]
      }
    }

    /// Whether a folded name that is no usual one is still most likely this column's:
    /// `review_score`, `rating10`, `created_at`.
    func isLikely(_ name: String) -> Bool {
      func ends(_ endings: String...) -> Bool { endings.contains { name.hasSuffix($0) } }
      switch self {
      case .rating:
        return ends("rating", "score", "stars")
          || (name.hasPrefix("rating") && name.dropFirst(6).allSatisfy(\.isNumber))
      case .timestamp: return ends("timestamp", "time", "date") || name == "createdat"
      case .user, .item, .title: return false
      }
    }
  }

  let names: [String]
  private let folded: [String]

  init(_ names: [String]) {
    self.names = names.map { name in
      var text = name[...]
      while text.first == " " { text.removeFirst() }
      while text.last == " " { text.removeLast() }
      return String(text)
    }
    folded = names.map(Self.fold)
  }

  /// Where a column is: by the name given, else by the usual ones.
  func place(of column: Column, named name: String? = nil) -> Int? {
    if let name {
      return names.firstIndex(of: name) ?? folded.firstIndex(of: Self.fold(name))
    }
    for usual in column.usualNames {
      if let place = folded.firstIndex(of: usual) { return place }
    }
    return folded.firstIndex(where: column.isLikely)
  }

  /// Whether each name is a usual one of a user, an item, a rating or a time.
  var hasOnlyColumnsOfRatings: Bool {
    let columns: [Column] = [.user, .item, .rating, .timestamp]
    return folded.allSatisfy { name in columns.contains { $0.usualNames.contains(name) } }
  }

  private static func fold(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
