// Text and Markdown of worksheets: worked, blank and key.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredWorksheet
import Testing

@Suite("Worksheets as text and Markdown") struct RenderingTests {
  static func solved(_ path: String) throws -> SolvedWorksheet {
    try Worksheet(contentsOf: path).solved()
  }

  @Test("no minus zero, no nan, no escape codes", arguments: SampleFile.everyPath)
  func clean(path: String) throws {
    let solved = try Self.solved(path)
    for purpose in RenderingPurpose.allCases {
      for text in [solved.text(purpose), solved.markdown(purpose)] {
        #expect(text.firstMatch(of: /-0(?![.0-9\/])/) == nil, "\(purpose)")
        #expect(text.firstMatch(of: /(?i)\b(nan|inf|no number)\b/) == nil, "\(purpose)")
        #expect(!text.contains("\u{1B}") && !text.contains("\t"), "\(purpose)")
        #expect(!text.contains("\n\n\n"), "\(purpose)")
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"), "\(purpose)")
      }
    }
  }

  @Test("colour only adds escape codes", arguments: SampleFile.everyPath)
  func colour(path: String) throws {
    let solved = try Self.solved(path)
    for purpose in RenderingPurpose.allCases {
      let coloured = solved.text(purpose, color: true)
      #expect(coloured.contains("\u{1B}["))
      let bare = coloured.replacing(/\u{1B}\[[0-9]+m/, with: "")
      #expect(Self.lines(bare) == Self.lines(solved.text(purpose)))
    }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test("every line of the worksheet's own is there, in order", arguments: SampleFile.everyPath)
  func ownWords(path: String) throws {
    let solved = try Self.solved(path)
    var own: [String] = []
    for section in solved.worksheet.sections {
      own += section.heading.map { [$0.text] } ?? []
      for case .text(let lines) in section.blocks { own += lines }
    }
    #expect(!own.isEmpty)
    for purpose in RenderingPurpose.allCases {
      for text in [solved.text(purpose), solved.markdown(purpose)] {
        var rest = text[...]
        for line in own {
          let place = rest.range(of: line)
          #expect(place != nil, "\(purpose): \(line)")
          if let place { rest = rest[place.upperBound...] }
        }
      }
    }
  }

  @Test("Markdown tables have as many cells in every row", arguments: SampleFile.everyPath)
  func markdownTables(path: String) throws {
    let solved = try Self.solved(path)
    for purpose in RenderingPurpose.allCases {
      var width: Int?
      var tables = 0
      for line in solved.markdown(purpose).split(separator: "\n", omittingEmptySubsequences: false)
      {
        guard line.hasPrefix("|") else {
          width = nil
          continue
        }
        #expect(line.hasSuffix("|"))
        let count = line.replacing("\\|", with: "").count { $0 == "|" }
        if let width { #expect(count == width, "\(purpose): \(line)") } else { tables += 1 }
        width = count
      }
      #expect(tables >= 2 * solved.answers.count)
    }
  }

  @Test("bars and stars in names do not break Markdown tables") func markdownNames() throws {
    let solved = try Worksheet("Users\nA|*B*_\t1\n\nMovies\nC | D\t2\n").solved()
    let rows = solved.markdown().split(separator: "\n").filter {
      $0.contains("D | ") || $0.contains("B")
    }
    #expect(rows.contains { $0.contains("A\\|") })
    #expect(rows.filter { $0.hasPrefix("|") }.allSatisfy { !$0.contains("A|*") })
  }

  // MARK: Sheet and key

  /// The lines that a worksheet's own words do not account for.
  private static func added(_ solved: SolvedWorksheet, _ purpose: RenderingPurpose) -> String {
    var own: Set<String> = []
    for section in solved.worksheet.sections {
      for case .text(let lines) in section.blocks { own.formUnion(lines) }
    }
    return solved.text(purpose).split(separator: "\n").filter { !own.contains(String($0)) }
      .joined(separator: "\n")
  }

  @Test("the sheet shows no answer and the key has them all")
  func sheetAndKey() throws {
    let solved = try Worksheet(
      """
      # Score

      What is it worth?

      Users
      A	7	11

      Movies
      B	13	17

      dot(A, B) = ___

      # Construct

      What is missing?

      Users
      C	_	_

      Movies
      D	1	0
      E	0	1

      dot(C, D) = 37, dot(C, E) = 41

      # Learn

      What comes out?

      Users
      F	3

      Movies
      G	_

      dot(F, G) = 129
      """
    ).solved()
    let sheet = solved.text(.blank)
    let key = solved.text(.key)
    // 7·13 + 11·17, the vector in the table, 129 / 3.
    #expect(!sheet.contains("278") && key.contains("dot(A, B) = 278"))
    #expect(sheet.contains("dot(A, B) = _____"))
    #expect(sheet.contains("C  ____  ____") && key.contains("C  37  41"))
    #expect(!sheet.contains("43") && key.contains("G  43"))
    // pred 0, diff 129, loss 16641, gradient 2·129 = 258 and -258·3 = -774.
    for answer in ["16641", "258", "774", "77.4", "nique", "olved"] {
      #expect(!sheet.contains(answer), "the sheet gives \(answer) away")
      #expect(key.contains(answer), "the key lacks \(answer)")
    }
    #expect(sheet.contains("d loss/d pred") && sheet.contains("d loss/d G"))
    let markdown = solved.markdown(.blank)
    #expect(!markdown.contains("278") && !markdown.contains("43") && markdown.contains("\\_\\_\\_"))
  }

  @Test("the sheets of the examples give nothing away", arguments: SampleFile.everyPath)
  func exampleSheets(path: String) throws {
    let solved = try Self.solved(path)
    let sheet = Self.added(solved, .blank)
    for word in ["Unique:", "A family:", "Impossible in", "settled", "Solved", "✓", "✗", "rank "] {
      #expect(!sheet.contains(word), "\(word)")
    }
    #expect(sheet.contains("____"))
    let key = Self.added(solved, .key)
    #expect(!key.contains("____"), "the key leaves a blank")
  }

  @Test("a score part's sums and the best of each") func sums() throws {
    let text = try Self.solved(SampleFile.example("first-steps")).text()
    #expect(text.contains("dot(User 5, Movie 2) = (-1)·(-1) + 1·(-2) + (-1)·0 = -1"))
    #expect(text.contains("User 4: Movie 2"))
  }

  @Test("epochs are thinned: the first ones, 1, 2 and 5 of each power of ten, the last")
  func thinnedEpochs() throws {
    let solved = try Self.solved(SampleFile.example("first-steps"))
    let markdown = solved.markdown()
    let epochs = markdown.matches(of: /\n\| (start|[0-9]+) \| [-.e0-9]+ \| [-.e0-9]+ \|/).map {
      String($0.1)
    }
    guard case .learn(let answer)? = solved.answers.last else { throw NotThatKind(kind: .learn) }
    let last = answer.result.epochLosses.count
    #expect(epochs.first == "start" && epochs.last == "\(last)")
    #expect(["1", "2", "5", "10", "20", "50", "100"].allSatisfy { epochs.contains($0) })
    #expect(epochs.count < 20 && Set(epochs).count == epochs.count)
    for limit in 1...25 {
      var options = SolvingOptions()
      options.epochs = limit
      let short = try Worksheet(contentsOf: SampleFile.example("first-steps")).solved(options)
      let shown = short.markdown().matches(of: /\n\| ([0-9]+) \| [-.e0-9]+ \| [-.e0-9]+ \|/)
        .compactMap { Int($0.1) }
      #expect(shown.last == limit && shown == shown.sorted())
      #expect(Set(shown).count == shown.count)
    }
  }

  @Test("each verdict in its words") func verdicts() throws {
    let texts = try ["books-in-fractions", "impossible", "two-dimensions"].map {
      try Self.solved(SampleFile.example($0)).text()
    }
    #expect(texts[0].contains("Unique") && texts[0].contains("A family"))
    #expect(
      texts[1].contains("Impossible in 1 dimension:")
        && texts[1].contains("Impossible in 2 dimensions:"))
    #expect(texts[2].contains("saddle") && texts[2].contains("Solved after"))
    let undecided = try Worksheet(
      "Users\nA\t_\t1\n\nMovies\nB\t_\t1\nC\t2\t_\n\ndot(A, B) = 3, dot(A, C) = 4\n"
    ).solved().text()
    #expect(undecided.contains("Undecided"))
  }

  // MARK: Snapshot

  /// Run with KINDRED_WRITE_SNAPSHOTS=1 in the environment to write the file anew, and look at what
  /// `git diff` says about it.
  @Test("the worked text of first steps, word for word") func snapshot() throws {
    let path = SampleFile.snapshot("first-steps.worked.txt")
    let text = try Self.solved(SampleFile.example("first-steps")).text()
    if ProcessInfo.processInfo.environment["KINDRED_WRITE_SNAPSHOTS"] != nil {
      try Data(text.utf8).write(to: path)
    }
    let expected = String(decoding: try Data(contentsOf: path), as: UTF8.self)
    let difference = zip(Self.lines(text), Self.lines(expected)).first { $0 != $1 }
    #expect(text == expected, "first difference: \(String(describing: difference))")
  }
}
