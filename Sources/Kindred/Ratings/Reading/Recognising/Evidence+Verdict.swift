// What counts of fields say about the form of a file.
// SPDX-License-Identifier: Apache-2.0

extension Evidence {
  /// What the lines seem to be.
  enum Verdict: Equatable {
    /// A user, an item and, from a width of 3 on, a rating.
    case table(width: Int)
    case adjacency
    /// Neither, for this reason.
    case unclear(String)
  }

  /// Whether the lines are a table by this separator, which is not one that ids often hold.
  var isTable: Bool {
    guard (2...4).contains(width), uniform * 2 > lines else { return false }
    return width == 2 ? compactLines * 2 > uniform : numericThirds * 2 >= uniform
  }

  /// Tables and adjacency lines told apart.
  ///
  /// - Two fields in each line: pairs. So are a few shorter lines among them, which are malformed,
  ///   and one longer line in a hundred.
  /// - Three or four fields in most lines, the third mostly numbers: ratings if one of them has a
  ///   fraction, if the fourth field is always a time, or if items are words.
  /// - Three or four fields, the third a whole number: ratings if it takes 20 values at most or
  ///   users repeat in a tenth of the lines, items of an adjacency file if no user repeats. If some
  ///   lines have another number of fields: ratings if they are a quarter at most, the third takes
  ///   20 values at most and a user repeats, or if most have three, none has more, and the third is
  ///   always from 0 to 10. An error about a line is better than a wrong guess.
  /// - Everything else is adjacency, unless it looks like prose.
  var verdict: Verdict {
    if width < 2 { return .unclear(summary) }
    let ambiguous = Verdict.unclear("\(summary); the third may be a rating or an item")
    guard let found = table(else: ambiguous) else {
      // Two in a hundred: people do put full stops and brackets into ids.
      let isProse = oddFields * 50 > fields
      return isProse ? .unclear("\(summary); they look like text or another format") : .adjacency
    }
    return found
  }

  /// A table or, where that cannot be said, `unclear`; nil where the lines are none.
  private func table(else unclear: Verdict) -> Verdict? {
    if width == 2 {
      let longest = widths.keys.max() ?? 0
      let isPairs = longest == 2 || (lines >= 100 && uniform * 100 >= lines * 99)
      return isPairs ? .table(width: 2) : nil
    }
    guard width <= 4, numericThirds * 2 >= uniform else { return nil }
    let most = uniform * 2 > lines
    if most, hasDecimals || wholeSeconds == 0 || timeFourths == uniform {
      return .table(width: width)
    }
    let repeats = uniform - distinctUsers
    if uniform == lines {
      if distinctThirds <= 20 || repeats * 10 >= lines { return .table(width: width) }
      return repeats == 0 ? nil : unclear
    }
    let nearly = lines >= 4 && uniform * 4 >= lines * 3
    if nearly && repeats > 0 && distinctThirds <= 20 { return .table(width: width) }
    let longest = widths.keys.max() ?? 0
    return most && width == 3 && longest == 3 && hasSmallThirds ? .table(width: 3) : nil
  }
}
