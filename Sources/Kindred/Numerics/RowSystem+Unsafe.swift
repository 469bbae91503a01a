// The least-squares equations of one row, solved in a fused pass of registers.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// Room to assemble, factor and solve the equations of one row after another.
///
/// With features z_n, targets t_n and weights w_n (1 if none are given) over the entries of a row, and
/// a start (A₀, b₀) that rows may share, the row is the x with A x = b, where
/// A = A₀ + Σ w_n z_n z_nᵀ + ridge · I and b = b₀ + Σ w_n t_n z_n.
///
/// ```swift
/// let system = RowSystem(width: k)
/// system.assemble(features, stride: k, rows: columns, targets: targets, ridge: 0.1 * count)
/// guard system.factor() == nil else { … }  // which unknown the equations leave open
/// system.solve(into: &x)
/// ```
///
/// Numerics: `Float` with one accumulator for each element of A, of its factor and of b, in the order
/// of the entries, so that all kernels give the same bits; entries beyond 256 in blocks of so many,
/// their sums added in `Double`; pivots in `Double`, where the ridge joins. A pivot must be above
/// ``tolerance`` times its diagonal element, or the system is singular as far as `Float` can tell.
///
/// Not for several threads: each has its own.
@safe package final class RowSystem {
  /// Entries whose outer products are added up in `Float`.
  package static let blockSize = 256
  /// What rounding may leave of a diagonal element where nothing should be left: some 2⁻²⁴ for each of
  /// the few hundred terms of a sum, of either sign.
  package static let tolerance = 1e-6

  /// The number of unknowns.
  package let width: Int
  /// Σ w_n t_n² of the entries, in `Double`.
  package private(set) var targetSquares = 0.0

  private let shape: SystemShape
  private let kernels: UnsafePointer<ckk_row_kernels>
  private let right: Buffer<Float>
  /// Made when a row has weights.
  private var left: Buffer<Float>?
  /// Made when a row has more than a block of entries.
  private var sums: Buffer<Double>?
  /// Made with `sums`, which are rounded to it.
  private var start: Buffer<Float>?
  private let factorPanels: Buffer<Float>
  private let inverses: Buffer<Float>
  private let partialSums: Buffer<Float>
  /// U⁻ᵀ b. [width]
  private let forward: Buffer<Float>
  private var equations = unsafe ckk_system()
  private var isFactored = false
  /// The start that the rows share, kept while the equations point to it.
  private var shared: RowStart?

  /// Room for systems of `width` unknowns.
  ///
  /// - Precondition: `width` is 1 or more.
  package init(width: Int, kernels: Kernels = .best) {
    precondition(width >= 1, "a system of \(width) unknowns")
    self.width = width
    shape = SystemShape(width: width)
    unsafe self.kernels = kernels.rows
    right = Buffer(uninitialized: shape.panels * Self.entryPitch)
    factorPanels = Buffer(count: shape.count, repeating: 0)
    inverses = Buffer(count: shape.rows, repeating: 0)
    partialSums = Buffer(count: shape.rows * Int(CKK_SYSTEM_COLUMNS), repeating: 0)
    forward = Buffer(count: width, repeating: 0)
  }

  /// Two more than a block, so that panels do not start at the same place of the cache.
  private static var entryPitch: Int { (blockSize + 2) * Int(CKK_SYSTEM_COLUMNS) }

  /// Takes up the equations of a row; what was there before is forgotten.
  ///
  /// - Parameters:
  ///   - features: Rows of which the first `width` numbers are used.
  ///   - stride: The numbers from one row of `features` to the next.
  ///   - rows: The entries' rows of `features`. [n]
  ///   - targets: What the entries should give. [n]
  ///   - weights: How much each entry counts, 0 or more; empty for 1 each. [n]
  ///   - shared: What the sums start from; nil for zeros.
  ///   - ridge: Joins the diagonal, 0 or more.
  /// - Precondition: The shapes fit together, and every row is there.
  /// - Complexity: O(*n* · *width*), and O(*n* · *width*²) beyond 256 entries; a smaller row's sums are
  ///   left to ``factor()``.
  package func assemble(
    _ features: Span<Float>, stride: Int, rows: Span<Int32>, targets: Span<Float>,
    weights: Span<Float> = Span(), start shared: RowStart? = nil, ridge: Double
  ) {
    precondition(
      targets.count == rows.count && (weights.isEmpty || weights.count == rows.count),
      "\(rows.count) entries with \(targets.count) targets and \(weights.count) weights")
    precondition(stride >= width, "features of \(stride) numbers for \(width) unknowns")
    precondition((shared?.width ?? width) == width, "a start of \(shared?.width ?? 0) unknowns")
    var last: UInt32 = 0
    for n in 0..<rows.count { last = max(last, UInt32(bitPattern: rows[n])) }
    precondition(
      rows.isEmpty || Int(last) * stride + width <= features.count,
      "row \(last) of \(features.count) numbers in rows of \(stride)")
    targetSquares = 0
    for n in 0..<rows.count {
      let weight = weights.isEmpty ? 1 : Double(weights[n])
      targetSquares += weight * Double(targets[n]) * Double(targets[n])
    }
    isFactored = false
    self.shared = shared
    begin(ridge: ridge, weighted: !weights.isEmpty)
    unsafe equations.start = shared.flatMap { unsafe $0.panels.start }
    if rows.count <= Self.blockSize {
      pack(features, stride: stride, rows: rows, targets: targets, weights: weights)
      return
    }
    let sums = self.sums ?? Buffer(uninitialized: shape.count)
    self.sums = sums
    unsafe sums.base.update(repeating: 0, count: shape.count)
    for first in Swift.stride(from: 0, to: rows.count, by: Self.blockSize) {
      let block = first..<min(first + Self.blockSize, rows.count)
      pack(
        features, stride: stride, rows: rows.extracting(block), targets: targets.extracting(block),
        weights: weights.isEmpty ? weights : weights.extracting(block))
      unsafe kernels.pointee.add_products(&equations, sums.base)
    }
    let start = self.start ?? Buffer(uninitialized: shape.count)
    self.start = start
    if let panels = unsafe shared?.panels.start {
      unsafe start.base.update(from: panels, count: shape.count)
    } else {
      unsafe start.base.update(repeating: 0, count: shape.count)
    }
    unsafe kernels.pointee.round_sums(sums.base, start.base, shape.count)
    unsafe equations.start = UnsafePointer(start.base)
    unsafe equations.count = 0
  }

  /// Factors A = UᵀU.
  ///
  /// - Returns: The first unknown whose pivot is not safely positive and finite, which is one that the
  ///   equations leave open (or whose numbers are beyond `Float`); nil if all are well.
  /// - Precondition: There are equations.
  /// - Complexity: O(*n* · *width*² + *width*³).
  package func factor() -> Int? {
    unsafe precondition(equations.width == width, "no equations to factor")
    let well = unsafe kernels.pointee.factor(&equations)
    isFactored = well == width
    return isFactored ? nil : well
  }

  /// Writes the x with A x = b.
  ///
  /// - Precondition: The system is factored, and `x` has `width` elements.
  /// - Complexity: O(*width*²).
  package func solve(into x: inout MutableSpan<Float>) {
    solve(adding: Span(), into: &x)
  }

  /// Writes the x with U x = U⁻ᵀb + `noise`: with standard normal noise a draw from the normal
  /// distribution with mean A⁻¹b and covariance A⁻¹.
  ///
  /// - Precondition: The system is factored; `x` and `noise` have `width` elements (no noise: empty).
  /// - Complexity: O(*width*²).
  package func solve(adding noise: Span<Float>, into x: inout MutableSpan<Float>) {
    precondition(
      isFactored && x.count == width && (noise.isEmpty || noise.count == width),
      "solve: \(x.count) numbers and \(noise.count) of noise for \(width) unknowns")
    unsafe shape.copyRightSide(of: factorPanels.base, into: forward.base)
    for k in 0..<noise.count { unsafe forward.base[k] += noise[k] }
    unsafe x.withUnsafeMutableBufferPointer { x in
      guard let x = x.baseAddress else { return }
      unsafe kernels.pointee.solve_upper(&equations, forward.base, x, partialSums.base)
    }
  }

  /// Writes the x with A x = b + `right`.
  ///
  /// - Precondition: The system is factored; `right` and `x` have `width` elements.
  /// - Complexity: O(*width*²).
  package func solve(withRightSide right: Span<Float>, into x: inout MutableSpan<Float>) {
    precondition(
      isFactored && x.count == width && right.count == width,
      "solve: \(x.count) numbers and \(right.count) for \(width) unknowns")
    unsafe x.withUnsafeMutableBufferPointer { x in
      guard let first = x.baseAddress else { return }
      for k in 0..<width { unsafe first[k] = right[k] }
      unsafe kernels.pointee.solve_lower(&equations, first, first, 1)
      unsafe shape.copyRightSide(of: factorPanels.base, into: forward.base)
      for k in 0..<width { unsafe forward.base[k] += first[k] }
      unsafe kernels.pointee.solve_upper(&equations, forward.base, first, partialSums.base)
    }
  }

  /// Replaces each of some right sides by its solution.
  ///
  /// Shape: `sides` [m, width], row-major.
  ///
  /// - Precondition: The system is factored, and `sides` is a multiple of `width` long.
  /// - Complexity: O(*m* · *width*²).
  package func solve(replacing sides: inout MutableSpan<Float>) {
    precondition(
      isFactored && sides.count % width == 0, "solve: \(sides.count) numbers for \(width) unknowns")
    let count = sides.count / width
    unsafe sides.withUnsafeMutableBufferPointer { sides in
      guard let first = sides.baseAddress else { return }
      unsafe kernels.pointee.solve_lower(&equations, first, first, count)
      for side in 0..<count {
        let place = unsafe first + side * width
        unsafe kernels.pointee.solve_upper(&equations, place, place, partialSums.base)
      }
    }
  }

  /// Σ w_n (t_n − z_n·x)² + ridge · ‖x‖² for the solution x, without a start: what the sum of the
  /// squared targets keeps, Σ w_n t_n² − ‖U⁻ᵀb‖², in `Double`.
  ///
  /// Where the row is fitted closely this cancels: its error is about 2⁻²⁴ · *width* · Σ w_n t_n².
  ///
  /// - Precondition: The system is factored.
  package var leastSquares: Double {
    precondition(isFactored, "no factor")
    unsafe shape.copyRightSide(of: factorPanels.base, into: forward.base)
    var least = targetSquares
    for k in 0..<width { unsafe least -= Double(forward.base[k]) * Double(forward.base[k]) }
    return least
  }

  /// The elements of the factor U of A = UᵀU, for looking at: [width, width], row-major, zeros below
  /// the diagonal.
  ///
  /// - Precondition: The system is factored.
  package var upper: [Float] {
    precondition(isFactored, "no factor")
    let factor = factorPanels
    return shape.upperTriangle(of: factor.span)
  }

  private func begin(ridge: Double, weighted: Bool) {
    if weighted && left == nil { left = Buffer(uninitialized: right.count) }
    let leftBase = unsafe weighted ? left?.base ?? right.base : right.base
    unsafe equations = ckk_system(
      width: width, left: UnsafePointer(leftBase), right: UnsafePointer(right.base),
      entry_pitch: Self.entryPitch, count: 0, start: nil, ridge: ridge, tolerance: Self.tolerance,
      factor: factorPanels.base, factor_pitch: shape.pitch, inverses: inverses.base)
  }

  private func pack(
    _ features: Span<Float>, stride: Int, rows: Span<Int32>, targets: Span<Float>,
    weights: Span<Float>
  ) {
    unsafe equations.count = rows.count
    unsafe features.withUnsafeBufferPointer { features in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe targets.withUnsafeBufferPointer { targets in
          unsafe weights.withUnsafeBufferPointer { weights in
            guard let first = rows.baseAddress, rows.count > 0 else { return }
            unsafe kernels.pointee.pack(
              features.baseAddress, stride, width, first, 0, targets.baseAddress,
              weights.isEmpty ? nil : weights.baseAddress, rows.count, left?.base, right.base,
              Self.entryPitch)
          }
        }
      }
    }
  }
}
