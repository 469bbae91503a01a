"""Reading text, ranking for every user, opening a large model."""
# SPDX-License-Identifier: Apache-2.0
import importlib.metadata
import subprocess
import sys

from harness.bench import Skipped
from harness.markdown import table
from harness.measuring import in_turn, median, run, spread

TITLE = "Reading, evaluating, opening"


def measure(bench):
    rows = reading(bench)
    missing = ""
    try:
        rows += evaluating(bench)
    except Skipped as reason:
        missing = f"\n\nEvaluating is left out: {reason}."
    rows.append(opening(bench))
    return table(["work", "seconds", "to the peer", "peak MB"], rows) + missing


def seconds(runs):
    """What the programs measured of the work alone."""
    return [one.output["seconds"] for one in runs]


def row(label, runs, base=None, memory=True):
    return [label, spread(seconds(runs), 3), f"{median(seconds(runs)) / base:.2f}" if base else "",
            f"{median(one.megabytes for one in runs):.0f}" if memory else ""]


def reading(bench):
    short, long = generated(bench, "short.txt"), generated(bench, "long.txt", "--ids", "long")
    ours, ours_long, pandas = in_turn(
        bench.runs, [bench.program, "read", short], [bench.program, "read", long],
        bench.peer("read_pandas.py", short))
    base = median(seconds(pandas))
    size = short.stat().st_size / 1e6
    return [
        row(f"read {ours[0].output['ratings']:,} ratings ({size:.0f} MB of short ids), indexed both ways",
            ours, base),
        row("the same with long ids (`customer-000123 B00PROD45`)", ours_long, base),
        row(f"pandas {importlib.metadata.version('pandas')} `read_csv`, short ids, parsing only",
            pandas, base)]


def generated(bench, name, *options):
    path = bench.work / name
    if not path.exists():
        run([bench.kindred, "data", "generate", "-o", path, "--users", 70_000, "--items", 10_000,
             "--ratings", 8_634_439, "--output-format", "triples", *options])
    return path


def evaluating(bench):
    train, test = (bench.shared / "gowalla" / name for name in ("train.txt", "test.txt"))
    if not train.exists():
        raise Skipped(f"no gowalla/train.txt in {bench.shared}")
    model = bench.work / "gowalla.safetensors"
    if not model.exists():
        run([bench.kindred, "learn", train, "--no-bias", "--dimension", 64, "--epochs", 1, "-o", model,
             "--quiet"])
    ours, theirs = in_turn(
        bench.runs, [bench.program, "evaluate", model, test],
        bench.peer("evaluate_implicit.py", model, test))
    base = median(seconds(theirs))
    return [
        row("evaluate recall@20 and ndcg@20, 29,858 users × 40,981 items, dimension 64", ours, base),
        row(f"implicit {importlib.metadata.version('implicit')} `ranking_metrics_at_k`, K = 20",
            theirs, base)]


def opening(bench):
    large = bench.work / "large.safetensors"
    if not large.exists():
        subprocess.run([sys.executable, bench.peers.parent / "harness" / "large_model.py", large], check=True)
    (runs,) = in_turn(bench.runs, [bench.program, "open", large])
    return row(f"open a model file of {large.stat().st_size / 1e9:.1f} GB", runs)
