// What a model remembers of its training, as strings in a file's header.
// SPDX-License-Identifier: Apache-2.0

extension TrainingRecord {
  private static let ownKeys: Set = [
    "format", "method", "seed", "rating_min", "rating_max", "ratings_fingerprint", "program",
  ]

  /// The record as a model file states it.
  ///
  /// An option may not take the name of one of the other fields: the field wins.
  package var metadata: [String: String] {
    var metadata = options
    metadata["format"] = Model.format
    metadata["method"] = method
    metadata["seed"] = "\(seed)"
    metadata["rating_min"] = ratingRange.map { "\($0.lowerBound)" }
    metadata["rating_max"] = ratingRange.map { "\($0.upperBound)" }
    metadata["ratings_fingerprint"] = fingerprint.isEmpty ? nil : fingerprint
    metadata["program"] = Program.nameAndVersion
    return metadata
  }

  /// The record that a model file's strings make; what is not known is an option, so that it is
  /// still there when the model is saved again, and a seed that makes no sense counts as missing.
  ///
  /// What `lie(in:)` finds counts as missing too.
  package init(metadata: [String: String]) {
    var range: ClosedRange<Float>?
    if let low = metadata["rating_min"].flatMap({ Float($0) }),
      let high = metadata["rating_max"].flatMap({ Float($0) }), low <= high
    {
      range = low...high
    }
    self.init(
      method: metadata["method"] ?? "unknown",
      options: metadata.filter { !Self.ownKeys.contains($0.key) },
      seed: metadata["seed"].flatMap { UInt64($0) } ?? 0, ratingRange: range,
      fingerprint: metadata["ratings_fingerprint"] ?? "")
  }

  /// What a model file's strings say that cannot be: numbers that predictions would be clipped to, or
  /// somebody new be folded in with; nil if nothing.
  package static func lie(in metadata: [String: String]) -> String? {
    func finite(_ key: String) -> Float? {
      metadata[key].flatMap { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
    for key in ["rating_min", "rating_max"] where metadata[key] != nil && finite(key) == nil {
      return "its \(key) is no finite number"
    }
    if let low = finite("rating_min"), let high = finite("rating_max"), low > high {
      return "its rating_min is above its rating_max"
    }
    guard let text = metadata["regularization"] else { return nil }
    let regularization = Double(text) ?? .nan
    return regularization >= 0 && regularization.isFinite
      ? nil : "its regularization is no finite number of 0 or more"
  }

  /// The record with further options; one of the same name is replaced.
  package func adding(_ further: [String: String]) -> TrainingRecord {
    TrainingRecord(
      method: method, options: options.merging(further) { $1 }, seed: seed,
      ratingRange: ratingRange, fingerprint: fingerprint)
  }
}
