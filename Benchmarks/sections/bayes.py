"""Bayes by its defaults on one fold of MovieLens 100K: error, seconds, and whether it knows its error."""
# SPDX-License-Identifier: Apache-2.0
import sys

from harness.markdown import at_most, between, table
from harness.measuring import in_turn, median, run, spread

TITLE = "Bayes: MovieLens 100K, u1, by its defaults"


def measure(bench):
    base, test = bench.movielens("u1.base"), bench.movielens("u1.test")
    model = bench.work / "bayes.safetensors"
    (learned,) = in_turn(bench.runs, bench.learn(base, "bayes", model=model))
    rmse = run([bench.kindred, "evaluate", model, "--test", test, "--metrics", "rmse", "--format", "json"])
    sure = run([sys.executable, bench.peers.parent / "coverage.py", model, test]).output
    rows = [
        ["RMSE on u1.test", *at_most(rmse_of(rmse.output), 0.905, digits=4)],
        ["seconds, text to saved model", spread([one.seconds for one in learned]),
         at_most(median(one.seconds for one in learned), 5)[1]],
        ["test ratings within their 90 % intervals, %", *between(100 * sure["coverage"], 88, 92)],
        ["mean width of the intervals, stars", f"{sure['width']:.2f}", ""],
        ["peak MB", f"{median(one.megabytes for one in learned):.0f}", ""],
    ]
    return (
        "Published for this split without side information: biased matrix factorization 0.956, graph "
        "networks 0.905 to 0.910. Intervals are computed apart from Kindred, from the samples in the "
        "model file: mean of the samples' scores ± 1.645 standard deviations, of the samples' spread "
        "and the noise together; ratings of unknown "
        "users and items count as outside.\n\n" + table(["Bayes", "measured", "to reach"], rows))


def rmse_of(report):
    """The metric rmse in the report of evaluate for one model."""
    return report["metrics"]["rmse"]
