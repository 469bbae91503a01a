"""Somebody new folded in: one call of the library."""
# SPDX-License-Identifier: Apache-2.0
from harness.markdown import at_most, table
from harness.measuring import in_turn, median, run, spread

TITLE = "Folding somebody in: one call on one thread"

METHODS = [
    ("sgd", ["--dimension", 64], 100),
    ("als", ["--dimension", 64], 100),
    ("bayes", [], 5000),
]
"""With the bar in microseconds."""


def measure(bench):
    rows = []
    for method, options, bar in METHODS:
        model = bench.work / "folding.safetensors"
        run(bench.learn(bench.movielens("u1.base"), method, *options, model=model))
        what = "dimension 64" if options else "dimension 32, 90 samples"
        for count in (20, 100):
            (calls,) = in_turn(bench.runs, [bench.program, "fold-in", model, count])
            times = [one.output["microseconds"] for one in calls]
            rows.append([f"{method}, {what}, {count} ratings", spread(times, 0), at_most(median(times), bar)[1]])
    return (
        "Models of MovieLens 100K u1. Each run is the median of 300 calls in one process.\n\n"
        + table(["fold-in", "microseconds", "to reach"], rows))
