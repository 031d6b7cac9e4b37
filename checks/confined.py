"""
Becomes another program of this environment under limits, and by Landlock where asked: `python -I -m checks.confined`.

It is for programs that read repository content and are not ours, within what the sandbox gives (checks/sandbox.py).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from checks import landlock
from checks.child import limit

LANDLOCK = "--landlock"


def main() -> None:
    """Become the program in sys.argv: `[--landlock] FOLDER PROGRAM ARGUMENT...`; FOLDER may be read besides."""
    limit()
    command = sys.argv[1:]
    if command[0] == LANDLOCK:
        command = command[1:]
        landlock.confine(Path(command[0]))
    os.execve(command[1], command[1:], {"HOME": "/"})  # noqa: S606 - no shell is the point; some ask for a home


if __name__ == "__main__":
    main()
