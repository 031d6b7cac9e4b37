"""Where a finding stands, as a link that opens the very line at the very commit, on code hosts whose form we know."""

from __future__ import annotations

from bot.views import rich
from bot.views.block_kit import Json
from checks.code_links import link_to
from checks.model import Finding
from checks.sentences import place


def evidence(finding: Finding, repository: str, revision: str | None) -> Json | None:
    """Show where *finding* stands, linked where the host is known; None where it has no place."""
    text = place(finding)
    if not text or finding.path is None:
        return None
    url = link_to(finding, repository, revision)
    return rich.link(text, url) if url else rich.code(text)


def revision_words(revision: str | None) -> str:
    """Name a commit the short way; a folder has none."""
    return f"revision {revision[:8]}" if revision else "a folder, not a commit"
