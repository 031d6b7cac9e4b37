"""
Secrets that stand in files: what each is in words, its line, and how sure it is; never a value and never a line's text.

A part goes to the disk, so it holds kinds, lines, and a hash of the line with every value taken out (for a fingerprint
that survives a move). Comments that ask scanners to look away are not obeyed; they are listed.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.assigned_secrets import Assigned, Strength, assigned_in
from checks.facts.credential_files import hashes_in, keys_in, lines_of_credentials, rows_in, urls_in
from checks.facts.vendor_tokens import HARMLESS, jwts_in, tokens_in

_MOST = 200  # candidates of one file that are kept; the rest is counted
_LONGEST = 4096  # characters of a line that feed its shape


@dataclass(frozen=True, slots=True)
class Candidate:
    """One secret: *line* from 1, *what* in words, *shape* a hash of its line without values; *hidden* by a comment."""

    line: int
    what: str
    strength: Strength
    shape: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SecretsInFile:
    """What one file holds, by line; *more* were not kept. *hiding* are the lines that ask scanners to look away."""

    candidates: tuple[Candidate, ...]
    more: int = 0
    hiding: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SecretCandidates:
    """The secrets of all files, by path."""

    files: Mapping[str, SecretsInFile]

    @property
    def suppressions(self) -> tuple[str, ...]:
        """Each place that asks scanners to look away, as `path:line`."""
        return tuple(f"{path}:{line}" for path, part in sorted(self.files.items()) for line in part.hiding)


_BINARY = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|woff2?|ttf|otf|eot|mp[34]|m4a|mov|webm|wav|ogg|flac|pdf|zip|gz|tgz|bz2|xz|7z|rar|jar|war"
    r"|class|so|dll|exe|dylib|wasm|pyc|o|a|bin|pack|idx|psd|sketch|fig|docx?|xlsx?|pptx?|parquet|feather|npy|npz|pt|onnx|pkl|h5)$",
    re.IGNORECASE,
)
_LOCK = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|bun\.lockb?|poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock"
    r"|composer\.lock|Gemfile\.lock|Cargo\.lock|go\.sum|flake\.lock|deno\.lock|[^/]*\.lock|package-lock[^/]*\.(?:json|bak))$"
)
_TOKENS_ONLY = re.compile(
    r"(?:^|/)(?:node_modules|site-packages|bower_components|vendor|third_party|\.next|dist|build|out)/|\.min\.(?:js|css)$|\.map$|\.svg$"
    r"|\.bundle\.js$|\.csv$|\.tsv$|\.po$|\.pot$|\.ipynb$|\.snap$|\.css$|\.scss$|\.less$|(?:^|/)(?:locales?|i18n|translations?|lang)/",
    re.IGNORECASE,
)
_BY_NAME = (
    (re.compile(r"(?:^|/)(?:\.env(?:rc|\.[\w.-]+)?|\.flaskenv|[\w.-]*\.env(?:\.[\w-]+)?|env\.(?:local|production))$"), "env"),
    (re.compile(r"(?:^|/)[._]netrc$"), "netrc"),
    (re.compile(r"(?:^|/)\.?pgpass(?:\.conf)?$"), "pgpass"),
    (re.compile(r"(?:^|/)\.?(?:ht)?passwd$|(?:^|/)etc/shadow-?$|\.htpasswd$|(?:^|/)shadow$"), "hashes"),
    (re.compile(r"\.(?:py|pyi|[cm]?[jt]sx?|vue|svelte|astro|php|rb|go|java|kt|scala|cs|rs|swift|dart|c|h|cc|cpp|hpp|m|ex|exs|lua|pl|r|jl)$", re.I), "code"),
    (re.compile(r"\.(?:sql|dump|sqlite\.txt|pgsql|mysql)$", re.I), "dump"),
    (re.compile(r"\.(?:md|mdx|rst|adoc|txt|log|textile|org)$|(?:^|/)(?:README|CHANGELOG|NOTES|TODO)$", re.I), "prose"),
    (re.compile(r"\.(?:json|jsonc|json5|webmanifest|har)$", re.I), "json"),
    (re.compile(r"\.(?:sh|bash|zsh|fish|ps1|bat|cmd)$|(?:^|/)\.(?:bash|zsh|sh)\w*$|(?:^|/)(?:Makefile|Procfile|justfile)$", re.I), "shell"),
    (re.compile(r"\.(?:html?|xml|xhtml|jinja2?|j2|hbs|ejs|twig|pug|erb)$", re.I), "markup"),
)  # fmt: skip
_HIDES = re2.compile(
    r"(?i)pragma:?[ \t]{0,4}(?:allow|white)list[ -](?:nextline[ -])?secret|gitleaks:allow|trufflehog:ignore|ggignore|kingfisher:ignore"
    r"|nosecret|noqa:?[ \t]{0,3}S10[567]|#[ \t]{0,4}nosec\b"
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|[\w+/=@$-]*\d[\w+/=@$-]*")
_FIREBASE = re.compile(
    r"authDomain|messagingSenderId|measurementId|firebaseapp\.com|mobilesdk_app_id|google-services|maps\.googleapis|current_key"
    r"|NEXT_PUBLIC_|VITE_|REACT_APP_|EXPO_PUBLIC_|FIREBASE|googlemaps|google_?maps|MAPS|youtube",
    re.IGNORECASE,
)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read; None for pictures, archives and other files that hold no text."""
    if _BINARY.search(path):
        return None
    if _LOCK.search(path) or _TOKENS_ONLY.search(path):
        return "tokens"
    return next((kind for pattern, kind in _BY_NAME if pattern.search(path)), "config")


def read(text: str, kind: str) -> SecretsInFile | None:
    """Return the secrets of *text*, read as *kind*, or None where it has none and hides none."""
    text = text.encode("utf-8", "replace").decode()  # RE2 takes no lone surrogates
    starts = _starts(text)
    hiding = tuple(sorted({bisect_right(starts, match.start()) for match in _HIDES.finditer(text)}))
    by_line: dict[int, list[Assigned]] = {}
    for found in _all(text, kind):
        by_line.setdefault(bisect_right(starts, found.offset), []).append(found)
    if not by_line and not hiding:
        return None
    order = tuple(Strength)
    candidates = []
    for line in sorted(by_line)[:_MOST]:
        best = min(by_line[line], key=lambda found: order.index(found.strength))
        shape = _shape(_line(text, starts, line), [found.value for found in by_line[line]])
        candidates.append(Candidate(line, best.what, best.strength, shape, line in hiding))
    return SecretsInFile(tuple(candidates), max(0, len(by_line) - _MOST), hiding[:_MOST])


def _all(text: str, kind: str) -> Iterator[Assigned]:
    """Yield all that is found; a value whose form is known is not judged again by the name it is given."""
    formed = [*_tokens(text), *_jwts(text), *keys_in(text)]
    yield from formed
    if kind == "tokens":
        return
    addresses = list(urls_in(text))
    yield from addresses
    known = "\n".join(found.value for found in (*formed, *addresses))
    for found in (*assigned_in(text, kind), *lines_of_credentials(text, kind)):
        if found.value not in known and not any(each.value in found.value for each in formed):
            yield found
    strength = Strength.LIKELY if kind == "hashes" else Strength.POSSIBLE
    yield from (Assigned(found.offset, found.what, strength, found.value) for found in hashes_in(text))
    if kind in {"dump", "code", "prose"}:
        yield from rows_in(text)


def _tokens(text: str) -> Iterator[Assigned]:
    for offset, what, value in tokens_in(text):
        yield Assigned(offset, what, _strength_of_token(text, offset, what), value)


def _strength_of_token(text: str, offset: int, what: str) -> Strength:
    if what in HARMLESS:
        return Strength.POSSIBLE
    if what == "Google API key" and _FIREBASE.search(text, max(0, offset - 600), offset + 600):
        return Strength.PUBLIC  # Firebase's web key and Google Maps' key stand in every visitor's browser by design
    return Strength.CERTAIN


def _jwts(text: str) -> Iterator[Assigned]:
    for offset, value, claims in jwts_in(text):
        role, issuer = claims.get("role"), claims.get("iss")
        if issuer == "supabase-demo" or role == "anon":
            yield Assigned(offset, "publishable Supabase key", Strength.PUBLIC, value)
        elif role == "service_role":
            yield Assigned(offset, "Supabase service_role key", Strength.CERTAIN, value)
        elif claims.get("sub") != "1234567890":  # the specimen of jwt.io
            strength = Strength.POSSIBLE if "exp" in claims else Strength.LIKELY
            yield Assigned(offset, "signed token (JWT)", strength, value)


def _starts(text: str) -> list[int]:
    """Return the offset at which each line of *text* starts."""
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def _line(text: str, starts: list[int], line: int) -> str:
    start = starts[line - 1]
    end = starts[line] - 1 if line < len(starts) else len(text)
    return text[start : min(end, start + _LONGEST)]


def _shape(line: str, values: list[str]) -> str:
    """Return a hash of *line* with *values*, all quoted strings and all words with a digit taken out."""
    for value in sorted(values, key=len, reverse=True):
        line = line.replace(value, "*")
    return hashlib.sha256(" ".join(_QUOTED.sub("*", line).split()).encode()).hexdigest()[:16]


def join(parts: Mapping[str, SecretsInFile], _listing: Listing) -> SecretCandidates:
    """Return all files' secrets."""
    return SecretCandidates(parts)


source = Collector(
    fact=SecretCandidates,
    part=SecretsInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=("detect-secrets", "google-re2"),
    also=(
        "checks.facts.vendor_tokens",
        "checks.facts.assigned_secrets",
        "checks.facts.credential_files",
        "checks.facts.secret_names",
        "checks.facts.secret_values",
    ),
)
