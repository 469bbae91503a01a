"""MovieLens 100K in its five folds, each method by its defaults."""
# SPDX-License-Identifier: Apache-2.0
from harness.markdown import at_most, table
from harness.measuring import run
from sections.bayes import rmse_of

TITLE = "MovieLens 100K, u1 to u5, by the defaults: RMSE"

BARS = {"sgd": 0.928, "als": 0.928, "bayes": 0.905}
"""For u1."""


def measure(bench):
    rows = []
    for method, bar in BARS.items():
        errors, seconds = folds(bench, method)
        rows.append([method, *(f"{error:.4f}" for error in errors), f"{sum(errors) / 5:.4f}",
                     at_most(errors[0], bar, digits=4)[1], f"{sum(seconds) / 5:.2f}"])
    return (
        "`kindred learn u1.base --method METHOD -o m` and `kindred evaluate m --test u1.test "
        "--metrics rmse`, nothing else chosen. Seconds are means of one run of each fold.\n\n"
        + table(["method", "u1", "u2", "u3", "u4", "u5", "mean", "u1 to reach", "seconds of learn"], rows))


def folds(bench, method):
    model = bench.work / "fold.safetensors"
    errors, seconds = [], []
    for fold in range(1, 6):
        seconds.append(run(bench.learn(bench.movielens(f"u{fold}.base"), method, model=model)).seconds)
        errors.append(rmse_of(run([
            bench.kindred, "evaluate", model, "--test", bench.movielens(f"u{fold}.test"), "--metrics",
            "rmse", "--format", "json"]).output))
    return errors, seconds
