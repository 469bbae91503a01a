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
  /// still there when the model is saved again, and what makes no sense counts as missing.
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

  /// The record with further options; one of the same name is replaced.
  package func adding(_ further: [String: String]) -> TrainingRecord {
    TrainingRecord(
      method: method, options: options.merging(further) { $1 }, seed: seed,
      ratingRange: ratingRange, fingerprint: fingerprint)
  }
}
