// One ratings file, read in parts that run side by side.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Adds the ratings of one file to a builder.
struct FileReader {
  let path: String
  let options: ReadingOptions

  /// What is known of a file before its lines are read.
  private struct Opened {
    let source: ByteSource
    let layout: Layout
    /// The first bytes, where they cannot be read again.
    let head: Flat<UInt8>?
    /// Where the first line with data starts, its number, and how many comments lie before it.
    let start: Int
    let firstLine: Int
    let comments: Int
  }

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - builder: Takes the ratings.
  ///   - report: Takes what was seen.
  ///   - progress: Called now and then, on this thread, with the part of the file that has been read.
  /// - Throws: `RatingsError`, for the file as a whole or its first line that is wrong.
  func read(
    into builder: inout RatingsBuilder, report: inout ReadingReport,
    progress: (_ fraction: Double) -> Void
  ) throws(RatingsError) {
    let file = try open()
    let hasValues = file.layout.rating != nil
    guard report.files.isEmpty || builder.hasValues == hasValues else {
      throw RatingsError(
        .unknownFormat,
        "\(file.source.name) has \(hasValues ? "ratings" : "interactions without ratings") and the "
          + "files before it have not; read them apart.", file: file.source.name)
    }
    builder.hasValues = hasValues
    report.files.append(file.source.name)
    report.formats.append(file.layout.format)
    report.comments += file.comments
    let used = [file.layout.user, file.layout.item, file.layout.rating, file.layout.timestamp]
    for (column, name) in (file.layout.header ?? []).enumerated() where !used.contains(column) {
      report.unusedColumns.append(name)
    }
    // Once a quoted field has a line end in it, the file cannot be cut at line ends. The first one
    // is always noticed: it starts in a part whose own start is right.
    var parts = try readSideBySide(file, progress)
    if parts == nil { parts = [try readInOrder(file, progress)] }
    try add(parts ?? [], of: file, to: &builder, &report)
  }

  /// The numbers of the first lines that hold a pair; none where the file can no longer be read.
  func lines(with pair: RatingsError.Pair, limit: Int) -> [Int] {
    guard let layout = try? open().layout, let text = try? TextFile.load(path) else { return [] }
    var records = Records(
      text.bytes, from: text.start, separator: layout.separator, quoting: layout.quoting)
    var lines: [Int] = []
    while lines.count < limit {
      switch records.next() {
      case .end: return lines
      case .fault: continue
      case .record:
        let fields = records.fields
        guard fields.count > max(layout.user, layout.item) || layout.format == .adjacency,
          let first = fields.first
        else { continue }
        let user = layout.format == .adjacency ? first : fields[layout.user]
        guard records.text(user) == pair.user else { continue }
        let items = layout.format == .adjacency ? Array(fields.dropFirst()) : [fields[layout.item]]
        for item in items where records.text(item) == pair.item { lines.append(records.line) }
      }
    }
    return Array(lines.prefix(limit))
  }

  // MARK: Opening

  /// Files larger than this are recognised by a sample of their lines.
  private static let sampledSize = 1 << 23

  private func open() throws(RatingsError) -> Opened {
    let source = try ByteSource.open(path)
    let text: TextFile
    // How much of the text is the file's start, without a gap.
    let headEnd: Int
    let head: Flat<UInt8>?
    if let size = source.size, size > Self.sampledSize {
      let sample = try source.sample(size: size)
      text = TextFile(name: source.name, bytes: sample.bytes)
      headEnd = sample.start
      head = nil
    } else {
      let first = try source.head(limit: Self.sampledSize)
      var bytes = first.bytes
      if !first.isAll, let end = bytes.lastIndex(of: 0x0A) { bytes = bytes[0...end] }
      text = TextFile(name: source.name, bytes: bytes)
      headEnd = bytes.count
      head = first.bytes
    }
    try text.checkHead()
    let layout = try Self.layout(of: text, options)
    let (start, firstLine, comments) = Self.firstLineWithData(text, headEnd, layout)
    return Opened(
      source: source, layout: layout, head: head, start: start, firstLine: firstLine,
      comments: comments)
  }

  private static func layout(
    of text: TextFile, _ options: ReadingOptions
  ) throws(RatingsError) -> Layout {
    var lines = Records(text.bytes, from: text.start, separator: .whitespace)
    guard case .record = lines.next() else {
      throw RatingsError(.empty, "\(text.name): it has only blank lines.", file: text.name)
    }
    do { return try Recognition(text: text, options: options).layout() } catch {
      // What is no text has no form either, and that is the better thing to say.
      try text.checkText()
      try text.checkUTF8()
      throw error
    }
  }

  /// Passes comments and the header.
  private static func firstLineWithData(
    _ text: TextFile, _ headEnd: Int, _ layout: Layout
  ) -> (start: Int, line: Int, comments: Int) {
    var records = Records(
      text.bytes[0..<headEnd], from: text.start, separator: layout.separator,
      quoting: layout.quoting)
    var awaitsHeader = layout.header != nil
    var comments = 0
    while true {
      let (start, line) = (records.position, records.nextLine)
      guard case .record = records.next() else { return (start, line, comments) }
      if isComment(text, records, layout, awaitsHeader) {
        comments += 1
        continue
      }
      guard awaitsHeader else { return (start, line, comments) }
      awaitsHeader = false
    }
  }

  /// Whether the current line, with no data before it, is a comment.
  ///
  /// An id may start with `#` or `%`. A line that does is a comment if it has another number of fields
  /// than the others, or words where they have a rating; and where blanks separate fields without a
  /// rating, for then nothing tells.
  private static func isComment(
    _ text: TextFile, _ records: Records, _ layout: Layout, _ awaitsHeader: Bool
  ) -> Bool {
    let first = text.bytes[records.extent.lowerBound]
    guard first == 0x23 || first == 0x25 else { return false }
    if awaitsHeader || records.fields.count != layout.width { return true }
    guard let rating = layout.rating else { return layout.separator == .whitespace }
    return DecimalNumber.parse(text.bytes, records.fields[rating].range) == nil
  }

  // MARK: Reading

  /// Reads a file in parts, one per thread; nil if it is a stream or has records of several lines.
  private func readSideBySide(
    _ file: Opened, _ progress: (Double) -> Void
  ) throws(RatingsError) -> [PartReader.Part]? {
    guard let size = file.source.size else { return nil }
    // The file may have been cut short since it was opened.
    let total = max(0, size - file.start)
    let count = max(1, min(threadCount(options.threads), total >> 16))
    let done = Atomic(0)
    // The first part that ended early makes all behind it needless.
    let failed = Atomic(Int.max)
    let caller = Thread.current
    let parts = withoutActuallyEscaping(progress) { progress in
      // Only ever called on the thread that handed it in.
      nonisolated(unsafe) let progress = progress
      return parallelMap(count, threads: options.threads) { index in
        let range = file.start + total * index / count..<file.start + total * (index + 1) / count
        return Self.result { () throws(RatingsError) in
          var blocks = try LineBlocks(file.source, range: range, startsLine: index == 0)
          var reached = range.lowerBound
          let part = try reader(file, isFirst: index == 0, mayBreakLines: false)
            .read(&blocks) { position in
              let passed = done.wrappingAdd(position - reached, ordering: .relaxed).newValue
              reached = position
              if Thread.current == caller {
                unsafe progress(min(1, Double(passed) / Double(max(1, total))))
              }
              return failed.load(ordering: .relaxed) > index
            }
          if part.failure != nil || part.breaksLines {
            failed.min(index, ordering: .relaxed)
          }
          return part
        }
      }
    }
    var read: [PartReader.Part] = []
    for result in parts {
      let part = try result.get()
      if part.breaksLines { return nil }
      read.append(part)
      if part.failure != nil { break }
    }
    return read
  }

  /// Reads a file or a stream from its first line with data to its end.
  private func readInOrder(
    _ file: Opened, _ progress: (Double) -> Void
  ) throws(RatingsError) -> PartReader.Part {
    var blocks =
      if let head = file.head {
        LineBlocks(file.source, after: head[file.start...])
      } else {
        try LineBlocks(file.source, range: file.start..<(file.source.size ?? 0), startsLine: true)
      }
    let size = file.source.size.map(Double.init)
    return try reader(file, isFirst: true, mayBreakLines: true).read(&blocks) { position in
      if let size { progress(min(1, Double(position) / max(1, size))) }
      return true
    }
  }

  private func reader(_ file: Opened, isFirst: Bool, mayBreakLines: Bool) -> PartReader {
    PartReader(
      file.layout, skipBadLines: options.skipBadLines, keepsTimes: options.keepsTimes,
      requiresTimes: options.requiresTimes,
      mayBreakLines: mayBreakLines, isFirst: isFirst)
  }

  private static func result<Value>(
    _ body: () throws(RatingsError) -> Value
  ) -> Result<Value, RatingsError> {
    do { return .success(try body()) } catch { return .failure(error) }
  }

  // MARK: Joining

  private func add(
    _ parts: [PartReader.Part], of file: Opened, to builder: inout RatingsBuilder,
    _ report: inout ReadingReport
  ) throws(RatingsError) {
    var line = file.firstLine
    var (lines, good) = (0, 0)
    var example: RatingsError?
    for part in parts {
      if let failure = part.failure { throw failure.error(in: file.source.name, firstLine: line) }
      for fault in part.firstSkipped {
        let error = fault.error(in: file.source.name, firstLine: line)
        if report.firstSkipped.count < 3 { report.firstSkipped.append(error) }
        example = example ?? error
      }
      if report.timesError == nil {
        report.timesError = part.badTime?.error(in: file.source.name, firstLine: line)
      }
      report.skippedLines += part.skipped
      lines += part.lines
      good += part.good
      line += part.lineCount
      builder.append(part.entries, users: part.users, items: part.items)
    }
    report.lines += lines
    guard builder.users.count <= PartReader.rowLimit, builder.items.count <= PartReader.rowLimit
    else {
      throw RatingsError(
        .tooMany, "\(file.source.name): there are more than \(PartReader.rowLimit) users or items.",
        file: file.source.name)
    }
    guard good == 0 else { return }
    let why =
      if let example {
        "none of its \(lines) lines could be read; for example: \(example.description)"
      } else if file.layout.header != nil {
        "it has a header but no ratings."
      } else {
        "it has no line with ratings."
      }
    throw RatingsError(.empty, "\(file.source.name): \(why)", file: file.source.name)
  }
}
