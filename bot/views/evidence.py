"""Where a finding stands, as a link that opens the very line at the very commit, on code hosts whose form we know."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from bot.views import rich
from bot.views.block_kit import Json
from checks.model import Finding
from checks.sentences import place

_FORMS = {
    "github.com": "{base}/blob/{commit}/{path}{anchor}",
    "gitlab.com": "{base}/-/blob/{commit}/{path}{anchor}",
    "codeberg.org": "{base}/src/commit/{commit}/{path}{anchor}",
}


def evidence(finding: Finding, repository: str, revision: str | None) -> Json | None:
    """Show where *finding* stands, linked where the host is known; None where it has no place."""
    text = place(finding)
    if not text or finding.path is None:
        return None
    url = _url(repository, finding.commit or revision, finding.path, finding.line)
    return rich.link(text, url) if url else rich.code(text)


def _url(repository: str, commit: str | None, path: str, line: int | None) -> str:
    try:
        parts = urlsplit(repository)
    except ValueError:
        return ""
    form = _FORMS.get(parts.netloc)
    if parts.scheme != "https" or form is None or not commit:
        return ""
    base = f"https://{parts.netloc}{quote(parts.path.removesuffix('/').removesuffix('.git'))}"
    anchor = f"#L{line}" if line else ""
    return form.format(base=base, commit=quote(commit), path=quote(path), anchor=anchor)


def revision_words(revision: str | None) -> str:
    """Name a commit the short way; a folder has none."""
    return f"revision {revision[:8]}" if revision else "a folder, not a commit"
