// Splits and fingerprints.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Splitting ratings") struct SplitTests {
  private func ratings(users: Int, items: Int) throws -> Ratings {
    try Ratings(
      (0..<users * items).map { entry in
        (user: "u\(entry / items)", item: "i\(entry % items)", rating: Float(entry % 9) / 2 + 0.5)
      })
  }

  @Test("The parts make up the whole and keep its ids", arguments: 0..<20)
  func parts(seed: UInt64) throws {
    let whole = try ratings(users: 40, items: 25)
    let (training, validation) = whole.split(validationFraction: 0.2, seed: seed)
    #expect(training.users.all == whole.users.all && validation.items.all == whole.items.all)
    #expect(Set(training.listing).isDisjoint(with: validation.listing))
    #expect(Set(training.listing).union(validation.listing) == Set(whole.listing))
    #expect(training.count + validation.count == 1000)
    // 200 expected with a standard deviation of √(1000 · 0.2 · 0.8) ≈ 12.6; five of them.
    #expect(abs(validation.count - 200) <= 63)
    let again = whole.split(validationFraction: 0.2, seed: seed).validation
    #expect(again.fingerprint == validation.fingerprint)
  }

  @Test("A user's part does not depend on other users") func independence() throws {
    let small = try ratings(users: 3, items: 25).split(validationFraction: 0.3, seed: 7)
    let large = try ratings(users: 30, items: 25).split(validationFraction: 0.3, seed: 7)
    let same = large.validation.listing.prefix { !$0.hasPrefix("u3") }
    #expect(small.validation.listing == Array(same))
  }

  @Test("Nothing is held back for a fraction of 0") func nothing() throws {
    let whole = try ratings(users: 4, items: 4)
    let (training, validation) = whole.split(validationFraction: 0, seed: 1)
    #expect(training.fingerprint == whole.fingerprint)
    #expect(validation.count == 0 && validation.range == nil)
  }

  @Test("The fingerprint is fixed and sees every change") func fingerprint() throws {
    let base = "a x 4\na y 2.5\nb x 1\n"
    let print = try read(base).ratings.fingerprint
    #expect(print.count == 16)
    #expect(print.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    // The same on every platform and in every later version: model files hold it.
    #expect(print == "1d04572d35bddf70")
    let others = [
      "a x 4\na y 2.5\nb x 2\n", "a x 4\na y 2.5\nb y 1\n", "a x 4\na y 2.5\nc x 1\n",
      "a x 4\na z 2.5\nb x 1\n", "a y 2.5\na x 4\nb x 1\n", "b x 1\na x 4\na y 2.5\n",
      "a x 4\na y 2.5\n", "ax y 4\nax z 2.5\nb y 1\n",
    ].map { try? read($0).ratings.fingerprint }
    #expect(Set(others + [print]).count == others.count + 1)
    let ones = try read("a x 1\nb y 1\n").ratings.fingerprint
    #expect(try ones != read("a x\nb y\n").ratings.fingerprint)
  }
}
