// How the HTML page looks, on the screen and on paper.
// SPDX-License-Identifier: Apache-2.0

/// The page's style sheet: one accent colour for what was found, one more for what goes backward.
enum HTMLStyle {
  static let all = colours + page + text + tables + formulas + HTMLStyle.drawings + paper

  /// Every colour once.
  ///
  /// The dark scheme is for screens only; paper is white.
  private static let colours = """

    :root {
      --paper: #fff; --ink: #1c2430; --soft: #566170; --rule: #c9d0d9; --faint: #eef1f5;
      --accent: #14599c; --accent-tint: #e8f0f9; --back: #a8480b;
      --good: #1d6b45; --bad: #a3262a; --open: #7a5a00; --head: var(--ink);
      --shade-ink: #14202c; --hatch: rgba(70, 35, 0, .16);
      --minus-4: #e8a768; --minus-3: #f0c496; --minus-2: #f6dabc; --minus-1: #fbeddf; --zero: #fff;
      --plus-1: #e4eef8; --plus-2: #c6dcf1; --plus-3: #a2c6e8; --plus-4: #7caedd;
      --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial,
        sans-serif;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        color-scheme: dark;
        --paper: #14181e; --ink: #e4e8ee; --soft: #a3adba; --rule: #3d4754; --faint: #1e242c;
        --accent: #85bbf2; --accent-tint: #1a2a3c; --back: #f0a066;
        --good: #7fcfa3; --bad: #f29492; --open: #e0c06a;
        --shade-ink: #f2f5f8; --hatch: rgba(255, 225, 190, .13);
        --minus-4: #8a4a10; --minus-3: #6d3d13; --minus-2: #503017; --minus-1: #362619;
        --zero: #14181e;
        --plus-1: #182a3d; --plus-2: #1a3a5a; --plus-3: #1d4a78; --plus-4: #205b96;
      }
    }

    """

  private static let page = """
    * { box-sizing: border-box; }
    html { font-size: 17px; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; max-width: 46rem; padding: 3.2rem 1.5rem 5rem;
      background: var(--paper); color: var(--ink);
      font-family: var(--serif); line-height: 1.55; overflow-wrap: anywhere;
    }
    header {
      margin-bottom: 2.6rem; padding-bottom: 1.1rem; border-bottom: 2px solid var(--accent);
    }
    .kind {
      margin: 0 0 .35rem; font: 600 .74rem/1.3 var(--sans); letter-spacing: .11em;
      text-transform: uppercase; color: var(--accent);
    }
    h1, h2, h3, h4 {
      font-family: var(--sans); line-height: 1.25; text-wrap: balance; break-after: avoid;
    }
    h1 { margin: 0; font-size: 2rem; font-weight: 700; letter-spacing: -.015em; }
    h2 { margin: 3.2rem 0 .9rem; font-size: 1.4rem; font-weight: 700; letter-spacing: -.01em; }
    h3 { margin: 2.1rem 0 .7rem; font-size: 1.06rem; font-weight: 650; }
    h4 { margin: 1.6rem 0 .5rem; font-size: .95rem; font-weight: 650; color: var(--soft); }
    main section:first-child h2:first-child { margin-top: 0; }
    .name-and-date {
      display: flex; gap: 2rem; margin: 1.6rem 0 .2rem;
      font: .85rem var(--sans); color: var(--soft);
    }
    .name-and-date span { display: flex; align-items: flex-end; gap: .6rem; flex: 1; }
    .name-and-date > span:first-child { flex: 2; }
    .name-and-date .line { border-bottom: 1px solid var(--ink); height: 1.4rem; }

    """

  private static let text = """
    p { margin: 0 0 .9rem; text-wrap: pretty; }
    ol, ul { margin: 0 0 .9rem; padding-left: 1.7rem; }
    li { margin-bottom: .3rem; padding-left: .15rem; }
    li::marker {
      color: var(--accent); font-family: var(--sans); font-size: .88em; font-weight: 600;
    }
    li ol, li ul, li p { margin: .3rem 0; }
    code {
      font: .88em ui-monospace, Menlo, Consolas, "Liberation Mono", monospace;
      background: var(--faint); padding: .08em .3em; border-radius: 3px;
    }
    .formula { font-style: italic; }
    .verdict {
      display: flex; gap: .7rem; margin: 1.1rem 0; padding: .6rem .9rem;
      border-left: 4px solid var(--tone); background: var(--faint); border-radius: 0 4px 4px 0;
      font: 500 .92rem/1.45 var(--sans); break-inside: avoid;
    }
    .verdict .mark {
      color: var(--tone); font-weight: 700; width: 1em; flex: none; text-align: center;
    }
    .good { --tone: var(--good); }
    .bad { --tone: var(--bad); }
    .open { --tone: var(--open); }
    .ruled { margin: .4rem 0 1rem; break-inside: avoid; }
    .ruled div { height: 2.1rem; border-bottom: 1px solid var(--rule); }

    """

  private static let tables = """
    .tables {
      display: flex; flex-wrap: wrap; gap: .9rem 3rem; align-items: flex-start;
      margin: 1.1rem 0 1.4rem;
    }
    .table-box { max-width: 100%; overflow-x: auto; break-inside: avoid; }
    table {
      border-collapse: collapse; font: .88rem/1.35 var(--sans);
      font-variant-numeric: tabular-nums lining-nums; break-inside: avoid;
    }
    caption {
      text-align: left; padding: 0 .1rem .35rem; font-weight: 650; color: var(--ink);
      break-after: avoid;
    }
    tbody { border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
    tbody tr + tr { border-top: 1px solid var(--rule); }
    th, td { padding: .3rem .6rem; vertical-align: middle; }
    th { font-weight: 500; text-align: left; }
    tbody th { max-width: 14rem; padding-left: .1rem; padding-right: 1rem; }
    tbody th.long { min-width: 7.5rem; }
    thead th { color: var(--soft); font-size: .92em; text-align: right; vertical-align: bottom; }
    thead th:first-child { text-align: left; padding-left: .1rem; }
    td { text-align: right; }
    td { white-space: nowrap; }
    td.words { white-space: normal; }
    th, td { overflow-wrap: normal; }
    tr { break-inside: avoid; }
    .found { color: var(--accent); font-weight: 600; }
    .box {
      display: inline-block; width: 3.3rem; height: 1.9rem; vertical-align: middle;
      border: 1.2px solid var(--soft); border-radius: 3px;
    }
    .form td.blank { padding: .16rem .25rem; }
    .form thead th { text-align: center; max-width: 9rem; }
    .form thead th:first-child { text-align: left; }
    .form.wide .box { width: 2.5rem; }
    .worked .box { width: 2.2rem; height: 1.2rem; }
    .form.wide td.blank { padding: .12rem .06rem; }
    .ladder .box { width: 8.5rem; }
    .wide { font-size: .74rem; }
    .wide th, .wide td { padding: .26rem .38rem; }
    .turned thead th:not(:first-child) { text-align: center; padding-bottom: .4rem; }
    .turned thead th:not(:first-child) span {
      writing-mode: vertical-rl; transform: rotate(180deg); max-height: 10rem; text-align: left;
      display: inline-block; line-height: 1.15;
    }
    .scores td {
      min-width: 3rem; text-align: center; border: 2px solid var(--paper); color: var(--shade-ink);
      print-color-adjust: exact; -webkit-print-color-adjust: exact;
    }
    .scores tbody, .scores tbody tr + tr { border: 0; }
    .scores.wide td { min-width: 0; border-width: 1px; }
    .scores thead th { text-align: center; }
    .scores thead th:first-child { text-align: left; }
    .legend {
      display: flex; align-items: center; align-self: flex-end; gap: .15rem; flex-wrap: wrap;
      font: .76rem var(--sans); color: var(--soft); padding-bottom: .35rem;
    }
    .legend span:first-child { margin-right: .3rem; }
    .swatch {
      width: 1.25rem; height: .9rem; border: .5px solid var(--rule);
      print-color-adjust: exact; -webkit-print-color-adjust: exact;
    }
    .swatch + span:not(.swatch) { margin-left: .3rem; }
    .meaning { margin-left: .8rem; }
    .minus-4 { background-color: var(--minus-4); }
    .minus-3 { background-color: var(--minus-3); }
    .minus-2 { background-color: var(--minus-2); }
    .minus-1 { background-color: var(--minus-1); }
    .minus-4, .minus-3, .minus-2, .minus-1 {
      background-image: repeating-linear-gradient(135deg, var(--hatch) 0 1px, transparent 1px 5px);
    }
    .zero { background-color: var(--zero); }
    .plus-1 { background-color: var(--plus-1); }
    .plus-2 { background-color: var(--plus-2); }
    .plus-3 { background-color: var(--plus-3); }
    .plus-4 { background-color: var(--plus-4); }

    """

  private static let formulas = """
    math {
      font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Libertinus Math", math;
    }
    .formulas {
      display: grid; grid-template-columns: fit-content(50%) 1fr; gap: .5rem .35em;
      align-items: baseline; margin: .9rem 0 1.1rem 1.2rem; line-height: 1.7;
    }
    .left { text-align: right; }
    .tall { line-height: 2.5; }
    .whole { grid-column: 1 / -1; }
    .note { font: .78rem var(--sans); color: var(--soft); margin-left: .8em; white-space: nowrap; }
    .statements {
      display: grid; gap: .45rem 1rem;
      grid-template-columns: repeat(auto-fill, minmax(13.2rem, 1fr));
      margin: .9rem 0 1.1rem; padding: 0 0 0 1.2rem; list-style: none;
    }
    .statements.long { grid-template-columns: repeat(auto-fill, minmax(min(23rem, 100%), 1fr)); }
    .statements li { margin: 0; padding: 0; }
    .fill {
      display: inline-block; width: 3.6rem; height: 1.3em; border-bottom: 1px solid var(--ink);
    }

    """

  private static let drawings = """
    figure { margin: 1.5rem 0; break-inside: avoid; }
    .canvas { overflow-x: auto; }
    svg {
      display: block; width: 100%; height: auto; min-width: 34rem; max-width: 46rem;
      margin: 0 auto;
    }
    figcaption { margin-top: .5rem; font: .8rem/1.45 var(--sans); color: var(--soft); }
    svg text {
      font-family: var(--sans); font-size: 13px; fill: var(--ink);
      font-variant-numeric: tabular-nums;
    }
    svg .small { font-size: 11px; fill: var(--soft); }
    svg .name { font-size: 13px; fill: var(--soft); }
    svg .label { font-size: 12px; }
    svg .value { font-size: 14px; font-weight: 600; }
    svg .large { font-size: 15px; }
    svg .back { fill: var(--back); }
    svg .new { fill: var(--accent); }
    .node { fill: var(--faint); stroke: var(--soft); stroke-width: 1; }
    .node.learned { fill: var(--accent-tint); stroke: var(--accent); stroke-width: 2.6; }
    .edge { fill: none; stroke-width: 1.5; }
    svg .edge.back { fill: none; stroke: var(--back); stroke-dasharray: 5 3; }
    .edge.forward { stroke: var(--soft); }
    .tip.forward { fill: var(--soft); }
    .gridline { stroke: var(--rule); stroke-width: .6; }
    .axis { stroke: var(--ink); stroke-width: 1.2; }
    .floor { stroke: var(--back); stroke-width: 1.5; stroke-dasharray: 7 4; }
    .line { fill: none; stroke: var(--accent); stroke-width: 2.2; stroke-linejoin: round; }
    .end { fill: var(--accent); stroke: var(--paper); stroke-width: 1.5; }
    .leader { fill: none; stroke: var(--rule); stroke-width: 1; }
    svg .end-label { fill: var(--accent); }
    svg .floor-label { fill: var(--back); }

    """

  /// Paper of either size; nothing that belongs together is torn apart.
  private static let paper = """
    @page {
      margin: 16mm 18mm 17mm;
      @bottom-right {
        content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif;
        color: #566170;
      }
    }
    @media print {
      html { font-size: 10.4pt; }
      body { max-width: none; padding: 0; line-height: 1.42; orphans: 3; widows: 3; }
      header { margin-bottom: 1.3rem; padding-bottom: .7rem; }
      h1 { font-size: 1.75rem; }
      h2 { margin: 1.7rem 0 .6rem; font-size: 1.28rem; }
      h3 { margin: 1.3rem 0 .5rem; }
      p, ol, ul { margin-bottom: .6rem; }
      .name-and-date { margin-top: 1.1rem; }
      .tables { margin: .8rem 0 1rem; }
      .table-box, .canvas { overflow: visible; }
      th, td { padding-top: .2rem; padding-bottom: .2rem; }
      .formulas, .statements { margin: .6rem 0 .8rem 1.2rem; gap: .32rem .35em; line-height: 1.5; }
      .statements { margin-left: 0; }
      .verdict {
        margin: .7rem 0; padding: .4rem .8rem; border: .6pt solid var(--rule);
        border-left: 4px solid var(--tone); print-color-adjust: exact;
        -webkit-print-color-adjust: exact;
      }
      .together { break-inside: avoid; }
      body.blank .box { width: 15mm; height: 7.6mm; }
      body.blank .ladder .box { width: 38mm; height: 7.2mm; }
      body.blank .form.wide .box { width: 9mm; }
      .ruled div { height: 8mm; }
      figure { margin: 1rem 0; }
      svg { min-width: 0; }
      .node, .tip { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    @media (max-width: 34rem) {
      html { font-size: 16px; }
      body { padding: 1.6rem 1rem 3rem; }
      .formulas { grid-template-columns: 1fr; gap: .2rem; margin-left: .4rem; }
      .left { text-align: left; }
      .right { padding-left: 1.4rem; margin-bottom: .5rem; }
    }

    """
}
