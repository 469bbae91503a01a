// A part without a sheet around it: what the command line's score and construct solve.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension Worksheet {
  /// A worksheet of one part, from tables that come from elsewhere.
  ///
  /// - Precondition: All vectors have one dimension.
  package init(
    _ kind: Part.Kind, users: VectorTable, items: VectorTable, relations: [RelationStatement] = []
  ) {
    let dimension = users.rows.first?.cells.count ?? items.rows.first?.cells.count ?? 1
    let part = Part(
      kind: kind, heading: "", dimension: dimension, users: users, items: items,
      relations: relations, settings: PartSettings(), usesFractions: false, line: 0)
    self.init(sections: [Section(heading: nil, blocks: [], part: part)])
  }
}

extension SolvedWorksheet {
  /// The answers alone, as text for a terminal.
  package func answerText(color: Bool) -> String { text(.worked, color: color) }

  /// The only part's JSON object, in the shape that it has inside a worksheet's.
  ///
  /// - Throws: `EncodingError`.
  package func jsonOfOnlyPart() throws -> String {
    String(decoding: try partJSON(0), as: UTF8.self)
  }
}
