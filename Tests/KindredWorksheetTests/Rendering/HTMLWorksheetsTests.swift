// The founding worksheet and the examples as HTML pages.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredWorksheet
import Testing

@Suite("HTML of whole worksheets") struct HTMLWorksheetsTests {
  private static let package = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }
  private static let founding = package.deletingLastPathComponent().appendingPathComponent(
    "shared/worksheet/embeddings.txt"
  ).path
  private static let examples = package.appendingPathComponent("Examples/Worksheets")

  @Test(
    "the founding worksheet renders, its key with the known answers",
    .enabled(
      if: FileManager.default.fileExists(atPath: founding),
      "../shared/worksheet/embeddings.txt is not there"))
  func foundingWorksheet() throws {
    let solved = try Worksheet(contentsOf: Self.founding).solved()
    var pages: [RenderingPurpose: ParsedPage] = [:]
    for purpose in RenderingPurpose.allCases {
      pages[purpose] = try ParsedPage(solved.html(purpose, title: "Embeddings"))
    }
    let (blank, key) = (try #require(pages[.blank]), try #require(pages[.key]))
    #expect(blank.text(of: "h1") == ["Embeddings"], "Part 3 is a heading, not the sheet's title")
    #expect(blank.text(of: "h2").map { $0.prefix(6) } == ["Part 1", "Part 2", "Part 3"])
    // "- 2. Compute …" is the second entry of the list that starts two lines above.
    let entries = blank.text(of: "li").filter { $0.hasPrefix("Compute") || $0.hasPrefix("Pencil") }
    #expect(entries.count == 8 && entries.first?.hasPrefix("Pencil in −1.0") == true)
    #expect(key.text(of: "td").contains("0.64"))
    #expect(!blank.text(of: "td").contains("0.64"))
    let worked = try #require(pages[.worked])
    #expect(worked.text(of: "desc").first?.contains("d loss/d Movie 1 (2), new (−0.2)") == true)
  }

  @Test("the examples render for every purpose", arguments: RenderingPurpose.allCases)
  func allExamples(purpose: RenderingPurpose) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.examples, includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "txt" }
    #expect(files.count >= 4)
    for file in files {
      let worksheet = try Worksheet(contentsOf: file.path)
      let page = try ParsedPage(worksheet.solved().html(purpose, title: file.lastPathComponent))
      #expect(
        page.text(of: "h2").count == worksheet.sections.count - 1, "\(file.lastPathComponent)")
    }
  }
}
