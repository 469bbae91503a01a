// What part of the machine's best matrix product each kernel reaches, as a Markdown table.
// SPDX-License-Identifier: Apache-2.0

import CKindredKernels
import Dispatch
import Foundation

/// A kernel with buffers of its own to work on.
// Unchecked: each thread works on the buffers of its own run alone.
private struct KernelRun: @unchecked Sendable {
  let name: String
  /// Multiplications and additions of one call, as the formula beside the table counts them.
  let operations: Double
  let call: () -> Void
}

/// Aligned numbers that live as long as the program: a profile ends with its process.
private func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
  let raw = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 4), alignment: 64)
  let base = raw.bindMemory(to: Float.self, capacity: max(16, count))
  for index in 0..<count { base[index] = Float((index &* 7919) % 1000) / 1000 - 0.5 }
  return base
}

/// The kernels at one dimension.
///
/// Every call makes buffers of its own, one for each thread.
private func runs(_ kernels: UnsafePointer<ckk_kernels>, _ k: Int) -> [KernelRun] {
  guard let rows = ckk_row_choice(0) else { return [] }
  let (size, entries) = (Double(k), 50)
  let columns = Int(CKK_SYSTEM_COLUMNS)
  let (panels, tableRows) = (k / columns + 1, 4096)
  let (entryPitch, pitch) = (258 * columns, ((k + 3) / 4 * 4 + 2) * columns)
  let table = numbers(tableRows * k)
  let scores = numbers(tableRows)
  let right = numbers(panels * entryPitch)
  let factor = numbers(panels * pitch)
  let inverses = numbers(k + 8)
  let (x, y, partial) = (numbers(k * 64), numbers(k * 64), numbers((k + 8) * columns))
  let sums = UnsafeMutableRawPointer.allocate(byteCount: panels * pitch * 8, alignment: 64)
    .bindMemory(to: Double.self, capacity: panels * pitch)
  sums.initialize(repeating: 0, count: panels * pitch)
  let targets = numbers(256)
  let chosen = UnsafeMutablePointer<Int32>.allocate(capacity: 256)
  for n in 0..<256 { chosen[n] = Int32((n &* 2654435761) % tableRows) }
  func system(_ count: Int) -> ckk_system {
    ckk_system(
      width: k, left: UnsafePointer(right), right: UnsafePointer(right), entry_pitch: entryPitch,
      count: count, start: nil, ridge: Double(k), tolerance: 1e-6, factor: factor,
      factor_pitch: pitch, inverses: inverses)
  }
  func solve(_ count: Int) {
    var system = system(count)
    rows.pointee.pack(table, k, k, chosen, 0, targets, nil, count, right, right, entryPitch)
    precondition(rows.pointee.factor(&system) == k, "the profile's system is not solved")
    for row in 0..<k { y[row] = factor[k / columns * pitch + row * columns + k % columns] }
    rows.pointee.solve_upper(&system, y, x, partial)
  }
  solve(entries)
  let (queries, width) = (48, Int(CKK_PANEL_ROWS))
  let products = numbers(queries * 16 * width)
  let tile = Double(queries * 16 * width)
  var sink: Float = 0
  return [
    sgdRun(kernels, k),
    KernelRun(name: "scores of 4,096 rows", operations: 2 * size * Double(tableRows)) {
      kernels.pointee.scores(x, table, tableRows, k, scores)
    },
    KernelRun(name: "product tile, 48 × 256", operations: 2 * size * tile) {
      kernels.pointee.products(table, queries, table + 64 * k, 16, k, products)
    },
    KernelRun(name: "dot", operations: 2 * size) { sink += rows.pointee.dot(x, y, k) },
    KernelRun(name: "axpy", operations: 2 * size) { rows.pointee.axpy(1e-9, x, y, k) },
    KernelRun(name: "rank update, 256 rows", operations: 256 * size * size) {
      var system = system(256)
      rows.pointee.add_products(&system, sums)
    },
    KernelRun(name: "Cholesky", operations: size * size * size / 3) {
      // Without entries the ridge alone is factored: as much work as any matrix.
      var system = system(0)
      _ = rows.pointee.factor(&system)
    },
    KernelRun(name: "64 right sides", operations: 64 * 2 * size * size) {
      var system = system(0)
      rows.pointee.solve_lower(&system, table, y, 64)
      for side in 0..<64 { rows.pointee.solve_upper(&system, y + side * k, x, partial) }
    },
    KernelRun(name: "row solve, 50 entries", operations: 50 * size * size + size * size * size / 3)
    {
      solve(50)
    },
    KernelRun(
      name: "row solve, 200 entries", operations: 200 * size * size + size * size * size / 3
    ) {
      solve(200)
    },
  ]
}

/// Updates of one group of users against many items, with steps so small that the vectors stay.
private func sgdRun(_ kernels: UnsafePointer<ckk_kernels>, _ k: Int) -> KernelRun {
  let (group, items, count) = (Int(CKK_SGD_GROUP), 512, 8192)
  func rows(_ count: Int) -> UnsafeMutablePointer<ckk_sgd_row> {
    let rows = UnsafeMutablePointer<ckk_sgd_row>.allocate(capacity: count)
    rows.initialize(repeating: ckk_sgd_row(bias: 0, seen: 0, step: 0, decay: 1), count: count)
    return rows
  }
  let block = ckk_sgd_block(
    users: numbers(group * k), items: numbers(items * k), user_rows: rows(group),
    item_rows: rows(items), user_count: group, item_count: items, stride: k, mean: 0, step: 1e-9,
    slope: 0.01, regularization: 0.01, gradient_share: 0, has_biases: 1)
  let counts = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
  counts.initialize(to: UInt32(count))
  let ratings = UnsafeMutablePointer<ckk_sgd_rating>.allocate(
    capacity: count + Int(CKK_SGD_AHEAD))
  for n in 0..<count + Int(CKK_SGD_AHEAD) {
    let item = (n &* 2_654_435_761) / 64 % items
    ratings[n] = ckk_sgd_rating(place: UInt32(item * group + n % group), value: 0.5)
  }
  return KernelRun(
    name: "sgd, 8,192 updates", operations: 8 * Double(k) * Double(count)
  ) {
    withUnsafePointer(to: block) { _ = kernels.pointee.sgd($0, counts, ratings) }
  }
}

/// Billions of operations a second of the same kernel on some threads, the median of a few rounds.
private func rate(_ runs: [KernelRun]) -> Double {
  let clock = ContinuousClock()
  func seconds(_ calls: Int) -> Double {
    // Threads of its own, which have begun when the clock starts: a queue may take its time.
    let (ready, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let begin = DispatchSemaphore(value: 0)
    for run in runs {
      Thread.detachNewThread {
        ready.signal()
        begin.wait()
        for _ in 0..<calls { run.call() }
        done.signal()
      }
    }
    for _ in runs { ready.wait() }
    let start = clock.now
    for _ in runs { begin.signal() }
    for _ in runs { done.wait() }
    return (clock.now - start) / .seconds(1)
  }
  var calls = 1
  while seconds(calls) < 0.02 { calls *= 2 }
  let times = (0..<5).map { _ in seconds(calls) }.sorted()
  return runs[0].operations * Double(runs.count * calls) / times[times.count / 2] / 1e9
}

/// A process that measures the machine's best matrix product when it is asked to.
private final class Peer {
  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())

  init(python: String, script: String, threads: Int) throws {
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OPENBLAS_NUM_THREADS": "\(threads)", "OMP_NUM_THREADS": "\(threads)"]) { $1 }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  func measure() -> Double {
    input.fileHandleForWriting.write(Data("\n".utf8))
    var line = Data()
    while line.last != 10 {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { return .nan }
      line += more
    }
    return Double(String(decoding: line, as: UTF8.self).dropLast()) ?? .nan
  }

  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}

/// Prints the profile.
///
/// - Parameters:
///   - python: A Python with NumPy.
///   - script: `Benchmarks/peers/sgemm.py`.
/// - Throws: What starting Python throws.
func profileKernels(python: String, script: String) throws {
  guard let kernels = ckk_best(), let rows = ckk_row_choice(0) else { return }
  let dimensions = [16, 32, 64, 128]
  let threads = [1, 2]
  var rates: [String: [Double]] = [:]
  var names: [String] = []
  var peaks = threads.map { _ in [Double]() }
  let peers = try threads.map { try Peer(python: python, script: script, threads: $0) }
  for dimension in dimensions {
    let first = runs(kernels, dimension)
    let second = runs(kernels, dimension)
    if names.isEmpty { names = first.map(\.name) }
    for (a, b) in zip(first, second) {
      for (place, group) in [[a], [a, b]].enumerated() {
        // The peak moves with the machine's mood, so that it is measured all along.
        peaks[place].append(peers[place].measure())
        // Its threads keep their cores busy for a while when they have nothing to do.
        Thread.sleep(forTimeInterval: 0.12)
        rates[a.name, default: []].append(rate(group))
      }
    }
  }
  for peer in peers { peer.stop() }
  let peak = peaks.map { $0.sorted()[$0.count / 2] }
  print(
    "Kernels: \(String(cString: kernels.pointee.name)), rows: "
      + "\(String(cString: rows.pointee.name)). Peak: NumPy's sgemm of 1536 × 1536 "
      + "in the same minutes, medians: "
      + zip(threads, peak).map {
        "\(Int($1.rounded())) GFLOP/s on \($0) thread\($0 == 1 ? "" : "s")"
      }
      .joined(separator: ", ") + ".\n")
  print(
    "Each cell: GFLOP/s, and the part of the peak on as many threads. Operations are counted as")
  print(
    "2k a product of vectors of length k; 8k an update of sgd; n·k² a symmetric rank update of n rows; "
      + "k³/3 a Cholesky")
  print(
    "factor; 2k² a solution; n·k² + k³/3 a row solve, which also gathers its n rows, substitutes")
  print("and carries the right side for nothing.\n")
  print("| kernel | threads | " + dimensions.map { "k = \($0)" }.joined(separator: " | ") + " |")
  print("| --- | ---: |" + dimensions.map { _ in " ---: |" }.joined())
  for name in names {
    for place in threads.indices {
      let cells = dimensions.indices.map { dimension -> String in
        let rate = rates[name]?[dimension * threads.count + place] ?? .nan
        return "\(Int(rate.rounded())), \(Int((rate / peak[place] * 100).rounded())) %"
      }
      print("| \(name) | \(threads[place]) | \(cells.joined(separator: " | ")) |")
    }
  }
  print("\nTo reach on \(threads.last ?? 1) threads at k = \(dimensions.last ?? 0):\n")
  for (name, bar) in [("row solve, 50 entries", 60.0), ("product tile, 48 × 256", 75)] {
    let share = (rates[name]?.last ?? .nan) / (peak.last ?? .nan) * 100
    print(
      "- \(name): \(Int(share.rounded())) % of the peak, ≥ \(Int(bar)) % "
        + (share >= bar ? "(met)" : "(**not met**)"))
  }
}
