// Finding the best items among bytes, and making sure that they are.
// SPDX-License-Identifier: Apache-2.0

/// A scan of a model's items for one user at a time.
struct ItemScan: Sendable {
  /// The candidates for each item that is asked for, and those beyond.
  static let (candidatesForEach, candidatesBeyond) = (4, 32)

  private let model: Model
  private let panels: BytePanels
  /// Whether each item may come up; empty if all may. [items]
  private let allowed: [Bool]
  /// What is added to each dot product, filled up with zeros; nil for nothing. [16 · panels]
  private let biases: Flat<Float>?
  /// The greatest of them, whatever its sign.
  private let greatestBias: Double
  private let threads: Int

  /// - Parameters:
  ///   - quantized: The items.
  ///   - allowed: Whether each may come up; empty if all may.
  ///   - biases: What is added to each dot product; nil for the model's biases.
  ///   - threads: How many may look at a time; 0 for one per core.
  init(_ quantized: QuantizedItems, allowed: [Bool], biases: Flat<Float>?, threads: Int) {
    model = quantized.model
    panels = quantized.panels
    self.allowed = allowed
    self.biases = biases.map(quantized.panels.filledUp) ?? quantized.biases
    greatestBias =
      biases.map(QuantizedItems.greatest) ?? quantized.greatestBias
    self.threads = threads
  }

  /// The best items for somebody, best first; nil if no number of candidates that is worth it is shown to
  /// hold them.
  ///
  /// - Throws: `ModelError.outOfRange` if a candidate's score is not finite.
  func best(
    _ count: Int, for asker: Recommender.Asker
  ) throws(ModelError) -> [(row: ItemRow, score: Double)]? {
    let query = RoundedVector(asker.vector.span)
    guard query.length.isFinite, asker.base.isFinite else {
      throw .outOfRange("Scoring the items")
    }
    let reach = reach(query)
    // Beyond the range of Float, bytes would find nothing: exact scores say what is wrong.
    guard reach.greatest <= Double(Float.greatestFiniteMagnitude) / 4 else { return nil }
    var size = count * Self.candidatesForEach + Self.candidatesBeyond
    while size <= model.items.count / 8 || size <= 1024 {
      let candidates = candidates(size, query, asker)
      let scored = try scored(candidates.map(\.row), asker)
      let best = Array(scored.prefix(count))
      // With fewer than were wanted, nothing has been left out.
      guard candidates.count == size, let last = candidates.last else { return best }
      guard best.count == count, let worst = best.last else { return best }
      let rounding = 0x1p-50 * (abs(asker.base) + reach.greatest)
      if worst.score > asker.base + last.score + reach.error + rounding { return best }
      size *= 8
    }
    return nil
  }

  /// How large a score from bytes may be, and by how much an exact one may be above it.
  private func reach(_ query: RoundedVector) -> (greatest: Double, error: Double) {
    // ‖ŷ‖ ≤ ‖y‖ + ‖y − ŷ‖, and so for x.
    let rounded = panels.length + panels.error
    let products = (query.length + query.error) * rounded
    let bytes = query.length * panels.error + query.error * rounded
    // A sum of d products in Float is off by at most d · 2⁻²⁴ of their absolute sum, to first order, which
    // Cauchy–Schwarz bounds; the score from bytes by four roundings, the last with the bias. Twice
    // that, and what scales lose whose product is below the normal numbers.
    let terms = Double(model.dimension)
    let rounding = (terms + 8) * 0x1p-23 * products + 0x1p-22 * greatestBias + terms * 0x1p-126
    return (products + greatestBias, bytes + rounding)
  }

  /// The items with the highest scores by bytes, best first; the threads' parts do not show.
  private func candidates(
    _ size: Int, _ query: RoundedVector, _ asker: Recommender.Asker
  ) -> [(row: ItemRow, score: Double)] {
    let parts = max(1, min(threadCount(threads), panels.count / 1024))
    let found = parallelMap(parts, threads: threads) { part in
      let some = panels.count * part / parts..<panels.count * (part + 1) / parts
      return candidates(size, query, asker, some)
    }
    guard found.count > 1 else { return found.first ?? [] }
    var selection = TopSelection<ItemSide>(capacity: size)
    for (row, score) in found.joined() { selection.offer(row, score: score) }
    return selection.sorted()
  }

  private func candidates(
    _ size: Int, _ query: RoundedVector, _ asker: Recommender.Asker, _ some: Range<Int>
  ) -> [(row: ItemRow, score: Double)] {
    let step = 64
    var selection = ItemSelection(base: 0, seen: asker.seen, count: size)
    var scores = Array(repeating: Float(0), count: step * BytePanels.width)
    var hits = Array(repeating: Int32(0), count: scores.count)
    let none: [Float] = []
    for first in stride(from: some.lowerBound, to: some.upperBound, by: step) {
      let block = first..<min(some.upperBound, first + step)
      let items = first * BytePanels.width..<block.upperBound * BytePanels.width
      var all = scores.mutableSpan
      var out = all._mutatingExtracting(0..<items.count)
      let added = biases?[items] ?? []
      ScanKernel.best.scan(query, panels, panels: block, biases: added.span, into: &out)
      // Without the rows that fill the last panel up.
      let places = items.lowerBound..<min(items.upperBound, model.items.count)
      selection.meet(
        scores.span.extracting(0..<places.count), none.span, places, rows: nil, allowed: allowed,
        hits: &hits)
    }
    return selection.sorted()
  }

  /// The items' exact scores, best first.
  private func scored(
    _ rows: [ItemRow], _ asker: Recommender.Asker
  ) throws(ModelError) -> [(row: ItemRow, score: Double)] {
    let places = rows.map(\.index).sorted()
    var dots = Array(repeating: Float(0), count: places.count)
    var out = dots.mutableSpan
    Kernels.best.score(
      asker.vector.span, model.itemEmbeddings.elements, stride: model.dimension,
      at: places.span, into: &out)
    var selection = TopSelection<ItemSide>(capacity: places.count)
    for (place, dot) in zip(places, dots) {
      guard dot.isFinite else { throw .outOfRange("Scoring the items") }
      let start = asker.base + Double(biases?[Int(place)] ?? 0)
      selection.offer(ItemRow(place), score: start + Double(dot))
    }
    return selection.sorted()
  }
}
