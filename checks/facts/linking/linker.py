"""Follows every import of a program to the file and the name that it means, and keeps what leads to nothing."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from checks.facts.linking.aliases import Aliases
from checks.facts.linking.ignored import Ignored, is_forgotten
from checks.facts.linking.module import Want
from checks.facts.linking.places import Places
from checks.facts.linking.sources import Sources

#: What builders, generators and version tools make.
MADE = re.compile(
    r"(?:^|/)(?:\.?(?:generated|__generated__|gen|dist|build|out|output|next|nuxt|svelte-kit|astro|expo|wasp|velite|prisma"
    r"|contentlayer|content-collections|react-router|pkg|artifacts|typechain\w*|node_modules|paraglide|styled-system"
    r"|\$types|\+types)(?:/|$)|_?version(?:_?info)?$|[\w-]*(?:_pb2(?:_grpc)?|_pb|\.gen|\.generated|-generated)$)"
    r"|(?:^|/)(?:_build|build)[-_]?(?:info|meta|config)$"
)
_STEPS = 8  # `export *` from one file to the next


@dataclass(frozen=True, slots=True)
class Break:
    """
    One thing that cannot work. *kind* is syntax, name, file, letters (capital ones differ) or start; *about* names it.

    *sure* is False where it shows only once something is called, or where a type checker alone would mind. *runs* says
    whether the app comes to it.
    """

    kind: str
    path: str
    line: int
    said: str
    about: str = ""
    sure: bool = True
    runs: bool = False


class Linker:
    """Follows every import of *sources*: *links* are the files that each file imports, *breaks* what leads nowhere."""

    def __init__(self, sources: Sources, aliases: Aliases, ignored: Ignored) -> None:
        self.sources = sources
        self.ignored = ignored
        self.places = Places(sources.places, aliases)
        self.links: dict[str, set[str]] = {}
        self.breaks: list[Break] = []
        for path in sources.modules:
            self._follow(path)

    def _look(self, path: str, module: str) -> tuple[str, list[str] | None]:
        return (self.places.python if path.endswith(".py") else self.places.javascript)(path, module)

    def _follow(self, path: str) -> None:
        """Follow the imports of one file."""
        told: set[str] = set()
        for want in self.sources.modules[path].wants:
            place, files = self._look(path, want.module)
            if files is None:
                continue
            self.links.setdefault(path, set()).update(self._linked(path, files, want))
            found = None
            if not files and want.module not in told:
                told.add(want.module)
                found = self._missing(path, want, place)
            elif files and want.name not in {"", "*"} and not any(self._has(path, file, want.name) for file in files):
                found = self._nameless(path, want, files[0])
            if found is not None:
                self.breaks.append(found)

    def _linked(self, path: str, files: list[str], want: Want) -> set[str]:
        """Return the files that run because of *want*; in Python a name may be a module of its own."""
        places = [*files]
        if path.endswith(".py") and want.name:
            below = [posixpath.join(posixpath.dirname(file), want.name) for file in files]
            places += [end for stem in below for end in (f"{stem}.py", f"{stem}/__init__.py")]
        return {place for place in places if place in self.sources.modules}

    def _missing(self, path: str, want: Want, place: str) -> Break | None:
        """Return what is to be said of a file that is not there; None where a build may make it."""
        python = path.endswith(".py")
        module = want.module
        if MADE.search(place) or (python and module[0] != "." and self.places.anywhere(module.replace(".", "/"))):
            return None
        sure = not want.later and not want.unused
        other = self.places.in_other_letters(f"{place}.py" if python else place)
        if other is not None:
            said = f"imports {module}, but that is called {other}: capital letters count where apps are built"
            return Break("letters", path, want.line, said, module, sure)
        tried = (place + end for end in (("", ".py") if python else ("", ".ts", ".js", ".tsx")))
        pattern = next((found for one in tried if (found := self.ignored.pattern_for(one))), None)
        if pattern is None:
            return Break("file", path, want.line, f"imports {module}, and there is no such file", module, sure)
        if not is_forgotten(pattern):
            return None
        said = f"imports {module}, which .gitignore keeps out of the repository by its line {pattern}"
        return Break("file", path, want.line, said, module, sure and "src/" in place)

    def _nameless(self, path: str, want: Want, file: str) -> Break:
        """Return what is to be said of a name that *file* does not have."""
        if path.endswith(".py"):
            said = f"imports {want.name} from {want.module}, but {file} has no such name"
        elif want.name == "default":
            said = f"imports the default export of {want.module}, but {file} has none"
        else:
            said = f"imports {want.name} from {want.module}, but {file} does not export it"
        return Break("name", path, want.line, said, f"{want.module} {want.name}", not want.later and not want.unused)

    def _has(self, path: str, file: str, name: str, steps: int = 0) -> bool:
        """Whether *file* offers *name* to *path*, or may."""
        python = path.endswith(".py")
        if python and file.endswith(("/", "__init__.py")) and self.places.submodule(file, name):
            return True
        if file.endswith("/"):
            return False  # a folder without code offers its modules alone
        module = self.sources.modules.get(file)
        if module is None or module.opaque or steps > _STEPS or name in module.names:
            return True  # there, or not read, or not wholly known
        if name == "default" and not python:
            return False  # `export *` leaves it out
        if python and name.startswith("__"):
            return True
        return any(self._through(file, star, name, steps + 1) for star in module.stars)

    def _through(self, file: str, star: str, name: str, steps: int) -> bool:
        """Whether *file* offers *name* by offering all of *star*; what is outside may offer anything."""
        _, files = self._look(file, star)
        return not files or any(self._has(file, one, name, steps) for one in files)
