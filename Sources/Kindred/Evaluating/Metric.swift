// What can be measured, by name.
// SPDX-License-Identifier: Apache-2.0

/// A measure of how well a model does on interactions that it has not seen.
///
/// ```swift
/// let metrics = [try Metric("recall@20"), try Metric("ndcg@20")]
/// ```
///
/// The number after @ is the cutoff k: how many items at the top of a ranking count. Other people's
/// variants of a metric have names of their own, so that a name never means two things; ``names``
/// names them all; <doc:Evaluating> defines them, `Metric.Kind` in the source says where they are from.
public struct Metric: Hashable, Sendable, CustomStringConvertible {
  package let kind: Kind
  /// How many items at the top of a ranking count; nil for a metric without a cutoff.
  public let cutoff: Int?

  package init(_ kind: Kind, cutoff: Int? = nil) {
    self.kind = kind
    self.cutoff = cutoff
  }

  /// A metric by its name, such as "rmse" or "ndcg@20"; case and spaces around it do not matter.
  ///
  /// - Throws: `MetricError` for a name that does not exist, with those that do, and for a cutoff
  ///   that is missing, unwanted or no count.
  public init(_ text: some StringProtocol) throws(MetricError) {
    let name = text.split(separator: " ").joined(separator: " ").lowercased()
    let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let kind = Kind(rawValue: String(first)) else {
      throw .unknown(String(text))
    }
    guard parts.count == 2 else {
      guard kind.cutoff != .needed else { throw .cutoffMissing(kind.rawValue) }
      self.init(kind)
      return
    }
    guard kind.cutoff != .none else { throw .cutoffUnwanted(kind.rawValue) }
    guard let cutoff = Int(parts[1]), (kind.smallestCutoff...Int(Int32.max)).contains(cutoff) else {
      throw .badCutoff(name, smallest: kind.smallestCutoff)
    }
    self.init(kind, cutoff: cutoff)
  }

  /// The metrics of a list separated by commas, each once, in the order of the list.
  ///
  /// - Throws: `MetricError` for a name that is wrong, and for an empty list.
  public static func list(_ text: String) throws(MetricError) -> [Metric] {
    var metrics: [Metric] = []
    for name in text.split(separator: ",") where !name.allSatisfy({ $0 == " " }) {
      let metric = try Metric(name)
      if !metrics.contains(metric) { metrics.append(metric) }
    }
    guard !metrics.isEmpty else { throw .none }
    return metrics
  }

  /// The metric's name, as `init` reads it.
  public var description: String {
    cutoff.map { "\(kind.rawValue)@\($0)" } ?? kind.rawValue
  }

  /// Whether a smaller value is the better one: errors, and likeness within a list.
  public var prefersLess: Bool { kind == .rmse || kind == .mae || kind == .similarity }

  /// The names of all metrics, with @k where a cutoff goes.
  public static var names: [String] {
    Kind.allCases.map {
      switch $0.cutoff {
      case .none: $0.rawValue
      case .allowed: "\($0.rawValue)[@k]"
      case .needed: "\($0.rawValue)@k"
      }
    }
  }
}

/// Why a text names no metric.
public enum MetricError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no metric of this name.
  case unknown(String)
  /// This metric needs a cutoff.
  case cutoffMissing(String)
  /// This metric has no cutoff.
  case cutoffUnwanted(String)
  /// The cutoff of this metric is no whole number from the smallest one on.
  case badCutoff(String, smallest: Int)
  /// The list names no metric.
  case none

  /// What is wrong, and what there is, in a sentence.
  public var description: String {
    switch self {
    case .unknown(let name):
      "there is no metric \"\(name.prefix(40))\"; there are \(Metric.names.joined(separator: ", "))."
    case .cutoffMissing(let name):
      "\(name) needs a cutoff, how many items at the top count: \(name)@20."
    case .cutoffUnwanted(let name): "\(name) has no cutoff: write \(name)."
    case .badCutoff(let name, let smallest):
      "the cutoff of \"\(name.prefix(40))\" must be a whole number, \(smallest) or more."
    case .none: "it names no metric; there are \(Metric.names.joined(separator: ", "))."
    }
  }
}
