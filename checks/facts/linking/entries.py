"""
Where an app begins: the files that its start commands name, that frameworks load by their place, and that hold routes.

What they import, and so on, is reached; everything else in the repository may be as broken as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checks.facts.linking.aliases import above
from checks.facts.linking.sources import Sources
from checks.facts.linking.starts import Starts, places_of

#: Loaded by Next.js, Remix, SvelteKit, Nuxt, Astro, Expo and Supabase by their place alone.
_BY_PLACE = re.compile(
    r"(?:^|/)app/(?:.*/)?(?:page|layout|route|template|loading|error|not-found|default|global-error)\.[jt]sx?$"
    r"|(?:^|/)pages/(?!.*/components/).*\.[jt]sx?$|(?:^|/)(?:src/)?(?:middleware|proxy|instrumentation)\.[jt]s$"
    r"|(?:^|/)app/(?:root|entry\.\w+)\.[jt]sx?$|(?:^|/)app/routes/.*\.[jt]sx?$"
    r"|(?:^|/)supabase/functions/[^/_][^/]*/index\.[jt]s$"
)
_NEXT = re.compile(r"(?:^|/)(?:next|remix|react-router|astro|nuxt)\.config\.[cm]?[jt]s$")
_PYTHON = re.compile(r"(?:^|/)(?:manage|wsgi|asgi)\.py$")
#: What Django loads of each app that is installed.
_DJANGO = re.compile(r"(?:^|/)(?:urls|views|models|admin|apps|settings|forms|serializers|signals|middleware)\.py$")


_LEFT_OVER = re.compile(
    r"(?:^|[/_.-])(?:archived?|old|backups?|bak|unused|deprecated|legacy|attic|obsolete|copy)(?=[/_.-])", re.IGNORECASE
)


def reached(sources: Sources, starts: Starts, routes: Iterable[str], links: Mapping[str, set[str]]) -> set[str]:
    """Return every file that runs: what begins the app, and what that imports by *links* (path -> files)."""
    waiting = list(_entries(sources, starts, routes))
    found: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(links.get(path, ()))
    return found


def _entries(sources: Sources, starts: Starts, routes: Iterable[str]) -> Iterator[str]:
    yield from (path for path in routes if path in sources.modules and not _LEFT_OVER.search(path))
    for file, start in starts.files.items():
        for name in start.names:
            if name.begins:
                yield from (place for place in places_of(file, name) if place in sources.modules)
    next_folders = {path.rpartition("/")[0] for path in sources.places if _NEXT.search(path)}
    django = {path.rpartition("/")[0] for path in sources.modules if path.endswith("manage.py")}
    for path in sources.modules:
        folders = set(above(path))
        in_next, in_django = not folders.isdisjoint(next_folders), not folders.isdisjoint(django)
        by_place = bool(_BY_PLACE.search(path)) and (in_next or "supabase/functions/" in path)
        if by_place or _PYTHON.search(path) or (in_django and _DJANGO.search(path)):
            yield path
