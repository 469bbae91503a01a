# Shared by the scripts: where the project is, and what a fresh machine lacks.
# SPDX-License-Identifier: Apache-2.0

set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

# need COMMAND PACKAGE: installs a Debian package if the command is missing.
need() {
  command -v "$1" >/dev/null 2>&1 || obtain "$1" "$2"
}

# obtain WHAT PACKAGE: installs a Debian package, or says how to.
obtain() {
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing $2 ..." >&2
    apt-get install -y -q "$2" >/dev/null 2>&1 ||
      { apt-get update -q >/dev/null && apt-get install -y -q "$2" >/dev/null; }
  else
    echo "Missing: $1. Install it (on Debian and Ubuntu: sudo apt-get install $2) and run this again." >&2
    return 1
  fi
}

# need_python: Python that can make virtual environments, for the tests that compare with NumPy.
need_python() {
  need python3 python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || obtain "Python's venv module" python3-venv
}

need_swift() {
  if ! command -v swift >/dev/null 2>&1; then
    echo "Missing: Swift 6.2 or later. See https://www.swift.org/install and run this again." >&2
    exit 1
  fi
  # "Swift version 6.2" and later; the manifest needs it.
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
  set -- ${version:-0 0}
  if [ "$1" -lt 6 ] || { [ "$1" -eq 6 ] && [ "$2" -lt 2 ]; }; then
    echo "Swift $1.$2 is too old: 6.2 or later is needed. See https://www.swift.org/install." >&2
    exit 1
  fi
  need git git
  need cc build-essential
}

# build ARGUMENTS: a release build, quiet unless it fails.
build() {
  log=$(mktemp)
  echo "Building (a first build takes a minute or two) ..." >&2
  if ! swift build -c release "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}
