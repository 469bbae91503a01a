// swift-tools-version: 6.2
// Benchmarks: a package of their own, so that nobody who depends on Kindred builds them.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
  name: "kindred-benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "kindred", path: "..")],
  targets: [
    .executableTarget(
      name: "KindredBenchmarks",
      dependencies: [
        .product(name: "Kindred", package: "kindred"),
        .product(name: "_KindredKernels", package: "kindred"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
