"""Another version of the program takes over with pages in flight, and the way back."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import NotStarted, Rig, rig, until
from benchmarks.reliability.slack import RELIABILITY, StandIn

#: The last commit before registries had more than their second migration.
BEFORE = "f07e439563c61fe6df3368284451f623f18078c7"
_CHECKOUT = Path(__file__).resolve().parents[3]
_WAITS = {"GROUNDCREW_OWNER_WAIT": "6s", "GROUNDCREW_BACKUP_WAIT": "4s", "GROUNDCREW_CHANNEL_WAIT": "4s"}


async def run(options: argparse.Namespace) -> Outcome:
    """Page in the older version, kill it, start this one, and count; then try the older one, and put the copy back."""
    async with rig(options.seed, 1) as made:
        old = _older(made.folder)
        if old is None:
            return Outcome(f"not measured: this checkout does not have the commit {BEFORE[:7]}", holds=False)
        (made.home / "registry.db").unlink()
        given = made.settings(**_WAITS, GROUNDCREW_REPEAT_EVERY="24h", GROUNDCREW_CODE_HOSTS="code.invalid")
        before = {name: value for name, value in given.items() if name != "GROUNDCREW_LISTEN"}
        bot = await made.start(before, old)
        for number in range(options.apps):
            await _register(made, number)
        made.apps = made.apps * options.apps
        await made.drained()
        for number in range(options.apps):
            mark = f"trouble-{number:06}"
            if await made.crowd.type(f"UP{number:06}", "/page-owner", f"late-{number} {mark}"):
                made.accepted[mark] = made.apps[number]
        await bot.kill()
        kept = made.folder / "kept"
        shutil.copytree(made.home, kept)
        await made.start(given)
        went_on = await _all_told(made, options.apps)
        await made.drained()
        return await _and_back(made, old, before, kept, options.apps if went_on else 0)


async def _and_back(made: Rig, old: tuple[str, ...], before: dict[str, str], kept: Path, told: int) -> Outcome:
    await made.bots[-1].end()
    doubled = _doubled(made.slack)
    reason = "it started"
    try:
        await made.start(before, old)
    except NotStarted as words:
        reason = str(words).splitlines()[-1]
    refused = "newer version" in reason
    shutil.rmtree(made.home)
    shutil.copytree(kept, made.home)
    restored = True
    try:
        await made.start(before, old)
    except NotStarted:
        restored = False
    line = f"{len(made.accepted)} pages in flight: {told} went on to their last step, {doubled} messages doubled; "
    line += (
        f"the older version {'refuses the newer registry' if refused else 'did not refuse the newer registry'}, and "
    )
    line += "starts on the copy from before" if restored else "does not start on the copy from before"
    return Outcome(line, bool(told) and not doubled and refused and restored, {"reason": reason})


async def _register(made: Rig, number: int) -> None:
    words = f"late-{number} https://code.invalid/acme/late-{number} <@UO{number:04}> --backup <@UB{number:04}>"
    await made.crowd.type(f"UO{number:04}", "/register-app", words)


async def _all_told(made: Rig, number: int) -> bool:
    marks = [f"trouble-{each:06}" for each in range(number)]

    def told() -> bool:
        said = [one.text for one in made.slack.messages if one.channel == RELIABILITY]
        return all(any(mark in text for text in said) for mark in marks)

    return await until(told, 120)


def _doubled(slack: StandIn) -> int:
    tokens = [one.token for one in slack.messages if one.token]
    return len(tokens) - len(set(tokens))


def _older(folder: Path) -> tuple[str, ...] | None:
    """Lay out the older version in *folder*, and return the command that runs it; None where git does not have it."""
    done = subprocess.run(
        [shutil.which("git") or "git", "-C", str(_CHECKOUT), "archive", BEFORE], capture_output=True, check=False
    )
    if done.returncode:
        return None
    where = folder / "older"
    with tarfile.open(fileobj=BytesIO(done.stdout)) as packed:
        packed.extractall(where, filter="data")
    code = f"import sys; sys.path.insert(0, {str(where)!r}); from bot.__main__ import main; sys.exit(main())"
    return (sys.executable, "-I", "-c", code, "run")


figure = Figure(
    "upgrade",
    "the version of commit f07e439 is killed with {apps} pages in flight, this one takes over; then the way back",
    "0 lost, 0 doubled; a newer registry is refused; the copy from before works again",
    run,
    {"apps": 8},
)
