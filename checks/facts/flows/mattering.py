"""Whether an origin matters to what acts on it: what was made safe, what nobody chooses, and what is no path."""

from __future__ import annotations

import re

from checks.facts.flows.value import ADDRESS, ANY_USE, REQUEST, Origin

#: What a server is called by and a browser sends by itself: nobody chooses these for somebody else.
_OWN = re.compile(
    r"^\w+\.(?:url|nextUrl|headers?|get|cookies|host|hostname|protocol|originalUrl|rel_url|META)(?:$|[.\[])"
    r"|location\.href$|^document\."
)
_FILE = re.compile(r"(?:files?|FILES)(?:\[|\.get\b|\.\w+$|$)")
_FILE_NAME = re.compile(r"name\b|\.path\b", re.IGNORECASE)
#: What names a record or comes with every request: nothing that somebody fills in.
_NO_CONTENT = re.compile(
    r"^params\b|\.(?:params|path_params|match_info|headers?|cookies|COOKIES|META|files?|url|nextUrl)\b"
)
#: What an address in the browser can do harm to; the rest runs on servers.
_IN_BROWSER = frozenset({"html", "redirect", "code"})


def matters(kind: str, origin: Origin) -> bool:
    """Whether *origin* matters to a sink of *kind*."""
    if ANY_USE in origin.safe or kind in origin.safe or (origin.kind == ADDRESS and kind not in _IN_BROWSER):
        return False
    own = origin.kind in {REQUEST, ADDRESS} and _OWN.search(origin.name) and "earchParams" not in origin.name
    match kind:
        case "request" | "redirect":
            return origin.leads and not own
        case "html":
            return not own or origin.kind == ADDRESS
        case "store":
            return _NO_CONTENT.search(origin.name) is None
        case "path":
            # An uploaded file itself is no path; its name is.
            return not _FILE.search(origin.name) or _FILE_NAME.search(origin.name) is not None
    return True
