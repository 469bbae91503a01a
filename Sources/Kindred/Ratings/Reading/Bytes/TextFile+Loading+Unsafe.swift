// Reading a source to its end.
// SPDX-License-Identifier: Apache-2.0

extension TextFile {
  /// All that a source has left.
  ///
  /// - Throws: `RatingsError` with code `unreadable` or `compressed`.
  static func load(_ source: ByteSource) throws(RatingsError) -> TextFile {
    let all = try source.head(limit: .max)
    return TextFile(name: source.name, bytes: all.bytes)
  }

  /// What a program gives out.
  static func load(
    ofProgram program: Decompressor.Program, _ path: String
  ) throws(RatingsError) -> TextFile {
    try load(ByteSource(output: Decompressor(program, of: path, size: 1 << 30), of: path))
  }
}

extension ByteSource {
  /// The first bytes, up to `limit` of them, and whether that is all.
  ///
  /// A stream is moved past them.
  func head(limit: Int) throws(RatingsError) -> (bytes: Flat<UInt8>, isAll: Bool) {
    var buffer = Buffer<UInt8>(uninitialized: min(limit, (size ?? 1 << 16) + 1))
    var filled = 0
    while filled < limit {
      if filled == buffer.count {
        let larger = Buffer<UInt8>(uninitialized: min(limit, buffer.count * 2))
        unsafe larger.base.initialize(from: buffer.base, count: filled)
        buffer = larger
      }
      let done = try unsafe read(buffer.count - filled, to: buffer.base + filled, at: filled)
      if done == 0 { return (Flat(buffer)[0..<filled], true) }
      filled += done
    }
    return (Flat(buffer)[0..<filled], false)
  }

  /// Pieces of a large file that together show what its lines are like: the start, then pieces at
  /// even distances, each of whole lines.
  ///
  /// - Returns: The pieces end to end, and how much of it is the file's start.
  /// - Precondition: The source is a file of `size` bytes, more than a sample takes.
  func sample(size: Int) throws(RatingsError) -> (bytes: Flat<UInt8>, start: Int) {
    let (head, piece, pieces) = (1 << 22, 1 << 14, 256)
    let buffer = Buffer<UInt8>(uninitialized: head + piece * pieces)
    var filled = 0
    while filled < head {
      let done = try unsafe read(head - filled, to: buffer.base + filled, at: filled)
      guard done > 0 else { break }
      filled += done
    }
    filled = unsafe (Self.lastLineEnd(buffer.base, 0..<filled) ?? filled - 1) + 1
    let start = filled
    let step = (size - head) / pieces
    for index in 0..<pieces {
      let done = try unsafe read(piece, to: buffer.base + filled, at: head + index * step)
      let read = filled..<filled + done
      // From after the first line end to the last one.
      guard let first = read.first(where: { unsafe buffer.base[$0] == 0x0A }),
        let last = unsafe Self.lastLineEnd(buffer.base, read), last > first
      else { continue }
      unsafe (buffer.base + filled).update(from: buffer.base + first + 1, count: last - first)
      filled += last - first
    }
    return (Flat(buffer)[0..<filled], start)
  }

  /// The place of the last line feed in a range.
  static func lastLineEnd(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int? {
    var place = range.upperBound
    while place > range.lowerBound {
      place -= 1
      if unsafe bytes[place] == 0x0A { return place }
    }
    return nil
  }
}
