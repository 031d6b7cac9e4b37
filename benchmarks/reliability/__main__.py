"""
What the bot promises, measured: `python -m benchmarks.reliability NAME` prints the row of one figure.

Each figure takes its own options, such as `--kills 50`; without any it is run in full. `--write` keeps the result in
benchmarks/reliability/results and makes docs/reliability.md anew of all that are kept there. `list` names the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import pkgutil
import signal
import sys
import time

from benchmarks.reliability import figures, page
from benchmarks.reliability.figure import Figure, row


def every_figure() -> dict[str, Figure]:
    """Return the figures by name, found by walking benchmarks/reliability/figures."""
    prefix = f"{figures.__name__}."
    modules = [importlib.import_module(info.name) for info in pkgutil.iter_modules(figures.__path__, prefix)]
    found = [module.figure for module in modules if hasattr(module, "figure")]
    return {figure.name: figure for figure in found}


def main() -> int:
    """Run one figure; return 1 where its promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    named = parser.add_subparsers(dest="name", required=True)
    named.add_parser("list", help="name the figures")
    known = every_figure()
    for figure in known.values():
        own = named.add_parser(figure.name, help=figure.promise)
        own.add_argument("--seed", type=int, default=4)
        own.add_argument("--write", action="store_true", help=f"keep the result and write {page.PAGE.name}")
        for option, value in figure.options.items():
            own.add_argument(f"--{option.replace('_', '-')}", type=int, default=value)
    arguments = parser.parse_args()
    if arguments.name == "list":
        for figure in known.values():
            print(f"{figure.name:<20} {figure.promise}")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended, too
    figure, began = known[arguments.name], time.monotonic()
    outcome = asyncio.run(figure.run(arguments))
    kept = row(figure, outcome, {name: getattr(arguments, name) for name in figure.options}, began)
    print(page.line(kept))
    for name, value in outcome.figures.items():
        print(f"  {name}: {value}")
    if arguments.write:
        page.keep(kept)
        page.write()
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
