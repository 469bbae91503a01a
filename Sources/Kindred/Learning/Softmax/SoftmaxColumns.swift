// The items that a batch of users is held against.
// SPDX-License-Identifier: Apache-2.0

/// Some items in order, and what their scores are moved by because others are not there.
package struct SoftmaxColumns: Sendable {
  /// The items, ascending. [columns]
  package let items: Buffer<Int32>
  /// −correction · ln(the chance that the item is among the columns); −∞ in the places that fill up the
  /// last panel. [columns, filled up]
  package let offsets: Buffer<Float>
  /// What no score is above, if no user's sum of exponentials less it can vanish; nil if each user's
  /// largest score has to be found.
  package let bound: Float?
  /// Each item's column, −1 for those that are not there; nil if all are. [items]
  private let places: [Int32]?

  /// All items.
  package init(all count: Int, options: SoftmaxOptions) {
    self.init(
      Array(0..<Int32(count)), offsets: Array(repeating: 0, count: count), places: nil, options)
  }

  private init(
    _ items: [Int32], offsets: [Float], places: [Int32]?, _ options: SoftmaxOptions
  ) {
    let lanes = SoftmaxKernels.lanes
    self.items = Buffer(count: items.count, repeating: 0)
    self.items.write { elements in
      for (place, item) in items.enumerated() { elements[place] = item }
    }
    self.offsets = Buffer(count: (items.count + lanes - 1) / lanes * lanes, repeating: -.infinity)
    self.offsets.write { elements in
      for (place, offset) in offsets.enumerated() { elements[place] = offset }
    }
    self.places = places
    // Of a cosine the scores are within ±1 / temperature: the least exponential is far from vanishing if
    // these are not far apart.
    let (least, largest) = (Double(offsets.min() ?? 0), Double(offsets.max() ?? 0))
    let reach = 1 / options.temperature
    let isNarrow = options.similarity == .cosine && 2 * reach + largest - least < 80
    bound = isNarrow ? Float(reach + largest) : nil
  }

  /// The column of an item that is there.
  package func column(ofItem item: Int32) -> Int32 { places?[Int(item)] ?? item }
}

extension SoftmaxColumns {
  /// The items of a batch's users, and others that are drawn evenly and without repetition.
  ///
  /// An item that is there by a draw of n of all N, or because one of the batch's B of U users has it,
  /// which of them with count users is so with a chance of 1 − (1 − n/N)(1 − B/U)^count. With the correction 1
  /// every item stands for as many as that chance lets through, which makes the sum of exponentials a
  /// user is held against the one over all items in the mean (Bengio & Senécal 2008; Yi et al. 2019). With
  /// 0 popular items, which are there more often, are held against users more often too, and come out
  /// lower in the ranking.
  package struct Source {
    private let counts: [Int]
    private let users: Int
    private let options: SoftmaxOptions

    /// - Parameters:
    ///   - counts: How many users each item has. [items]
    ///   - users: How many users have seen something.
    ///   - options: The method's.
    package init(counts: [Int], users: Int, options: SoftmaxOptions) {
      self.counts = counts
      self.options = options
      self.users = users
    }

    /// The columns of a batch.
    ///
    /// - Parameters:
    ///   - own: The items of the batch's users, in any order.
    ///   - users: How many users the batch has.
    ///   - epoch: The epoch.
    ///   - batch: The batch in it.
    /// - Returns: The columns, the same whenever they are asked for.
    package func columns(
      own: some Sequence<Int32>, users: Int, epoch: Int, batch: Int
    ) -> SoftmaxColumns {
      var places = Array(repeating: Int32(-1), count: counts.count)
      for item in own { places[Int(item)] = 0 }
      var random = KeyedRandom(
        seed: options.seed, key: StreamKey.sharedNegatives, UInt64(epoch), UInt64(batch))
      // Each item in turn with the chance that makes the draw come out even (Knuth 3.4.2, algorithm S).
      var wanted = min(options.negatives, counts.count)
      for item in counts.indices {
        guard wanted > 0 else { break }
        if random.below(counts.count - item) < wanted {
          wanted -= 1
          places[item] = 0
        }
      }
      var items: [Int32] = []
      var offsets: [Float] = []
      let share = Double(users) / Double(self.users)
      let drawn = Double(min(options.negatives, counts.count)) / Double(counts.count)
      for item in places.indices where places[item] == 0 {
        places[item] = Int32(items.count)
        items.append(Int32(item))
        offsets.append(offset(count: counts[item], share: share, drawn: drawn))
      }
      return SoftmaxColumns(items, offsets: offsets, places: places, options)
    }

    private func offset(count: Int, share: Double, drawn: Double) -> Float {
      // ln((1 − B/U)^count (1 − n/N)), the chance not to be there.
      let missing = exponential(
        Double(count) * logarithm(max(1 - share, 1e-300)) + logarithm(max(1 - drawn, 1e-300)))
      return Float(-options.correction * logarithm(1 - missing))
    }
  }
}
