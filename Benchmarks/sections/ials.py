"""Weighted ALS beside implicit's, to the same value of the one objective."""
# SPDX-License-Identifier: Apache-2.0
from harness import data
from harness.bench import THREADS
from harness.markdown import at_most, table
from harness.measuring import in_turn, median, run, spread

TITLE = "Weighted ALS: 3.5 M interactions, two threads, to the same objective"

LEAST = 4
UNOBSERVED, REGULARIZATION = 0.1, 0.001
"""implicit's alpha 11 and about its default regularization, 0.01."""
DIMENSIONS = (64, 128)
ITERATIONS = 15
"""implicit's default."""
MOST_EPOCHS = 30


def measure(bench):
    train, _ = data.ten_million(bench)
    rows = []
    for dimension in DIMENSIONS:
        gradients = peer(bench, train, dimension)
        exact = peer(bench, train, dimension, "exact")
        # The exact solver is slow and steady: the run that gives its goal is enough.
        slow = run(exact)
        goals = [run(gradients).output["objective"], slow.output["objective"]]
        epochs = [epochs_to(goal, bench, train, dimension) for goal in goals]
        results = in_turn(
            bench.runs, learn(bench, train, dimension, epochs[0]), gradients,
            learn(bench, train, dimension, epochs[1]))
        ours, theirs, further = results
        seconds = [training(ours), [one.output["training"] for one in theirs], training(further),
                   [slow.output["training"]]]
        objectives = [ours[0].output["epochs"][-1]["objective"], theirs[0].output["objective"],
                      further[0].output["epochs"][-1]["objective"], goals[1]]
        names = [f"Kindred, epochs: {epochs[0]}", f"implicit, {ITERATIONS} iterations, conjugate gradients",
                 f"Kindred, epochs: {epochs[1]}", f"implicit, {ITERATIONS} iterations, exact"]
        for place, bar in ((0, 0.33), (2, 0.15)):
            ratio, met = at_most(median(seconds[place]) / median(seconds[place + 1]), bar)
            reached = objectives[place] <= objectives[place + 1]
            missed = "" if reached else f" (**goal not reached in {MOST_EPOCHS} epochs**)"
            for row, shown in ((place, f"{ratio}, {met}{missed}"), (place + 1, "1")):
                rows.append([dimension, names[row], f"{objectives[row]:.0f}", spread(seconds[row]), shown])
    return (
        f"Ratings of {LEAST} and more of the ten million are interactions: 3.5 M of 10,000 items by 70,000 "
        f"users. Both minimize one objective (exponent 0, unobserved {UNOBSERVED}, regularization "
        f"{REGULARIZATION}: implicit's alpha {1 + 1 / UNOBSERVED:.0f}, regularization "
        f"{(1 + 1 / UNOBSERVED) * REGULARIZATION:.3f}); implicit runs {ITERATIONS} iterations, its default, "
        "and Kindred the fewest epochs that reach the same value or a lower one. Seconds are of training "
        "alone; the exact solver runs once.\n\n"
        + table(["dimension", "weighted ALS", "objective", "training s", "to implicit"], rows))


def peer(bench, train, dimension, *flags):
    return bench.peer("learn_implicit.py", train, LEAST, dimension, ITERATIONS, UNOBSERVED, REGULARIZATION,
                      THREADS, *flags)


def learn(bench, train, dimension, epochs):
    return bench.learn(train, "ials", "--min-rating", LEAST, "--dimension", dimension, "--exponent", 0,
                       "--unobserved", UNOBSERVED, "--regularization", REGULARIZATION, "--epochs", epochs)


def epochs_to(goal, bench, train, dimension):
    """The fewest epochs to the goal, or as many as are tried."""
    tried = run(learn(bench, train, dimension, MOST_EPOCHS))
    for epoch in tried.output["epochs"]:
        if epoch["objective"] <= goal:
            return epoch["epoch"]
    return MOST_EPOCHS


def training(runs):
    return [one.output["seconds"]["training"] for one in runs]
