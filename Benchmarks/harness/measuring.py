"""Runs commands in turn, each in a process of its own, and keeps what they took."""
# SPDX-License-Identifier: Apache-2.0
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

# This process stays small (no NumPy here): on Linux a child's peak memory starts from its parent's.


class CommandFailed(Exception):
    """A command ended with an error; the message is what it said."""


@dataclasses.dataclass
class Run:
    """One run of a command: the whole process, and the JSON that it printed last."""

    seconds: float
    megabytes: float
    output: dict


def run(command):
    command = [str(part) for part in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    if process.returncode != 0:
        raise CommandFailed(f"{' '.join(command)}\nended with {process.returncode}\n"
                            f"{texts[1][-2000:]}")
    # In units of 1,024 bytes on Linux, in bytes on macOS.
    megabytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return Run(seconds, megabytes, last_json(texts[0]))


def last_json(text):
    """The whole text as JSON, or its last line."""
    for part in (text, (text.strip().splitlines() or [""])[-1]):
        try:
            return json.loads(part)
        except json.JSONDecodeError:
            pass
    return {}


def in_turn(runs, *commands, uncounted=1):
    """The runs of each command, taken in turn so that a slow minute slows all of them.

    Each runs once before, uncounted: memory and files that nobody touched yet are slow to touch.
    """
    for _ in range(uncounted):
        for command in commands:
            run(command)
    results = [[] for _ in commands]
    for _ in range(runs):
        for place, command in enumerate(commands):
            results[place].append(run(command))
    return results


def warm_memory(megabytes=3000):
    """Has the machine hand out memory once, which on virtual machines is slow the first time."""
    subprocess.run(
        [sys.executable, "-c",
         f"b = bytearray({megabytes} << 20)\nfor i in range(0, len(b), 4096): b[i] = 1"],
        check=True)


def median(numbers):
    return statistics.median(numbers)


def spread(numbers, digits=2):
    """The median, with the least and the most."""
    numbers = sorted(numbers)
    return (f"{statistics.median(numbers):.{digits}f} "
            f"({numbers[0]:.{digits}f}–{numbers[-1]:.{digits}f})")
