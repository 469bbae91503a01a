// The users of every item, as training last saw them.
// SPDX-License-Identifier: Apache-2.0

final class SoftmaxAudience: Sendable {
  let stride: Int
  /// Each user's unit. [users, stride]
  let units: Buffer<Float>
  let seen: Buffer<Int32>
  /// [items, stride]
  let sums: Buffer<Float>
  let totals: Buffer<Float>
  /// [batch, stride]
  let changes: Buffer<Float>
  let isNew: Buffer<Int32>

  init(_ ratings: CompressedRows<UserSide, ItemSide>, _ weights: Flat<Float>, _ batch: Int, stride: Int, items: Int) {
    self.stride = stride
    units = Buffer(count: ratings.rowCount * stride, repeating: 0)
    seen = Buffer(count: ratings.rowCount, repeating: 0)
    sums = Buffer(count: items * stride, repeating: 0)
    totals = Buffer(count: items, repeating: 0)
    changes = Buffer(count: batch * stride, repeating: 0)
    isNew = Buffer(count: batch, repeating: 0)
  }

  init(copying other: SoftmaxAudience) {
    stride = other.stride
    units = Buffer(copying: other.units)
    seen = Buffer(copying: other.seen)
    sums = Buffer(copying: other.sums)
    totals = Buffer(copying: other.totals)
    changes = other.changes
    isNew = other.isNew
  }

  func note(_ user: Int, place: Int, _ unit: UnsafePointer<Float>) {
    let known = unsafe units.base + user * stride
    let change = unsafe changes.base + place * stride
    for k in 0..<stride {
      unsafe change[k] = unit[k] - known[k]
      unsafe known[k] = unit[k]
    }
    unsafe isNew.base[place] = seen.base[user] == 0 ? 1 : 0
    unsafe seen.base[user] = 1
  }
}
