"""
Reads repositories at code hosts: what their default branch is at, and one bare mirror each under the home.

A host is looked up once; the address found is checked and git is pinned to it, so that no second look-up leads
elsewhere. A token travels in git's environment and only where the caller says so.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.engine import Engine
from checks.gather.address import Address, BadAddress, check_branch
from checks.gather.git import Git, Hidden, Unreadable, git
from checks.gather.network import resolve

_REFS = 1024 * 1024  # bytes of refs read; an honest answer about HEAD has a hundred


@dataclass(frozen=True, slots=True)
class Head:
    """The default *branch* of a repository and the commit, *revision*, that it is at."""

    branch: str
    revision: str


@dataclass(frozen=True, slots=True)
class Line:
    """How to talk to one host: `-c` *options* and *environment* for git."""

    options: tuple[str, ...]
    environment: dict[str, str]


async def ls_remote(address: Address, engine: Engine, *, with_token: bool = False) -> Head:
    """Return where the default branch of the repository at *address* is; raises Unreadable with a sentence."""
    line = await line_to(address, engine, with_token=with_token)
    seconds = engine.limits.answer_s
    try:
        async with asyncio.timeout(seconds):
            refs = await _refs(address, line, ("--symref",), ("HEAD",))
            head = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", refs, re.MULTILINE)
            revision = re.search(r"^([0-9a-f]{40,64})\tHEAD$", refs, re.MULTILINE)
            if head and revision:
                return Head(check_branch(head[1]), revision[1])
            branches = re.findall(r"\trefs/heads/(\S+)$", await _refs(address, line, ("--heads",), ()), re.MULTILINE)
    except TimeoutError:
        raise Unreadable(f"repo host did not answer within {seconds:.0f} s; try again ({address.name})") from None
    except BadAddress as error:
        raise Unreadable(f"The repository's default branch has a bad name. {error}") from None
    if not branches:
        raise Unreadable("No commits yet: nothing to check.")
    raise Unreadable(f"Default branch does not exist; branches: {', '.join(branches[:10])}")


async def line_to(address: Address, engine: Engine, *, with_token: bool) -> Line:
    """Return how to reach *address*, pinned to a checked address of its host; raises Unreadable."""
    machine = await resolve(address.name, address.port, engine.allow_cidrs)
    machine = f"[{machine}]" if ":" in machine else machine
    options = [
        "protocol.https.allow=always",
        "http.followRedirects=false",
        "http.lowSpeedLimit=1000",
        "http.lowSpeedTime=10",
        f"http.curloptResolve={address.name}:{address.port}:{machine}",
    ]
    if engine.ca_file:
        options.append(f"http.sslCAInfo={engine.ca_file}")
    environment = {"GIT_ALLOW_PROTOCOL": "https"}
    if with_token and engine.token and address.host == engine.token_host:
        credentials = base64.b64encode(f"x-access-token:{engine.token}".encode()).decode()
        environment |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.https://{address.host}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {credentials}",
        }
    return Line(tuple(options), environment)


async def _refs(address: Address, line: Line, options: Sequence[str], patterns: Sequence[str]) -> str:
    async with asking("ls-remote", *options, "--", address.url, *patterns, line=line) as running:
        assert running.process.stdout is not None
        refs = b""
        while len(refs) < _REFS and (piece := await running.process.stdout.read(1 << 16)):
            refs += piece
        if len(refs) < _REFS and await running.process.wait() != 0:
            raise await failure(running, address)
    return refs.decode("utf-8", "replace")


@asynccontextmanager
async def asking(
    *arguments: str, line: Line, folder: Path | None = None, largest_file: int | None = None
) -> AsyncIterator[Git]:
    """Run git with *arguments* over *line*, as checks.gather.git.git does."""
    async with git(
        *arguments,
        folder=folder,
        options=line.options,
        environment=line.environment,
        largest_file=largest_file,
    ) as running:
        yield running


_HIDDEN = "{host} says this repository is private or does not exist. Give the bot read access ({access})."
#: What git says -> what is told; the first that fits. {host}, {reason} and {access} are filled in.
_SENTENCES = (
    (r"returned error: 30\d", "The host redirects elsewhere ({code}); give the final address."),
    (
        r"could not read Username|Authentication failed|terminal prompts|not found$|returned error: 4(?:0[134]|10)",
        _HIDDEN,
    ),
    (r"returned error: 429", "{host} asks us to come back later (429); try again."),
    (r"returned error: 5\d\d", "{host} has a fault of its own ({code}); try again."),
    (r"certificate|SSL", "The certificate of {host} is not accepted: {reason}"),
    (r"too slow|timed out|Timeout", "repo host did not answer within 10 s; try again ({host})"),
    (
        r"Could ?n.t connect|Failed to connect|unable to access|Empty reply|Connection",
        "{host} cannot be reached: {reason}",
    ),
    (
        r"signal 25|\Afatal: fetch-pack: invalid index-pack output|File too large",
        "Repository is larger than is read here. Not checked.",
    ),
)


async def failure(running: Git, address: Address) -> Unreadable:
    """Return the sentence on why git failed at *address*."""
    said = await running.said()
    code = re.search(r"returned error: (\d+)", said)
    words = {
        "host": address.name,
        "reason": (await running.reason()).removeprefix(f"unable to access '{address.url}/': "),
        "code": code[1] if code else "",
        "access": access_page(address),
    }
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, said, re.MULTILINE):
            told = sentence.format(**words)
            return Hidden(told, address.name) if sentence is _HIDDEN else Unreadable(told)
    return Unreadable(f"Repository could not be read completely: {words['reason']}. Not checked.")


def access_page(address: Address) -> str:
    """Return the page where the owner of the repository at *address* gives others access."""
    return {
        "github.com": f"{address.url}/settings/access",
        "gitlab.com": f"{address.url}/-/project_members",
        "bitbucket.org": f"{address.url}/admin/permissions",
        "codeberg.org": f"{address.url}/settings/collaboration",
    }.get(address.name, address.url)
