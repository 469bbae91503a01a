// Finding the users who rate unlike people do.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// The users worth a look: those with the most reasons first, of them those with the rarest one, and
  /// of them those with the most ratings.
  ///
  /// - Complexity: O(ratings · log of a user's ratings + users · log users).
  func suspiciousUsers(_ rules: SuspicionRules) -> [SuspiciousUser] {
    let limit = farMoreLimit(rules)
    let twins = twins(rules)
    let hasTimesOfDay = times.map { !$0.allSatisfy { $0 % 86_400_000 == 0 } } ?? false
    var found: [SuspiciousUser] = []
    for user in users.rows {
      let entries = byUser.range(user)
      var reasons: [SuspiciousUser.Reason] = []
      if let limit, Double(entries.count) > limit.ratings, entries.count >= rules.fewestForFarMore {
        reasons.append(.farMore(timesMedian: Double(entries.count) / limit.median))
      }
      if hasValues, entries.count >= max(2, rules.fewestForPatterns) {
        if let pattern = pattern(entries, rules) { reasons.append(pattern) }
      }
      if hasTimesOfDay, entries.count > rules.mostInOneMinute {
        if let burst = burst(entries, rules) { reasons.append(burst) }
      }
      if let twin = twins[user] {
        reasons.append(
          .sameItems(
            as: users[twin],
            sameValues: hasValues && byUser.values(user) == byUser.values(twin)))
      }
      guard !reasons.isEmpty else { continue }
      found.append(SuspiciousUser(user: users[user], ratings: entries.count, reasons: reasons))
    }
    var commonness: [String: Int] = [:]
    for user in found { for reason in user.reasons { commonness[reason.name, default: 0] += 1 } }
    return found.enumerated().map { place, user in
      let rarest = user.reasons.map { commonness[$0.name, default: 0] }.min() ?? 0
      return (key: (-user.reasons.count, rarest, -user.ratings, place), user: user)
    }.sorted { $0.key < $1.key }.map(\.user)
  }

  /// The median of the users' numbers of ratings, and how many are far more.
  private func farMoreLimit(_ rules: SuspicionRules) -> (median: Double, ratings: Double)? {
    let counts = users.rows.map { byUser.range($0).count }.filter { $0 > 0 }.sorted()
    guard !counts.isEmpty else { return nil }
    let median = Double(counts[(counts.count - 1) / 2])
    let distances = counts.map { abs(logarithm(Double($0)) - logarithm(median)) }.sorted()
    let spread = 1.4826 * distances[(distances.count - 1) / 2]
    return (median, median * exponential(rules.deviations * spread))
  }

  private func pattern(_ entries: Range<Int>, _ rules: SuspicionRules) -> SuspiciousUser.Reason? {
    let values = byUser.values[entries]
    guard let least = values.min(), let largest = values.max() else { return nil }
    if least == largest { return .allEqual(least) }
    if isAlternating(entries, least, largest) { return .alternating(least, largest) }
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let deviation = (squares / Double(values.count)).squareRoot()
    guard let range else { return nil }
    let width = Double(range.upperBound) - Double(range.lowerBound)
    return deviation < rules.nearlyEqualShare * width ? .nearlyEqual(deviation: deviation) : nil
  }

  /// Whether ratings go up and down, in order of time where that is known, else as the items come.
  private func isAlternating(_ entries: Range<Int>, _ least: Float, _ largest: Float) -> Bool {
    let values = byUser.values[entries]
    // Few users have but two values; only theirs are put in order.
    guard values.allSatisfy({ $0 == least || $0 == largest }) else { return false }
    let order = times.map { times in entries.sorted { (times[$0], $0) < (times[$1], $1) } }
    let sequence = order.map { $0.map { byUser.values[$0] } } ?? Array(values)
    return zip(sequence, sequence.dropFirst()).allSatisfy { $0 != $1 }
  }

  /// The fullest minute of a user, the first of equal ones, if it holds too many ratings.
  private func burst(_ entries: Range<Int>, _ rules: SuspicionRules) -> SuspiciousUser.Reason? {
    guard let times else { return nil }
    let moments = times[entries].sorted()
    var start = 0
    var (most, mostStart) = (0, 0)
    for (place, moment) in moments.enumerated() {
      while moment - moments[start] >= 60_000 { start += 1 }
      if place - start + 1 > most { (most, mostStart) = (place - start + 1, start) }
    }
    return most > rules.mostInOneMinute ? .burst(ratings: most, start: moments[mostStart]) : nil
  }

  /// For each user with the very items of others: the first of those, or the second for the first.
  private func twins(_ rules: SuspicionRules) -> [UserRow: UserRow] {
    var firsts: [UInt64: [UserRow]] = [:]
    var twins: [UserRow: UserRow] = [:]
    for user in users.rows {
      let items = byUser.columns(user)
      guard items.count >= max(1, rules.fewestForSameItems) else { continue }
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for item in items { hash = (hash ^ UInt64(item)) &* 0x100_0000_01B3 ^ (hash >> 29) }
      // Equal hashes are taken for a hint only.
      let candidates = firsts[hash, default: []]
      if let first = candidates.first(where: { byUser.columns($0) == items }) {
        twins[user] = first
        if twins[first] == nil { twins[first] = user }
      } else {
        firsts[hash, default: []].append(user)
      }
    }
    return twins
  }
}
