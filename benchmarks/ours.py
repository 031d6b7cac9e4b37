"""Our own check as a command, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

#: What a benchmark says must not change with the day: no package index is asked, for its answers do and the names of
#: many repositories are none of its business, and advisory data of a fixed date is taken as it is.
STEADY = {
    "GROUNDCREW_PYPI_INDEX": "off",
    "GROUNDCREW_NPM_REGISTRY": "off",
    "GROUNDCREW_ADVISORIES_MAX_AGE": "9999d",
}
os.environ.update(STEADY)  # for every program that is started from here


def command(clone: Path, home: Path, *more: str) -> list[str]:
    """Return the command that checks *clone* with the files in *home*, and prints the report as JSON."""
    return [sys.executable, "-I", "-m", "bot", "check", str(clone), "--format", "json", "--home", str(home), *more]


def bring_advisories(sources: list[str], home: Path) -> None:
    """Build the index of advisories in *home* from *sources*, where there are any."""
    if sources:
        options = [word for source in sources for word in ("--from", source)]
        update = [sys.executable, "-I", "-m", "bot", "advisories", "update", *options, "--home", str(home)]
        subprocess.run(update, check=True, stdout=subprocess.DEVNULL)
