// One measurement a run: the work's name, its arguments, and a line of JSON with the seconds.
// SPDX-License-Identifier: Apache-2.0

import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch (arguments.first, arguments.count) {
  case ("read", 2): try read(arguments[1])
  case ("open", 2): try open(arguments[1])
  case ("evaluate", 3): try evaluate(model: arguments[1], test: arguments[2])
  case ("fold-in", 3): try foldIn(arguments[1], count: Int(arguments[2]) ?? 20)
  case ("retrieve", 4):
    try retrieve(
      model: arguments[1], users: Int(arguments[2]) ?? 20_000, threads: Int(arguments[3]) ?? 2)
  case ("retrieve-alone", 4):
    try retrieveAlone(
      model: arguments[1], users: Int(arguments[2]) ?? 50, threads: Int(arguments[3]) ?? 2)
  case ("kernels", 3): try profileKernels(python: arguments[1], script: arguments[2])
  default:
    print(
      "usage: KindredBenchmarks read FILE | open MODEL | evaluate MODEL TEST | fold-in MODEL COUNT | "
        + "retrieve MODEL USERS THREADS | "
        + "retrieve-alone MODEL USERS THREADS | kernels PYTHON SGEMM.PY"
    )
    exit(64)
  }
} catch {
  print("\(error)")
  exit(65)
}
