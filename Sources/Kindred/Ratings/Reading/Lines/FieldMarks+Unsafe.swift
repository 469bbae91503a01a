// Finding where a field may end, eight bytes at a time.
// SPDX-License-Identifier: Apache-2.0

/// The bytes at which the quick way must look closely.
///
/// Bytes below a limit are found by what a subtraction borrows, a separator above it by the zero that
/// remains of it; the first mark found so is a true one (Warren 2013, section 6-1).
struct FieldMarks {
  /// Bytes below this are marks, eight times over: blanks and line ends, and quotes where they count.
  private let limit: UInt64
  /// The separator, eight times over; 0, which no text holds, where it lies below the limit.
  private let separator: UInt64

  init(_ layout: Layout) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let below: UInt64 = layout.quoting ? 0x23 : 0x21
    limit = ones &* below
    switch layout.separator {
    case .byte(let byte): separator = UInt64(byte) < below ? 0 : ones &* UInt64(byte)
    case .doubleColon: separator = ones &* 0x3A
    case .whitespace: separator = 0
    }
  }

  /// The next mark at or after `place`; there must be one.
  @inline(__always)
  func next(_ base: UnsafePointer<UInt8>, _ place: Int) -> Int {
    let (ones, high): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var place = place
    while true {
      let word = unsafe UInt64(
        littleEndian: UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self))
      let rest = word ^ separator
      let found = (((word &- limit) & ~word) | ((rest &- ones) & ~rest)) & high
      if found != 0 { return place + found.trailingZeroBitCount >> 3 }
      place += 8
    }
  }
}
