// What the HTML pages of a worksheet hold, and what they must not.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredWorksheet
import Testing

@Suite("HTML pages") struct HTMLPageTests {
  private func page(_ purpose: RenderingPurpose, _ text: String = HTMLSamples.everything) throws
    -> (source: String, parsed: ParsedPage)
  {
    let source = try Worksheet(text).solved().html(purpose, title: "Sheet")
    return (source, try ParsedPage(source))
  }

  @Test("say their language, character set and width", arguments: RenderingPurpose.allCases)
  func head(purpose: RenderingPurpose) throws {
    let (source, parsed) = try page(purpose)
    #expect(source.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\""))
    #expect(source.contains("<meta charset=\"utf-8\"/>"))
    #expect(source.contains("name=\"viewport\""))
    #expect(parsed.text(of: "title").first == "Sheet")
    #expect(parsed.text(of: "h1") == ["A sheet"], "the worksheet's own title is the heading")
    #expect(parsed.text(of: "h2").count == 3)
    #expect(Set(parsed.ids).count == parsed.ids.count)
  }

  @Test("are the same bytes every time", arguments: RenderingPurpose.allCases)
  func deterministic(purpose: RenderingPurpose) throws {
    #expect(try page(purpose).source == page(purpose).source)
  }

  @Test("set the worksheet's own text: lists once, marks as what they mean")
  func text() throws {
    let (source, parsed) = try page(.blank)
    #expect(parsed.text(of: "em") == ["emphasis"])
    #expect(parsed.text(of: "strong") == ["strength"])
    #expect(parsed.text(of: "code") == ["code"])
    #expect(source.contains("n = 3</span>") && !source.contains("$"))
    #expect(source.contains("2 * 3 * 4 and a*b*c stay."))
    #expect(
      parsed.text(of: "li").prefix(5) == ["one\nand more of it", "two", "First", "Second", "Third"])
    #expect(source.components(separatedBy: "<ol").count == 2, "the numbers are one list")
  }

  @Test("leave every answer off the blank sheet and put it into the key")
  func answers() throws {
    let blank = try page(.blank)
    let key = try page(.key)
    // The scores −5.25, 4, 6 and 1.5; the constructed 3.75.
    for answer in ["−5.25", "3.75"] {
      #expect(!blank.source.contains(answer), "\(answer)")
      #expect(key.parsed.text(of: "td").contains(answer), "\(answer)")
    }
    #expect(!blank.source.contains("class=\"found") && key.source.contains("class=\"found"))
    #expect(!blank.source.contains("class=\"verdict") && key.source.contains("class=\"verdict"))
    #expect(!blank.parsed.elements.contains("svg"))
    #expect(blank.source.contains("class=\"box\"") && !key.source.contains("class=\"box\""))
    #expect(blank.source.contains("name-and-date") && blank.source.contains("class=\"ruled\""))
    #expect(blank.source.contains("class=\"fill\""), "the score that is asked for has a line")
  }

  @Test("show each kind of piece in the worked solution")
  func pieces() throws {
    let (source, parsed) = try page(.worked)
    #expect(parsed.text(of: "caption").contains("Scores: Users × Movies"))
    #expect(source.contains("class=\"legend\"") && source.contains("minus-4"))
    #expect(
      parsed.elements.isSuperset(of: ["math", "mfrac", "msup", "msub", "svg", "h3", "figure"]))
    // Each drawing has a name and a description.
    #expect(parsed.text(of: "svg").count == 2)
    #expect(parsed.text(of: "desc").count == 2)
    #expect(parsed.text(of: "title").contains("One step on Ada and Moon"))
    #expect(parsed.text(of: "title").contains("The loss of each epoch"))
    #expect(source.contains("class=\"verdict good\""))
    // Numbers have real minus signs.
    #expect(!parsed.text(of: "mo").contains("-") && parsed.text(of: "mo").contains("\u{2212}"))
    #expect(!parsed.text(of: "td").contains { $0.hasPrefix("-") })
  }

  @Test("set every formula that the plain text has as mathematics")
  func formulas() throws {
    let solved = try Worksheet(HTMLSamples.everything).solved()
    let parsed = try ParsedPage(solved.html(.worked, title: "Sheet"))
    let math = parsed.text(of: "math").joined(separator: " ")
    // dot(Ada, Moon) = 1.25·(-1) + (-2)·2 = -5.25
    #expect(math.contains("dot(Ada,Moon)"))
    #expect(math.contains("=1.25⋅(\u{2212}1)+(\u{2212}2)⋅2 =\u{2212}5.25"))
    let lines = solved.text(.worked).split(separator: "\n").filter {
      $0.hasPrefix("  dot(") || $0.contains("d loss/d ")
    }
    #expect(parsed.text(of: "math").count >= lines.count)
  }

  @Test("answer a divergence, a saddle and an impossible part too")
  func endings() throws {
    let learn = { (directive: String) in
      "## Learning\n\n<!-- kindred: learn \(directive) -->\n\ndot(u1, m1) = 1, dot(u2, m1) = 2\n\n"
        + "Users\n\nAda\t1\nBo\t-3\n\nMovies\n\nMoon\t_\n"
    }
    let diverged = try page(.worked, learn("rate=10"))
    #expect(diverged.source.contains("class=\"verdict bad\""))
    #expect(diverged.source.contains("logarithmic scale, for it diverges"))
    let saddle = try page(
      .worked,
      learn("dimension=1 train=both").replacing("\t1\n", with: "\t0\n").replacing(
        "\t-3", with: "\t0"))
    #expect(saddle.source.contains("saddle"))
    let impossible = try page(
      .worked,
      "## Constructing\n\ndot(u1, m1) = 1, dot(u1, m2) = 3\n\nUsers\n\nAda\t_\n\n"
        + "Movies\n\nA\t1\nB\t1\n"
    )
    #expect(impossible.source.contains("Impossible") && impossible.source.contains("(wanted 1)"))
  }

  @Test("divide a table that is too wide for a page")
  func wide() throws {
    let numbers = (0..<30).map { "\t\(Double($0) + 0.125)" }.joined()
    let parsed = try page(.worked, "Users\n\nAda\(numbers)\n\nMovies\n\nMoon\(numbers)\n").parsed
    #expect(parsed.text(of: "caption").filter { $0.hasPrefix("Users (") }.count > 1)
    #expect(parsed.text(of: "td").count { $0 == "29.125" } == 2, "nothing is left out")
  }
}
