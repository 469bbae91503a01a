// kindred trace: one step of learning, worked out by hand.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred
import KindredWorksheet

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Work out one step of learning on one rating.",
    discussion: """
      Example: kindred trace ratings.csv --user alice --item heat-1995 --dimension 3
               kindred trace ratings.csv --user alice --item heat-1995 --model model.safetensors

      The same step that training takes millions of times: pred, diff, loss, the derivative at each \
      stage beside a check by wiggling, the new numbers, and whether the loss went down. Without a \
      model it is the first step of training, from the seeded random start. With a model of sgd it is what \
      another epoch of training would do to the pair, at the rates that the user and the item have come \
      down to; with one of als, what a step of sgd would do to it. Samples of bayes are drawn, not stepped.
      """)

  @Argument(help: "Files of ratings; - for standard input.")
  var ratings: [String]

  @Option(help: "The user's id.")
  var user: String

  @Option(help: "The item, by id, or by title if the model knows titles.")
  var item: String

  @Option(help: "The model to start from; its rates and regularization are used.")
  var model: String?

  @Option(parsing: .unconditional, help: "The rate, instead of the model's or the default.")
  var rate: Double?

  @Option(
    parsing: .unconditional, help: "The regularization, instead of the model's or the default.")
  var regularization: Double?

  @Option(
    parsing: .unconditional, help: "The numbers in each vector of a fresh start. (default: 3)")
  var dimension: Int?

  @Flag(help: "A fresh start without mean and biases.")
  var noBias = false

  @Option(parsing: .unconditional, help: "The seed of a fresh start.")
  var seed: UInt64 = 1

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  func validate() throws {
    if let dimension, !(1...10_000).contains(dimension) {
      throw ValidationError("--dimension is \(dimension); it must be from 1 to 10,000 here.")
    }
    if model != nil, dimension != nil || noBias {
      throw ValidationError("--dimension and --no-bias are for a fresh start, not for a model.")
    }
  }

  func run() throws {
    let ratings = try reading.read(ratings, announces: false)
    let trained = try model.map { try loading.model($0) }
    guard trained?.posterior == nil else {
      throw Exit.Problem.badData(
        "This is a model of \(Bayes.method), whose samples are drawn and not stepped to; trace one of sgd, "
          + "or a fresh start without --model.")
    }
    let id = try trained?.itemID(item) ?? item
    let options = try options(trained)
    guard let rating = try ratings.rating(user: user, item: id) else {
      throw Exit.Problem.badData(
        "User \(user) has not rated \(trained?.shown(id) ?? id), so there is nothing to learn from "
          + "this pair.")
    }
    let (state, mean) =
      try trained.map { model in (try model.pairState(user: user, item: id), model.mean) }
      ?? SGD.start(ratings, user: user, item: id, options: options)
    let step = HandWorkedStep(
      PairObjective(
        target: Double(rating), mean: mean, regularization: options.regularization),
      from: state, learned: .both,
      rates: try rates(trained, ratings, id, options))
    switch result.format {
    case .json: try printJSON(TraceReport(step, user: user, item: id))
    case .text:
      try emit(
        step.text(
          user: "user \(user.fitted(24))",
          item: (trained?.title(of: id) ?? "item \(id)").fitted(40),
          color: Terminal.hasColor),
        terminator: "")
    }
  }

  /// The rates of the user and the item: the one that was asked for, or those of the next epoch.
  private func rates(
    _ model: Model?, _ ratings: Ratings, _ item: String, _ options: SGDOptions
  ) throws -> PairRates {
    guard rate == nil, let model, model.record.method == SGD.method else {
      return PairRates(user: options.rate, item: options.rate)
    }
    guard let rates = try model.nextRates(user: user, item: item, ratings: ratings) else {
      throw Exit.Problem.badData(
        model.record.stoppedInEpoch.map {
          "Training of this model was stopped inside epoch \($0), so that what each row has seen is not "
            + "known; give the --rate of this step."
        }
          ?? "This model was trained with --schedule adagrad. The squared gradients that its rates come "
          + "from are not kept in a model, so give the --rate of this step.")
    }
    return rates
  }

  private func options(_ model: Model?) throws -> SGDOptions {
    var options = SGDOptions()
    options.dimension = dimension ?? 3
    options.hasBiases = !noBias
    options.seed = seed
    let recorded = model?.record.options ?? [:]
    if let value = rate ?? recorded["rate"].flatMap({ Double($0) }) { options.rate = value }
    if let value = regularization ?? recorded["regularization"].flatMap({ Double($0) }) {
      options.regularization = value
    }
    try options.validate()
    return options
  }
}

/// A step for scripts.
struct TraceReport: Encodable {
  struct Vectors: Encodable {
    let user: [Double]
    let item: [Double]
    let userBias: Double?
    let itemBias: Double?

    init(_ state: PairState) {
      user = state.user
      item = state.item
      userBias = state.biases?.user
      itemBias = state.biases?.item
    }
  }

  struct Gradients: Encodable {
    let diff: Double
    let pred: Double
    let user: [Double]
    let item: [Double]
    let userBias: Double?
    let itemBias: Double?
  }

  let user: String
  let item: String
  let target: Double
  let mean: Double
  let regularization: Double
  let userRate: Double
  let itemRate: Double
  let pred: Double
  let diff: Double
  let loss: Double
  let objective: Double
  let before: Vectors
  let gradients: Gradients
  let wiggles: Gradients
  let after: Vectors
  let lossAfter: Double
  let objectiveAfter: Double
  let wentDown: Bool
  let wigglesAgree: Bool

  init(_ step: HandWorkedStep, user: String, item: String) {
    self.user = user
    self.item = item
    target = step.objective.target
    mean = step.objective.mean
    regularization = step.objective.regularization
    userRate = step.rates.user
    itemRate = step.rates.item
    pred = step.pred
    diff = step.diff
    loss = step.loss
    objective = step.value
    before = Vectors(step.before)
    let (g, w) = (step.gradients, step.wiggles)
    gradients = Gradients(
      diff: g.diff, pred: g.pred, user: g.user, item: g.item, userBias: g.biases?.user,
      itemBias: g.biases?.item)
    wiggles = Gradients(
      diff: w.diff.slope, pred: w.pred.slope, user: w.user.map(\.slope), item: w.item.map(\.slope),
      userBias: w.userBias?.slope, itemBias: w.itemBias?.slope)
    after = Vectors(step.after)
    lossAfter = step.lossAfter
    objectiveAfter = step.valueAfter
    wentDown = step.wentDown
    wigglesAgree = step.wigglesAgree
  }
}
