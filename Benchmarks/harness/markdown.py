"""Markdown tables, and bars with whether they were met."""
# SPDX-License-Identifier: Apache-2.0


def table(heads, rows):
    """A table whose columns stand right but for the first."""
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def at_most(value, bar, digits=2):
    """Two cells: a measured value, and the bar beside whether it is met."""
    return f"{value:.{digits}f}", f"≤ {bar} {verdict(value <= bar)}"


def at_least(value, bar, digits=2):
    return f"{value:.{digits}f}", f"≥ {bar} {verdict(value >= bar)}"


def between(value, low, high, digits=1):
    return f"{value:.{digits}f}", f"{low}–{high} {verdict(low <= value <= high)}"


def verdict(met):
    return "(met)" if met else "(**not met**)"
