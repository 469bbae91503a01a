"""The innermost loops beside the machine's best matrix product."""
# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

from harness.measuring import CommandFailed

TITLE = "Kernels: the part of the machine's best matrix product that each reaches"


def measure(bench):
    done = subprocess.run(
        [bench.program, "kernels", sys.executable, bench.peers / "sgemm.py"], capture_output=True,
        text=True)
    if done.returncode != 0:
        raise CommandFailed(f"KindredBenchmarks kernels\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
