// Whatever a worksheet says stays text on the HTML page.
// SPDX-License-Identifier: Apache-2.0

import KindredWorksheet
import Testing

@Suite("HTML escaping") struct HTMLEscapingTests {
  @Test("keeps a hostile title inert")
  func title() throws {
    let worksheet = try Worksheet("Users\n\nAda\t1\n\nMovies\n\nMoon\t2\n")
    let html = try worksheet.solved().html(.worked, title: "</title><script>alert(1)</script>")
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;"))
  }
}
