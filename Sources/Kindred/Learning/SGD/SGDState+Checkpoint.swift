// What SGD needs to go on after a break.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

extension SGDState {
  package var arrays: [CheckpointArray] {
    [
      CheckpointArray("users", lending: users), CheckpointArray("items", lending: items),
      CheckpointArray("user_rows", .floats(Self.numbers(userRows))),
      CheckpointArray("item_rows", .floats(Self.numbers(itemRows))),
    ]
  }

  package func restore(_ arrays: CheckpointArrays) throws(FileError) {
    for (name, buffer) in [("users", users), ("items", items)] {
      let numbers = try finite(name, count: buffer.count, arrays)
      buffer.write { elements in
        for index in 0..<elements.count { elements[index] = numbers[index] }
      }
    }
    for (name, buffer) in [("user_rows", userRows), ("item_rows", itemRows)] {
      let numbers = try finite(name, count: buffer.count * 2, arrays)
      buffer.write { rows in
        for index in 0..<rows.count {
          rows[index].bias = numbers[2 * index]
          rows[index].seen = numbers[2 * index + 1]
        }
      }
    }
  }

  private func finite(
    _ name: String, count: Int, _ arrays: CheckpointArrays
  ) throws(FileError) -> Flat<Float> {
    let numbers = try arrays.floats(name, count: count)
    guard numbers.firstNonFinite == nil else {
      throw arrays.malformed("its \(name) are not finite")
    }
    return numbers
  }

  /// Of each row its bias and what it has seen; its step follows from that.
  private static func numbers(_ rows: Buffer<ckk_sgd_row>) -> Flat<Float> {
    let numbers = Buffer<Float>(uninitialized: rows.count * 2)
    let span = rows.span
    numbers.write { numbers in
      for index in 0..<span.count {
        numbers[2 * index] = span[index].bias
        numbers[2 * index + 1] = span[index].seen
      }
    }
    return Flat(numbers)
  }
}
