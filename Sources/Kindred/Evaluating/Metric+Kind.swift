// The metrics: each with its definition, its source and its variants.
// SPDX-License-Identifier: Apache-2.0

extension Metric {
  /// What is measured.
  ///
  /// Below, T are the distinct test items of a user, whatever the model knows of them; L the k best
  /// of the candidates, L_r the one at rank r, counted from 1; a hit is an item of L that is in T.
  /// An item of T that the model does not know, or that is not a candidate because it has been seen,
  /// is a miss. The value of a metric is its mean over the users who have a test item.
  package enum Kind: String, CaseIterable, Sendable {
    // MARK: Errors of predicted ratings

    /// √(mean of (rating − score)²), over ratings, not over users.
    case rmse
    /// The mean of |rating − score|, over ratings, not over users.
    case mae

    // MARK: How many of the test items are found

    /// hits / |T|; Cleverdon's recall (van Rijsbergen 1979, chapter 7) at a cutoff, as in Wang et al.
    /// 2019 (NGCF) and He et al. 2020 (LightGCN).
    case recall
    /// hits / min(k, |T|): the recall of Liang et al. 2018 (Mult-VAE), which a list with nothing but
    /// test items always brings to 1.
    case cappedRecall = "recall-capped"
    /// hits / k, also where the list is shorter than k (van Rijsbergen 1979, chapter 7).
    case precision
    /// 1 if there is a hit, else 0: the hit ratio of Deshpande & Karypis 2004, for any number of
    /// test items.
    case hitRatio = "hr"

    // MARK: How high up they are

    /// DCG / ideal DCG with gain 1 for a test item, discount 1/log₂(rank + 1), and the ideal over
    /// min(k, |T|) items (Järvelin & Kekäläinen 2002 with the discount of Burges et al. 2005).
    case ndcg
    /// The same with gain 2^rating − 1 (Burges et al. 2005), the ideal over the k best
    /// rated of T; ratings below 0 gain nothing.
    case gradedNDCG = "ndcg-graded"
    /// The same with gain rating, as in trec_eval's `ndcg_cut` and scikit-learn's `ndcg_score`.
    case linearNDCG = "ndcg-linear"
    /// Gain 1 with the discount of Järvelin & Kekäläinen 2002 for base 2: none at ranks 1
    /// and 2, then 1/log₂(rank).
    case originalNDCG = "ndcg-jk"
    /// (Σ over hits of hits up to its rank / rank) / min(k, |T|): mean average precision cut at k so
    /// that a perfect list has 1 (as in Kaggle's MAP@k).
    case averagePrecision = "map"
    /// The same sum / |T|: trec_eval's `map_cut` (Buckley & Voorhees 2005).
    case fullAveragePrecision = "map-full"
    /// 1 / rank of the best ranked test item, 0 if there is none (Voorhees 1999); over the whole
    /// ranking, or with a cutoff 0 below it.
    case reciprocalRank = "mrr"
    /// The share of the pairs (test item, candidate that is none) that stand in the right order, equal
    /// scores counting half: Rendle et al. 2009 (BPR), ties as in Hanley & McNeil 1982. A
    /// test item that is no candidate loses all its pairs. Not defined for a user for whom every
    /// candidate is a test item.
    case auc

    // MARK: What the lists are like, whatever their hits

    /// The share of all items that are in the list of at least one user who has a test item: catalogue
    /// coverage (Ge, Delgado-Battenfeld & Jannach 2010). One number of all lists together,
    /// so that it has no mean over users and no interval.
    case coverage
    /// The mean of −log₂(share of the model's users who have the item in their history) over the
    /// list: self-information, in bits (Zhou et al. 2010; Vargas & Castells 2011). An
    /// item that nobody has counts as if one user had it.
    case novelty
    /// The mean cosine of the item vectors over all pairs of the list: intra-list similarity (Ziegler
    /// et al. 2005), as a mean instead of a sum. A vector of zeros is like nothing.
    case similarity = "ils"
  }
}

extension Metric.Kind {
  /// What a name is followed by.
  package enum CutoffUse { case none, allowed, needed }

  package var cutoff: CutoffUse {
    switch self {
    case .rmse, .mae, .auc: .none
    case .reciprocalRank: .allowed
    default: .needed
    }
  }

  /// A list of one item has no pairs.
  package var smallestCutoff: Int { self == .similarity ? 2 : 1 }

  /// Whether it is about ratings and not about rankings.
  package var isOfRatings: Bool { self == .rmse || self == .mae }

  /// Whether it means something for one test item among given others.
  package var isOfOneAgainstMany: Bool {
    switch self {
    case .hitRatio, .ndcg, .reciprocalRank, .auc: true
    default: false
    }
  }

  /// What it gains from a test item with this rating; nil where it has no gains.
  package func gain(rating: Float) -> Double? {
    switch self {
    case .ndcg, .originalNDCG: 1
    case .gradedNDCG: exponential2(max(0, Double(rating))) - 1
    case .linearNDCG: max(0, Double(rating))
    default: nil
    }
  }

  /// What a gain counts for at a rank, counted from 1.
  package func discount(rank: Int) -> Double {
    self == .originalNDCG
      ? 1 / max(1, binaryLogarithm(Double(rank))) : 1 / binaryLogarithm(Double(rank) + 1)
  }
}
