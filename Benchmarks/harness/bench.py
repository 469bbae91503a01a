"""What every section needs: where things are, how often to run, and the commands."""
# SPDX-License-Identifier: Apache-2.0
import dataclasses
import pathlib
import sys

# The peers and the bars are for two cores.
THREADS = 2


class Skipped(Exception):
    """A section cannot be measured here; the message says what is missing."""


@dataclasses.dataclass(frozen=True)
class Bench:
    kindred: pathlib.Path
    program: pathlib.Path
    """The built KindredBenchmarks."""
    work: pathlib.Path
    """A folder for generated files, some gigabytes of them."""
    shared: pathlib.Path
    """A folder with ml-100k/ and gowalla/, where there is one."""
    runs: int

    @property
    def peers(self):
        return pathlib.Path(__file__).parent.parent / "peers"

    @property
    def libmf(self):
        return self.work / "libmf_train"

    def peer(self, script, *arguments):
        return [sys.executable, self.peers / script, *arguments]

    def learn(self, ratings, method, *options, threads=THREADS, model=None):
        model = model or self.work / f"{method}.safetensors"
        return [self.kindred, "learn", ratings, "-o", model, "--method", method,
                "--threads", threads, "--quiet", "--format", "json", *options]

    def movielens(self, name):
        path = self.shared / "ml-100k" / name
        if not path.exists():
            raise Skipped(f"no ml-100k/{name} in {self.shared}")
        return path
