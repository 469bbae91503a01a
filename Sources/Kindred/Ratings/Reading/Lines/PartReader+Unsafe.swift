// The lines of one part of a ratings file, turned into ratings.
// SPDX-License-Identifier: Apache-2.0

/// Reads the lines of a range into entries and tables of ids of its own.
///
/// Lines as nearly all of them are (plain fields, a short decimal number) take a quick way: they are
/// split where they lie and interned without being copied. Every other line, and every line that
/// is wrong, is taken by `Records`, which knows all the rules; so there is one place that knows
/// them, and the quick way need only know when to give up.
@safe struct PartReader {
  /// What reading came to.
  struct Part: Sendable {
    var users = Interner<UserSide>()
    var items = Interner<ItemSide>()
    var entries: Entries
    /// Lines with data, and how many of them were good.
    var lines = 0
    var good = 0
    /// Line ends passed.
    var lineCount = 0
    var skipped = 0
    /// The first lines that were left out, three at most.
    var firstSkipped: [LineFault] = []
    /// The first time that could not be read, where that is no error.
    var badTime: LineFault?
    /// Why reading ended early; nil if it did not.
    var failure: LineFault?
    /// Whether a record with a line end in it was met, which this reader may not take.
    var breaksLines = false
  }

  private let layout: Layout
  private let skipBadLines: Bool
  private let keepsTimes: Bool
  private let requiresTimes: Bool
  /// Whether a record may go on over several lines, within quotes.
  private let mayBreakLines: Bool
  /// Whether the part's first line is the file's first with data.
  private let isFirst: Bool
  private var part: Part
  /// What each byte is in the quick way.
  private let kinds: Buffer<UInt8>
  private let marks: FieldMarks
  /// Where the fields of the current line start and end, in turn.
  private let bounds: Buffer<Int>
  /// Lines that are split but not yet interned.
  private let pending = Buffer<PendingLine>(uninitialized: pendingLimit)
  private static let pendingLimit = 32

  /// Where the ids of a line are, and where the search for them starts.
  private struct PendingLine {
    var user: Int
    var userLength: Int
    var userProbe: Int
    var item: Int
    var itemLength: Int
    var itemProbe: Int
    var value: Float
    var time: Int64
  }

  init(
    _ layout: Layout, skipBadLines: Bool, keepsTimes: Bool, requiresTimes: Bool,
    mayBreakLines: Bool, isFirst: Bool
  ) {
    self.layout = layout
    self.skipBadLines = skipBadLines
    self.keepsTimes = keepsTimes && layout.timestamp != nil
    self.requiresTimes = requiresTimes
    self.mayBreakLines = mayBreakLines
    self.isFirst = isFirst
    part = Part(entries: Entries(hasTimes: self.keepsTimes))
    kinds = Buffer(count: 256, repeating: Kind.plain)
    marks = FieldMarks(layout)
    bounds = Buffer(count: 2 * max(layout.width, 2), repeating: 0)
    kinds.write { kinds in
      kinds[0x0A] = Kind.lineFeed
      kinds[0x0D] = Kind.special
      if layout.quoting { kinds[0x22] = Kind.special }
      switch layout.separator {
      case .byte(let byte): kinds[Int(byte)] = Kind.separator
      case .doubleColon: kinds[0x3A] = Kind.separator
      case .whitespace:
        kinds[0x20] = Kind.separator
        kinds[0x09] = Kind.separator
      }
    }
  }

  private enum Kind {
    static let plain: UInt8 = 0
    static let separator: UInt8 = 1
    static let lineFeed: UInt8 = 2
    /// What only `Records` deals with.
    static let special: UInt8 = 3
  }

  /// Reads blocks to their end.
  ///
  /// - Parameters:
  ///   - blocks: The lines.
  ///   - goesOn: Told where reading has got to after each block; false ends it.
  /// - Returns: What was read.
  /// - Throws: `RatingsError` if the source cannot be read; what is wrong with a line is told by the
  ///   part.
  consuming func read(
    _ blocks: inout LineBlocks, goesOn: (Int) -> Bool
  ) throws(RatingsError) -> Part {
    var keeping = 0
    while let block = try blocks.next(keeping: keeping) {
      if let place = Self.firstNotText(block.bytes) {
        _ = readLines(of: block.bytes[0..<Self.lineStart(block.bytes, place)], isLast: true)
        if part.failure == nil, !part.breaksLines { failNotText(block.bytes, at: place) }
        return part
      }
      keeping = readLines(of: block.bytes, isLast: block.isLast)
      if part.failure != nil || part.breaksLines { return part }
      if part.users.count > Self.rowLimit || part.items.count > Self.rowLimit {
        part.failure = LineFault(
          .tooMany, line: part.lineCount, "there are more than \(Self.rowLimit) users or items.")
        return part
      }
      guard goesOn(blocks.position) else { return part }
    }
    return part
  }

  /// Well before a row number would overflow: a block holds fewer new ids than the margin.
  static let rowLimit = Int(Int32.max) - (1 << 26)

  /// Takes the lines of a block.
  ///
  /// - Returns: How many bytes at its end belong to a record that may go on in the next block.
  private mutating func readLines(of bytes: Flat<UInt8>, isLast: Bool) -> Int {
    var place = 0
    var records = Records(bytes, separator: layout.separator, quoting: layout.quoting)
    while place < bytes.count {
      place =
        unsafe bytes.withContiguousStorageIfAvailable { buffer in
          guard let base = buffer.baseAddress else { return bytes.count }
          return unsafe layout.format == .adjacency
            ? readQuickLists(base, place, buffer.count) : readQuickRows(base, place, buffer.count)
        } ?? bytes.count
      guard place < bytes.count else { return 0 }
      records.move(to: place, line: part.lineCount)
      let step = records.next()
      if !mayBreakLines, layout.quoting, Self.breaksLine(step, records) {
        part.breaksLines = true
        return 0
      }
      if case .fault(.unclosed) = step, !isLast,
        bytes.count - place < Records.longestQuotedRecord
      {
        // It may be closed in the next block.
        return bytes.count - place
      }
      place = records.position
      part.lineCount = records.nextLine
      guard take(step, records) else { return 0 }
    }
    return 0
  }

  /// Whether a record goes on past the line on which it starts, or tries to.
  private static func breaksLine(_ step: Records.Step, _ records: Records) -> Bool {
    switch step {
    case .end: false
    case .fault(let fault): fault == .unclosed
    case .record: records.nextLine > records.line + 1
    }
  }

  // MARK: The quick way

  /// Takes lines of a fixed number of fields, up to one that needs care.
  ///
  /// - Returns: The start of that line, or `end`.
  private mutating func readQuickRows(
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
  private mutating func readQuickLists(
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

  // MARK: The careful way

  /// Takes a record.
  ///
  /// - Returns: Whether reading goes on.
  private mutating func take(_ step: Records.Step, _ records: Records) -> Bool {
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

  // MARK: Bytes that are no text

  private mutating func failNotText(_ bytes: Flat<UInt8>, at place: Int) {
    let start = Self.lineStart(bytes, place)
    let line = part.lineCount
    guard bytes[place] != 0 else {
      part.failure = LineFault(
        .notText, line: line, "the file is not text: byte \(place - start + 1) of the line is NUL.")
      return
    }
    part.failure = LineFault(.notText, line: line, TextFile.notUTF8(bytes, at: place))
  }

  /// The place of the first byte that is NUL or does not belong to a letter of UTF-8.
  private static func firstNotText(_ bytes: Flat<UInt8>) -> Int? {
    // Eight bytes at a time: nearly all blocks are ASCII without NUL.
    let (high, low): (UInt64, UInt64) = (0x8080_8080_8080_8080, 0x0101_0101_0101_0101)
    let (hasHigh, hasZero) =
      unsafe bytes.withContiguousStorageIfAvailable { buffer in
        let raw = UnsafeRawBufferPointer(buffer)
        var (highs, zeros): (UInt64, UInt64) = (0, 0)
        var place = 0
        while place + 8 <= raw.count {
          let word = unsafe raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          highs |= word
          zeros |= (word &- low) & ~word
          place += 8
        }
        while place < raw.count {
          let byte = unsafe raw[place]
          highs |= UInt64(byte)
          if byte == 0 { zeros = high }
          place += 1
        }
        return (highs & high != 0, zeros & high != 0)
      } ?? (true, true)
    let zero = hasZero ? bytes.firstIndex(of: 0) : nil
    let invalid = hasHigh ? TextFile.firstInvalidUTF8(bytes) : nil
    guard let zero, let invalid else { return zero ?? invalid }
    return min(zero, invalid)
  }

  /// Where the line of a byte starts.
  private static func lineStart(_ bytes: Flat<UInt8>, _ place: Int) -> Int {
    var start = place
    while start > 0 {
      let before = bytes[start - 1]
      if before == 0x0A || (before == 0x0D && bytes[start] != 0x0A) { break }
      start -= 1
    }
    return start
  }
}
