// The SGD kernel on plain arrays, for checking it on a few rows.
// SPDX-License-Identifier: Apache-2.0

package import CKindredKernels

/// A block for the SGD kernel in plain arrays.
package struct SGDRows: Equatable, Sendable {
  /// The users' vectors, `stride` numbers each, padded with zeros.
  package var users: [Float]
  /// The items' vectors, likewise.
  package var items: [Float]
  package var userRows: [PlainSGDStep.Row]
  package var itemRows: [PlainSGDStep.Row]
  package let dimension: Int
  package let stride: Int
  package let mean: Float
  package let hasBiases: Bool
  package let pace: SGDPace

  package init(
    users: [Float], items: [Float], userRows: [PlainSGDStep.Row], itemRows: [PlainSGDStep.Row],
    dimension: Int, stride: Int, mean: Float = 0, hasBiases: Bool = false, pace: SGDPace
  ) {
    self.users = users
    self.items = items
    self.userRows = userRows
    self.itemRows = itemRows
    self.dimension = dimension
    self.stride = stride
    self.mean = mean
    self.hasBiases = hasBiases
    self.pace = pace
  }
}

extension Kernels {
  /// Sets the steps of a block's rows and updates those of each rating in turn; see `PlainSGDStep`.
  ///
  /// The block's lists and tables are as `ckk_sgd_block` says.
  ///
  /// - Returns: The sum of the squared errors, each taken before its update.
  package func sgd(
    _ block: ckk_sgd_block, counts: UnsafePointer<UInt32>,
    ratings: UnsafePointer<ckk_sgd_rating>
  ) -> Double {
    var block = unsafe block
    return unsafe table.pointee.sgd?(&block, counts, ratings) ?? 0
  }

  /// The same on plain arrays: the users of the ratings must not fall from group to group.
  ///
  /// - Precondition: The stride is a multiple of the kernel's padding that holds the dimension, the
  ///   lists of the ratings are equally long, and all their rows are there, in the order of groups.
  package func sgd(
    _ rows: inout SGDRows, users: [Int], items: [Int], ratings: [Float]
  ) -> Double {
    let (stride, group) = (rows.stride, Int(CKK_SGD_GROUP))
    let (userCount, itemCount) = (rows.userRows.count, rows.itemRows.count)
    precondition(
      rows.dimension > 0 && stride >= rows.dimension && stride % Int(CKK_SGD_PADDING) == 0
        && rows.users.count == userCount * stride && rows.items.count == itemCount * stride,
      "sgd: \(rows.users.count) and \(rows.items.count) numbers are not rows of \(stride)")
    precondition(
      users.count == ratings.count && items.count == ratings.count,
      "sgd: \(users.count) users and \(items.count) items for \(ratings.count) ratings")
    precondition(
      users.allSatisfy { (0..<userCount).contains($0) }
        && items.allSatisfy { (0..<itemCount).contains($0) },
      "sgd: a rating names a row that is not there")
    precondition(
      zip(users, users.dropFirst()).allSatisfy { $0 / group <= $1 / group },
      "sgd: a group of users comes after a later one")
    var counts = Array(repeating: UInt32(0), count: (userCount + group - 1) / group + 1)
    var list: [ckk_sgd_rating] = []
    for (place, user) in users.enumerated() {
      counts[user / group] += 1
      list.append(
        ckk_sgd_rating(
          place: UInt32(items[place] * group + user % group), value: ratings[place]))
    }
    list += Array(repeating: ckk_sgd_rating(place: 0, value: 0), count: Int(CKK_SGD_AHEAD))
    var userRows = rows.userRows.map(\.stored)
    var itemRows = rows.itemRows.map(\.stored)
    let (dimension, mean, pace, hasBiases) = (rows.dimension, rows.mean, rows.pace, rows.hasBiases)
    let squares = unsafe rows.users.withUnsafeMutableBufferPointer { x in
      unsafe rows.items.withUnsafeMutableBufferPointer { y in
        unsafe userRows.withUnsafeMutableBufferPointer { userRows in
          unsafe itemRows.withUnsafeMutableBufferPointer { itemRows in
            let block = unsafe ckk_sgd_block(
              users: x.baseAddress, items: y.baseAddress, user_rows: userRows.baseAddress,
              item_rows: itemRows.baseAddress, user_count: userCount, item_count: itemCount,
              stride: stride, mean: mean, step: pace.step, slope: pace.slope,
              regularization: pace.regularization,
              gradient_share: pace.gradientShare(dimension: dimension),
              has_biases: hasBiases ? 1 : 0)
            return unsafe sgd(block, counts: counts, ratings: list)
          }
        }
      }
    }
    rows.userRows = userRows.map(PlainSGDStep.Row.init)
    rows.itemRows = itemRows.map(PlainSGDStep.Row.init)
    return squares
  }
}

extension SGDPace {
  /// What a squared gradient is multiplied by, 0 where ratings are counted.
  package func gradientShare(dimension: Int) -> Float {
    seen == .squaredGradients ? 1 / Float(dimension) : 0
  }
}

extension PlainSGDStep.Row {
  fileprivate var stored: ckk_sgd_row {
    ckk_sgd_row(bias: bias, seen: seen, step: step, decay: decay)
  }

  fileprivate init(_ row: ckk_sgd_row) {
    self.init(bias: row.bias, seen: row.seen, step: row.step, decay: row.decay)
  }
}
