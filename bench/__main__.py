"""Run the benchmarks: ``python -m bench [name ...]``, all of them by default; or keep one."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import bench


def main(arguments: list[str]) -> int:
    """Run the named benchmarks and return 1 if one of them missed a target."""
    available = sorted(
        module.name
        for module in pkgutil.iter_modules(bench.__path__)
        if not module.name.startswith("_")
    )
    parser = argparse.ArgumentParser(prog="python -m bench", description=bench.__doc__)
    parser.add_argument("name", nargs="*", help=f"what to run: {', '.join(available)}")
    parser.add_argument("--record", action="store_true", help="keep data/bench.csv for the book")
    given = parser.parse_args(arguments)
    if given.record:
        return 0 if importlib.import_module("bench.clustering").record() else 1
    names = given.name or available
    unknown = sorted(set(names) - set(available))
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are {', '.join(available)}")
    met = []
    for position, name in enumerate(names):
        print("\n" * min(position, 1) + f"== {name} ==")
        met.append(importlib.import_module(f"bench.{name}").run())
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
