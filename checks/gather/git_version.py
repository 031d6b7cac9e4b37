"""Whether the git of this machine has holes that the code of others could use."""

from __future__ import annotations

import re
import subprocess

_PATIENCE_S = 10.0
#: The first version of each line with the fixes for CVE-2025-48384 and -48385; older lines were not mended upstream.
_MENDED = ((2, 43, 7), (2, 44, 4), (2, 45, 4), (2, 46, 4), (2, 47, 3), (2, 48, 2), (2, 49, 1), (2, 50, 1))

#: The packages that hold the fixes in an old line: their version up to the last number, and that number at least.
_PATCHED = (
    ("1:2.39.5-0+deb12u", 3),  # Debian 12
    ("1:2.43.0-1ubuntu7.", 3),  # Ubuntu 24.04, USN-7626-1
)


def git_problem() -> str | None:
    """Return what is wrong with the git of this machine in a sentence that says what to install, or None."""
    printed = _printed("git", "--version")
    if not printed:
        return "git is not installed here; install it (Debian: apt install git)."
    problem = version_problem(printed)
    if problem is None:
        return None
    return version_problem(printed, _printed("dpkg-query", "-W", "-f", "${Version}", "git"))


def version_problem(printed: str, package: str = "") -> str | None:
    """
    Return what is wrong with the git that prints *printed* for `git --version`, or None.

    *package* is the version of Debian's or Ubuntu's package, which may hold the fixes in an old line.
    """
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", printed)
    if match is None:
        return "git does not say its version; install git 2.43.7 or newer."
    version = tuple(int(part or 0) for part in match.groups())
    mended = [fixed for fixed in _MENDED if fixed[:2] == version[:2]]
    if version >= (2, 51) or (mended and version >= mended[0]):
        return None
    for line, least in _PATCHED:
        revision = re.match(r"\d+", package.removeprefix(line)) if package.startswith(line) else None
        if f":{match[0]}-" in line and revision and int(revision[0]) >= least:
            return None
    return f"git {match[0]} has known holes; install git 2.43.7 or newer, or your distribution's update of it."


def _printed(*command: str) -> str:
    """Return what *command* prints, an empty text where it is not there or fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
