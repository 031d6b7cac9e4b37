"""
Which source files are built into what the browser gets.

With Next.js that is what `"use client"` marks and whatever such files import, and the pages folder; with Vite, Create
React App, Expo and their like everything but configuration and servers; without a bundler the scripts of pages and of
folders that are served as they are.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import re2

from checks.fact import Collector, Listing
from checks.facts.code.components import page_of
from checks.facts.code.module_files import Files
from checks.facts.code.syntax import language_of
from checks.facts.tier import Tier, is_run_by_hand, tier_of
from checks.facts.word_set import word_set

_MOST = 300  # imports of one file
_IMPORT = re2.compile(r"(?:\bfrom|\bimport|\brequire\(|\bimport\()\s{0,4}[\"']([^\"'\n]{1,200})[\"']")
_CLIENT = re2.compile(r"^\s*(?:/\*[^*]*\*/\s*|//[^\n]*\n\s*)*[\"']use client[\"']")
_SERVER = re2.compile(
    r"^\s*[\"']use server[\"']|[\"'](?:server-only|next/headers|next/server|express|fastify|hono|koa|node:\w+|fs"
    r"|fs/promises|pg|mongoose|child_process|http|https|net|@prisma/client|nodemailer|firebase-admin|firebase-functions)"
    r"[\"']|\bDeno\.|\bapp\.listen\("
)
_BROWSER = re2.compile(
    r"\bdocument\.|\bwindow\.|\blocalStorage\b|\bsessionStorage\b|\buse(?:State|Effect|Ref|Navigate)\(|[\"']react[\"']"
    r"|import\.meta\.env|[\"']react-dom|[\"']react-native|[\"']vue[\"']|[\"']@angular/"
)
_BUNDLERS = word_set(
    """
    vite react-scripts expo parcel webpack gatsby @vue/cli-service @angular/core react-native astro svelte vue preact
    solid-js react
    """
)
_SERVED = re.compile(r"(^|/)(public|static|assets|www|htdocs|wwwroot)/")
_NOT_CLIENT = re.compile(
    r"(^|/)(supabase/functions|functions|netlify|api|server|servers|backend|scripts?|workers?|cli|prisma|migrations|lambda|edge)/"
    r"|(^|/)[\w.-]*\.?config\.[cm]?[jt]s$|(^|/)server\.[cm]?[jt]s$|\.server\.[cm]?[jt]sx?$|(^|/)\+(page|layout)\.server\.|\.d\.ts$"
    r"|(^|/)middleware\.[jt]s$"
)
_PAGES = re.compile(r"(^|/)(src/)?pages/(?!api/)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What one file says of where it runs: its imports, its directive, and what only a server or a browser has."""

    imports: tuple[str, ...] = ()
    client: bool = False
    server: bool = False
    browser: bool = False
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientCode:
    """The *paths* of all files that reach the browser, and the frameworks of the packages that are declared."""

    paths: frozenset[str] = field(default_factory=frozenset)
    frameworks: frozenset[str] = field(default_factory=frozenset)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None where it is no code."""
    if path.endswith("package.json") and tier_of(path) is not Tier.VENDORED:
        return "manifest"
    if tier_of(path) is not Tier.CODE:
        return None
    language = language_of(path)
    return "code" if (language and language != "python") or page_of(path) else None


def read(text: str, kind: str) -> SourceFile | None:
    """Return what *text* says of where it runs."""
    if kind == "manifest":
        return SourceFile(packages=tuple(_packages(text)))
    text = text.encode("utf-8", "replace").decode()
    imports = []
    for match in _IMPORT.finditer(text):
        imports.append(match.group(1))
        if len(imports) >= _MOST:
            break
    return SourceFile(
        tuple(dict.fromkeys(imports)),
        _CLIENT.search(text[:2000]) is not None,
        _SERVER.search(text) is not None,
        _BROWSER.search(text) is not None,
    )


def _packages(text: str) -> list[str]:
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(manifest, dict):
        return []
    names: list[str] = []
    for key in ("dependencies", "devDependencies"):
        section = manifest.get(key)
        names += [str(name) for name in section][:_MOST] if isinstance(section, dict) else []
    return [name for name in names if name in _BUNDLERS or name in {"next", "express", "@remix-run/react", "nuxt"}]


def join(parts: Mapping[str, SourceFile], _listing: Listing) -> ClientCode:
    """Return which of all files reach the browser."""
    packages = {posixpath.dirname(path): frozenset(part.packages) for path, part in parts.items() if _is_manifest(path)}
    code = {path: part for path, part in parts.items() if not _is_manifest(path)}
    found = set()
    for path, part in code.items():
        own = _package_of(path, packages)
        if not _runs_on_server(path, part) and _is_client(path, part, own):
            found.add(path)
    files = Files(code)
    waiting = [path for path in found if "next" in _package_of(path, packages)]
    known: dict[tuple[str, str], str | None] = {}  # where a folder's imports lead: neighbours import the same
    while waiting:
        path = waiting.pop()
        for module in code[path].imports:
            key = (posixpath.dirname(path), module)
            if key not in known:
                known[key] = next(iter(files.named(path, module)), None)
            target = known[key]
            if target is not None and target not in found and not _runs_on_server(target, code[target]):
                found.add(target)
                waiting.append(target)
    return ClientCode(frozenset(found), frozenset(name for names in packages.values() for name in names))


def _is_manifest(path: str) -> bool:
    return path.endswith("package.json")


def _package_of(path: str, packages: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the frameworks of the package that *path* belongs to: of the nearest folder above that declares one."""
    folder = posixpath.dirname(path)
    while True:
        if folder in packages:
            return packages[folder]
        if not folder:
            return frozenset()
        folder = posixpath.dirname(folder)


def _runs_on_server(path: str, part: SourceFile) -> bool:
    return (_NOT_CLIENT.search(path) is not None or part.server or is_run_by_hand(path)) and not part.client


def _is_client(path: str, part: SourceFile, own: frozenset[str]) -> bool:
    if part.client:
        return True
    if _SERVED.search(path) or page_of(path):
        return not path.endswith(".astro")
    if "next" in own or "@remix-run/react" in own:
        return _PAGES.search(path) is not None and "next" in own
    if own & _BUNDLERS:
        return "express" not in own or part.browser or re.search(r"(^|/)(client|frontend|web)/", path) is not None
    return path.endswith((".tsx", ".jsx")) or (part.browser and not own)


source = Collector(fact=ClientCode, part=SourceFile, kind_of=kind_of, read=read, join=join, parsers=("google-re2",))
