"""
Which files an import may mean. It is generous: a file is missing only where nothing that any builder tries is there.

An answer is None where the import means nothing of the repository (a package, an alias that nobody declares), an empty
list where it means a file of the repository that is not there, else the files that it may mean.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterable, Iterator

from checks.facts.linking.aliases import Aliases

_WRITTEN = re.compile(r"\.(?:[cm]?jsx?)$")  # TypeScript is imported under the name of what it becomes
#: Files that lie where an app is started or installed from.
_AT_A_ROOT = (
    *("main.py", "app.py", "manage.py", "wsgi.py", "asgi.py", "server.py", "run.py", "streamlit_app.py", "bot.py"),
    *("requirements.txt", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "Procfile", "Dockerfile"),
)
_PLATFORMS = frozenset({"web", "native", "ios", "android", "windows", "macos", "d", "server", "client"})
_MOST_ABOVE = 20  # folders


def _stems(path: str) -> Iterator[str]:
    """Yield what *path* is imported as without its ending: button.web.tsx is ./button.web, and ./button too."""
    stem, _, ending = path.rpartition(".")
    while stem.rpartition("/")[2].lstrip("."):
        yield stem
        stem, _, ending = stem.rpartition(".")
        if ending not in _PLATFORMS:
            return  # client.gen.ts is not ./client


class Places:
    """All *paths* of the revision, and what each may be imported as."""

    def __init__(self, paths: Iterable[str], aliases: Aliases) -> None:
        self.paths = frozenset(paths)
        self.aliases = aliases
        self.folders: set[str] = {""}
        self._stems: dict[str, list[str]] = {}
        self._lowered: dict[str, str] = {}
        self._ends: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            folder = posixpath.dirname(path)
            while folder not in self.folders:
                self.folders.add(folder)
                folder = posixpath.dirname(folder)
            for stem in _stems(path):
                self._stems.setdefault(stem, []).append(path)
                self._lowered.setdefault(stem.lower(), stem)
            self._lowered.setdefault(path.lower(), path)

    def javascript(self, path: str, module: str) -> tuple[str, list[str] | None]:
        """Return the place that *module* names in *path* ("" for none of ours), and the files that it may mean."""
        module = module.partition("?")[0]
        if module.startswith("."):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
            if place.startswith(".."):
                return "", None
            return place, self._files(place)
        places = self.aliases.targets(path, module)
        if places is None or any(place.startswith("..") for place in places):
            return "", None
        found = [file for place in places for file in self._files(place)]
        # An alias that leads to no folder at all is none that we understood.
        known = [place for place in places if "/" not in place or place.partition("/")[0] in self.folders]
        return (known[0], found) if found or known else ("", None)

    def _files(self, place: str) -> list[str]:
        """Return the files that *place* may mean: itself, with an ending, as a folder with an index or a package."""
        found = [place] if place in self.paths else []
        for stem in (place, _WRITTEN.sub("", place)):
            found += self._stems.get(stem, ())
        if not found:  # a file comes before a folder of its name
            package = posixpath.join(place, "package.json")
            found = [
                *self._stems.get(posixpath.join(place, "index"), ()),
                *([package] if package in self.paths else []),
            ]
        return list(dict.fromkeys(found))

    def python(self, path: str, module: str) -> tuple[str, list[str] | None]:
        """Return the place that *module* names in *path* ("" for none of ours), and the files that it may mean."""
        dots = len(module) - len(module.lstrip("."))
        parts = [part for part in module.lstrip(".").split(".") if part]
        folder = posixpath.dirname(path)
        if dots:
            for _ in range(dots - 1):
                if not folder:
                    return "", None  # above the repository
                folder = posixpath.dirname(folder)
            place = posixpath.join(folder, *parts) if parts else folder
            return place, self._modules(place)
        if parts[0] in sys.stdlib_module_names:
            return "", None
        own = [posixpath.join(root, parts[0]) for root in _roots(folder) if self._is_root(root)]
        # A plain module has no modules below it: `statsd.client` is the package, whatever statsd.py lies here.
        own = [place for place in own if self._is_package(place) or (len(parts) == 1 and f"{place}.py" in self.paths)]
        roots = [posixpath.dirname(place) for place in own if f"{place}.py" != path]
        if not roots:
            return "", None
        tried = [posixpath.join(root, *parts) for root in roots]
        return tried[0], [file for place in tried for file in self._modules(place)]

    def _is_root(self, folder: str) -> bool:
        """Whether Python may look for modules in *folder*: the top, or where an app starts; not within a package."""
        if not folder:
            return True
        return not self._is_package(folder) and any(posixpath.join(folder, name) in self.paths for name in _AT_A_ROOT)

    def _is_package(self, place: str) -> bool:
        """Whether *place* is a package with an `__init__.py`; a bare folder yields to what is installed."""
        return posixpath.join(place, "__init__.py") in self.paths

    def _modules(self, place: str) -> list[str]:
        files = [file for file in (f"{place}.py", posixpath.join(place, "__init__.py")) if file in self.paths]
        others = [file for file in self._stems.get(place, ()) if file not in files]  # .pyx, .so
        folder = [f"{place}/"] if place in self.folders and not files else []  # a namespace package
        return [*files, *others, *folder]

    def submodule(self, file: str, name: str) -> bool:
        """Whether the package *file* (its __init__.py, or its folder with a slash) has a module called *name*."""
        place = posixpath.join(posixpath.dirname(file), name)
        return bool(self._modules(place))

    def in_other_letters(self, place: str) -> str | None:
        """Return the file or stem that is *place* but for capital letters, or None."""
        for tried in (place, _WRITTEN.sub("", place), posixpath.join(place, "index")):
            found = self._lowered.get(tried.lower())
            if found is not None and found != tried:
                return found
        return None

    def anywhere(self, parts: str) -> bool:
        """Whether some file or folder of the repository ends in the module path *parts* ("shop/models")."""
        if not self._ends:
            for place in (*self.folders, *(path.removesuffix(".py") for path in self.paths if path.endswith(".py"))):
                self._ends.setdefault(place.rpartition("/")[2], []).append(f"/{place}")
        return any(place.endswith(f"/{parts}") for place in self._ends.get(parts.rpartition("/")[2], ()))


def _roots(folder: str) -> Iterator[str]:
    """Yield *folder* and every folder above it, each with its `src`."""
    for _ in range(_MOST_ABOVE):
        yield folder
        yield posixpath.join(folder, "src")
        if not folder:
            return
        folder = posixpath.dirname(folder)
