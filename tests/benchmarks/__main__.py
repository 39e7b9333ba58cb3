"""Run the benchmarks: ``make bench``, or one of them with ``make bench ARGS="repository --wheels DIR"``.

Each is a module of its own that prints a table; figures are ratios against a floor or a peer measured
in the same run, because machines are noisy.
"""

import importlib
import sys
from pathlib import Path


def main() -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    names, arguments = (sys.argv[1:2], sys.argv[2:]) if sys.argv[1:] else (known, [])
    if not set(names) <= set(known):
        sys.stderr.write(f"There is no such benchmark. Known: {', '.join(known)}\n")
        return 2
    for name in names:
        sys.argv = [f"bench_{name}", *arguments]
        importlib.import_module(f"tests.benchmarks.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
