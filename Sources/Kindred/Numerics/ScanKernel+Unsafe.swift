// The kernel that looks through rows of bytes, behind a safe signature.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// Dot products of one query with rows of bytes, in the fastest form that this processor runs.
// Unchecked: the table of functions is constant data, never written after the program is loaded.
@safe package struct ScanKernel: @unchecked Sendable {
  private let table: UnsafePointer<ckk_scan_kernels>

  private init(_ table: UnsafePointer<ckk_scan_kernels>) { unsafe self.table = table }

  /// The fastest kernel for this processor.
  package static let best = unsafe ScanKernel(ckk_scan_choice(0))

  /// Each implementation that this processor runs, the fastest first.
  package static var choices: [ScanKernel] {
    var choices: [ScanKernel] = []
    while let table = unsafe ckk_scan_choice(choices.count) {
      unsafe choices.append(ScanKernel(table))
    }
    return choices
  }

  /// The instruction set: "avx512", "avx2", "neon" or "portable".
  package var name: String { unsafe String(cString: table.pointee.name) }

  /// Writes what a query's scores with some rows are about.
  ///
  /// Shapes: `biases` [16 · panels] or empty for none, `scores` [16 · panels]; every element is
  /// overwritten, with a bias or 0 for the rows that fill the last panel up.
  ///
  /// Numerics: whole numbers are added up exactly; with s their sum, the score is
  /// s · (row's scale · query's scale) + bias, the last two operations fused, in `Float`.
  ///
  /// - Precondition: The counts fit together, and the panels are there.
  /// - Complexity: O(rows · dimension) time, no allocation.
  package func scan(
    _ query: RoundedVector, _ rows: BytePanels, panels: Range<Int>, biases: Span<Float>,
    into scores: inout MutableSpan<Float>
  ) {
    let count = panels.count * BytePanels.width
    precondition(
      query.bytes.count == rows.groups * Int(CKK_SCAN_GROUP) && scores.count == count
        && (biases.isEmpty || biases.count == count),
      "scan: \(query.bytes.count) bytes, \(biases.count) biases, \(scores.count) scores of "
        + "\(panels.count) panels")
    let first = panels.lowerBound * BytePanels.width
    let scales = rows.scales.span.extracting(first..<first + count)
    let function = unsafe table.pointee.scan
    unsafe query.bytes.span.withUnsafeBufferPointer { bytes in
      unsafe rows.elements(panels).withUnsafeBufferPointer { elements in
        unsafe scales.withUnsafeBufferPointer { scales in
          unsafe biases.withUnsafeBufferPointer { biases in
            unsafe scores.withUnsafeMutableBufferPointer { scores in
              guard count > 0, let out = scores.baseAddress else { return }
              let start = biases.isEmpty ? nil : biases.baseAddress
              unsafe function?(
                bytes.baseAddress, elements.baseAddress, panels.count, rows.groups,
                scales.baseAddress, start, query.scale, out)
            }
          }
        }
      }
    }
  }
}

/// The same scores in plain Swift.
package func plainScan(
  _ query: RoundedVector, _ rows: BytePanels, biases: Span<Float>
) -> [Float] {
  let group = Int(CKK_SCAN_GROUP)
  return (0..<rows.count * BytePanels.width).map { row in
    let panel = row / BytePanels.width
    let bytes = rows.elements(panel..<panel + 1)
    var sum: Int32 = 0
    for k in query.bytes.indices {
      let place = (k / group * BytePanels.width + row % BytePanels.width) * group + k % group
      sum += Int32(query.bytes[k]) * Int32(bytes[place])
    }
    let bias = biases.isEmpty ? 0 : biases[row]
    return bias.addingProduct(Float(sum), rows.scales[row] * query.scale)
  }
}
