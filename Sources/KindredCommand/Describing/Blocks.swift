// Bars and columns drawn with block characters.
// SPDX-License-Identifier: Apache-2.0

enum Blocks {
  private static let left: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  private static let lower: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// A bar to the right, to an eighth of a column; anything above 0 shows.
  static func bar(_ share: Double, width: Int) -> String {
    guard share > 0, width > 0 else { return "" }
    let eighths = max(1, Int((min(share, 1) * Double(width) * 8).rounded()))
    let full = String(repeating: "█", count: eighths / 8)
    return eighths % 8 == 0 ? full : full + String(left[eighths % 8 - 1])
  }

  /// Columns standing side by side, as lines from the top.
  ///
  /// - Parameters:
  ///   - shares: The columns' heights, 0 to 1; anything above 0 shows.
  ///   - height: The lines that a height of 1 takes.
  ///   - width: How wide a column is.
  ///   - gap: How much of that stays blank on its right.
  /// - Returns: As many lines as the height.
  static func columns(_ shares: [Double], height: Int, width: Int = 1, gap: Int = 0) -> [String] {
    let eighths = shares.map { share in
      share > 0 ? max(1, Int((min(share, 1) * Double(height) * 8).rounded())) : 0
    }
    return (0..<height).reversed().map { line in
      eighths.map { eighths -> String in
        let here = min(8, eighths - line * 8)
        let cell: Character = here > 0 ? lower[here - 1] : " "
        return String(repeating: cell, count: width - gap) + String(repeating: " ", count: gap)
      }.joined()
    }
  }
}
