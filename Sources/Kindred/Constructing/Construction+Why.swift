// The reason for a verdict, in words.
// SPDX-License-Identifier: Apache-2.0

/// Why the verdict holds, for somebody who has just learned what a dot product is.
func explanation(of answer: Construction, for problem: ConstructionProblem) -> String {
  let writer = ExplanationWriter(problem: problem)
  var sentences: [String]
  switch answer.proof {
  case .linear(let proof): sentences = writer.linear(proof, answer)
  case .contradiction(let proof): sentences = writer.contradiction(proof)
  case .rank(let proof): sentences = writer.rank(proof, answer)
  case .minor(let proof): sentences = writer.minor(proof)
  case .none(let obstacle): sentences = writer.obstacle(obstacle, answer)
  }
  if answer.verdict == .impossible { sentences.append(writer.closest(answer)) }
  return sentences.joined(separator: " ")
}

private struct ExplanationWriter {
  let problem: ConstructionProblem

  func linear(_ proof: ConstructionProof.Linear, _ answer: Construction) -> [String] {
    if problem.relations.isEmpty {
      return [
        proof.unknowns == 0
          ? "There is nothing to fill in and nothing to fulfil."
          : "No relation is stated, so any numbers will do; 0 is the smallest choice."
      ]
    }
    if proof.unknowns == 0 {
      return ["Every number is given, and each dot product is already what it should be."]
    }
    var sentences = forced(proof.forced)
    let equations =
      proof.forced.isEmpty
      ? "In every relation each product has at most one missing number: linear equations"
      : "With that in place every relation is a linear equation"
    if answer.verdict == .unique {
      sentences.append(
        "\(equations) in the \(count(proof.unknowns, "missing number")), and they determine "
          + (proof.unknowns == 1
            ? "it: this is the only solution." : "every one of them: this is the only solution."))
      return sentences
    }
    let total = proof.unknowns - proof.rank
    sentences.append(
      "\(equations) in \(count(proof.unknowns, "missing number")), and they fix only "
        + "\(proof.rank) of them: \(count(total, "number")) can be chosen freely\(choices(answer.freeDimensions)). "
        + "The solution shown has the smallest sum of squares.")
    return sentences
  }

  func contradiction(_ proof: ConstructionProof.Contradiction) -> [String] {
    var sentences = forced(proof.forced)
    let start = proof.forced.isEmpty ? "" : "With that in place, "
    if proof.terms.count == 1, let term = proof.terms.first {
      sentences.append(
        "\(start)\(dot(term.relation)) is \(number(proof.always)) whatever else is filled in, "
          + "but its target is \(number(proof.targets)).")
      return sentences
    }
    let open = blankVectors(proof)
    sentences.append(
      "\(start)\(combination(proof.terms)) must be \(number(proof.always)) "
        + (open.isEmpty ? "" : "for every choice of \(open) ")
        + "with the numbers given, but the targets make it \(number(proof.targets)).")
    return sentences
  }

  func rank(_ proof: ConstructionProof.Factorization, _ answer: Construction) -> [String] {
    let width = count(problem.dimension, "dimension")
    let free = count(answer.freeDimensions?.total ?? 0, "free dimension")
    if proof.rank == 0 {
      return [
        "Every target is 0, which vectors of zeros fulfil. The set of all solutions has \(free)."
      ]
    }
    let needed = count(proof.rank, "dimension")
    return [
      "The table of targets has rank \(proof.rank), so \(needed) would be enough, and the vectors "
        + "have \(width).",
      "Every column of targets is a combination of those of \(names(.item, proof.items)): the "
        + "users take these columns as their numbers, and each item the weights of its combination.",
      "The set of all solutions has \(free).",
    ]
  }

  func minor(_ proof: ConstructionProof.Minor) -> [String] {
    let width = count(problem.dimension, "dimension")
    return [
      "The targets of \(names(.user, proof.users)) with \(names(.item, proof.items)) form a table "
        + "whose determinant is \(number(proof.determinant)), not 0.",
      "Dot products of vectors in \(width) always make that determinant 0, so no vectors "
        + "fit; the whole table needs \(count(proof.rank, "dimension")).",
    ]
  }

  func obstacle(_ obstacle: ConstructionProof.Obstacle, _ answer: Construction) -> [String] {
    var sentences = forced(obstacle.forced)
    let others = obstacle.relationCount - 1
    sentences.append(
      "Numbers are missing on both sides of \(dot(obstacle.relation))"
        + (others > 0 ? " and of \(count(others, "other relation"))" : "")
        + ", so the relations are not linear and equations cannot settle them.")
    sentences.append(
      answer.minimumDimension.map { "The rank of the targets, \($0), does not rule them out." }
        ?? "Not every pair has a target, so the rank of the targets cannot settle them either.")
    if obstacle.solutionFound {
      sentences.append(
        "A solution exists: the numbers shown fit exactly. Whether others do is not proven.")
    } else if answer.loss.sum <= 1e-20 * largestSquare {
      sentences.append(
        "A search found numbers that fit to the last digit it keeps, but no exact ones, so that is "
          + "not a proof.")
    } else {
      sentences.append(
        "The best numbers that a search found leave a total squared error of "
          + "\(rounded(answer.loss.sum)); a better choice is not ruled out.")
    }
    return sentences
  }

  func closest(_ answer: Construction) -> String {
    let isExact =
      answer.users.allSatisfy { $0.allSatisfy { $0.rational != nil } }
      && answer.items.allSatisfy { $0.allSatisfy { $0.rational != nil } }
    let sum = answer.loss.exactSum.map(number) ?? "about \(rounded(answer.loss.sum))"
    if problem.blanks().isEmpty { return "The total squared error is \(sum)." }
    let isLeast: Bool
    if case .minor = answer.proof {
      isLeast = isExact || problem.isAllBlank
    } else {
      isLeast = isExact
    }
    return isLeast
      ? "The closest vectors are shown; their total squared error is \(sum), the least there is."
      : "The closest vectors that a search found are shown; their total squared error is \(sum)."
  }
}

extension ExplanationWriter {
  private var largestSquare: Double {
    let largest = problem.relations.lazy.map { $0.target.doubleValue.magnitude }.max() ?? 0
    return largest > 0 ? largest * largest : 1
  }

  /// At most three forced entries in words; the proof has them all.
  private func forced(_ entries: [ConstructionProof.Forced]) -> [String] {
    guard !entries.isEmpty else { return [] }
    let shown = entries.prefix(3).map { entry in
      "\(list(entry.relations.map(dot))) \(entry.relations.count == 1 ? "makes" : "make") entry "
        + "\(entry.position.entry + 1) of \(name(entry.position.side, entry.position.row)) "
        + "equal to \(number(entry.value))"
    }
    let more = entries.count - shown.count
    let rest =
      more > 0 ? "; \(more) more \(more == 1 ? "number is" : "numbers are") forced too" : ""
    return [shown.joined(separator: "; ") + rest + "."]
  }

  private func choices(_ freedom: Construction.Freedom?) -> String {
    guard let vectors = freedom?.vectors, !vectors.isEmpty, vectors.count <= 6 else { return "" }
    return " (" + vectors.map { "\($0.count) in \($0.name)" }.joined(separator: ", ") + ")"
  }

  /// "dot(User 1, Movie 1) − 2·dot(User 1, Movie 2)", the first few terms.
  private func combination(_ terms: [ConstructionProof.Term]) -> String {
    var text = ""
    for term in terms.prefix(6) {
      let isNegative = term.coefficient < 0
      text += text.isEmpty ? (isNegative ? "−" : "") : (isNegative ? " − " : " + ")
      let size = term.coefficient.magnitude
      text += (size == 1 ? "" : "\(number(size))·") + dot(term.relation)
    }
    return terms.count > 6 ? text + " and so on over \(terms.count) relations" : text
  }

  /// The vectors that the terms speak of, where they have blanks that are not forced.
  private func blankVectors(_ proof: ConstructionProof.Contradiction) -> String {
    let forced = Set(proof.forced.map(\.position))
    func open(_ side: VectorSide, _ rows: [Int]) -> [String] {
      Set(rows).sorted().filter { row in
        problem.vectors(side)[row].indices.contains { entry in
          problem.vectors(side)[row][entry] == nil
            && !forced.contains(EntryPosition(side: side, row: row, entry: entry))
        }
      }.map { name(side, $0) }
    }
    return list(
      open(.user, proof.terms.map(\.relation.user)) + open(.item, proof.terms.map(\.relation.item)))
  }

  private func dot(_ relation: Relation) -> String {
    "dot(\(name(.user, relation.user)), \(name(.item, relation.item)))"
  }

  private func name(_ side: VectorSide, _ row: Int) -> String { problem.name(of: side, row: row) }

  private func names(_ side: VectorSide, _ rows: [Int]) -> String {
    list(rows.map { name(side, $0) })
  }

  /// "a", "a and b", "a, b and c"; of more than six, the first few.
  private func list(_ words: [String]) -> String {
    if words.count > 6 {
      return words.prefix(4).joined(separator: ", ") + " and \(words.count - 4) more"
    }
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  private func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }

  /// A fraction if it can be read, else about how much it is.
  private func number(_ value: Rational) -> String {
    let text = value.description.replacing("-", with: "−")
    return text.utf8.count <= 24 ? text : "about \(rounded(value.doubleValue))"
  }

  /// Four significant digits.
  private func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "more than 10^308 in size" }
    let exponent = Int((logarithm(value.magnitude) / logarithm(10)).rounded(.down))
    guard let exact = Rational(exactly: value) else { return "\(value)" }
    // In fractions, so that 0.1 + 0.2 does not come out with a tail of digits.
    let unit = Rational("1e\(max(-308, exponent - 3))") ?? 1
    let digits = (exact / unit).doubleValue.rounded()
    guard let kept = Rational(exactly: digits) else { return "\(value)" }
    let text = "\((kept * unit).doubleValue)".replacing("-", with: "−")
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
