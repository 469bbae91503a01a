// Training that is watched while it runs.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Training under way in the background: a stream of its epochs, and the model at its end.
///
/// ```swift
/// let training = SGD.train(ratings, options: options, validation: heldOut)
/// for await epoch in training {
///   print(epoch.epoch, epoch.trainRMSE ?? .nan, epoch.validation, epoch.secondsLeft)
///   if let error = epoch.trainRMSE, error < 0.7 { training.stop() }
/// }
/// let model = try await training.model
/// ```
///
/// Epochs may be read by one loop, at any time; none is lost. Training runs on threads of its own,
/// never on those of Swift's tasks. Cancelling a task that waits here stops training; no longer
/// reading does not.
public struct Training: AsyncSequence, Sendable {
  /// An epoch that has ended.
  public typealias Element = TrainingProgress

  private let epochs: AsyncStream<TrainingProgress>
  private let result: Task<Result<Model, TrainingError>, Never>
  private let request: StopRequest

  /// Begins.
  ///
  /// - Parameter fit: Trains, asking the first closure whether to stop and telling the second each
  ///   epoch.
  init(
    _ fit:
      @escaping @Sendable (
        _ shouldStop: () -> Bool, _ progress: (TrainingProgress) -> Void
      ) throws(TrainingError) -> Model
  ) {
    let request = StopRequest()
    let (epochs, sender) = AsyncStream.makeStream(of: TrainingProgress.self)
    self.request = request
    self.epochs = epochs
    result = Task.detached {
      await withCheckedContinuation { done in
        helperQueue().async {
          let result = Result { () throws(TrainingError) in
            try fit({ request.wasMade }, { sender.yield($0) })
          }
          sender.finish()
          done.resume(returning: result)
        }
      }
    }
  }

  /// The model, once training has ended.
  ///
  /// - Throws: `TrainingError` if none came of it.
  public var model: Model {
    get async throws(TrainingError) {
      let request = request
      let result = result
      return try await withTaskCancellationHandler {
        await result.value
      } onCancel: {
        request.make()
      }.get()
    }
  }

  /// Asks training to end soon, with what it has learned so far; also in the middle of an epoch.
  public func stop() { request.make() }

  /// The epochs, in order.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: epochs.makeAsyncIterator(), request: request)
  }

  /// Waits for one epoch after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var base: AsyncStream<TrainingProgress>.AsyncIterator
    private let request: StopRequest

    fileprivate init(base: AsyncStream<TrainingProgress>.AsyncIterator, request: StopRequest) {
      self.base = base
      self.request = request
    }

    /// The next epoch that ends; nil when training has ended, or when the waiting task is cancelled,
    /// which stops training.
    public mutating func next() async -> TrainingProgress? {
      let epoch = await base.next()
      if Task.isCancelled { request.make() }
      return epoch
    }
  }
}

/// A request to stop, from any thread.
private final class StopRequest: Sendable {
  private let flag = Atomic(false)

  var wasMade: Bool { flag.load(ordering: .relaxed) }

  func make() { flag.store(true, ordering: .relaxed) }
}

extension Trainer {
  /// Begins to learn a model in the background.
  ///
  /// - Returns: The training, to watch, to stop, and to wait for.
  public static func train(
    _ ratings: Ratings, options: Options = Options(), validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil
  ) -> Training {
    Training { shouldStop, progress throws(TrainingError) in
      try fit(
        ratings, options: options, validation: validation, checkpoint: checkpoint,
        shouldStop: shouldStop, progress: progress)
    }
  }
}
