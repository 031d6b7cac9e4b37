"""package.json: what a JavaScript app asks for, by section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checks.facts.packages.manifests.json_text import Lines, load
from checks.facts.packages.packages import ELSEWHERE, NPM, Declared, Manifest, Reference, Skip

#: Section -> whether it is for development. Peers are asked for by whoever installs this package, so they count here
#: as what a library wants, not as what an app installs: npm installs them through the lock.
_SECTIONS = {"dependencies": False, "optionalDependencies": False, "devDependencies": True}

_EXACT = re.compile(r"^[v=\s]*(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+[0-9A-Za-z.-]+)?$")
_ADDRESS = re.compile(r"^(git|github|gitlab|bitbucket|gist|https?)(\+|:)|^[\w.-]+/[\w.-]+(#.*)?$", re.IGNORECASE)
_KEY = re.compile(r"(?:^|[/>])((?:@[\w.-]+/)?[\w.-]+)(?:@[^/>]*)?$")
_ALIAS = re.compile(r"^npm:((?:@[^/@\s]+/)?[^/@\s]+)(?:@(.*))?$")


def read(text: str, kind: str) -> Manifest:
    """Return what *text* asks for; raises Unreadable where it is not a JSON object."""
    content, lines = load(text)
    declared: list[Declared] = []
    references: list[Reference] = []
    skipped: list[Skip] = []
    for section, dev in _SECTIONS.items():
        asked = content.get(section) or {}
        if not isinstance(asked, Mapping):
            skipped.append(Skip(lines.get((section,), 1), f"{section} is not an object"))
            continue
        for name, wanted in asked.items():
            match _read_one(name, wanted, lines.get((section, name), 1), dev=dev):
                case Declared() as package:
                    declared.append(package)
                case Reference() as reference:
                    references.append(reference)
                case Skip() as skip:
                    skipped.append(skip)
    declared += _overridden(content, lines)
    return Manifest(
        kind,
        tuple(declared),
        references=tuple(references),
        skipped=tuple(skipped),
        library=_is_library(content),
        name=name if isinstance(name := content.get("name"), str) else "",
    )


def exact_version(wanted: str) -> str | None:
    """Return the one version that the npm range *wanted* allows, or None."""
    match = _EXACT.match(wanted)
    return match[1] if match else None


def _read_one(name: str, wanted: Any, line: int, *, dev: bool) -> Declared | Reference | Skip | None:
    if not isinstance(wanted, str):
        return Skip(line, f"{name} is asked for in a form that is not read here", dev)
    if wanted.startswith(("workspace:", "catalog:")):
        # A workspace is a folder of the repository, read by itself; a catalog's versions stand in the lock.
        return None if wanted.startswith("workspace:") else Declared(NPM, name, line, None, wanted, dev)
    if wanted.startswith(("file:", "link:", "portal:", "./", "../")):
        return Reference(wanted.partition(":")[2] or wanted, line, "folder")
    alias = _ALIAS.match(wanted)
    if alias is not None:
        name, wanted = alias[1], alias[2] or "*"
    elif _ADDRESS.match(wanted):
        return Skip(line, f"{name} {ELSEWHERE}", dev, open=True)
    return Declared(NPM, name, line, exact_version(wanted), wanted, dev)


def _overridden(content: Mapping[str, Any], lines: Lines) -> Iterator[Declared]:
    """
    Yield what npm's `overrides`, Yarn's `resolutions` and pnpm's `overrides` set for packages that others bring.

    A key may be "a", "a@range", "**/a", "a/b" or "a>b": its last name is the package. Ranges are left to the lock.
    """
    pnpm = content.get("pnpm")
    own = pnpm.get("overrides") if isinstance(pnpm, Mapping) else None
    for section, table in (
        ("overrides", content.get("overrides")),
        ("resolutions", content.get("resolutions")),
        ("pnpm", own),
    ):
        waiting = [(section, table)]
        while waiting:
            above, wanted = waiting.pop()
            if isinstance(wanted, Mapping):
                waiting += [(above if key == "." else key, one) for key, one in wanted.items()]
            elif isinstance(wanted, str):
                name, version = _KEY.search(above), exact_version(wanted)
                if name is not None and above not in {"overrides", "resolutions", "pnpm"}:
                    line = lines.get((section, above)) or lines.get((section,), 1)
                    yield Declared(NPM, name[1], line, version, wanted, direct=False)


def _is_library(content: Mapping[str, Any]) -> bool:
    """Return whether the file describes a package made to be published; what is private or can be started is an app."""
    scripts = content.get("scripts")
    starts = isinstance(scripts, Mapping) and "start" in scripts
    says = ("exports", "files", "module", "types", "publishConfig", "peerDependencies")
    return (
        bool(content.get("name")) and not content.get("private") and not starts and any(key in content for key in says)
    )
