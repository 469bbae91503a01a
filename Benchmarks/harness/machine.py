"""What the figures were measured on: the machine, the tree, and the peers' versions."""
# SPDX-License-Identifier: Apache-2.0
import datetime
import importlib.metadata
import os
import pathlib
import platform
import subprocess

PEERS = ("cmfrec", "faiss-cpu", "implicit", "numpy", "pandas", "scipy")


def described():
    """Lines of a Markdown list."""
    facts = [
        ("date", datetime.date.today().isoformat()),
        ("commit", commit()),
        ("processor", f"{processor()}, {os.cpu_count()} cores, {platform.machine()}"),
        ("memory", f"{memory():.0f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Swift", first_line("swift", "--version")),
        ("C++ compiler of LIBMF", first_line("c++", "--version")),
        ("peers", ", ".join([f"LIBMF (sources of PyPI's libmf {os.environ.get('LIBMF', '?')})",
                             *(f"{name} {version(name)}" for name in PEERS)])),
        ("Python", platform.python_version()),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in facts)


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def commit():
    changed = first_line("git", "status", "--porcelain", "--untracked-files=no")
    return first_line("git", "rev-parse", "--short=10", "HEAD") + (" and changes" if changed else "")


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return first_line("sysctl", "-n", "machdep.cpu.brand_string") or platform.processor()


def memory():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    return (done.stdout.strip().splitlines() or [""])[0]
