// A source's lines, a block of whole ones at a time.
// SPDX-License-Identifier: Apache-2.0

/// Walks over the lines that start in a range of a source, a megabyte or so at a time.
///
/// A range belongs to the lines that start in it: it begins after the first line end at or after
/// its start less one, and its last line runs past its end. So neighbouring ranges share no line
/// and miss none, wherever they are cut.
@safe package struct LineBlocks {
  /// The bytes that may be read, but mean nothing, behind the last one of a block.
  package static let margin = 16
  /// Large enough to pay for a call, small enough for the processor's cache.
  package static let usualSize = 1 << 20

  private let source: ByteSource
  /// Where the range ends; lines that start here or later belong to others.
  private let end: Int
  private var buffer: Buffer<UInt8>
  /// The bytes in the buffer.
  private var filled: Int
  /// How many of them have been given out.
  private var given = 0
  /// Where in the source the buffer's first byte lies.
  private var base: Int
  private var isAtEnd = false
  private let blockSize: Int

  /// The lines of a file that start in a range.
  ///
  /// - Parameters:
  ///   - source: The file.
  ///   - range: Bytes of it.
  ///   - startsLine: Whether a line is known to start where the range does.
  ///   - blockSize: How many bytes to look at at a time.
  /// - Throws: `RatingsError` if the file cannot be read.
  package init(
    _ source: ByteSource, range: Range<Int>, startsLine: Bool = false, blockSize: Int = usualSize
  ) throws(RatingsError) {
    self.source = source
    self.blockSize = blockSize
    end = range.upperBound
    buffer = Buffer(uninitialized: blockSize + Self.margin)
    filled = 0
    let isCut = range.lowerBound > 0 && !startsLine
    base = isCut ? range.lowerBound - 1 : range.lowerBound
    if range.isEmpty { isAtEnd = true } else if isCut { try passFirstLineEnd() }
  }

  /// The lines of a stream whose first bytes have been read already.
  init(_ source: ByteSource, after head: Flat<UInt8>) {
    self.source = source
    blockSize = Self.usualSize
    end = .max
    base = head.startIndex
    filled = head.count
    buffer = Buffer(uninitialized: max(blockSize, head.count + 1) + Self.margin)
    let target = buffer
    _ = unsafe head.withContiguousStorageIfAvailable { bytes in
      if let start = bytes.baseAddress {
        unsafe target.base.initialize(from: start, count: bytes.count)
      }
    }
  }

  /// How far into the source the blocks given out reach.
  package var position: Int { base + given }

  /// The next whole lines, from index 0; nil at the end of the range.
  ///
  /// A line feed stands behind the last byte, if none ends the block itself.
  ///
  /// - Parameter keeping: How many bytes at the end of the last block to give out again, in front of
  ///   more: a record that went on past it.
  /// - Returns: The block, and whether it is the last one.
  /// - Throws: `RatingsError` if the source cannot be read.
  package mutating func next(
    keeping: Int = 0
  ) throws(RatingsError) -> (bytes: Flat<UInt8>, isLast: Bool)? {
    given -= keeping
    moveRestToFront()
    var searched = keeping
    while true {
      // A line that starts in the range may end beyond it; the first line end there is the last.
      let last = end == .max ? Int.max : max(end - 1 - base, 0)
      if filled > last, let stop = lineEnd(atOrAfter: max(last, searched)) {
        isAtEnd = true
        return give(stop + 1, isLast: true)
      }
      if filled <= last, filled >= blockSize || isAtEnd,
        let stop = unsafe ByteSource.lastLineEnd(buffer.base, searched..<filled)
      {
        return give(stop + 1, isLast: false)
      }
      if isAtEnd {
        guard filled > given else { return nil }
        // The last line may lack its end.
        unsafe (buffer.base + filled).initialize(to: 0x0A)
        return give(filled, isLast: true)
      }
      // What was searched in vain is not searched again, however long the line is.
      if filled > last || filled >= blockSize { searched = filled }
      try readMore()
    }
  }

  private mutating func give(
    _ count: Int, isLast: Bool
  ) -> (bytes: Flat<UInt8>, isLast: Bool) {
    given = count
    if isLast { filled = count }
    return (Flat(buffer)[0..<count], isLast)
  }

  /// Moves what has not been given out to the front, to another buffer if somebody holds this one.
  private mutating func moveRestToFront() {
    guard given > 0 else { return }
    let rest = filled - given
    if isKnownUniquelyReferenced(&buffer) {
      unsafe buffer.base.update(from: buffer.base + given, count: rest)
    } else {
      let fresh = Buffer<UInt8>(uninitialized: buffer.count)
      unsafe fresh.base.initialize(from: buffer.base + given, count: rest)
      buffer = fresh
    }
    base += given
    filled = rest
    given = 0
  }

  private mutating func readMore() throws(RatingsError) {
    if filled + Self.margin >= buffer.count {
      let larger = Buffer<UInt8>(uninitialized: buffer.count * 2)
      unsafe larger.base.initialize(from: buffer.base, count: filled)
      buffer = larger
    }
    let room = buffer.count - Self.margin - filled
    let done = try unsafe source.read(room, to: buffer.base + filled, at: base + filled)
    filled += done
    if done == 0 { isAtEnd = true }
  }

  private func lineEnd(atOrAfter start: Int) -> Int? {
    var place = start
    while place < filled {
      if unsafe buffer.base[place] == 0x0A { return place }
      place += 1
    }
    return nil
  }

  /// Leaves out the line that started before the range.
  private mutating func passFirstLineEnd() throws(RatingsError) {
    while true {
      if let stop = lineEnd(atOrAfter: 0) {
        given = stop + 1
        if base + given >= end {
          // The whole range lies in one line, which is somebody else's.
          isAtEnd = true
          filled = given
        }
        return
      }
      // Nobody needs what was passed.
      base += filled
      filled = 0
      try readMore()
      if isAtEnd { return }
    }
  }
}
