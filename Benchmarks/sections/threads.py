"""What a second thread brings, by method."""
# SPDX-License-Identifier: Apache-2.0
from harness import data
from harness.bench import Skipped
from harness.markdown import at_least, table
from harness.measuring import in_turn, median, spread

TITLE = "One thread and two: seconds of training"


def measure(bench):
    train, _ = data.ten_million(bench)
    work = [
        ("sgd, 10 M ratings, dimension 64, 10 epochs", train, "sgd", ["--dimension", 64, "--epochs", 10]),
        ("als, 10 M ratings, dimension 64, 3 epochs", train, "als", ["--dimension", 64, "--epochs", 3]),
    ]
    missing = ""
    try:
        five = data.movielens_five_times(bench)
        work.append(("bayes, MovieLens 100K five times over, its defaults", five, "bayes", []))
    except Skipped as reason:
        missing = f"\n\nBayes is not measured: {reason}."
    rows = []
    for label, ratings, method, options in work:
        one, two = in_turn(
            bench.runs, *[bench.learn(ratings, method, *options, threads=count) for count in (1, 2)])
        seconds = [[each.output["seconds"]["training"] for each in runs] for runs in (one, two)]
        rows.append([label, *map(spread, seconds),
                     *at_least(median(seconds[0]) / median(seconds[1]), 1.7)])
    return table(["training", "1 thread s", "2 threads s", "faster", "to reach"], rows) + missing
