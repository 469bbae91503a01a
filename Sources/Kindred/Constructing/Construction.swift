// What is answered: a verdict, vectors, and the proof.
// SPDX-License-Identifier: Apache-2.0

/// The answer to a ``ConstructionProblem``.
public struct Construction: Sendable {
  /// What is known about the vectors that fit.
  public enum Verdict: String, Hashable, Sendable {
    /// Exactly one way to fill in the blanks.
    case unique
    /// Infinitely many ways; one of them is shown.
    case family
    /// No way at all, proven; the best approximation is shown.
    case impossible
    /// Neither a proof that it can be done in one or many ways, nor that it cannot.
    case undecided
  }

  /// A number that is exact, or one that a numerical search came to.
  public enum Entry: Hashable, Sendable {
    /// The number itself.
    case exact(Rational)
    /// Close to some number that no fraction is known for.
    case approximate(Double)

    /// The nearest floating-point number; never -0.
    public var doubleValue: Double {
      switch self {
      case .exact(let value): value.doubleValue
      case .approximate(let value): value + 0
      }
    }

    /// The exact value; nil if the number is approximate.
    public var rational: Rational? {
      if case .exact(let value) = self { value } else { nil }
    }
  }

  /// What one relation comes to with the vectors shown.
  public struct RelationOutcome: Hashable, Sendable {
    /// The relation.
    public var relation: Relation
    /// The dot product of the vectors shown; exact if all their entries are.
    public var achieved: Entry
    /// Whether the dot product is exactly the target; false where it is only known approximately.
    public var holds: Bool
  }

  /// The entries that can be chosen freely, where there is a choice.
  public struct Freedom: Hashable, Sendable {
    /// How many free dimensions one vector has.
    public struct Vector: Hashable, Sendable {
      /// The vector's table.
      public var side: VectorSide
      /// The vector's place in its table, from 0.
      public var row: Int
      /// The vector's name.
      public var name: String
      /// Its blanks less the rank of its own equations; at least 1.
      public var count: Int
    }

    /// The dimension of the set of all solutions.
    public var total: Int
    /// The vectors with a choice; nil where the choices of two vectors hang together.
    public var vectors: [Vector]?
  }

  /// The squared errors of the relations.
  public struct Loss: Hashable, Sendable {
    /// Their sum; infinite if beyond the range of `Double`.
    public var sum: Double
    /// Their mean; 0 without relations.
    public var mean: Double
    /// The sum as a fraction, where that is known and not absurdly long.
    public var exactSum: Rational?
    /// The mean as a fraction, where that is known and not absurdly long.
    public var exactMean: Rational?
  }

  /// What is known about the vectors that fit.
  public var verdict: Verdict
  /// The users' vectors filled in, [users][dimension].
  public var users: [[Entry]]
  /// The items' vectors filled in, [items][dimension].
  public var items: [[Entry]]
  /// Each different relation, in the order of first mention.
  public var outcomes: [RelationOutcome]
  /// For a family, how large it is; nil for any other verdict.
  public var freeDimensions: Freedom?
  /// The rank of a complete table of targets, the fewest dimensions that can hold it whatever is
  /// given; nil if a pair has no target.
  public var minimumDimension: Int?
  /// Why the verdict is certain, or why it is not, in parts that can be shown.
  public var proof: ConstructionProof
  /// Why, in a few plain sentences.
  public var why: String
  /// How far the vectors shown are from the targets; for `impossible` by rank with nothing given,
  /// the least that any vectors reach.
  public var loss: Loss
}

/// Why a verdict is certain, or why there is none.
public enum ConstructionProof: Hashable, Sendable {
  /// Every relation is a linear equation, once what is forced is put in: a count decides.
  case linear(Linear)
  /// A combination of relations that no numbers satisfy.
  case contradiction(Contradiction)
  /// The rank of the complete table of targets is no more than the dimension.
  case rank(Factorization)
  /// A determinant taken from the complete table of targets that is not 0: too many independent
  /// rows for the dimension.
  case minor(Minor)
  /// There is no proof.
  case none(Obstacle)

  /// An entry that the relations leave one value for.
  public struct Forced: Hashable, Sendable {
    /// The entry.
    public var position: EntryPosition
    /// Its only possible value.
    public var value: Rational
    /// The relations that together force it, given the entries forced before.
    public var relations: [Relation]
  }

  /// A linear system that has solutions.
  public struct Linear: Hashable, Sendable {
    /// How many entries are blank.
    public var unknowns: Int
    /// How many of them the relations determine; all of them if the answer is unique.
    public var rank: Int
    /// The entries that had to be known before other relations were linear, in order; at most 200.
    public var forced: [Forced]
  }

  /// A relation times a number.
  public struct Term: Hashable, Sendable {
    /// The number, not 0.
    public var coefficient: Rational
    /// The relation.
    public var relation: Relation
  }

  /// Relations whose combination is always one number, while their targets make it another.
  public struct Contradiction: Hashable, Sendable {
    /// The combination, in integers without a common factor.
    public var terms: [Term]
    /// What the combination of dot products is, whatever is filled in.
    public var always: Rational
    /// What the same combination of targets is: not the same.
    public var targets: Rational
    /// The entries that had to be known for the relations to be linear, in order; at most 200.
    public var forced: [Forced]
  }

  /// A complete table of targets as a product of two thinner ones.
  public struct Factorization: Hashable, Sendable {
    /// The rank of the table.
    public var rank: Int
    /// The items whose columns of targets are the users' first entries.
    public var items: [Int]
  }

  /// Rows and columns of the table of targets, one more than the dimension, that are independent.
  public struct Minor: Hashable, Sendable {
    /// The rows, as places of users.
    public var users: [Int]
    /// The columns, as places of items.
    public var items: [Int]
    /// The determinant of the targets there, not 0.
    public var determinant: Rational
    /// The rank of the whole table.
    public var rank: Int
  }

  /// What stands in the way of a proof.
  public struct Obstacle: Hashable, Sendable {
    /// The first relation with numbers missing on both sides of one product.
    public var relation: Relation
    /// How many relations have.
    public var relationCount: Int
    /// The entries of these relations that other relations force, if any; at most 200.
    public var forced: [Forced]
    /// Whether the vectors shown are an exact solution, checked in fractions.
    public var solutionFound: Bool
  }
}
