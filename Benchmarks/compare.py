"""Runs Kindred's work and its peers' in turn, several times, and prints a Markdown table.

usage: compare.py PROGRAM KINDRED WORK RUNS [DATA]
  PROGRAM  the built KindredBenchmarks        KINDRED  the built kindred
  WORK     a folder for generated files       RUNS     how often each is run
  DATA     a folder with gowalla/, where there is one
"""
# SPDX-License-Identifier: Apache-2.0
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

program, kindred, work, runs = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
data = pathlib.Path(sys.argv[5]) if len(sys.argv) > 5 else None
peers = pathlib.Path(__file__).parent / "peers"


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def in_turn(*commands):
    """The results of each command, run in turn so that a slow minute slows all of them."""
    results = [[] for _ in commands]
    for _ in range(runs):
        for place, command in enumerate(commands):
            results[place].append(run(*command))
    return results


def median(results, key="seconds"):
    return statistics.median(result[key] for result in results)


def spread(results):
    seconds = sorted(result["seconds"] for result in results)
    return f"{statistics.median(seconds):.3f} ({seconds[0]:.3f}–{seconds[-1]:.3f})"


def peer(script, *arguments):
    return [sys.executable, peers / script, *arguments]


def generate(name, *options):
    path = work / name
    if not path.exists():
        subprocess.run(
            [kindred, "data", "generate", "-o", path, "--users", "70000", "--items", "10000",
             "--ratings", "8634439", "--output-format", "triples", *options],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path


short, long = generate("short.txt"), generate("long.txt", "--ids", "long")
# Memory that was never touched is slow to touch, on virtual machines above all: once before, uncounted.
run(program, "read", long)
reading, reading_long, pandas = in_turn(
    [program, "read", short], [program, "read", long], peer("read_pandas.py", short))
base = median(pandas)
megabytes = short.stat().st_size / 1e6
rows = [
    (f"read {reading[0]['ratings']:,} ratings ({megabytes:.0f} MB of short ids), indexed both ways",
     spread(reading), f"{median(reading) / base:.2f}", f"{median(reading, 'megabytes'):.0f}"),
    ("the same with long ids (`customer-000123 B00PROD45`)",
     spread(reading_long), f"{median(reading_long) / base:.2f}",
     f"{median(reading_long, 'megabytes'):.0f}"),
    (f"pandas {importlib.metadata.version('pandas')} `read_csv`, short ids, parsing only",
     spread(pandas), "1", ""),
]
if data and (data / "gowalla" / "train.txt").exists():
    model, test = work / "gowalla.safetensors", data / "gowalla" / "test.txt"
    if not model.exists():
        subprocess.run(
            [kindred, "learn", data / "gowalla" / "train.txt", "--no-bias", "--dimension", "64",
             "--epochs", "1", "-o", model, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    ours, theirs = in_turn(
        [program, "evaluate", model, test], peer("evaluate_implicit.py", model, test))
    rows += [
        ("evaluate recall@20 and ndcg@20, 29,858 users × 40,981 items, dimension 64",
         spread(ours), f"{median(ours) / median(theirs):.2f}", f"{median(ours, 'megabytes'):.0f}"),
        (f"implicit {importlib.metadata.version('implicit')} `ranking_metrics_at_k`, K = 20",
         spread(theirs), "1", f"{median(theirs, 'megabytes'):.0f}"),
    ]
else:
    print("(no ../shared/data/gowalla: evaluating is left out)", file=sys.stderr)
large = work / "large.safetensors"
if not large.exists():
    subprocess.run([sys.executable, peers.parent / "large_model.py", large], check=True)
opening = in_turn([program, "open", large])[0]
rows.append(
    (f"open a model file of {large.stat().st_size / 1e9:.1f} GB", spread(opening), "",
     f"{median(opening, 'megabytes'):.0f}"))

print(f"Medians of {runs} runs in turn (least–most), {os.cpu_count()} cores, {platform.machine()}.")
print()
print("| work | seconds | to the peer | peak MB |")
print("| --- | ---: | ---: | ---: |")
for row in rows:
    print("| " + " | ".join(row) + " |")
