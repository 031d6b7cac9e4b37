"""
Names that stand for folders in JavaScript imports: `@/lib/x` of tsconfig.json, jsconfig.json, vite and package.json.

https://www.typescriptlang.org/tsconfig/#paths and https://vite.dev/config/shared-options.html#resolve-alias.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.fact import Collector, Listing

_CONFIG = re.compile(r"(^|/)(?:[jt]sconfig[\w.-]*\.json|deno\.jsonc?|import_map\.json)$")
_BUILDER = re.compile(
    r"(^|/)(?:vite|vitest|webpack|astro|nuxt|svelte|rollup|electron\.vite|craco|babel)[\w.-]*\.config\.[cm]?[jt]s$"
)
_PACKAGE = re.compile(r"(^|/)package\.json$")
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//|/\*')
_ENDS = {"//": "\n", "/*": "*/"}  # of a comment
_COMMA = re.compile(r",(?=\s{0,99}[}\]])")
#: `"@": path.resolve(__dirname, "./src")`, `find: "@", replacement: ...`, `"@": fileURLToPath(new URL("./src", ...))`
_ENTRY = re.compile(
    r"""["']?([@~#$][\w-]{0,40})["']?\s{0,9}(?::|,\s{0,9}replacement\s{0,9}:)\s{0,9}"""
    r"""((?:[^\n]{0,60}?(?:resolve|join|URL)\(|["'](?:\.|/))[^\n)]{0,200})"""
)
_FOLDER = re.compile(r"""["'](\.{0,2}/?[\w./-]{1,100})["']""")


@dataclass(frozen=True, slots=True)
class Config:
    """One file: *paths* are (pattern, targets), a pattern with at most one `*`; *base* is its baseUrl."""

    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Aliases:
    """Every file's aliases, by its path."""

    configs: Mapping[str, Config] = field(default_factory=dict)
    _by_folder: dict[str, list[Config]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for path, config in self.configs.items():
            self._by_folder.setdefault(posixpath.dirname(path), []).append(config)

    def targets(self, path: str, module: str) -> list[str] | None:
        """
        Return the places that *module*, as written in *path*, may stand for by an alias; None where it is none.

        All configurations in the folders above *path* count: which of them a builder reads is not known.
        """
        found: list[str] = []
        for folder in above(path):
            for config in self._by_folder.get(folder, ()):
                base = posixpath.join(folder, config.base or "")
                for pattern, targets in config.paths:
                    rest = _rest(pattern, module)
                    if rest is not None:
                        found += (posixpath.normpath(posixpath.join(base, one.replace("*", rest))) for one in targets)
        return found or None


def above(path: str) -> Iterator[str]:
    """Yield the folders that *path* lies in, the nearest first, the top ("") last."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _rest(pattern: str, module: str) -> str | None:
    """Return what the `*` of *pattern* stands for in *module*; None where it does not match."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if module == pattern else None
    fits = module.startswith(before) and module.endswith(after) and len(module) >= len(before) + len(after)
    return module[len(before) : len(module) - len(after)] if fits else None


def kind_of(path: str) -> str | None:
    """Return as what *path* is read."""
    if "node_modules/" in path:
        return None
    kinds = (("config", _CONFIG), ("builder", _BUILDER), ("package", _PACKAGE))
    return next((kind for kind, places in kinds if places.search(path)), None)


def read(text: str, kind: str) -> Config | None:
    """Return the aliases that *text* declares; None for none."""
    if kind == "builder":
        paths = tuple(_of_builder(text))
        return Config(paths) if paths else None
    try:
        document = json.loads(_COMMA.sub("", _without_comments(text)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    if kind == "package":
        return Config(tuple(_paths(document.get("imports")))) if isinstance(document.get("imports"), dict) else None
    options = document.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    base = options.get("baseUrl")
    paths = (*_paths(options.get("paths")), *_folders(document.get("imports")))
    return Config(paths, base if isinstance(base, str) else None) if paths else None


def _without_comments(text: str) -> str:
    """Return the JSON *text* without the comments that TypeScript allows in it."""
    kept, at = [], 0
    while match := _TOKEN.search(text, at):
        end = _ENDS.get(match[0])
        closes = text.find(end, match.end()) if end else -1
        kept.append(text[at : match.start() if end else match.end()])
        at = match.end() if not end else len(text) if closes < 0 else closes + (len(end) if end == "*/" else 0)
    return "".join((*kept, text[at:]))


def _paths(paths: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern, targets in paths.items() if isinstance(paths, dict) else ():
        several = (
            targets if isinstance(targets, list) else list(targets.values()) if isinstance(targets, dict) else [targets]
        )
        named = tuple(target for target in several if isinstance(target, str))
        if named:
            yield pattern, named


def _folders(imports: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield Deno's imports that name folders or files of the repository."""
    for pattern, (target, *_) in _paths(imports):
        if target.startswith("."):
            yield (f"{pattern}*", (f"{target}*",)) if pattern.endswith("/") else (pattern, (target,))


def _of_builder(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for match in _ENTRY.finditer(text):
        folders = _FOLDER.findall(match[2])
        if match[2][0] in "\"'":  # the folder itself, and what follows is another alias
            folders = folders[:1]
        if folders:
            target = "/".join(part.removeprefix("./").strip("/") for part in folders if part not in {".", "./"}) or "."
            yield f"{match[1].rstrip('/')}/*", (f"{target}/*",)


def join(parts: Mapping[str, Config], _listing: Listing) -> Aliases:
    """Return all aliases."""
    return Aliases(dict(parts))


source = Collector(Aliases, Config, kind_of, read, join, largest=256 * 1024)
