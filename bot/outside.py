"""What `groundcrew doctor` asks outside: whether GitHub takes the token, and whether the package indexes answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.diagnosis import Finding, State
from checks.engine import MACHINE, Engine
from checks.fact import Missing
from checks.facts.packages.index_answer import Asked
from checks.facts.packages.packages import NPM, PYPI
from checks.gather import index_address, index_asking
from checks.gather.github import Untold, connected

_REFUSED, _NOT_THERE = 401, 404
_UNASKED = (
    "GROUNDCREW_GITHUB_TOKEN is not set: private code cannot be read, and as GitHub is not asked about reviews and CI "
    "no app can be placed in production (docs/settings.md says where to get one)"
)


async def github(engine: Engine) -> Finding:
    """Say whether GitHub, or the GitHub Enterprise that is set, takes the token."""
    if engine.token is None:
        return Finding(State.WARN, "github", _UNASKED)
    host = urlsplit(engine.github_api).hostname
    try:
        async with connected(engine, "") as api:
            asked = replace(api, address=engine.github_api)
            # Costs nothing of the limit that it tells: https://docs.github.com/en/rest/rate-limit/rate-limit
            await asked.get("/rate_limit", dict[str, Any], "its limits", "any permission")
    except Untold as untold:
        if untold.status != _NOT_THERE:  # a GitHub Enterprise without limits, which has taken the token
            return Finding(State.FAIL if untold.status == _REFUSED else State.WARN, "github", str(untold))
    return Finding(State.OK, "github", f"{host} takes the token; which repositories it may read is seen at each check")


async def indexes(engine: Engine) -> AsyncIterator[Finding]:
    """Say of each package index whether it answers: without it nobody knows which packages were invented."""
    yield await _index(PYPI, "GROUNDCREW_PYPI_INDEX", engine.pypi_index, index_address.of_pip, engine)
    yield await _index(NPM, "GROUNDCREW_NPM_REGISTRY", engine.npm_registry, index_address.of_npm, engine)


async def _index(
    ecosystem: str, setting: str, address: str | None, machine: Callable[[], Awaitable[str]], engine: Engine
) -> Finding:
    what = f"packages of {ecosystem}"
    if address is None:
        words = f"{setting} is off: whether a package exists is not asked, so invented ones are not seen"
        return Finding(State.WARN, what, words)
    try:
        address = await machine() if address == MACHINE else address
    except Missing as why:
        return Finding(State.WARN, what, str(why))
    asked = Asked(ecosystem, index_asking.SURELY[ecosystem])
    _, unanswered = await index_asking.ask(ecosystem, address, [asked], engine.ca_file)
    if unanswered:
        return Finding(State.WARN, what, f"{unanswered[0].reason}; {setting} names another index, or off")
    return Finding(State.OK, what, f"{urlsplit(address).hostname} answers")
