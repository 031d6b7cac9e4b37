"""Programs that run while packages are installed: the app's own scripts, setup.py, and those of locked packages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.fact import Collector, Listing
from checks.facts.code.literals import callee_of
from checks.facts.code.syntax import PARSERS, line_of, parse, text_of, walk
from checks.facts.packages.manifests.json_text import load
from checks.facts.packages.packages import Unreadable

#: npm runs these on `npm install` (https://docs.npmjs.com/cli/using-npm/scripts), the last where it is an app.
_HOOKS = ("preinstall", "install", "postinstall", "prepare")
_LONGEST = 4_000  # characters of one script or call that are looked at

_FETCHES = re.compile(
    r"\b(curl|wget|Invoke-WebRequest|iwr|fetch|https?\.get|urlopen|urlretrieve|requests\.get)\b|https?://"
)
# What comes from elsewhere is run: piped into an interpreter, put into one's hands, or evaluated.
_PIPED = re.compile(
    r"\b(curl|wget|iwr|Invoke-WebRequest)\b[^|;&]*\|\s*(sudo\s+)?((ba|z|da)?sh|node|python3?|perl|iex)\b"
)
_HANDED = re.compile(r"\b((ba|z)?sh|eval|source|iex)\b[^;&|]{0,40}(<\(|\$\(|`)\s*(curl|wget|iwr)\b")
_SAVED = re.compile(r"\b(curl|wget)\b[^|;&]*(&&|;)[^|]*\b((ba|z)?sh|node|python3?|chmod \+x)\b")
_INLINE = re.compile(r"\b(node|bun|deno)\s+(-e|--eval|-p|eval)\b|\b(python3?|perl|ruby)\s+-[ce]\b")
_RUNS = re.compile(r"\b(eval|exec|execSync|spawn|Function|child_process|system|Popen)\b")
_SCRIPTED = re.compile(r'^\s*"hasInstallScript"\s*:\s*true\b|^    requiresBuild: true$')
_JSON_KEY = re.compile(r'^\s*"([^"\\]+)"\s*:\s*\{\s*$')
_PNPM_KEY = re.compile(r"^  '?/?((?:@[^/@\s]+/)?[^/@\s']+)[@/]\d[^\s]*:$")


@dataclass(frozen=True, slots=True)
class Script:
    """
    One program that an install runs, at *line*.

    *kind* is remote (what it fetches is run), inline (code written into the command), program (setup.py starts others),
    package (one of a lock that brings scripts) or allowed (.npmrc says that scripts run). *name* is the hook, or the
    package.
    """

    kind: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class ScriptsOfFile:
    """The programs of one file."""

    scripts: tuple[Script, ...]


@dataclass(frozen=True, slots=True)
class InstallScripts:
    """The programs that installs run, by path."""

    by_path: Mapping[str, tuple[Script, ...]]


def kind_of(path: str) -> str | None:
    """Return the name of *path* where installs may take programs from it."""
    name = posixpath.basename(path)
    known = ("package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", ".npmrc", "setup.py")
    return name if name in known and "node_modules/" not in path else None


def read(text: str, kind: str) -> ScriptsOfFile | None:
    """Return the programs that *text*, a file called *kind*, has run; None where it has none."""
    readers = {"package.json": _own, "setup.py": _setup, ".npmrc": _npmrc}
    found = tuple(readers.get(kind, _locked)(text))
    return ScriptsOfFile(found) if found else None


def _own(text: str) -> Iterator[Script]:
    try:
        content, lines = load(text)
    except Unreadable:  # Dependencies says so
        return
    scripts = content.get("scripts")
    commands = scripts if isinstance(scripts, Mapping) else {}
    for hook in _HOOKS:
        command = commands.get(hook)
        if isinstance(command, str):
            kind = _kind_of_command(command[:_LONGEST])
            if kind is not None:
                yield Script(kind, hook, lines.get(("scripts", hook), 1))
    for name in _trusted(content):
        yield Script("package", name, lines.get(("trustedDependencies",)) or lines.get(("pnpm",), 1))


def _trusted(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the packages whose scripts bun and pnpm are told to run."""
    pnpm = content.get("pnpm")
    allowed = pnpm.get("onlyBuiltDependencies") if isinstance(pnpm, Mapping) else None
    for names in (content.get("trustedDependencies"), allowed):
        yield from (name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _kind_of_command(command: str) -> str | None:
    if any(pattern.search(command) for pattern in (_PIPED, _HANDED, _SAVED)):
        return "remote"
    if _INLINE.search(command):
        return "remote" if _FETCHES.search(command) and _RUNS.search(command) else "inline"
    return None


def _setup(text: str) -> Iterator[Script]:
    """Yield the first thing that setup.py starts: fetched code where the call itself, or what it evaluates, says so."""
    for node in walk(parse(text, "python").root_node):
        if node.type != "call" or node.end_byte - node.start_byte > _LONGEST:
            continue
        name = callee_of(node)
        if name == "os.system" or name.startswith(("subprocess.", "os.popen", "os.exec")):
            kind = "remote" if _kind_of_command(text_of(node)) == "remote" else "program"
            yield Script(kind, name, line_of(node))
        elif name in {"exec", "eval"} and _FETCHES.search(text_of(node)):
            yield Script("remote", name, line_of(node))


def _npmrc(text: str) -> Iterator[Script]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.replace(" ", "").lower() == "ignore-scripts=false":
            yield Script("allowed", "ignore-scripts", number)


def _locked(text: str) -> Iterator[Script]:
    """Yield the packages of a lock that bring scripts, line by line: it is parsed for its packages elsewhere."""
    key, at = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST:
            continue
        match = _JSON_KEY.match(line) or _PNPM_KEY.match(line)
        if match is not None:
            # In package-lock.json other objects lie within a package's own.
            if "node_modules/" in match[1] or not line.lstrip().startswith('"'):
                key, at = match[1].rpartition("node_modules/")[2], number
        elif key and _SCRIPTED.match(line):
            yield Script("package", key, at)


def join(parts: Mapping[str, ScriptsOfFile], _listing: Listing) -> InstallScripts:
    """Return the programs of every file."""
    return InstallScripts({path: part.scripts for path, part in sorted(parts.items())})


source = Collector(
    fact=InstallScripts,
    part=ScriptsOfFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=PARSERS,
    largest=16 * 1024 * 1024,
)
