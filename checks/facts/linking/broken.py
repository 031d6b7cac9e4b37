"""
What cannot work in the code as it stands: files that no parser reads, imports and start commands that lead to nothing.

It says only what no builder and no interpreter could make work. A file that a build makes, a module that fills itself
in as it runs, an import whose failure is caught: none of those is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.code.syntax import language_of
from checks.facts.linking.aliases import Aliases
from checks.facts.linking.entries import reached
from checks.facts.linking.ignored import Ignored
from checks.facts.linking.linker import MADE, Break, Linker
from checks.facts.linking.sources import Sources
from checks.facts.linking.starts import Starts, places_of
from checks.facts.routes.routes import Routes


@dataclass(frozen=True, slots=True)
class Broken:
    """All that cannot work, what the app comes to first; *modules* counts the files that were looked at."""

    breaks: tuple[Break, ...]
    modules: int


def derive(sources: Sources, aliases: Aliases, ignored: Ignored, starts: Starts, routes: Routes) -> Broken:
    """Return what cannot work, with whether the app comes to it."""
    linker = Linker(sources, aliases, ignored)
    running = reached(sources, starts, {route.file for route in routes.served}, linker.links)
    found = [replace(one, runs=one.path in running) for one in (*_unparsed(sources), *linker.breaks)]
    found += _not_started(sources, starts, ignored)
    ordered = sorted(found, key=lambda one: (not (one.sure and one.runs), one.path, one.line))
    return Broken(tuple(ordered), len(sources.modules))


def _unparsed(sources: Sources) -> Iterator[Break]:
    for path, module in sources.modules.items():
        if module.fault is not None and "{{" not in path:  # a template's folder
            sure = "Python 2" not in module.fault.said
            yield Break("syntax", path, module.fault.line, f"cannot be parsed: {module.fault.said}", sure=sure)


def _not_started(sources: Sources, starts: Starts, ignored: Ignored) -> Iterator[Break]:
    """Yield the files that a start command names and that are nowhere, unless a build may make them."""
    names = {path.rpartition("/")[2] for path in sources.places}
    for file, start in starts.files.items():
        for name in start.names:
            places = list(places_of(file, name))
            bare = places[0].rpartition("/")[2]
            if name.module or not name.starts or file.endswith(".html") or bare in names:
                continue
            made = start.builds or f"{bare.rpartition('.')[0]}.ts" in names
            if (made and language_of(bare) != "python") or any(MADE.search(place) for place in places):
                continue
            if not any(ignored.pattern_for(place) for place in places):
                said = f"starts {name.name}, and there is no such file"
                yield Break("start", file, name.line, said, name.name, runs=True)


source = Derived(Broken, (Sources, Aliases, Ignored, Starts, Routes), derive)
