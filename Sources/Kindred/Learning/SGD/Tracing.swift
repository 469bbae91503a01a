// What one pair looks like to the trainer: the numbers that a hand-worked step starts from.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The vectors and biases of a user and an item, as a step of learning would find them.
  ///
  /// - Throws: `ModelError` for an unknown id.
  public func pairState(user: String, item: String) throws(ModelError) -> PairState {
    let (userRow, itemRow) = (try row(ofUser: user), try row(ofItem: item))
    return PairState(
      user: userEmbeddings.numbers(userRow), item: itemEmbeddings.numbers(itemRow),
      biases: biases == nil
        ? nil : PairState.Biases(user: userBias(userRow), item: itemBias(itemRow)))
  }
}

extension Ratings {
  /// The rating that a user gave an item; nil if there is none.
  ///
  /// - Throws: `ModelError` for an id that has no rating at all.
  /// - Complexity: O(log users + log items + ratings of the user).
  public func rating(user: String, item: String) throws(ModelError) -> Float? {
    let (userRow, itemRow) = (try users.known(user), try items.known(item))
    let range = byUser.range(userRow)
    guard let place = byUser.columns[range].firstIndex(of: itemRow.index) else { return nil }
    return byUser.values[place]
  }
}

extension SGD {
  /// The numbers that training would start from for one pair, and the mean.
  ///
  /// - Throws: `ModelError` for an unknown id.
  /// - Complexity: O(dimension).
  package static func start(
    _ ratings: Ratings, user: String, item: String, options: SGDOptions
  ) throws(ModelError) -> (state: PairState, mean: Double) {
    let (userRow, itemRow) = (try ratings.users.known(user), try ratings.items.known(item))
    let state = PairState(
      user: SGDState.start(of: userRow, options).map { Double($0) },
      item: SGDState.start(of: itemRow, options).map { Double($0) },
      biases: options.hasBiases ? PairState.Biases(user: 0, item: 0) : nil)
    return (state, options.hasBiases ? ratings.mean : 0)
  }
}

extension SGDOptions {
  /// The settings that a model of `sgd` was trained with, as far as its rates go; one that is older
  /// than schedules was trained at a constant rate.
  package init(of record: TrainingRecord) {
    self.init()
    func number(_ name: String) -> Double? { record.options[name].flatMap { Double($0) } }
    if let epochs = record.options["epochs"].flatMap({ Int($0) }) { self.epochs = epochs }
    if let rate = number("rate") { self.rate = rate }
    if let regularization = number("regularization") { self.regularization = regularization }
    schedule = record.options["schedule"].flatMap { RateSchedule(rawValue: $0) } ?? .constant
    decay = number("decay") ?? 1
    seed = record.seed
  }
}

extension Model {
  /// The rates that another epoch of ``SGD`` would begin with for a user and an item.
  ///
  /// A row has seen its ratings once an epoch. They are counted in the model's history, in `ratings`
  /// if it has none.
  ///
  /// - Returns: The rates; nil where they follow from what a model does not keep (``RateSchedule/adagrad``,
  ///   or a stop inside an epoch), or if another method trained it.
  /// - Throws: `ModelError` for an unknown id.
  /// - Complexity: O(ratings).
  public func nextRates(
    user: String, item: String, ratings: Ratings
  ) throws(ModelError) -> PairRates? {
    let options = SGDOptions(of: record)
    guard record.method == SGD.method, record.stoppedInEpoch == nil, options.schedule != .adagrad
    else { return nil }
    let (userRow, itemRow) = (try row(ofUser: user), try row(ofItem: item))
    let counts: (user: Int, item: Int)
    if let history {
      counts = (
        history.columns(userRow).count, history.columns.count { $0 == itemRow.index }
      )
    } else {
      let (userRow, itemRow) = (try ratings.users.known(user), try ratings.items.known(item))
      counts = (
        ratings.byUser.range(userRow).count,
        ratings.byUser.columns.count { $0 == itemRow.index }
      )
    }
    let pace = options.pace(epoch: options.epochs + 1)
    func rate(_ count: Int) -> Double { Double(pace.step(seen: options.seen(count)).step) / 2 }
    return PairRates(user: rate(counts.user), item: rate(counts.item))
  }
}

extension SGDOptions {
  /// What a row with so many ratings has seen after all epochs: the kernel counts in `Float`, which
  /// stops at 2²⁴.
  fileprivate func seen(_ count: Int) -> Float {
    let (product, overflow) = count.multipliedReportingOverflow(by: max(0, epochs))
    return Float(overflow ? 1 << 24 : min(product, 1 << 24))
  }
}
