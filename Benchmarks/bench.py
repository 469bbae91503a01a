"""Measures section after section, prints their tables, and writes BENCHMARKS.md after all of them.

usage: bench.py KINDRED PROGRAM WORK SHARED RUNS [SECTION...]
"""
# SPDX-License-Identifier: Apache-2.0
import importlib
import pathlib
import sys

from harness import machine
from harness.bench import Bench, Skipped
from harness.measuring import CommandFailed, warm_memory

SECTIONS = ("reading", "sgd", "als", "bayes", "threads", "large", "folds", "folding",
            "retrieval", "kernels")

INTRODUCTION = """# Benchmarks

Written by `scripts/bench`. Programs run in turn, each in a process of its own, after a run of each
that is not counted; figures are medians of {runs} runs (least–most) unless a section says otherwise,
and ratios are of medians of one run of the script. Memory is the peak of the whole process. Bars stand beside
what was measured, met or not.
"""


def section(bench, name):
    module = importlib.import_module(f"sections.{name}")
    print(f"Measuring {name} ...", file=sys.stderr)
    warm_memory()
    try:
        return f"## {module.TITLE}\n\n{module.measure(bench)}\n", True
    except Skipped as reason:
        return f"## {module.TITLE}\n\nNot measured: {reason}.\n", False
    except CommandFailed as failure:
        return f"## {module.TITLE}\n\nNot measured, a command failed:\n\n```\n{failure}\n```\n", False


def main():
    kindred, program, work, shared = map(pathlib.Path, sys.argv[1:5])
    bench = Bench(kindred, program, work, shared, int(sys.argv[5]))
    names = sys.argv[6:] or SECTIONS
    for name in names:
        if name not in SECTIONS:
            sys.exit(f"{name} is no section; there are {', '.join(SECTIONS)}")
    head = INTRODUCTION.format(runs=bench.runs) + "\n" + machine.described() + "\n"
    print(head, flush=True)
    texts, complete = [], True
    for name in names:
        text, measured = section(bench, name)
        complete = complete and measured
        texts.append(text)
        print(text, flush=True)
    # Figures of several days are not mixed.
    if list(names) == list(SECTIONS):
        pathlib.Path("BENCHMARKS.md").write_text("\n".join([head, *texts]))
    sys.exit(0 if complete else 1)


main()
