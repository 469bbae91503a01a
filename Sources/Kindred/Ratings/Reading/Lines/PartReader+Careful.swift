// The careful way: any line, by the rules that `Records` knows.
// SPDX-License-Identifier: Apache-2.0

extension PartReader {
  /// Takes a record.
  ///
  /// - Returns: Whether reading goes on.
  mutating func take(_ step: Records.Step, _ records: Records) -> Bool {
    let problem: LineFault.Problem?
    switch step {
    case .end: return true
    case .fault(let quotes): problem = .quotes(quotes)
    case .record:
      problem = layout.format == .adjacency ? addItems(records) : addRow(records)
    }
    part.lines += 1
    guard let problem else {
      part.good += 1
      return true
    }
    func fault() -> LineFault {
      LineFault(problem, records, layout, isFirst: isFirst && part.lines == 1)
    }
    guard skipBadLines else {
      part.failure = fault()
      return false
    }
    part.skipped += 1
    if part.firstSkipped.count < 3 { part.firstSkipped.append(fault()) }
    return true
  }

  private mutating func addRow(_ records: Records) -> LineFault.Problem? {
    guard records.fields.count == layout.width else { return .fieldCount }
    let user = records.fields[layout.user]
    let item = records.fields[layout.item]
    if user.range.isEmpty { return .noUser }
    if item.range.isEmpty { return .noItem }
    var rating: Float = 1
    if let column = layout.rating {
      let range = records.fields[column].range
      guard let number = DecimalNumber.parse(records.bytes, range) else {
        return .badNumber(range)
      }
      rating = number
    }
    var time: Int64 = 0
    if keepsTimes, let column = layout.timestamp {
      let range = records.fields[column].range
      if let moment = Timestamp.parse(records.bytes, range) {
        time = moment
      } else if requiresTimes {
        return .badTime(range)
      } else if part.badTime == nil {
        part.badTime = LineFault(.badTime(range), records, layout, isFirst: false)
      }
    }
    part.entries.append(
      user: part.users.intern(records.value(user)).index,
      item: part.items.intern(records.value(item)).index, rating, time: time)
    return nil
  }

  private mutating func addItems(_ records: Records) -> LineFault.Problem? {
    let user = part.users.intern(records.value(records.fields[0])).index
    for field in records.fields.dropFirst() {
      part.entries.append(
        user: user, item: part.items.intern(records.value(field)).index, 1)
    }
    return nil
  }
}
