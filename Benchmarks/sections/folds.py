"""MovieLens 100K in its five folds, each method by its defaults."""
# SPDX-License-Identifier: Apache-2.0
from harness.markdown import at_most, table
from harness.measuring import CommandFailed, run
from sections.bayes import rmse_of

TITLE = "MovieLens 100K, u1 to u5, by the defaults: RMSE"

BARS = {"sgd": 0.928, "als": 0.928, "bayes": 0.905}
"""For u1."""


def measure(bench):
    rows, failures = [], []
    for method, bar in BARS.items():
        try:
            errors, seconds = folds(bench, method)
        except CommandFailed as failure:
            failures.append(f"{method}: {failure}")
            continue
        rows.append([method, *(f"{error:.4f}" for error in errors), f"{sum(errors) / 5:.4f}",
                     at_most(errors[0], bar, digits=4)[1], f"{sum(seconds) / 5:.2f}"])
    if not rows:
        raise CommandFailed("\n".join(failures))
    return (
        "`kindred learn u1.base --method METHOD -o m` and `kindred evaluate m --test u1.test "
        "--metrics rmse`, nothing else chosen.\n\n"
        + table(["method", "u1", "u2", "u3", "u4", "u5", "mean", "u1 to reach", "seconds of learn"], rows)
        + "".join(f"\n\nNot measured: {failure}" for failure in failures))


def folds(bench, method):
    model = bench.work / "fold.safetensors"
    errors, seconds = [], []
    for fold in range(1, 6):
        seconds.append(run(bench.learn(bench.movielens(f"u{fold}.base"), method, model=model)).seconds)
        errors.append(rmse_of(run([
            bench.kindred, "evaluate", model, "--test", bench.movielens(f"u{fold}.test"), "--metrics",
            "rmse", "--format", "json"]).output))
    return errors, seconds
