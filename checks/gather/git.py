"""
Runs git as safety demands it: own environment, no configuration but ours, no shell, no work tree, an end to everything.

What each option is against (all were tried together): `protocol.allow=never` and
GIT_ALLOW_PROTOCOL keep `ext::`, `file://` and ssh options out; `http.followRedirects=false` keeps a host from sending
us on to an internal one; HOME, credential.helper and GIT_ASKPASS keep our credentials in; hooksPath, fsmonitor,
gpg.program and safe.bareRepository keep a repository from starting programs; `transfer.fsckObjects` refuses trees that
hold `.git`. GIT_NO_LAZY_FETCH and the protocols keep a partial clone from fetching what it lacks.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from checks.model import CheckError
from checks.process import dying_with_us, started

_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C.UTF-8",
}
_OPTIONS = (
    "core.hooksPath=/dev/null",
    "core.symlinks=false",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=",
    "credential.helper=",
    "gpg.program=/bin/false",
    "log.showSignature=false",
    "i18n.logOutputEncoding=UTF-8",
    "safe.bareRepository=explicit",
    "gc.auto=0",
    "maintenance.auto=false",
    "transfer.bundleURI=false",
    # git maps packs and keeps delta bases as it likes: 260 MB for a pack of 311 MiB. So it is 36, and an eighth slower.
    "core.deltaBaseCacheLimit=8m",
    "core.packedGitWindowSize=1m",
    "core.packedGitLimit=16m",
    "transfer.fsckObjects=true",
    # Harmless faults of old, honest repositories, which would else be refused whole.
    *(
        f"fetch.fsck.{fault}=ignore"
        for fault in (
            "zeroPaddedFilemode",
            "missingSpaceBeforeDate",
            "badTimezone",
            "missingSpaceBeforeEmail",
            "badDate",
            "badDateOverflow",
            "missingEmail",
            "missingNameBeforeEmail",
            "badName",
            "nulInCommit",
        )
    ),
    "protocol.allow=never",
)
_GIB = 1024**3
_LIMITS = {resource.RLIMIT_AS: 4 * _GIB, resource.RLIMIT_CPU: 600, resource.RLIMIT_CORE: 0}
_ERRORS = 4096  # bytes kept of what git says when it fails


class Unreadable(CheckError):  # noqa: N818 - said of the repository, and read in the sentence
    """A repository cannot be read; the text says why and what to do."""


class Hidden(Unreadable):
    """The code host, *host*, shows the repository to nobody without leave: it is private, or does not exist."""

    def __init__(self, text: str, host: str) -> None:
        super().__init__(text)
        self.host = host


@dataclass(slots=True)
class Git:
    """A running git."""

    process: Process
    _errors: bytearray = field(default_factory=bytearray)
    _listening: asyncio.Task[None] | None = None

    async def said(self) -> str:
        """Return the first 4 kB of what git, which has ended, said on its stderr."""
        if self._listening:
            await asyncio.wait({self._listening}, timeout=1)
        return self._errors.decode("utf-8", "replace")

    async def reason(self) -> str:
        """Return what git, which has ended, said went wrong first: one line, without control characters."""
        lines = (await self.said()).splitlines()
        told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines or ["git gave no reason"]
        return "".join(char if char.isprintable() else "?" for char in told[0].split(":", 1)[-1].strip())[:200]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Read git's stderr meanwhile, so that a full pipe never holds it up."""
        self._listening = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        while piece := await self.process.stderr.read(4096):
            self._errors += piece[: _ERRORS - len(self._errors)]


@asynccontextmanager
async def git(
    *arguments: str,
    folder: Path | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    largest_file: int | None = None,
    stdout: int = PIPE,
) -> AsyncIterator[Git]:
    """
    Run git with *arguments* on the repository at *folder*, without network unless *options* allow it.

    *options* are further `-c` settings, *environment* further variables (a token travels there, never in arguments,
    which any process can read), *largest_file* the RLIMIT_FSIZE in bytes, *stdout* where it prints to. The
    process is gone when the context is left.
    """
    where = [] if folder is None else [f"--git-dir={folder}"]
    settings = [word for option in (*_OPTIONS, *options) for word in ("-c", option)]
    limits = _LIMITS | ({} if largest_file is None else {resource.RLIMIT_FSIZE: largest_file})
    variables = {"PATH": os.environ.get("PATH", os.defpath), "GIT_ALLOW_PROTOCOL": "none", **_ENVIRONMENT}
    command = [*dying_with_us(), _program(), *where, *settings, *arguments]
    async with started(
        command, environment={**variables, **(environment or {})}, limits=limits, errors=True, stdout=stdout
    ) as process:
        running = Git(process)
        async with running.listening():
            yield running


async def output(*arguments: str, folder: Path, seconds: float = 30) -> bytes | None:
    """Return what git prints for *arguments* (at most 1 MiB), or None where it fails or is too slow."""
    return (await asked(*arguments, folder=folder, seconds=seconds))[0]


async def asked(*arguments: str, folder: Path, seconds: float = 30) -> tuple[bytes | None, str]:
    """Return the same as `output`, and what git says is wrong, in a line: "" where it says nothing and succeeds."""
    try:
        async with asyncio.timeout(seconds), git(*arguments, folder=folder) as running:
            assert running.process.stdout is not None
            text = await _up_to(running.process.stdout, 1024 * 1024)
            good = await running.process.wait() == 0
            reason = await running.reason() if not good or await running.said() else ""
            return (text, reason) if good else (None, reason)
    except TimeoutError:
        return None, f"git gave no answer within {seconds:.0f} s"


def unreadable(reason: str) -> Unreadable:
    """Return what is raised where git cannot read a repository at all, for *reason*."""
    return Unreadable(f"Repository could not be read completely: {reason}. Not checked.")


def is_object_id(text: str) -> bool:
    """Whether *text* is an id of SHA-1 or SHA-256, in whole."""
    return re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", text) is not None


async def _up_to(stream: asyncio.StreamReader, largest: int) -> bytes:
    text = bytearray()
    while len(text) < largest and (piece := await stream.read(1 << 16)):
        text += piece
    return bytes(text)


@cache
def _program() -> str:
    program = shutil.which("git")
    if program is None:
        raise Unreadable("git is not installed here; install it (Debian: apt install git).")
    return program
