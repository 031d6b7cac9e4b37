"""
Asks a package index about names, over https and under limits.

Apart from what asks for it (checks/gather/package_index.py), which mostly has its answers already: an HTTP client takes
as long to load as the rest of a small check.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import aiohttp

from checks.facts.packages.index_answer import Asked, Known, Unanswered
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.slips import is_popular
from checks.gather.index_words import Unreadable, known_of

_AT_ONCE = 6
_REQUEST_S = 5.0
_TOTAL_S = 12.0  # of the 30 s that a fact may take; what came late is asked again by the next check
_DEAF = 4  # requests in a row that reach nobody: then the rest is not tried
_LARGEST = 8 * 1024 * 1024  # bytes, unpacked, of one document; a package with a longer history has one, and is old
_CHUNK = 65_536
_OK, _NOT_FOUND = 200, 404
_SIMPLE = "application/vnd.pypi.simple.v1+json"
#: Exists at every index that answers truly; one that does not know it knows nothing.
SURELY = {PYPI: "pip", NPM: "npm"}


class _NoAnswer(Exception):  # noqa: N818 - it is an outcome of asking
    """The index did not answer; the text says how, and never more of its address than the host."""


@dataclass(slots=True)
class _Index:
    """The index of *ecosystem* at *address*, asked through *session*."""

    ecosystem: str
    address: str
    session: aiohttp.ClientSession
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    in_vain: int = 0

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    async def ask(self, asked: Asked) -> Known:
        """Return what the index says of *asked*; raises _NoAnswer."""
        async with self.turn:
            if self.in_vain >= _DEAF:
                raise _NoAnswer(f"{self.host} cannot be reached from here")
            try:
                async with asyncio.timeout(_REQUEST_S):
                    known = await self._ask(asked)
            except TimeoutError:
                self.in_vain += 1
                raise _NoAnswer(f"{self.host} did not answer in time") from None
            except aiohttp.ClientConnectorError:
                self.in_vain += 1
                raise _NoAnswer(f"{self.host} cannot be reached from here (a proxy is not used)") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                self.in_vain += 1
                raise _NoAnswer(f"{self.host} could not be asked ({type(error).__name__})") from None
            except Unreadable:
                raise _NoAnswer(f"{self.host} answered what no package index does") from None
            self.in_vain = 0
            return known

    async def _ask(self, asked: Asked) -> Known:
        async with self.session.get(
            self._url(asked), allow_redirects=False, headers={"Accept": self._accept}
        ) as answer:
            if answer.status == _NOT_FOUND:
                return Known(asked.ecosystem, asked.name, exists=False)
            if answer.status != _OK:
                raise _NoAnswer(f"{self.host} answered with status {answer.status}")
            body = bytearray()
            async for chunk in answer.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > _LARGEST:
                    return Known(asked.ecosystem, asked.name, exists=True)
        return await asyncio.to_thread(known_of, asked, bytes(body))

    @property
    def _accept(self) -> str:
        return _SIMPLE if self.ecosystem == PYPI else "application/json"

    def _url(self, asked: Asked) -> str:
        base = self.address.rstrip("/")
        if self.ecosystem == PYPI:
            return f"{base}/{quote(asked.name, safe='')}/"
        name = quote(asked.name, safe="@")
        # The whole document of a well-known package is many MB; that it exists is no question.
        return f"{base}/{name}/latest" if is_popular(NPM, asked.name) else f"{base}/{name}"


async def ask(
    ecosystem: str, address: str, names: Sequence[Asked], ca_file: Path | None
) -> tuple[list[tuple[Asked, Known]], list[Unanswered]]:
    """Return what the index of *ecosystem* at *address* says of *names*, and of which nobody answered, with why."""
    certificates = ssl.create_default_context()
    if ca_file is not None:
        certificates.load_verify_locations(ca_file)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=certificates)) as session:
        return await _asked(_Index(ecosystem, address, session), names)


async def _asked(index: _Index, fresh: Sequence[Asked]) -> tuple[list[tuple[Asked, Known]], list[Unanswered]]:
    """Ask *index* for all of *fresh*, a few at once, for as long as there is time."""
    tasks = {asyncio.create_task(index.ask(one)): one for one in fresh}
    try:
        await asyncio.wait(tasks, timeout=_TOTAL_S)
    finally:
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    answers, open_ = [], []
    for task, one in tasks.items():
        error = None if task in late else task.exception()
        if task in late:
            open_.append(Unanswered(one.ecosystem, one.name, f"{index.host} did not answer in time"))
        elif isinstance(error, _NoAnswer):
            open_.append(Unanswered(one.ecosystem, one.name, str(error)))
        else:
            answers.append((one, task.result()))
    missing = [one for _, one in answers if not one.exists]
    if missing and not await _is_truthful(index):
        why = f"{index.host} does not know {SURELY[index.ecosystem]} either, so it is no whole index"
        open_ += (Unanswered(one.ecosystem, one.name, why) for one in missing)
        answers = [one for one in answers if one[1].exists]
    return answers, open_


async def _is_truthful(index: _Index) -> bool:
    """Whether *index* knows what exists everywhere: a mirror that holds little answers 404 to all the rest."""
    try:
        return (await index.ask(Asked(index.ecosystem, SURELY[index.ecosystem]))).exists
    except _NoAnswer:
        return False
