"""The data sets of the sections, made once."""
# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys

from .measuring import run


def ten_million(bench):
    """8.6 M ratings to learn from and 0.96 M to test on, lines in random order.

    70,000 users and 10,000 items with planted vectors of rank 16, noise of half a star, ratings in
    half stars, popularity with a long tail.
    """
    train, test = bench.work / "ten-million.train.txt", bench.work / "ten-million.test.txt"
    if not (train.exists() and test.exists()):
        drawn = bench.work / "drawn.txt"
        run([bench.kindred, "data", "generate", "-o", drawn, "--test", test, "--users", 70_000,
             "--items", 10_000, "--ratings", 9_593_821, "--output-format", "triples", "--format", "json"])
        # The generator writes user by user; logs of ratings do not come so.
        subprocess.run(
            [sys.executable, os.path.join(os.path.dirname(__file__), "shuffle_lines.py"), drawn, train],
            check=True)
        drawn.unlink()
    return train, test


def hundred_million(bench):
    """100 M ratings of 700,000 users and 100,000 items: 1.7 GB of text."""
    path = bench.work / "hundred-million.txt"
    if not path.exists():
        run([bench.kindred, "data", "generate", "-o", path, "--users", 700_000, "--items", 100_000,
             "--ratings", 100_000_000, "--output-format", "triples", "--format", "json"])
    return path


def movielens_five_times(bench):
    """ML-100K with each of its users five times, under other ids."""
    path = bench.work / "ml-100k-five-times.txt"
    if not path.exists():
        lines = bench.movielens("u.data").read_text().splitlines()
        with open(path, "w") as file:
            for copy in range(5):
                for line in lines:
                    user, rest = line.split("\t", 1)
                    file.write(f"{int(user) + 1000 * copy}\t{rest}\n")
    return path
