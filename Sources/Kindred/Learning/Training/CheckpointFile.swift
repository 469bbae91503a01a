// A checkpoint on disk.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An array of a checkpoint.
package struct CheckpointArray {
  /// Its numbers, of one of the types that a checkpoint can hold.
  package enum Numbers {
    case floats(Flat<Float>)
    case doubles(Flat<Double>)
    case int32s(Flat<Int32>)
    case int64s(Flat<Int64>)

    fileprivate var type: TensorType {
      switch self {
      case .floats: .f32
      case .doubles: .f64
      case .int32s: .i32
      case .int64s: .i64
      }
    }

    fileprivate func hash(into hash: inout WordHash) {
      hash.add(UInt64(count))
      switch self {
      case .floats(let numbers): for number in numbers { hash.add(UInt64(number.bitPattern)) }
      case .doubles(let numbers): for number in numbers { hash.add(number.bitPattern) }
      case .int32s(let numbers):
        for number in numbers { hash.add(UInt64(UInt32(bitPattern: number))) }
      case .int64s(let numbers): for number in numbers { hash.add(UInt64(bitPattern: number)) }
      }
    }

    fileprivate var count: Int {
      switch self {
      case .floats(let numbers): numbers.count
      case .doubles(let numbers): numbers.count
      case .int32s(let numbers): numbers.count
      case .int64s(let numbers): numbers.count
      }
    }
  }

  /// The state's own name for it.
  package let name: String
  /// The numbers, which nothing changes before they are written.
  package let numbers: Numbers

  package init(_ name: String, _ numbers: Numbers) {
    self.name = name
    self.numbers = numbers
  }

  /// The numbers of a buffer that training will go on to change, but not before they are written.
  package init(_ name: String, lending buffer: Buffer<Float>) {
    self.init(name, .floats(Flat(buffer)))
  }
}

/// The arrays of a checkpoint, by their names.
package struct CheckpointArrays {
  private let file: TensorFile
  private let prefix: String

  fileprivate init(_ file: TensorFile, prefix: String) {
    self.file = file
    self.prefix = prefix
  }

  /// The numbers of one array, which must be so many.
  package func floats(_ name: String, count: Int) throws(FileError) -> Flat<Float> {
    try file.floats(prefix + name, count: count)
  }

  /// The numbers of one array, which must be so many.
  package func doubles(_ name: String, count: Int) throws(FileError) -> Flat<Double> {
    try file.doubles(prefix + name, count: count)
  }

  /// The numbers of one array, which must be so many.
  package func int32s(_ name: String, count: Int) throws(FileError) -> Flat<Int32> {
    try file.int32s(prefix + name, count: count)
  }

  /// The numbers of one array, which must be so many.
  package func int64s(_ name: String, count: Int) throws(FileError) -> Flat<Int64> {
    try file.int64s(prefix + name, count: count)
  }

  /// What to throw where the numbers cannot be.
  package func malformed(_ reason: String) -> FileError { file.malformed(reason) }
}

/// A file of a run between two epochs: safetensors, with what the run is in its metadata.
struct CheckpointFile {
  let metadata: [String: String]
  /// Epochs done.
  let epoch: Int
  /// The best validation score and its epoch, where there is patience.
  let best: (score: Double, epoch: Int)?
  private let file: TensorFile

  /// The state's arrays.
  var arrays: CheckpointArrays { CheckpointArrays(file, prefix: Self.statePrefix) }
  /// Those of the best epoch's state, where that is not the last one.
  var bestArrays: CheckpointArrays { CheckpointArrays(file, prefix: Self.bestPrefix) }

  private static let format = "kindred-checkpoint 1"
  private static let statePrefix = "state."
  private static let bestPrefix = "best."

  /// Opens a checkpoint.
  ///
  /// - Throws: `FileError` if it is missing or is none.
  init(contentsOf path: String) throws(FileError) {
    file = try TensorFile(path, expected: "a checkpoint that Kindred can go on from")
    metadata = file.header.metadata
    let format = metadata["format"] ?? "none"
    guard format == Self.format else {
      throw file.malformed("its format is \(format), not \(Self.format)")
    }
    guard metadata["digest"] == Self.digest(try Self.arrays(in: file), metadata) else {
      throw file.malformed("it is damaged: its digest is not that of what it holds")
    }
    guard let epoch = metadata["epoch"].flatMap({ Int($0) }), epoch >= 1 else {
      throw file.malformed("it does not say how many epochs are done")
    }
    self.epoch = epoch
    guard metadata["best_epoch"] != nil else {
      best = nil
      return
    }
    guard let bestEpoch = metadata["best_epoch"].flatMap({ Int($0) }), 1...epoch ~= bestEpoch,
      let score = metadata["best_score"].flatMap({ Double($0) }), score.isFinite
    else { throw file.malformed("its best epoch makes no sense") }
    best = (score, bestEpoch)
  }

  /// Whether nothing but a checkpoint is lost by writing one here: none or an empty file is there, or
  /// another checkpoint.
  static func mayReplace(_ path: String) -> Bool {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    guard let size, size > 0 else { return true }
    return (try? TensorFile(path))?.header.metadata["format"] == format
  }

  /// What tells a damaged file: a hash of all arrays and all that is said of them.
  private static func digest(
    _ arrays: [String: CheckpointArray.Numbers], _ metadata: [String: String]
  ) -> String {
    var hash = WordHash()
    func add(_ text: String) {
      hash.add(UInt64(text.utf8.count))
      for byte in text.utf8 { hash.add(UInt64(byte)) }
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != "digest" {
      add(key)
      add(value)
    }
    for (name, numbers) in arrays.sorted(by: { $0.key < $1.key }) {
      add(name)
      numbers.hash(into: &hash)
    }
    return hash.digits
  }

  /// All arrays of the file.
  private static func arrays(
    in file: TensorFile
  ) throws(FileError) -> [String: CheckpointArray.Numbers] {
    var arrays: [String: CheckpointArray.Numbers] = [:]
    for (name, info) in file.header.tensors {
      let count = info.shape.reduce(1, *)
      switch info.dtype {
      case .f32: arrays[name] = .floats(try file.floats(name, count: count))
      case .f64: arrays[name] = .doubles(try file.doubles(name, count: count))
      case .i32: arrays[name] = .int32s(try file.int32s(name, count: count))
      case .i64: arrays[name] = .int64s(try file.int64s(name, count: count))
      default: throw file.malformed("the array \(name) is of no type that it should have")
      }
    }
    return arrays
  }

  /// Writes a checkpoint, whole or not at all.
  ///
  /// - Throws: `FileError` if it cannot be written.
  static func write(
    to path: String, run: RunIdentity, epoch: Int, arrays: [CheckpointArray],
    best: (score: Double, epoch: Int, arrays: [CheckpointArray])?
  ) throws(FileError) {
    var metadata = run.metadata
    metadata["format"] = format
    metadata["epoch"] = "\(epoch)"
    metadata["program"] = Program.nameAndVersion
    var byName: [String: CheckpointArray.Numbers] = [:]
    for array in arrays { byName[statePrefix + array.name] = array.numbers }
    if let best {
      metadata["best_epoch"] = "\(best.epoch)"
      metadata["best_score"] = "\(best.score)"
      for array in best.arrays { byName[bestPrefix + array.name] = array.numbers }
    }
    metadata["digest"] = digest(byName, metadata)
    let shapes = byName.map { (name: $0.key, dtype: $0.value.type, shape: [$0.value.count]) }
    let (header, order): ([UInt8], [String])
    do { (header, order) = try SafetensorsHeader.encoded(shapes, metadata: metadata) } catch {
      throw FileError(.cannotWrite, path: path, "its header could not be encoded: \(error)")
    }
    try WholeFile.write(to: path) { file throws(FileError) in
      try file.append(header)
      for name in order {
        switch byName[name] {
        case .floats(let numbers): try file.append(numbers: numbers)
        case .doubles(let numbers): try file.append(numbers: numbers)
        case .int32s(let numbers): try file.append(numbers: numbers)
        case .int64s(let numbers): try file.append(numbers: numbers)
        case nil: preconditionFailure("no numbers for the array \(name)")
        }
      }
    }
  }
}
