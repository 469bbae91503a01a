// The sample as CSV text, in the two-file shape that rating data usually comes in.
// SPDX-License-Identifier: Apache-2.0

extension SampleData {
  /// Ratings as CSV text: the header `userId,movieId,rating`, then a line for each rating.
  ///
  /// Lines end with a line feed alone, as in the published rating files.
  public static func csv(ratings: [SampleRating]) -> String {
    var text = "userId,movieId,rating\n"
    for row in ratings { text += "\(quoted(row.user)),\(quoted(row.item)),\(row.rating)\n" }
    return text
  }

  /// Titles as CSV text: the header `movieId,title,genres`, then a line for each film.
  ///
  /// A title carries its year, as in `Casablanca (1942)`, and genres are joined by `|`. A field
  /// that holds a comma, a quotation mark or a line end is quoted (RFC 4180).
  public static func csv(titles films: [SampleFilm]) -> String {
    var text = "movieId,title,genres\n"
    for film in films {
      let genres = film.genres.map(\.rawValue).joined(separator: "|")
      text += "\(quoted(film.id)),\(quoted("\(film.title) (\(film.year))")),\(quoted(genres))\n"
    }
    return text
  }

  private static func quoted(_ field: String) -> String {
    var bytes: [UInt8] = []
    CSVField.append(field.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
