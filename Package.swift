// swift-tools-version: 6.2
// Kindred: dot-product collaborative filtering, from a worksheet to a recommender.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableExperimentalFeature("Lifetimes"),  // tables and ratings hand out spans of their storage
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "kindred",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Kindred", targets: ["Kindred"]),
    // For the package of the benchmarks alone; nothing about it is promised.
    .library(name: "_KindredKernels", targets: ["CKindredKernels"]),
    .library(name: "KindredWorksheet", targets: ["KindredWorksheet"]),
    .executable(name: "kindred", targets: ["KindredCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
  ],
  targets: [
    .target(name: "CKindredKernels"),
    .target(
      name: "Kindred",
      dependencies: ["CKindredKernels", .product(name: "BigInt", package: "BigInt")],
      swiftSettings: settings
    ),
    .target(
      name: "KindredWorksheet",
      dependencies: ["Kindred"],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "KindredCommand",
      dependencies: [
        "Kindred", "KindredWorksheet",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "CSVToRecommendations",
      dependencies: ["Kindred"],
      path: "Examples/CSVToRecommendations",
      swiftSettings: settings
    ),
    .target(
      name: "KindredTestSupport",
      dependencies: ["Kindred"],
      path: "Tests/KindredTestSupport",
      swiftSettings: settings
    ),
    .executableTarget(
      name: "InterruptedSave",
      dependencies: ["Kindred"],
      path: "Tests/InterruptedSave",
      swiftSettings: settings
    ),
    .testTarget(
      name: "KindredTests",
      dependencies: ["Kindred", "KindredTestSupport"],
      exclude: ["Evaluating/metrics.json", "Evaluating/metrics.py"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "KindredWorksheetTests",
      dependencies: ["Kindred", "KindredWorksheet", "KindredTestSupport"], swiftSettings: settings),
    .testTarget(
      name: "KindredCommandTests",
      dependencies: [
        "Kindred", "KindredCommand", "CSVToRecommendations", "InterruptedSave",
        "KindredTestSupport",
      ],
      exclude: ["DataSets/server.py", "popularity.py"],
      swiftSettings: settings
    ),
  ],
  swiftLanguageModes: [.v6]
)

// The documentation's builder is no business of the packages that depend on this one.
if Context.environment["KINDRED_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
