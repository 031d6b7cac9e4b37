"""Whether a Next.js matcher covers a path; no pattern of a repository is ever run as a regular expression."""

from __future__ import annotations

import re

#: What Guarding.under begins with where the rest is a matcher, a pattern each line.
MATCHER = "matcher:"
_LOOKAHEAD = re.compile(r"\(\?!(?P<not>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_LITERAL = re.compile(r"[\w./@-]+")


def covers(matcher: str, path: str) -> bool:
    """Return whether one of the lines of *matcher* covers *path*; parameters and groups stand for anything."""
    return any(_covers(line, path) for line in matcher.splitlines())


def _covers(pattern: str, path: str) -> bool:
    excluded = _LOOKAHEAD.search(pattern)
    if excluded is not None:
        # "/((?!api|_next/static|favicon.ico).*)": everything under the beginning but what is listed.
        beginning = pattern[: excluded.start()].rstrip("(")
        rest = path[len(beginning) :] if path.startswith(beginning) else None
        if rest is None:
            return False
        listed = excluded["not"].replace("\\", "").split("|")
        literals = [
            match[0] for one in listed if not one.startswith((".*", "[", "$")) if (match := _LITERAL.match(one))
        ]
        return not any(rest.startswith(literal) for literal in literals)
    segments, own = pattern.strip("/").split("/"), path.strip("/").split("/")
    for position, segment in enumerate(segments):
        if _is_rest(segment):
            return True
        if position >= len(own):
            return False
        if segment != own[position] and segment[:1] not in {":", "("}:
            literal = re.split(r"[:(*]", segment)[0]
            if literal == segment or not own[position].startswith(literal):
                return False
    return len(own) <= len(segments)


def _is_rest(segment: str) -> bool:
    """Whether *segment* stands for all that follows: `:path*`, `(.*)`, `*`."""
    return segment.endswith(("*", "*)", "*)?")) and segment[:1] in {":", "(", "*", "["}
