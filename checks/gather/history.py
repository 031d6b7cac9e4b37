"""Counts the history of a revision in one streamed pass of git; no message, name or address is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import re2

from checks.engine import Limits
from checks.fact import Missing
from checks.facts.delivery.history import History
from checks.gather.git import Git, git

_FIELDS = 4  # parents, author's name, author's e-mail, message
_FORMAT = "%x00%P%x00%an%x00%ae%x00%B"
_RECENT = 100  # first-parent commits
_LONGEST = 4 * 1024 * 1024  # bytes of one commit's text; an honest one has a few hundred

_PULL_REQUEST = re.compile(
    r"\AMerge pull request #\d+|\APull request #\d+|\AMerged in .* \(pull request #\d+\)|\A.*\(#\d+\)$"
    r"|^See merge request .*!\d+|\AMerged PR \d+",
    re.MULTILINE,
)
_REVIEWED = re.compile(r"^(?:Reviewed|Approved|Acked)-by: \S", re.MULTILINE | re.IGNORECASE)
#: Author lines of no person: services by "[bot]" or by name, and AI builders that commit in their own name.
_BOT = re.compile(
    r"\[bot\]|^(?:dependabot|renovate|github[- ]actions?|greenkeeper|semantic-release|snyk-bot|pre-commit-ci|weblate)\b"
    r"|^(?:replit|cursor|copilot|devin|codex|jules|bolt|bolt\.new|v0|lovable|claude|gpt[- ]engineer)[\w. -]{0,20}\b"
    r"(?:agent|bot|app|ai|swe)\b|^(?:claude|copilot|lovable|bolt\.new|v0|cursoragent|replit)(?: code)? <"
    r"|<(?:agent@replit\.com|noreply@anthropic\.com|cursoragent@cursor\.com|\S{0,40}@lovable\.dev|\S{0,40}@v0\.dev)>",
    re.IGNORECASE,
)
#: Who signs commits that an AI builder made: its name, and what its author line or trailer looks like.
_AI = {
    name: re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for name, pattern in {
        "Aider": r"\(aider\)|^Co-authored-by: aider",
        "Claude": r"noreply@anthropic\.com|Generated with \[?Claude|^Co-authored-by: Claude",
        "Codex": r"codex\[bot\]|chatgpt-codex|^Co-authored-by: Codex",
        "Copilot": r"copilot-swe-agent|^Co-authored-by: (?:GitHub )?Copilot",
        "Cursor": r"cursoragent|cursor\[bot\]|^Co-authored-by: Cursor",
        "Devin": r"devin-ai-integration",
        "Jules": r"google-labs-jules",
        "Lovable": r"gpt-engineer-app|lovable-dev|lovable\[bot\]",
        "Replit": r"^Replit-Commit-|replit[- ]agent|@users\.noreply\.replit\.com",
        "bolt": r"stackblitz\[bot\]|bolt\.new|bolt-new",
        "v0": r"v0\[bot\]|^Co-authored-by: v0\b",
    }.items()
}
_ANY_AI = re2.compile("(?im)" + "|".join(f"(?:{pattern.pattern})" for pattern in _AI.values()))


@dataclass(slots=True)
class _Tally:
    commits: int = 0
    pull_requests: int = 0
    reviewed: int = 0
    recent: list[bool] = field(default_factory=list)  # of the first-parent commits: whether they are marked
    authors: set[str] = field(default_factory=set)
    ai: set[str] = field(default_factory=set)
    mainline: str | None = None  # the next first-parent commit

    def add(self, oid: str, parents: list[str], author: str, message: str) -> None:
        """Count one commit; commits come newest first, children before their parents."""
        self.commits += 1
        marked, reviewed = bool(_PULL_REQUEST.search(message)), bool(_REVIEWED.search(message))
        self.pull_requests += marked
        self.reviewed += reviewed
        if self.mainline in {None, oid} or self.commits == 1:
            if len(self.recent) < _RECENT:
                self.recent.append(marked or reviewed)
            self.mainline = parents[0] if parents else ""
        signed = f"{author}\n{message}"
        if _ANY_AI.search(signed):  # one pass in place of a dozen: most commits are signed by nobody of them
            self.ai.update(name for name, pattern in _AI.items() if pattern.search(signed))
        if not _BOT.search(author):
            self.authors.add(" ".join(author.lower().split()))

    def history(self, *, complete: bool) -> History:
        """Return what was counted."""
        return History(
            complete,
            self.commits,
            self.pull_requests,
            self.reviewed,
            len(self.recent),
            sum(self.recent),
            people_among(self.authors),
            tuple(sorted(self.ai)),
        )


def people_among(authors: Iterable[str]) -> int:
    """Return how many people *authors* ("name <address>") are: who shares a name or an address is one person."""
    leads: dict[str, str] = {}

    def first(one: str) -> str:
        while leads.setdefault(one, one) != one:
            one = leads[one] = leads[leads[one]]  # halves the way for the next, so that no chain grows long
        return one

    for author in authors:
        name, _, address = author.rpartition(" <")
        known = name or author
        leads[first(known)] = first(f"<{address}" if len(address) > 1 else known)  # "<>": it names no address
    return len({first(one) for one in [*leads]})


async def read_history(folder: Path, revision: str, limits: Limits) -> History | Missing:
    """Return the history of *revision* in the repository at *folder*, or why there is none to judge."""
    if (folder / "shallow").exists():
        return Missing("the clone is shallow, so its history is not here; fetch it whole (git fetch --unshallow)")
    tally, complete = _Tally(), False
    try:
        async with (
            asyncio.timeout(limits.history_s),
            git("rev-list", "--topo-order", f"--format={_FORMAT}%x00", revision, "--", folder=folder) as running,
        ):
            async for commit in _commits(running):
                tally.add(*commit)
                if tally.commits >= limits.commits:
                    break
            else:
                complete = await running.process.wait() == 0
            if not complete and not tally.commits:
                return Missing(f"the history cannot be read: {await running.reason()}")
    except TimeoutError:
        pass
    return tally.history(complete=complete)


async def _commits(running: Git) -> AsyncIterator[tuple[str, list[str], str, str]]:
    """Yield id, parents, author and message of each commit that rev-list prints."""
    assert running.process.stdout is not None
    rest = b""
    while (piece := await running.process.stdout.read(1 << 18)) and len(rest) < _LONGEST:
        *fields, rest = (rest + piece).split(b"\0")
        whole = len(fields) // (_FIELDS + 1) * (_FIELDS + 1)
        rest = b"\0".join((*fields[whole:], rest))
        for start in range(0, whole, _FIELDS + 1):
            head, parents, name, address, message = (
                field.decode("utf-8", "replace") for field in fields[start : start + _FIELDS + 1]
            )
            yield head.split()[-1], parents.split(), f"{name} <{address}>", message
