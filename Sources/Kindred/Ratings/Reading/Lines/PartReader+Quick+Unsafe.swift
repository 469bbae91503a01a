// The quick way: lines as nearly all of them are, split and interned where they lie.
// SPDX-License-Identifier: Apache-2.0

extension PartReader {
  /// Takes lines of a fixed number of fields, up to one that needs care.
  ///
  /// - Returns: The start of that line, or `end`.
  mutating func readQuickRows(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    let (kinds, bounds) = unsafe (self.kinds.base, self.bounds.base)
    let last = layout.width - 1
    let skipsRuns = layout.separator == .whitespace
    let isDouble = layout.separator == .doubleColon
    let quotes = layout.quoting
    let (user, item) = (2 * layout.user, 2 * layout.item)
    let (rating, timestamp) = (
      layout.rating.map { 2 * $0 } ?? -1, keepsTimes ? layout.timestamp.map { 2 * $0 } ?? -1 : -1
    )
    let pending = unsafe self.pending.base
    let marks = marks
    var waiting = 0
    // However this ends, what has been split is taken.
    defer { unsafe takePending(base, waiting) }
    var place = start
    while place < end {
      if waiting == Self.pendingLimit {
        unsafe takePending(base, waiting)
        waiting = 0
      }
      let lineStart = place
      var field = 0
      var lineEnd: Int
      if skipsRuns {
        while unsafe kinds[Int(base[place])] == Kind.separator { place += 1 }
      }
      unsafe bounds[0] = place
      // Where a quoted field ends: at its closing quote.
      var closed = unsafe quotes && base[place] == 0x22 ? unquote(base, &place, 0) : 0
      while true {
        guard closed >= 0 else { return lineStart }
        place = unsafe marks.next(base, place)
        let kind = unsafe kinds[Int(base[place])]
        if kind == Kind.separator {
          if isDouble {
            guard unsafe base[place + 1] == 0x3A else {
              place += 1
              continue
            }
          }
          let stop = closed > 0 ? closed : place
          place += isDouble ? 2 : 1
          if skipsRuns {
            while unsafe kinds[Int(base[place])] == Kind.separator { place += 1 }
            // Blanks at the end of a line separate nothing.
            if unsafe base[place] == 0x0A || base[place] == 0x0D {
              guard unsafe base[place] == 0x0A else { return lineStart }
              lineEnd = stop
              break
            }
          }
          guard field < last else { return lineStart }
          unsafe bounds[2 * field + 1] = stop
          field += 1
          unsafe bounds[2 * field] = place
          closed = unsafe quotes && base[place] == 0x22 ? unquote(base, &place, field) : 0
        } else if kind == Kind.lineFeed {
          lineEnd = closed > 0 ? closed : place
          break
        } else if kind == Kind.plain {
          // A control character, or an exclamation mark in a quoted layout.
          place += 1
        } else {
          guard unsafe base[place] == 0x0D, unsafe base[place + 1] == 0x0A else {
            return lineStart
          }
          lineEnd = closed > 0 ? closed : place
          place += 1
          break
        }
      }
      guard field == last else { return lineStart }
      unsafe bounds[2 * field + 1] = lineEnd
      let userStart = unsafe bounds[user]
      let userLength = unsafe bounds[user + 1] - userStart
      let itemStart = unsafe bounds[item]
      let itemLength = unsafe bounds[item + 1] - itemStart
      guard userLength > 0, itemLength > 0 else { return lineStart }
      var value: Float = 1
      if rating >= 0 {
        guard
          let number = unsafe DecimalNumber.short(base, bounds[rating], bounds[rating + 1])
        else { return lineStart }
        value = number
      }
      var time: Int64 = 0
      if timestamp >= 0 {
        guard
          let number = unsafe Timestamp.short(base, bounds[timestamp], bounds[timestamp + 1])
        else { return lineStart }
        time = number
      }
      let userProbe = unsafe Interner<UserSide>.probe(base + userStart, userLength)
      let itemProbe = unsafe Interner<ItemSide>.probe(base + itemStart, itemLength)
      part.users.prepare(userProbe, userLength)
      part.items.prepare(itemProbe, itemLength)
      unsafe pending[waiting] = PendingLine(
        user: userStart, userLength: userLength, userProbe: userProbe, item: itemStart,
        itemLength: itemLength, itemProbe: itemProbe, value: value, time: time)
      waiting += 1
      place += 1
    }
    return end
  }

  /// Interns lines that have been split.
  private mutating func takePending(_ base: UnsafePointer<UInt8>, _ count: Int) {
    let pending = unsafe self.pending.base
    for place in 0..<count {
      let line = unsafe pending[place]
      let user = unsafe part.users.intern(base + line.user, line.userLength, from: line.userProbe)
      let item = unsafe part.items.intern(base + line.item, line.itemLength, from: line.itemProbe)
      part.entries.append(user: user, item: item, line.value, time: line.time)
    }
    part.lineCount += count
    part.lines += count
    part.good += count
  }

  /// Passes a quoted field that is plain inside, and notes where it starts.
  ///
  /// - Returns: The place of its closing quote; -1 if the field needs care.
  private func unquote(
    _ base: UnsafePointer<UInt8>, _ place: inout Int, _ field: Int
  ) -> Int {
    let start = place + 1
    var end = start
    while unsafe base[end] != 0x22, unsafe base[end] != 0x0A, unsafe base[end] != 0x0D { end += 1 }
    // A doubled quote is one more quote, which cannot be left where it lies.
    guard unsafe base[end] == 0x22, unsafe kinds.base[Int(base[end + 1])] != Kind.plain,
      unsafe base[end + 1] != 0x22
    else { return -1 }
    unsafe bounds.base[2 * field] = start
    place = end + 1
    return end
  }

  /// Takes lines of a user and any number of items, up to one that needs care.
  ///
  /// - Returns: The start of that line, or `end`.
  mutating func readQuickLists(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    let kinds = unsafe self.kinds.base
    var place = start
    while place < end {
      // A carriage return inside a line ends it, which must be known before its items are taken.
      var lineEnd = place
      while unsafe base[lineEnd] != 0x0A, unsafe base[lineEnd] != 0x0D { lineEnd += 1 }
      guard unsafe base[lineEnd] == 0x0A || base[lineEnd + 1] == 0x0A else { return place }
      let lineStart = place
      var user: Int32 = -1
      while true {
        while place < lineEnd, unsafe kinds[Int(base[place])] == Kind.separator { place += 1 }
        guard place < lineEnd else { break }
        let first = place
        while place < lineEnd, unsafe kinds[Int(base[place])] == Kind.plain { place += 1 }
        if user < 0 {
          user = unsafe part.users.intern(base + first, place - first)
        } else {
          part.entries.append(
            user: user, item: unsafe part.items.intern(base + first, place - first), 1)
        }
      }
      // A blank line is no line with data.
      guard user >= 0 else { return lineStart }
      place = unsafe lineEnd + (base[lineEnd] == 0x0D ? 2 : 1)
      part.lineCount += 1
      part.lines += 1
      part.good += 1
    }
    return end
  }
}
