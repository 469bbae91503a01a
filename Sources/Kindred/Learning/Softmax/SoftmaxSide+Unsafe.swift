// One side's rows while the softmax method moves them.
// SPDX-License-Identifier: Apache-2.0

/// The rows of one side, filled up with zeros to whole vectors of the processor, and beside each what its
/// optimizer keeps.
///
/// A step leaves the padding zero. Rows are written by the thread whose piece they are in, no row by two.
struct SoftmaxSide: Sendable {
  let count: Int
  let dimension: Int
  /// The numbers from one row to the next.
  let stride: Int
  /// The vectors. [count, stride]
  let rows: Buffer<Float>
  /// Adam's first moments; nil for AdaGrad. [count, stride]
  let first: Buffer<Float>?
  /// Adam's second moments, or AdaGrad's sums of squares. [count, stride]
  let second: Buffer<Float>
  /// How many steps each row has taken. [count]
  let steps: Buffer<Int32>

  /// The random start: normal numbers, keyed by the row.
  init<S: Side>(_ side: S.Type, count: Int, _ options: SoftmaxOptions, isThere: (Row<S>) -> Bool) {
    self.count = count
    dimension = options.dimension
    stride = SoftmaxKernels.stride(options.dimension)
    rows = Buffer(count: count * stride, repeating: 0)
    first = options.optimizer == .adam ? Buffer(count: count * stride, repeating: 0) : nil
    second = Buffer(count: count * stride, repeating: 0)
    steps = Buffer(count: count, repeating: 0)
    for row in 0..<count where isThere(Row(row)) {
      var random = KeyedRandom(
        seed: options.seed, key: StreamKey.softmaxStart, S.key, UInt64(row))
      for k in 0..<dimension {
        unsafe rows.base[row * stride + k] = Float(random.normal() * options.initialDeviation)
      }
    }
  }

  /// A copy that does not change with the original.
  init(copying other: SoftmaxSide) {
    count = other.count
    dimension = other.dimension
    stride = other.stride
    rows = Buffer(copying: other.rows)
    first = other.first.map { Buffer(copying: $0) }
    second = Buffer(copying: other.second)
    steps = Buffer(copying: other.steps)
  }

  /// Moves a row against its gradient, and counts the step.
  ///
  /// - Parameters:
  ///   - row: Which.
  ///   - pace: The rate now.
  ///   - sum: The gradient by the row's unit vector, before `pace.scale`. [stride]
  ///   - unit: The unit vector; nil for a row that is not normalized.
  ///   - length: What the row was divided by.
  /// - Precondition: The row is there, and the numbers are.
  func move(
    _ row: Int, _ pace: SoftmaxPace, sum: UnsafePointer<Float>, unit: UnsafePointer<Float>?,
    length: Float
  ) {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    let start = row * stride
    let steps = unsafe self.steps.base[row] &+ 1
    unsafe self.steps.base[row] = steps
    unsafe SoftmaxKernels.best.step(
      pace.step(steps, isAdam: first != nil), rows.base + start, sum: sum, unit: unit,
      length: length, stride: stride, first: first.map { unsafe $0.base + start },
      second: second.base + start)
  }

  /// Whether every number is finite.
  func isFinite(threads: Int) -> Bool { Flat(rows).isFinite(threads: threads) }

  /// The numbers of one row's vector. [dimension]
  @_lifetime(borrow self)
  func vector(_ row: Int) -> Span<Float> {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    let span = unsafe Span(
      _unsafeStart: UnsafePointer(rows.base + row * stride), count: dimension)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The vectors, end to end without padding. [count · dimension]
  var numbers: Flat<Float> {
    let numbers = Buffer<Float>(uninitialized: count * dimension)
    numbers.write { numbers in
      for row in 0..<count {
        let vector = vector(row)
        for k in 0..<dimension { numbers[row * dimension + k] = vector[k] }
      }
    }
    return Flat(numbers)
  }

  // MARK: Checkpoints

  /// What a checkpoint must keep of the side.
  func arrays(_ name: String) -> [CheckpointArray] {
    numbers(name).map { CheckpointArray($0.name, lending: $0.buffer) }
      + [CheckpointArray("\(name)_steps", .int32s(Flat(Buffer(copying: steps))))]
  }

  private func numbers(_ name: String) -> [(name: String, buffer: Buffer<Float>)] {
    [("\(name)", rows), ("\(name)_first", first), ("\(name)_second", second)].compactMap {
      name, buffer in buffer.map { (name, $0) }
    }
  }

  /// Puts the arrays of a checkpoint back.
  func restore(_ name: String, _ arrays: CheckpointArrays) throws(FileError) {
    for (name, buffer) in numbers(name) {
      let numbers = try arrays.floats(name, count: buffer.count)
      guard numbers.firstNonFinite == nil else {
        throw arrays.malformed("its \(name) are not finite")
      }
      buffer.write { elements in
        for index in 0..<elements.count { elements[index] = numbers[index] }
      }
    }
    let counts = try arrays.int32s("\(name)_steps", count: steps.count)
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw arrays.malformed("a row of its \(name) has taken a negative number of steps")
    }
    steps.write { elements in
      for index in 0..<elements.count { elements[index] = counts[index] }
    }
  }
}

/// The rate of a batch, and what makes its gradients means.
struct SoftmaxPace: Sendable {
  /// The rate of the side now.
  var rate: Double
  /// λ, on the squared length: joins the gradient as 2λ times the row.
  var regularization: Double
  /// What sums of terms are multiplied by.
  var scale: Double

  /// β₁ and β₂ of Adam.
  static let first = 0.9
  static let second = 0.999

  /// The step of a row that takes its so-manieth.
  func step(_ count: Int32, isAdam: Bool) -> SoftmaxStep {
    var step = SoftmaxStep(
      scale: Float(scale), regularization: Float(2 * regularization), rate: Float(rate))
    guard isAdam else { return step }
    step.first = Float(1 - Self.first)
    step.second = Float(1 - Self.second)
    step.rate = Float(rate / (1 - Self.power(Self.first, count)))
    step.correction = Float(1 / (1 - Self.power(Self.second, count)))
    return step
  }

  /// βⁿ by squaring, the same on every platform.
  private static func power(_ base: Double, _ exponent: Int32) -> Double {
    var (product, square, left) = (1.0, base, exponent)
    while left > 0, product > 0 {
      if left % 2 == 1 { product *= square }
      square *= square
      left /= 2
    }
    return product
  }
}
