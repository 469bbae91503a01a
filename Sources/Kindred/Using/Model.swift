// A trained model: two tables of embeddings and what belongs to them.
// SPDX-License-Identifier: Apache-2.0

/// A dot-product model: what every user and item is like, as vectors whose products are scores.
///
/// ```swift
/// let model = try SGD.fit(ratings)
/// for pick in try model.recommend(for: "alice", count: 5) { print(pick.item, pick.score) }
/// ```
///
/// The score of user u for item i is μ + b_u + b_i + x_u · y_i (Koren, Bell & Volinsky 2009,
/// eq. 4); without biases it is the plain dot product. Scores are in the unit of the ratings and
/// are not clipped to their range.
///
/// A model is immutable. It is not a live view of ratings: new ones need a new fit or a fold-in.
public struct Model: Sendable {
  /// The users' vectors, in row order.
  public let userEmbeddings: EmbeddingTable<UserSide>
  /// The items' vectors, in row order.
  public let itemEmbeddings: EmbeddingTable<ItemSide>
  /// What is added to each row's scores; nil for a plain dot product.
  public let biases: Biases?
  /// The mean rating μ that scores start from; 0 without biases.
  public let mean: Double
  /// The users' ids.
  public let users: IDs<UserSide>
  /// The items' ids.
  public let items: IDs<ItemSide>
  /// What the model was trained with.
  public let record: TrainingRecord
  /// What a model of many samples knows of them; nil for a model of one.
  public let posterior: Posterior?

  /// The items' titles, "" where there is none. [items]
  package let titles: Texts?
  /// What else is known of the items, as ``ItemAttributes`` reads it. [items]
  package let attributes: Texts?
  package let history: CompressedRows<UserSide, ItemSide>?
  /// YᵀY of each side, made when somebody is folded in who needs it.
  let grams = TableGrams()

  package init(
    userEmbeddings: EmbeddingTable<UserSide>, itemEmbeddings: EmbeddingTable<ItemSide>,
    biases: Biases?, mean: Double, users: IDs<UserSide>, items: IDs<ItemSide>,
    titles: Texts? = nil, attributes: Texts? = nil,
    history: CompressedRows<UserSide, ItemSide>?, record: TrainingRecord,
    posterior: Posterior? = nil
  ) {
    precondition(
      userEmbeddings.dimension == itemEmbeddings.dimension,
      "users have \(userEmbeddings.dimension) dimensions, items \(itemEmbeddings.dimension)")
    precondition(userEmbeddings.count == users.count && itemEmbeddings.count == items.count)
    precondition(
      posterior.map { $0.samples * $0.sampleWidth == userEmbeddings.dimension } ?? true,
      "\(userEmbeddings.dimension) dimensions are not \(posterior?.samples ?? 0) samples")
    precondition((titles?.count ?? items.count) == items.count)
    precondition((attributes?.count ?? items.count) == items.count)
    self.userEmbeddings = userEmbeddings
    self.itemEmbeddings = itemEmbeddings
    self.biases = biases
    self.mean = mean
    self.users = users
    self.items = items
    self.titles = titles
    self.attributes = attributes
    self.history = history
    self.record = record
    self.posterior = posterior
  }

  /// The numbers in each vector.
  public var dimension: Int { userEmbeddings.dimension }

  /// Whether the model keeps the interactions that it was trained on.
  public var hasHistory: Bool { history != nil }

  /// The title of an item, where the model knows one.
  public func title(of item: String) -> String? {
    guard let row = items.row(of: item) else { return nil }
    return title(row)
  }

  package func title(_ row: ItemRow) -> String? {
    guard let title = titles?[Int(row.index)], !title.isEmpty else { return nil }
    return title
  }

  /// The same model with the titles of its items; an item without one keeps its id alone.
  public func withTitles(_ title: (_ item: String) -> String?) -> Model {
    replacing(titles: Texts(items.all.map { title($0) ?? "" }), attributes: attributes)
  }

  /// The same model with what a file says about its items: titles, and attributes to choose by.
  public func withTitles(_ titles: Titles) -> Model {
    let attributes = items.all.map { ItemAttributes(titles.attributes(of: $0)) }
    return replacing(
      titles: Texts(items.all.map { titles.title(of: $0) ?? "" }),
      attributes: attributes.allSatisfy(\.isEmpty) ? nil : Texts(attributes.lazy.map(\.json)))
  }

  /// The same model without the interactions that it was trained on.
  public func withoutHistory() -> Model {
    Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings, biases: biases, mean: mean,
      users: users, items: items, titles: titles, attributes: attributes, history: nil,
      record: record, posterior: posterior)
  }

  /// The same model with further options in its record, for what shaped the result outside of the
  /// method.
  package func recording(_ further: [String: String]) -> Model {
    Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings, biases: biases, mean: mean,
      users: users, items: items, titles: titles, attributes: attributes, history: history,
      record: record.adding(further), posterior: posterior)
  }

  private func replacing(titles: Texts?, attributes: Texts?) -> Model {
    Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings, biases: biases, mean: mean,
      users: users, items: items, titles: titles, attributes: attributes, history: history,
      record: record, posterior: posterior)
  }

  // MARK: Rows of ids

  package func row(ofUser id: String) throws(ModelError) -> UserRow { try users.known(id) }

  package func row(ofItem id: String) throws(ModelError) -> ItemRow { try items.known(id) }
}

extension IDs<UserSide> {
  /// The row of a user who must be known.
  package func known(_ id: String) throws(ModelError) -> UserRow {
    guard let row = row(of: id) else { throw .unknownUser(id, nearest: nearest(to: id)) }
    return row
  }
}

extension IDs<ItemSide> {
  /// The row of an item that must be known.
  package func known(_ id: String) throws(ModelError) -> ItemRow {
    guard let row = row(of: id) else { throw .unknownItem(id, nearest: nearest(to: id)) }
    return row
  }
}

/// A question that a model cannot answer.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No user has this id; the nearest known ones.
  case unknownUser(String, nearest: [String])
  /// No item has this id; the nearest known ones.
  case unknownItem(String, nearest: [String])
  /// The answer needs the training interactions, which this model was saved without.
  case noHistory(need: String)
  /// The answer needs samples, which only models of `bayes` have.
  case noSamples(need: String)
  /// A rating given for someone new is not finite.
  case badRating(item: String, rating: Float)
  /// A rating given for something new is not finite.
  case badRatingBy(user: String, rating: Float)
  /// A value given for someone new has no weight: whose it is, and what it should be.
  case badWeight(of: String, rating: Float, expected: String)
  /// The model's record lacks what the answer needs.
  case badRecord(need: String)
  /// A method into whose models no new item can be folded.
  case noNewItems(method: String)
  /// The row's equations have no single solution.
  case singular(String)
  /// The answer's numbers are beyond the range of `Float`.
  case outOfRange(String)
  /// No item has an attribute of this name; the names that there are.
  case unknownAttribute(String, known: [String])
  /// No item meets these conditions; if one names a value that no item has, the nearest that there
  /// are.
  case noSuchItem(conditions: String, nearest: [String])

  /// What is wrong, and what to try, in a sentence.
  public var description: String {
    switch self {
    case .unknownUser(let id, let nearest): Self.unknown("user", id, nearest)
    case .unknownItem(let id, let nearest): Self.unknown("item", id, nearest)
    case .noHistory(let need):
      "\(need) needs the training interactions, and this model was saved without them."
    case .noSamples(let need):
      "\(need) is known to a model of many samples only: learn one with the method bayes."
    case .badRating(let item, let rating):
      "The rating of item \(item) is \(rating), not a finite number."
    case .badRatingBy(let user, let rating):
      "The rating by user \(user) is \(rating), not a finite number."
    case .badWeight(let id, let rating, let expected):
      "The value \(rating) of \(id) gives no weight: it must be \(expected)."
    case .badRecord(let need):
      "The model's record does not hold \(need), without which nobody can be folded in: learn it again."
    case .noNewItems(let method):
      "What is new about an item only training tells a model of \(method): learn it again."
    case .unknownAttribute(let name, let known):
      known.isEmpty
        ? "This model knows no attributes of its items; learn it with --titles."
        : "No item of this model has the attribute \"\(name)\"; there are: "
          + known.joined(separator: ", ") + "."
    case .noSuchItem(let conditions, let nearest):
      "No item meets \(conditions)."
        + (nearest.isEmpty
          ? "" : " Nearest: " + nearest.map { "\"\($0)\"" }.joined(separator: ", ") + ".")
    case .outOfRange(let what): "\(what) gives numbers too large to compute with."
    case .singular(let what):
      "\(what) has no single best vector: there are fewer ratings than dimensions and no "
        + "regularization; train with a regularization above 0."
    }
  }

  private static func unknown(_ noun: String, _ id: String, _ nearest: [String]) -> String {
    let shown = id.count > 80 ? "\(id.prefix(80))…" : id
    let hint =
      nearest.isEmpty
      ? "" : " Nearest known: " + nearest.map { "\"\($0)\"" }.joined(separator: ", ") + "."
    return "There is no \(noun) \"\(shown)\" in this model.\(hint)"
  }
}
