// The flags of the methods for interactions that several have, and those of ials.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Kindred

extension InteractionWeighting: ExpressibleByArgument {
  /// A weighting by its name and numbers, such as "log,1,1".
  public init?(argument: String) {
    self.init(argument.split(separator: ",").joined(separator: " "))
  }
}

/// What `learn` may be told about methods for interactions, and about ials.
struct InteractionArguments: ParsableArguments {
  private static let defaults = IALSOptions()

  @Option(
    help: ArgumentHelp(
      """
      How the value of a pair becomes its weight: none, linear,SCALE, log,SCALE,UNIT (scale · \
      ln(1 + value/unit)) or power,SCALE,EXPONENT. (default: none)
      """, valueName: "none|linear,…|log,…|power,…"))
  var weighting: InteractionWeighting?

  @Option(
    parsing: .unconditional,
    help: """
      After every how many epochs methods for interactions rank for what is held back, and after the \
      last. (default: ials \(IALSOptions().validationInterval), bpr \(BPROptions().validationInterval), \
      softmax \(SoftmaxOptions().validationInterval))
      """)
  var validationInterval: Int?

  @Option(
    parsing: .unconditional,
    help: """
      α₀: how much every pair counts in ials as one that should score 0. \
      (default: \(Self.defaults.unobserved))
      """)
  var unobserved: Double?

  @Option(
    parsing: .unconditional,
    help: """
      ν: what power of a row's pairs its penalty goes with in ials: 1 once per pair, 0 once per row. \
      (default: \(Self.defaults.exponent))
      """)
  var exponent: Double?

  @Option(
    parsing: .unconditional,
    help: "How many numbers of a row ials solves for at a time; 0 chooses. (default: 0)")
  var block: Int?

  /// The flags of ials, each with whether it was given.
  var givenToIALS: [(flag: String, isGiven: Bool)] {
    [
      ("--unobserved", unobserved != nil), ("--exponent", exponent != nil),
      ("--block", block != nil),
    ]
  }

  /// The flags of all methods for interactions, each with whether it was given.
  var givenToAll: [(flag: String, isGiven: Bool)] {
    [
      ("--weighting", weighting != nil),
      ("--validation-interval", validationInterval != nil),
    ]
  }

  /// The options that were given, in place of others.
  func applied<Options: InteractionOptions>(to options: Options) -> Options {
    var options = options
    if let weighting { options.weighting = weighting }
    if let validationInterval { options.validationInterval = validationInterval }
    return options
  }

  /// The same for ials.
  func applied(toIALS options: IALSOptions) -> IALSOptions {
    var options = applied(to: options)
    if let unobserved { options.unobserved = unobserved }
    if let exponent { options.exponent = exponent }
    if let block { options.block = block }
    return options
  }
}
