"""A hundred million ratings: memory and seconds."""
# SPDX-License-Identifier: Apache-2.0
from harness import data
from harness.markdown import at_most, table
from harness.measuring import in_turn, median, spread

TITLE = "SGD: 100 M ratings, dimension 64, 10 epochs, two threads"


def measure(bench):
    path = data.hundred_million(bench)
    size = path.stat().st_size
    (runs,) = in_turn(
        min(bench.runs, 3), bench.learn(path, "sgd", "--dimension", 64, "--epochs", 10), uncounted=0)
    path.unlink()
    gigabytes, bar = at_most(median(one.megabytes for one in runs) / 1000, 5)
    parts = [[f"{name} s", spread([one.output["seconds"][name] for one in runs]), ""]
             for name in ("reading", "training", "saving")]
    return (
        f"{runs[0].output['ratings']:,} simulated ratings of {runs[0].output['users']:,} users and "
        f"{runs[0].output['items']:,} items, {size / 1e9:.1f} GB of text, by the defaults; {len(runs)} "
        "runs, none of them uncounted.\n\n"
        + table(["100 M", "measured", "to reach"], [
            ["peak memory of the process, GB", gigabytes, bar],
            ["whole process s", spread([one.seconds for one in runs]), ""], *parts]))
