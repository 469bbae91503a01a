"""The best items for many users at once, and for one at a time among a million."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import sys

from harness import data
from harness.bench import THREADS
from harness.markdown import at_least, at_most, table
from harness.measuring import in_turn, median, run, spread

TITLE = "Retrieval: the 10 best items, dimension 128, two threads"

USERS = 20_000
ALONE = 50


def measure(bench):
    return many(bench) + "\n" + alone(bench)


def many(bench):
    train, _ = data.ten_million(bench)
    model = bench.work / "retrieval.safetensors"
    run(bench.learn(train, "als", "--dimension", 128, "--epochs", 1, "--no-bias", model=model))
    ours, implicit, faiss = in_turn(
        bench.runs,
        [bench.program, "retrieve", model, USERS, THREADS],
        bench.peer("retrieve_implicit.py", model, USERS, THREADS),
        bench.peer("retrieve_faiss.py", model, USERS, THREADS, "together"))
    pace = [[one.output["users"] / one.output["seconds"] for one in runs]
            for runs in (ours, implicit, faiss)]
    rows = [["Kindred, seen items left out", spread(pace[0], 0), "", ""]]
    for name, peer, bar in (("implicit, seen items left out", pace[1], 3.5),
                            ("Faiss IndexFlatIP, seen items included", pace[2], 1.3)):
        ratio, met = at_least(median(pace[0]) / median(peer), bar)
        rows.append([name, spread(peer, 0), ratio, met])
    return (
        f"{USERS:,} users of the 10 M set, 10,000 items, about 115 seen items each; time to a list of "
        "ids and scores in memory, the median of 3 calls in one process.\n\n"
        + table(["at once", "users a second", "Kindred to it", "to reach"], rows))


def alone(bench):
    model = bench.work / "million.safetensors"
    if not model.exists():
        run([sys.executable, pathlib.Path(__file__).parent.parent / "harness" / "many_items.py", model,
             1000, 1_000_000, 128])
    ours, faiss = in_turn(
        min(bench.runs, 3),
        [bench.program, "retrieve-alone", model, ALONE, THREADS],
        bench.peer("retrieve_faiss.py", model, ALONE, THREADS, "alone"))
    model.unlink()
    times = [one.output["seconds"] * 1000 for one in ours]
    peer = [one.output["seconds"] * 1000 for one in faiss]
    exact = [one.output["exact"] * 1000 for one in ours]
    ratio, met = at_most(median(times) / median(peer), 0.4)
    recall, recalled = at_least(min(one.output["recall"] for one in ours), 0.99)
    return (
        f"A million random vectors, {ALONE} users one after another; bytes are made once, in "
        f"{median(one.output['building'] for one in ours):.1f} s.\n\n"
        + table(["one at a time", "milliseconds", "to Faiss", "recall@10"], [
            ["Kindred, QuantizedItems", spread(times, 1), f"{ratio}, {met}", f"{recall}, {recalled}"],
            ["Kindred, all vectors, one thread", spread(exact, 1), f"{median(exact) / median(peer):.2f}", "1"],
            ["Faiss IndexFlatIP", spread(peer, 1), "1", "1"]]))
