"""Gradient descent beside LIBMF: from text to a saved model, and epoch by epoch."""
# SPDX-License-Identifier: Apache-2.0
from harness import data
from harness.bench import THREADS
from harness.markdown import at_most, table
from harness.measuring import in_turn, median, run, spread

TITLE = "SGD: 10 M ratings, dimension 64, 10 epochs, two threads"

RATE = 0.1
"""LIBMF's default; 0.05 and 0.2 were worse at every penalty tried."""
PENALTIES = (0.05, 0.02)
"""LIBMF's default of 0.1 gives 0.69; of 0.02, 0.03, 0.04 and 0.05 the first was its best."""


def measure(bench):
    return "\n\n".join([whole_process(bench), epochs(bench)])


def libmf(bench, train, test, model, epochs, penalty, threads=THREADS):
    return [bench.libmf, train, test, model, 64, epochs, RATE, penalty, threads]


def whole_process(bench):
    train, test = data.ten_million(bench)
    options = ["--dimension", 64, "--epochs", 10, "--validation", test]
    # Each kind with the penalty of its own, and ours also with the one that is LIBMF's best.
    ours_all = [options, [*options, "--regularization", PENALTIES[1]]]
    results = in_turn(
        bench.runs,
        *[bench.learn(train, "sgd", *chosen) for chosen in ours_all],
        *[libmf(bench, train, test, bench.work / "libmf.txt", 10, penalty) for penalty in PENALTIES])
    ours, theirs = results[:2], results[2:]
    errors = [unclipped(bench, train, test, chosen) for chosen in ours_all]
    base = median(one.seconds for one in theirs[0])
    rows = []
    labels = ("Kindred, its defaults", f"Kindred, λ = {PENALTIES[1]}")
    for label, runs, error in zip(labels, ours, errors):
        ratio, bar = at_most(median(one.seconds for one in runs) / base, 0.33)
        rmse, rmse_bar = at_most(error, 0.587, digits=4)
        by_defaults = label.endswith("defaults")
        rows.append([
            label, spread([one.seconds for one in runs]), parts(runs, ours=True),
            f"{ratio}, {bar}", f"{rmse}, {rmse_bar}" if by_defaults else rmse, memory(runs)])
    for penalty, runs in zip(PENALTIES, theirs):
        rows.append([
            f"LIBMF, λ = {penalty}, η = {RATE}", spread([one.seconds for one in runs]),
            parts(runs, ours=False), f"{median(one.seconds for one in runs) / base:.2f}",
            f"{median(one.output['rmse'] for one in runs):.4f}", memory(runs)])
    return (
        "8.63 M ratings are trained on; from a text file to a saved model, with the RMSE on the test file "
        "after every epoch; the table has the last one, of predictions that are not clipped. LIBMF: its library "
        "as PyPI's `libmf` holds it, compiled with AVX and OpenMP as its Makefile says, driven as its "
        "`mf-train` does, and its model written as text. Its epochs run the blocks in an order of "
        "chance; Kindred gives the same bytes every time.\n\n"
        + table(["whole process", "seconds", "reading / training / saving", "to LIBMF", "RMSE", "peak MB"],
                rows))


def unclipped(bench, train, test, options):
    """The RMSE of predictions as they are, which is what LIBMF states."""
    model = bench.work / "sgd.safetensors"
    run(bench.learn(train, "sgd", *options, model=model))
    return run([bench.kindred, "evaluate", model, "--test", test, "--metrics", "rmse", "--no-clip",
                "--format", "json"]).output["metrics"]["rmse"]


def parts(runs, ours):
    if ours:
        seconds = [[one.output["seconds"][part] for part in ("reading", "training", "saving")]
                   for one in runs]
    else:
        seconds = [[one.output["reading"], one.output["training"][0], one.output["saving"]]
                   for one in runs]
    return " / ".join(f"{median(column):.2f}" for column in zip(*seconds))


def memory(runs):
    return f"{median(one.megabytes for one in runs):.0f}"


def epochs(bench):
    train, _ = data.ten_million(bench)
    ours10, ours20, theirs = in_turn(
        bench.runs,
        bench.learn(train, "sgd", "--dimension", 64, "--epochs", 10),
        bench.learn(train, "sgd", "--dimension", 64, "--epochs", 20),
        libmf(bench, train, "-", "-", "10,20", PENALTIES[0]))
    ours = [(long.output["seconds"]["training"] - short.output["seconds"]["training"]) / 10
            for short, long in zip(ours10, ours20)]
    peer = [(run.output["training"][1] - run.output["training"][0]) / 10 for run in theirs]
    ratio, bar = at_most(median(ours) / median(peer), 0.45)
    return (
        "An epoch without validation: the seconds that 20 epochs take more than 10, by 10.\n\n"
        + table(["one epoch", "seconds", "to LIBMF"], [
            ["Kindred", spread(ours, 3), f"{ratio}, {bar}"],
            ["LIBMF", spread(peer, 3), "1"]]))
