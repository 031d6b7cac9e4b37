"""
Source files in languages that no reader here understands: what holds them is never a pass of a check that reads code.

They are told by their endings. Only code counts that runs in front of users: not tests, examples, docs, copies of other
people's code, scripts that a person starts, nor the shell that Capacitor, React Native and Flutter make around an app.
A single such file counts, since one index.php is a whole app.

Left out on purpose: SQL and shell, which answer nobody by themselves; C headers and build files; Lua, which beside
Python and JavaScript is a script for Redis or an editor, counts with OpenResty's nginx.conf alone. Notebooks are run by
hand like scripts: nobody but their reader sees what they print. The <script> of .vue, .svelte and .astro files is read
(checks.facts.code.components).
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Derived, Listing
from checks.facts.tier import Tier, is_run_by_hand, tier_of

#: Language -> the endings of its files.
_ENDINGS = {
    "PHP": "php phtml php3 php4 php5 php7",
    "Go": "go",
    "Ruby": "rb erb",
    "Java": "java jsp jspx",
    "Kotlin": "kt",
    "Scala": "scala",
    "Groovy": "groovy gsp",
    "Clojure": "clj cljs cljc",
    "C#": "cs cshtml razor",
    "F#": "fs",
    "Visual Basic": "vb vbhtml",
    "ASP": "asp aspx ascx ashx asmx",
    "Rust": "rs",
    "Elixir": "ex exs eex heex leex",
    "Erlang": "erl",
    "Haskell": "hs",
    "OCaml": "ml",
    "Perl": "pl pm cgi psgi",
    "ColdFusion": "cfm cfc",
    "Swift": "swift",
    "Dart": "dart",
    "R": "r rmd",
    "Julia": "jl",
    "Crystal": "cr",
    "Nim": "nim",
    "Zig": "zig",
    "CoffeeScript": "coffee",
    "Apps Script": "gs",
    "C": "c",
    "C++": "cc cpp cxx",
    "Lua": "lua",
}
_LANGUAGE = {ending: language for language, endings in _ENDINGS.items() for ending in endings.split()}
#: What the tools that wrap a web app for phones write themselves, by name.
_SHELL = re.compile(
    r"(^|/)(android|ios|macos|linux|windows)[\w-]*/(.*/)?((Main(Activity|Application|FlutterWindow)|AppDelegate"
    r"|SceneDelegate|GeneratedPluginRegistrant|RunnerTests)\.(java|kt|swift)|(runner|flutter)/[\w.]+\.(c|cc|cpp))$",
    re.IGNORECASE,
)
_NGINX = re.compile(r"(^|/)(nginx|openresty)[^/]*(/|\.conf)")


@dataclass(frozen=True, slots=True)
class OtherLanguages:
    """The files that are not understood, by their language's name, each language's in order of path."""

    files: Mapping[str, tuple[str, ...]]

    @property
    def beyond(self) -> tuple[str, ...]:
        """What nobody here can read (checks.evaluate.BEYOND), as sentences; the language with the most files first."""
        ordered = sorted(self.files.items(), key=lambda item: (-len(item[1]), item[0]))
        return tuple(_sentence(language, paths) for language, paths in ordered)


def _sentence(language: str, paths: tuple[str, ...]) -> str:
    # The least deep one is what a person knows; an editor's hidden file is not.
    known = min(paths, key=lambda path: ("/." in f"/{path}", path.count("/"), path))
    if len(paths) == 1:
        return f"1 {language} file ({known}) is in a language that is not read"
    return f"{len(paths)} {language} files ({known}, ...) are in a language that is not read"


def derive(listing: Listing) -> OtherLanguages:
    """Return what of *listing* is code in a language that is not read."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in listing.entries:
        language = _language(entry.path)
        if language is not None and entry.size and entry.mode.startswith("100"):
            found[language].append(entry.path)
    if not any(_NGINX.search(entry.path) for entry in listing.entries):
        found.pop("Lua", None)
    return OtherLanguages({language: tuple(sorted(paths)) for language, paths in sorted(found.items())})


def _language(path: str) -> str | None:
    """Return the language of *path* where it is code that counts and is not read, else None."""
    ending = posixpath.splitext(path)[1][1:].lower()
    language = _LANGUAGE.get(ending)
    if language is None or tier_of(path) is not Tier.CODE or is_run_by_hand(path) or _SHELL.search(path):
        return None
    return language


source = Derived(fact=OtherLanguages, needs=(Listing,), derive=derive)
