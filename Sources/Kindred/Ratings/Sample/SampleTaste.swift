// The tastes that simulated viewers are made from, and where each genre points.
// SPDX-License-Identifier: Apache-2.0

/// The eight directions in which the simulated viewers differ.
///
/// A film's vector says how much of each it holds, a viewer's how much of each they enjoy. The
/// first seven come from a film's genres and the last from its year.
package enum SampleAxis: Int, CaseIterable {
  case laughter, song, shadow, wonder, frontier, dread, heart, recent

  /// A vector over the axes from the few coordinates that are not zero.
  package static func vector(_ coordinates: KeyValuePairs<SampleAxis, Double>) -> [Double] {
    var vector = [Double](repeating: 0, count: allCases.count)
    for (axis, value) in coordinates { vector[axis.rawValue] = value }
    return vector
  }
}

extension SampleGenre {
  /// Where the genre points among the axes.
  package var direction: [Double] {
    switch self {
    case .adventure: SampleAxis.vector([.wonder: 0.7, .frontier: 0.5])
    case .animation: SampleAxis.vector([.song: 0.6, .laughter: 0.4, .wonder: 0.4])
    case .comedy: SampleAxis.vector([.laughter: 1])
    case .crime: SampleAxis.vector([.shadow: 0.9])
    case .drama: SampleAxis.vector([.heart: 0.7])
    case .fantasy: SampleAxis.vector([.wonder: 0.7, .song: 0.3])
    case .filmNoir: SampleAxis.vector([.shadow: 1])
    case .horror: SampleAxis.vector([.dread: 1])
    case .musical: SampleAxis.vector([.song: 1])
    case .romance: SampleAxis.vector([.heart: 1])
    case .scienceFiction: SampleAxis.vector([.wonder: 1])
    case .thriller: SampleAxis.vector([.shadow: 0.7, .dread: 0.3])
    case .war: SampleAxis.vector([.frontier: 0.9])
    case .western: SampleAxis.vector([.frontier: 1])
    }
  }
}

/// One of the six tastes from which the simulated viewers are mixed.
///
/// Invented for the sample: people are not of six kinds.
package enum SampleTaste: Int, CaseIterable, Sendable {
  /// Comedies and musicals; nothing frightening.
  case merry
  /// Film noir, crime and thrillers; no singing.
  case shadowy
  /// Science fiction, adventure and fantasy; no love stories.
  case wondering
  /// Westerns and war films; no singing.
  case rugged
  /// Horror, and the thrillers next to it; no love stories.
  case fearless
  /// Romance and drama; no monsters and no gunfire.
  case tender

  /// The genres that this taste is about.
  package var loves: Set<SampleGenre> {
    switch self {
    case .merry: [.comedy, .musical]
    case .shadowy: [.filmNoir, .crime, .thriller]
    case .wondering: [.scienceFiction, .adventure, .fantasy]
    case .rugged: [.western, .war]
    case .fearless: [.horror]
    case .tender: [.romance, .drama]
    }
  }

  /// The genres that this taste would rather leave alone.
  package var avoids: Set<SampleGenre> {
    switch self {
    case .merry: [.horror, .war]
    case .shadowy: [.musical, .animation]
    case .wondering: [.romance, .drama]
    case .rugged: [.musical, .animation]
    case .fearless: [.romance, .musical]
    case .tender: [.horror, .war, .western]
    }
  }

  /// How much this taste enjoys each axis; about as much dislike in each as liking.
  package var direction: [Double] {
    switch self {
    case .merry:
      SampleAxis.vector([.laughter: 1, .song: 1, .shadow: -0.4, .frontier: -0.6, .dread: -1])
    case .shadowy:
      SampleAxis.vector([.shadow: 1.3, .dread: 0.3, .song: -1, .laughter: -0.4, .recent: -0.3])
    case .wondering:
      SampleAxis.vector([.wonder: 1.3, .frontier: 0.2, .heart: -1, .song: -0.4, .recent: 0.3])
    case .rugged:
      SampleAxis.vector([.frontier: 1.4, .song: -1.1, .dread: -0.4, .wonder: 0.2])
    case .fearless:
      SampleAxis.vector([.dread: 1.4, .shadow: 0.4, .heart: -0.9, .song: -0.7])
    case .tender:
      SampleAxis.vector([.heart: 1.3, .song: 0.3, .dread: -0.9, .frontier: -0.8])
    }
  }
}
