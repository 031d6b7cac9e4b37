"""
The scripts that the app's first page loads from its own origin, and what of them is a secret.

The values themselves go no further than this file: what is kept of a script is where it is, how it is named in words,
and which of its lines holds what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import re2

from checks.fact import Question
from checks.facts.secrets.candidates import Candidate, read
from checks.facts.site.replies import Front, Reply, Wanted

LARGEST = 4 * 1024 * 1024  # bytes of one script; the bundle of a common builder is one file of two or three
_MOST = 16  # scripts
_LONGEST_TAG = 4000  # characters
_SCRIPT = re2.compile(r"(?i)<script\b([^<>]*)>")
_LINK = re2.compile(r"(?i)<link\b([^<>]*)>")
_ADDRESS = re.compile(
    r"""\b(?:src|href)\s{0,8}=\s{0,8}(?:"([^"]{1,1000})"|'([^']{1,1000})'|([^\s"'>]{1,1000}))""", re.IGNORECASE
)
_PRELOADED = re.compile(r"\brel\s{0,8}=\s{0,8}[\"']?modulepreload|\bas\s{0,8}=\s{0,8}[\"']?script", re.IGNORECASE)
_MAP = re.compile(r"//[#@] ?sourceMappingURL=(\S{1,500})\s*\Z")
_TAIL = 2000  # characters of a script in which it names its map
_MODEL = "generativelanguage.googleapis.com"


@dataclass(frozen=True, slots=True)
class Script:
    """
    One script at *path*, or the first page itself; *secrets* by line; *map* is the path of its source map, or empty.

    *asks_model*: it asks Google's model, with whatever Google key it holds.
    """

    path: str
    secrets: tuple[Candidate, ...] = ()
    map: str = ""
    asks_model: bool = False


@dataclass(frozen=True, slots=True)
class Scripts:
    """Every script that was read, the page first; *unread* says in words what of them was not."""

    found: tuple[Script, ...]
    unread: tuple[str, ...] = ()


def ask(front: Front) -> Wanted:
    """Want the scripts that the first page names."""
    return Wanted(front.base, tuple(_paths(front))[:_MOST], LARGEST)


def join(replies: tuple[Reply, ...], front: Front) -> Scripts:
    """Return what the page and its scripts hold."""
    by_path = {one.path: one for one in replies}
    named = tuple(_paths(front))
    unread = [f"{len(named) - _MOST} more scripts of the page were not read"] if len(named) > _MOST else []
    found = [_script(front.page, "markup")] if front.page.is_page else []
    if front.page.cut:
        unread.append(f"of the page {front.page.path} not everything was read: {front.page.cut}")
    for path in named[:_MOST]:
        reply = by_path.get(path, Reply(path, trouble="it was not asked"))
        if reply.trouble or reply.cut:
            unread.append(f"of {path} not everything was read: {reply.trouble or reply.cut}")
        if reply.is_there and not reply.is_page:  # a page in place of a script is what single-page apps answer
            found.append(_script(reply, "code"))
    return Scripts(tuple(found), tuple(unread))


def _paths(front: Front) -> Iterator[str]:
    """Yield the path of each script of the page's own origin, once, in the page's order."""
    seen: set[str] = set()
    if not front.page.is_page:
        return
    text = front.page.text
    tags = [match[1] for match in _SCRIPT.finditer(text)]
    tags += [match[1] for match in _LINK.finditer(text) if _PRELOADED.search(match[1][:_LONGEST_TAG])]
    for tag in tags:
        match = _ADDRESS.search(tag[:_LONGEST_TAG])
        path = own_path(front, next(filter(None, match.groups()), "")) if match else ""
        if path and path not in seen:
            seen.add(path)
            yield path


def own_path(front: Front, address: str, beside: str = "") -> str:
    """Return the path of *address* at the app's own origin, read beside *beside*; empty where it is another's."""
    try:
        whole = urljoin(front.base + (beside or front.page.path), address.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    if f"{parts.scheme}://{parts.netloc}" != front.base:
        return ""
    return quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/%:@!$&()*+,;=~?[]'")


def _script(reply: Reply, kind: str) -> Script:
    text = reply.text
    found = read(text, kind)
    named = _MAP.search(text, max(0, len(text) - _TAIL))
    mapped = named[1] if named and not named[1].startswith("data:") else ""
    return Script(reply.path, found.candidates if found else (), mapped, _MODEL in text)


source = Question(fact=Scripts, topic="site_scripts", needs=(Front,), ask=ask, answer=tuple[Reply, ...], join=join)
