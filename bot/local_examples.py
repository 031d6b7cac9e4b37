"""
The small apps that come with Groundcrew, for a first try in the local workspace.

Each becomes a git repository under the home, so that a change to it can be committed and seen to be noticed.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
from pathlib import Path

from bot.local_workspace import Offer

_log = logging.getLogger(__name__)
#: The checkout's folder; an installation without it offers nothing.
EXAMPLES = Path(__file__).parent.parent / "examples"
#: The apps among them, in the order in which they are offered: first of all the one with a fault of nearly every kind.
APPS = ("refund-desk", "team-lunch", "sound-notes")
_AUTHOR = ("-c", "user.name=Groundcrew", "-c", "user.email=examples@example.test", "-c", "commit.gpgsign=false")


def prepare(home: Path) -> list[Offer]:
    """Make the examples' repositories under *home* where they are not there, and return what to try with them."""
    made = []
    for source in (EXAMPLES / name for name in APPS):
        if source.is_dir():
            try:
                made.append(_repository(source, home / "examples" / source.name))
            except (OSError, subprocess.CalledProcessError) as error:
                _log.warning("the example %s could not be prepared: %s", source.name, type(error).__name__)
    if not made:
        return []
    first, others = made[0], made[1:]
    return [
        Offer(f"Register {first.name}", f"/register-app {first.name} {first} @ann --backup @bo --channel #apps"),
        Offer("Page its owner", f"/page-owner {first.name} refunds are sent twice"),
        Offer("All apps", "/apps all"),
        *(Offer(f"Check {folder.name}", f"/check-app {folder}") for folder in others),
    ]


def _repository(source: Path, folder: Path) -> Path:
    if folder.exists():
        return folder
    unfinished = folder.with_name(f".{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished)
    for arguments in (["init", "--quiet", "--initial-branch=main"], ["add", "--all", "--force"]):
        _git(unfinished, *arguments)
    _git(unfinished, *_AUTHOR, "commit", "--quiet", "--message", f"Add {folder.name}")
    unfinished.rename(folder)
    return folder


def _git(folder: Path, *arguments: str) -> None:
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    environment["HOME"] = "/nonexistent"  # whoever starts the bot may sign commits or have hooks
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S607 - by PATH above
