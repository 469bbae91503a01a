// New ratings for a model that was trained on good ones alone.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Updating a model of good ratings") struct UpdateMinRatingTests {
  private let old = "user,item,rating\na,x,5\na,y,4\nb,x,4\nb,z,5\nc,y,5\nc,z,4\nc,x,1\n"
  private let new = "user,item,rating\na,z,2\nb,y,5\n"

  @Test("takes in what is as good as its ratings had to be, unless told otherwise")
  func leastRating() throws {
    let folder = try ScratchFolder()
    let (first, second) = (try folder.file(old, "old.csv"), try folder.file(new, "new.csv"))
    let model = folder.path + "/m.safetensors"
    let learned = try Program.run(
      "learn", first, "-o", model, "--method", "ials", "--dimension", "2", "--min-rating", "4")
    #expect(learned.status == 0, "\(learned.errors)")
    func taken(_ flags: String...) throws -> [Int?] {
      let out = folder.path + "/updated.safetensors"
      let run = try Program.run(
        ["learn", second, "--update", model, "-o", out, "--format", "json"] + flags)
      let json = try run.json()
      return [json["ratings"] as? Int, (json["updated"] as? [String: Any])?["users"] as? Int]
    }
    #expect(try taken() == [1, 1])
    #expect(try taken("--min-rating", "2") == [2, 2])
    let nothing = try Program.run(
      "learn", second, "--update", model, "-o", model, "--min-rating", "9")
    #expect(nothing.status == 64 && nothing.errors.contains("leaves nothing"))
    #expect(
      try Program.run("learn", second, "--update", model, "-o", model, "--seed", "3").status == 64)
  }
}
