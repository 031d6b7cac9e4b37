"""
The scripts within pages: <script> of .vue, .svelte, .astro and .html files, and what stands above an Astro page.

They are read as TypeScript, which JavaScript nearly always is too. Expressions in the markup itself are not looked at.
"""

from __future__ import annotations

import re

_ENDINGS = (".vue", ".svelte", ".html", ".htm")
_OPENS = re.compile(r"<script\b", re.IGNORECASE)
_CLOSES = re.compile(r"</script\b", re.IGNORECASE)
_ABOVE = re.compile(r"\s*---[ \t]*\r?\n")  # Astro: code for the server between two lines of dashes
_BELOW = re.compile(r"^---", re.MULTILINE)
_NO_LINE = re.compile(r"[^\n]+")


def page_of(path: str) -> str | None:
    """Return "page" or "astro" where *path* is a page with scripts by its ending, or None."""
    lower = path.lower()
    return "astro" if lower.endswith(".astro") else "page" if lower.endswith(_ENDINGS) else None


def as_code(text: str, kind: str) -> tuple[str, str]:
    """Return the scripts of *text* and their language where *kind* is a page's; any other as it is."""
    return (_scripts(text, kind), "typescript") if kind in {"page", "astro"} else (text, kind)


def _scripts(text: str, kind: str) -> str:
    """Return *text* with all but its scripts left out and its lines kept."""
    kept: list[str] = []
    position = 0
    above = _ABOVE.match(text) if kind == "astro" else None
    if above is not None:
        below = _BELOW.search(text, above.end())
        position = below.start() if below is not None else len(text)
        kept += [_blank(text[: above.end()]), text[above.end() : position]]
    # A search that ends where nothing is closed: a page of opening tags alone costs no more than its length.
    while (opens := _OPENS.search(text, position)) is not None:
        begins = text.find(">", opens.end()) + 1
        if not begins:
            break
        closes = _CLOSES.search(text, begins)
        ends = closes.start() if closes is not None else len(text)
        kept += [_blank(text[position:begins]), text[begins:ends]]
        position = ends
    return "".join(kept)


def _blank(text: str) -> str:
    """Return the line ends of *text* alone; a semicolon keeps one script from running into the next."""
    return ";" + _NO_LINE.sub("", text)
