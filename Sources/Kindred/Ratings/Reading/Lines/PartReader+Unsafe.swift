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

  let layout: Layout
  let skipBadLines: Bool
  let keepsTimes: Bool
  let requiresTimes: Bool
  /// Whether a record may go on over several lines, within quotes.
  private let mayBreakLines: Bool
  /// Whether the part's first line is the file's first with data.
  let isFirst: Bool
  var part: Part
  /// What each byte is in the quick way.
  let kinds: Buffer<UInt8>
  let marks: FieldMarks
  /// Where the fields of the current line start and end, in turn.
  let bounds: Buffer<Int>
  /// Lines that are split but not yet interned.
  let pending = Buffer<PendingLine>(uninitialized: pendingLimit)
  static let pendingLimit = 32

  /// Where the ids of a line are, and where the search for them starts.
  struct PendingLine {
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

  enum Kind {
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
