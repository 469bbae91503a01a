// Softmax under the contract of all trainers, and what is its own.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Softmax") struct SoftmaxTests {
  private static var quick: SoftmaxOptions {
    var options = SoftmaxOptions()
    options.dimension = 4
    options.epochs = 30
    options.batch = 16
    options.rate = 0.05
    options.initialDeviation = 0.1
    options.temperature = 0.2
    return options
  }

  private let contract = TrainerContract(Softmax.self, options: quick)

  private static let kinds: [String] = ["cosine", "dot", "sampled", "adagrad"]

  private static func options(_ kind: String) -> SoftmaxOptions {
    var options = quick
    switch kind {
    case "dot":
      options.similarity = .dot
      options.temperature = 1
      options.regularization = 0.01
    case "sampled":
      options.negatives = 15
    case "adagrad":
      options.optimizer = .adagrad
      options.rate = 0.2
    default: break
    }
    return options
  }

  @Test("learns planted tastes", arguments: kinds, 1...3)
  func ranks(kind: String, seed: UInt64) throws {
    try TrainerContract(Softmax.self, options: Self.options(kind)).ranks(seed: seed, recall: 0.4)
  }

  @Test("gives the same bytes for any number of threads", arguments: kinds, 1...2)
  func isDeterministic(kind: String, seed: UInt64) throws {
    try TrainerContract(Softmax.self, options: Self.options(kind)).isDeterministic(seed: seed)
  }

  @Test("records what it did") func records() throws { try contract.records() }
  @Test("folds in", arguments: kinds) func foldsIn(kind: String) throws {
    try TrainerContract(Softmax.self, options: Self.options(kind)).foldsIn()
  }
  @Test("saves and loads") func savesAndLoads() throws { try contract.savesAndLoads() }
  @Test("reports every epoch") func reports() throws { try contract.reportsEveryEpoch() }
  @Test("stops when asked") func stops() throws { try contract.stopsWhenAsked() }
  @Test("resumes", arguments: kinds, [nil, 3]) func resumes(kind: String, patience: Int?) throws {
    try TrainerContract(Softmax.self, options: Self.options(kind)).resumes(patience: patience)
  }
  @Test("refuses to resume another run") func anotherRun() throws {
    try contract.refusesAnotherRun()
  }
  @Test("runs in the background") func background() async throws {
    try await contract.runsInTheBackground()
  }
  @Test("learns from little", arguments: kinds) func littleData(kind: String) throws {
    try TrainerContract(Softmax.self, options: Self.options(kind)).handlesLittleData()
  }
  @Test("leaves rows without ratings finite", arguments: kinds) func emptyRows(kind: String) throws
  {
    try TrainerContract(Softmax.self, options: Self.options(kind)).handlesEmptyRows()
  }
  @Test("refuses no ratings") func noRatings() throws { try contract.refusesNoRatings() }
  @Test("refuses bad options") func badOptions() throws { try contract.refusesBadOptions() }
  @Test("refuses tables beyond memory") func tooLarge() throws { try contract.refusesTooLarge() }
  @Test("survives ratings of 1e30") func hugeRatings() throws {
    try contract.survivesHugeRatings()
  }

  @Test("keeps the best epoch")
  func keepsTheBestEpoch() throws {
    var options = Self.quick
    options.dimension = 24
    options.temperature = 0.05
    options.epochs = 40
    options.annealing = 40
    options.validationInterval = 1
    try contract.keepsTheBestEpoch(overfitting: options)
  }

  @Test("patience ends where the model has been looked at, and the record says how the rate fell")
  func patience() throws {
    let planted = try PlantedInteractions(seed: 6, users: 80, items: 50, density: 0.12, noise: 0.8)
    var options = Self.quick
    options.dimension = 24
    options.temperature = 0.05
    options.epochs = 40
    options.patience = 1
    options.validationInterval = 4
    var looks: [Int] = []
    var last = 0
    let model = try Softmax.fit(
      planted.training, options: options, validation: planted.heldOut, shouldStop: { false },
      progress: {
        last = $0.epoch
        if !$0.validation.isEmpty { looks.append($0.epoch) }
      })
    #expect(looks.count >= 2 && last == looks.last && last % 4 == 0 && last < 40, "\(looks)")
    #expect(model.record.options["annealing"] == "40")
    options.patience = nil
    options.annealing = 40
    options.epochs = try #require(model.record.options["epochs"].flatMap { Int($0) })
    let again = try Softmax.fit(planted.training, options: options)
    #expect(model.users.rows.allSatisfy { model.scores($0) == again.scores($0) })
  }

  @Test("into a model of softmax no item is folded; an update gives it zeros")
  func newItems() throws {
    let planted = try PlantedInteractions(seed: 2)
    let model = try Softmax.fit(planted.training, options: Self.quick)
    #expect(throws: ModelError.noNewItems(method: "softmax")) {
      try model.foldIn(ratedBy: [(user: model.users[Row(0)], rating: 1)])
    }
    let user = model.users[Row(0)]
    let update = try model.updated(with: Ratings([(user, "brand new", 1)]))
    #expect(update.newItems == 1 && update.users == 1)
    let row = try #require(update.model.items.row(of: "brand new"))
    #expect(update.model.itemEmbeddings.numbers(row).allSatisfy { $0 == 0 })
    #expect(update.model.itemBias(row) == 0)
  }

  @Test("refuses options of its own that are out of range")
  func ownOptions() throws {
    let changes: [(inout SoftmaxOptions) -> Void] = [
      { $0.rate = 0 }, { $0.rate = .nan }, { $0.rate = .infinity }, { $0.userRate = 0 },
      { $0.temperature = 0 }, { $0.temperature = .nan }, { $0.temperature = 1e5 },
      { $0.negatives = 0 }, { $0.batch = 0 }, { $0.correction = -0.1 }, { $0.correction = 1.1 },
      { $0.correction = .nan }, { $0.popularity = .nan }, { $0.popularity = 5 },
      { $0.pastWeight = -1 }, { $0.pastWeight = .nan },
      { $0.pastExponent = -0.1 }, { $0.shrinkage = -1 }, { $0.shrinkage = .nan },
      { $0.pastExponent = 1.1 }, { $0.regularization = -0.1 },
      { $0.regularization = .infinity }, { $0.initialDeviation = 0 },
      { $0.initialDeviation = .infinity }, { $0.validationInterval = 0 }, { $0.annealing = 0 },
      { $0.weighting = .linear(scale: -1) }, { $0.weighting = .power(scale: .nan, exponent: 1) },
    ]
    for (index, change) in changes.enumerated() {
      var options = Self.quick
      change(&options)
      try contract.refuses(options, "change \(index)")
    }
  }

  @Test("a dot product at a rate beyond reason diverges, and says so")
  func diverges() throws {
    var options = Self.options("dot")
    options.rate = 1e30
    try contract.reportsDivergence(options)
  }

  // MARK: The gradient

  /// The objective of one batch of all users in `Double`: the mean over users of their pairs' losses, and
  /// the penalties.
  private struct Objective {
    let options: SoftmaxOptions
    let ratings: Ratings
    let stride: Int

    func value(_ users: [Double], _ items: [Double]) -> Double {
      let (n, d) = (ratings.items.count, options.dimension)
      func row(_ table: [Double], _ row: Int) -> [Double] {
        Array(table[row * stride..<row * stride + d])
      }
      func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      func side(_ vector: [Double]) -> [Double] {
        guard options.similarity == .cosine else { return vector }
        let length = dot(vector, vector).squareRoot()
        return vector.map { $0 / length }
      }
      let units = (0..<n).map { side(row(items, $0)) }
      var (sum, penalty, count) = (0.0, 0.0, 0.0)
      for user in ratings.users.rows {
        let seen = ratings.byUser.columns(user)
        guard !seen.isEmpty else { continue }
        count += 1
        var x = row(users, Int(user.index))
        penalty += dot(x, x)
        let parts = seen.map {
          power(Double(ratings.byItem.columns(ItemRow($0)).count), -options.pastExponent)
        }
        for (item, part) in zip(seen, parts) {
          let share = part / parts.reduce(0, +)
          for k in x.indices { x[k] += options.pastWeight * share * units[Int(item)][k] }
        }
        x = side(x)
        let scores = units.map { dot(x, $0) / options.temperature }
        let total = logarithm(scores.reduce(0) { $0 + exponential($1) })
        for item in seen { sum += total - scores[Int(item)] }
      }
      for item in 0..<n { penalty += dot(row(items, item), row(items, item)) }
      return (sum + options.regularization * penalty) / count
    }
  }

  private func floats(_ state: SoftmaxState, _ name: String) throws -> [Double] {
    let array = try #require(state.arrays.first { $0.name == name })
    guard case .floats(let numbers) = array.numbers else { return [] }
    return numbers.map { Double($0) }
  }

  @Test("the gradient is that of the objective, wiggled in Double", arguments: [1, 2])
  func gradient(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed, users: 9, items: 21)
    for similarity in Similarity.allCases {
      for pastWeight in [0, 1.5] {
        var options = SoftmaxOptions()
        options.similarity = similarity
        options.pastWeight = pastWeight
        options.dimension = 5
        options.batch = 9
        options.temperature = 0.5
        options.regularization = 0.03
        options.initialDeviation = 0.7
        options.seed = seed
        // After one step AdaGrad's sums are the squares of the gradient, and the row has moved against it.
        options.optimizer = .adagrad
        options.rate = 1e-3
        let state = try SoftmaxState(planted.training, options: options)
        let start = (try floats(state, "users"), try floats(state, "items"))
        let outcome = try state.run(epoch: 1) { false }
        let objective = Objective(
          options: options, ratings: planted.training, stride: SoftmaxKernels.stride(5))
        let pairs = try #require(outcome.objective)
        let plain = objective.value(start.0, start.1) * 9
        let penalty =
          options.regularization * (start.0 + start.1).reduce(0) { $0 + $1 * $1 }
        #expect(planted.training.users.count == 9, "every user has seen something")
        // Sums of Floats over 21 items, each good to a few units in the last place.
        expectClose(pairs, plain - penalty, absolute: 1e-4 * plain)
        for (name, table) in [("users", start.0), ("items", start.1)] {
          let (squares, moved) = (try floats(state, "\(name)_second"), try floats(state, name))
          var worst = 0.0
          for place in table.indices {
            guard place % SoftmaxKernels.stride(5) < 5 else {
              #expect(moved[place] == 0 && squares[place] == 0)
              continue
            }
            let h = 1e-5
            func wiggled(_ by: Double) -> Double {
              var other = start
              if name == "users" { other.0[place] += by } else { other.1[place] += by }
              return objective.value(other.0, other.1)
            }
            let expected = (wiggled(h) - wiggled(-h)) / (2 * h)
            let found = squares[place].squareRoot() * (moved[place] > table[place] ? -1 : 1)
            worst = max(worst, abs(found - expected))
          }
          // The gradients are of the order of 0.1 to 3, worked out in Float; the wiggle errs by 1e-9.
          #expect(worst < 2e-5, "\(similarity), past weight \(pastWeight), \(name): \(worst)")
        }
      }
    }
  }

  @Test("an item leans on the mean of its users, the more the fewer these are")
  func shrinkage() throws {
    let planted = try PlantedInteractions(seed: 5)
    var options = Self.quick
    options.shrinkage = 0
    let own = try Softmax.fit(planted.training, options: options)
    options.shrinkage = 6
    let shrunk = try Softmax.fit(planted.training, options: options)
    func unit(_ vector: [Double]) -> [Double] {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
    for item in own.items.rows {
      let users = planted.training.byItem.columns(item)
      guard !users.isEmpty else { continue }
      var mean = Array(repeating: 0.0, count: options.dimension)
      for user in users {
        for (k, x) in own.userEmbeddings.numbers(UserRow(user)).enumerated() { mean[k] += x }
      }
      let share = 6 / (Double(users.count) + 6)
      let expected = unit(
        zip(own.itemEmbeddings.numbers(item), unit(mean)).map { $0 + share * $1 })
      // Rounded once to Float, from a row that was.
      for (x, y) in zip(shrunk.itemEmbeddings.numbers(item), expected) {
        expectClose(x, y, absolute: 4 * 0x1p-24)
      }
    }
    #expect(
      own.users.rows.allSatisfy {
        own.userEmbeddings.numbers($0) == shrunk.userEmbeddings.numbers($0)
      })
  }

  @Test("what is stored: unit vectors, and the popularity's power as biases")
  func stored() throws {
    let planted = try PlantedInteractions(seed: 4)
    var options = Self.quick
    options.popularity = 0.25
    let model = try Softmax.fit(planted.training, options: options)
    func length(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    // Each number is rounded to 2⁻²⁴ of itself.
    for user in model.users.rows {
      expectClose(length(model.userEmbeddings.numbers(user)), 1, absolute: 4 * 0x1p-24)
      #expect(model.userBias(user) == 0)
    }
    for item in model.items.rows {
      expectClose(length(model.itemEmbeddings.numbers(item)), 1, absolute: 4 * 0x1p-24)
      let count = planted.training.byItem.columns(item).count
      let expected = 0.25 * options.temperature * logarithm(Double(1 + count))
      expectClose(model.itemBias(item), expected, absolute: 0x1p-24 * expected)
    }
    options.popularity = 0
    #expect(try Softmax.fit(planted.training, options: options).biases == nil)
  }
}
