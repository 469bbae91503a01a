// Writing simulated ratings as they are drawn.
// SPDX-License-Identifier: Apache-2.0

/// What was written.
public struct GeneratedCounts: Equatable, Sendable {
  /// Users with a rating.
  public internal(set) var users = 0
  /// Items with a rating.
  public internal(set) var items = 0
  /// Ratings in the file to learn from.
  public internal(set) var training = 0
  /// Ratings in the file to test on.
  public internal(set) var test = 0
}

extension RatingsGenerator {
  /// Draws all ratings and writes them, user after user, without ever holding many of them.
  ///
  /// The files have the same bytes whatever the number of threads; they appear whole or not at all.
  /// Which ratings go to the second file is drawn apart: together both hold what one alone would.
  ///
  /// - Parameters:
  ///   - path: Where the ratings are written.
  ///   - format: The form of the lines; pairs and adjacency are for interactions, triples for ratings.
  ///   - test: A second file and the chance of each rating, between 0 and 1, to go there.
  ///   - threads: How many threads may work; 0 for one per core.
  ///   - progress: Called now and then with the part of the ratings that is written, 0 to 1.
  /// - Returns: What was written.
  /// - Throws: `GenerationError` if the form cannot hold what there is, and `FileError` if a file cannot
  ///   be written.
  /// - Complexity: O(ratings · rank) time, O(users + items · rank + threads) memory.
  /// - Precondition: The chance lies between 0 and 1.
  public func write(
    to path: String, format: RatingsFormat, test: (path: String, share: Double)? = nil,
    threads: Int = 0, progress: ((_ fraction: Double) -> Void)? = nil
  ) throws -> GeneratedCounts {
    let form = RatingLines(format, options)
    try form.validate()
    var counts = GeneratedCounts()
    guard let test else {
      try WholeFile.write(to: path) { file throws(FileError) in
        try file.append(form.header)
        try draw(form, testShare: 0, threads, progress, &counts) { block throws(FileError) in
          try file.append(block.training.bytes)
        }
      }
      return counts
    }
    precondition(test.share > 0 && test.share < 1, "a test share of \(test.share)")
    try WholeFile.write(to: path) { file throws(FileError) in
      try WholeFile.write(to: test.path) { testFile throws(FileError) in
        try file.append(form.header)
        try testFile.append(form.header)
        try draw(form, testShare: test.share, threads, progress, &counts) {
          block throws(FileError) in
          try file.append(block.training.bytes)
          try testFile.append(block.test.bytes)
        }
      }
    }
    return counts
  }

  /// The lines of some users.
  private struct Block: Sendable {
    var training = Lines()
    var test = Lines()
    var users = 0
    var items: BitSet
  }

  /// The lines that go to one file.
  private struct Lines: Sendable {
    var bytes: [UInt8] = []
    var count = 0
    /// Whether a line of items has been begun.
    private var isOpen = false

    mutating func add(_ form: RatingLines, user: [UInt8], item: Int, halves: Int, time: Int64?) {
      count += 1
      guard form.joinsItems else {
        return form.append(user: user, item: item, halves: halves, time: time, to: &bytes)
      }
      if !isOpen { bytes.append(contentsOf: user) }
      isOpen = true
      form.append(joined: item, to: &bytes)
    }

    mutating func endUser() {
      if isOpen { bytes.append(0x0A) }
      isOpen = false
    }
  }

  private func draw(
    _ form: RatingLines, testShare: Double, _ threads: Int,
    _ progress: ((_ fraction: Double) -> Void)?, _ counts: inout GeneratedCounts,
    _ write: (Block) throws(FileError) -> Void
  ) throws(FileError) {
    var items = BitSet(count: options.items)
    var next = 0
    while next < options.users {
      // A few blocks for each thread, so that none waits long for the last one.
      var ranges: [Range<Int>] = []
      while ranges.count < 4 * threadCount(threads), next < options.users {
        let end = blockEnd(from: next)
        ranges.append(next..<end)
        next = end
      }
      let blocks = parallelMap(ranges.count, threads: threads) {
        block(of: ranges[$0], form, testShare: testShare)
      }
      for block in blocks {
        try write(block)
        counts.users += block.users
        counts.training += block.training.count
        counts.test += block.test.count
        items.formUnion(block.items)
      }
      progress?(Double(counts.training + counts.test) / Double(options.ratings))
    }
    counts.items = items.count
  }

  /// Where the block of users that starts here ends: after about a megabyte of text.
  private func blockEnd(from start: Int) -> Int {
    var end = start
    var ratings = 0
    while end < options.users, ratings < 1 << 16 {
      // Users without ratings take some time too.
      ratings += counts[end] + 1
      end += 1
    }
    return end
  }

  private func block(of users: Range<Int>, _ form: RatingLines, testShare: Double) -> Block {
    var block = Block(items: BitSet(count: options.items))
    var seen = BitSet(count: options.items)
    for user in users where counts[user] > 0 {
      let id = form.user(user)
      let moments = options.hasTimes ? moments(user: user) : []
      var random = KeyedRandom(seed: options.seed, key: StreamKey.plantedTest, UInt64(user))
      var place = 0
      block.users += 1
      draw(user: user, seen: &seen) { item, halves in
        block.items.insert(item)
        let time = options.hasTimes ? moments[place] : nil
        place += 1
        if testShare > 0, random.uniform() < testShare {
          block.test.add(form, user: id, item: item, halves: halves, time: time)
        } else {
          block.training.add(form, user: id, item: item, halves: halves, time: time)
        }
      }
      block.training.endUser()
      block.test.endUser()
    }
    return block
  }
}
