"""
Keys on their way into the browser: variables that a build copies into it, vendors' clients allowed to run there, calls.

A part holds names, lines and kinds, never a value: of a value only whether there is one, and whether its form says that
it is made to be seen (`pk_live_`, `sb_publishable_`, a JWT for role anon ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import re2

from checks.fact import Collector, Listing
from checks.facts.browser.bundled_names import PREFIX, holds
from checks.facts.code.components import page_of
from checks.facts.code.syntax import language_of
from checks.facts.secrets.values import Look, look_of
from checks.facts.secrets.vendor_tokens import jwts_in
from checks.facts.tier import Tier, is_env_file, tier_of

_FLAG = re.compile(r"[\"'\]]{0,2}\s{0,8}[!=]==?\s{0,8}[\"'](?:true|false|1|0|yes|no|on|off)[\"']")
_MOST = 60  # of each kind in one file
_VARIABLE = re2.compile(rf"\b{PREFIX}_[A-Z][A-Z0-9_]{{2,80}}\b")
_ASSIGNED = re2.compile(
    rf"(?m)^[ \t]*(?:export[ \t]+)?({PREFIX}_[A-Z][A-Z0-9_]{{2,80}})[ \t]*=[ \t]*[\"']?([^\s\"'#]*)"
)
_DEFINED = re2.compile(
    r"JSON\.stringify\(\s{0,20}(?:\w+\.)?(?:env|process\.env)(?:\.|\[[\"'])([A-Z][A-Z0-9_]{2,80})|"
    r"[\"'](?:process|import\.meta)\.env\.([A-Z][A-Z0-9_]{2,80})[\"']\s{0,8}:\s{0,8}(?:\w+\.)?env\."
)
_CONFIG = re.compile(
    r"(^|/)(vite|webpack|rspack|rsbuild|electron\.vite|vue|craco|astro|nuxt)[\w.]*config[\w.]*\.[cm]?[jt]s$"
)
_ALLOWED = re2.compile(
    r"dangerouslyAllow(?:Browser|API\w*)[\"']?\s{0,8}:\s{0,8}true|anthropic-dangerous-direct-browser-access"
)
_KEY = re.compile(r"\bapiKey\s{0,8}(?::\s{0,8}([^,\n}]{1,200}))?")
_HOSTS = re2.compile(
    r"https://(api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|api\.groq\.com|openrouter\.ai/api"
    r"|api\.deepseek\.com|api\.mistral\.ai|api\.elevenlabs\.io|api\.stripe\.com|api\.sendgrid\.com|api\.resend\.com"
    r"|api\.replicate\.com|api\.cohere\.(?:ai|com)|api\.perplexity\.ai|api\.twilio\.com|api-inference\.huggingface\.co"
    r"|api\.x\.ai|api\.together\.xyz|api\.deepgram\.com|api\.assemblyai\.com|api\.stability\.ai|api\.airtable\.com)"
)
_GIVEN = re.compile(
    r"Storage\.getItem\(|set_?ApiKey\(|onApiKey|userApiKey|user_api_key|settings\.\w*[kK]ey|type=[\"']password[\"']"
)
_PUBLIC_VALUE = re.compile(
    r"pk_(?:live|test)_|pk\.eyJ|sb_publishable_|phc_|phx_|G-[A-Z0-9]{6,}|UA-|https?://[\w]+@|AIza|6L[\w-]{38}|rzp_(?:test|live)_"
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable by name, on *line*; *filled* where a value stands there, *shown* where it is made to be seen."""

    name: str
    line: int
    filled: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Something on *line*; *about* says what: a host, or where a key comes from (env, literal, given)."""

    line: int
    about: str


@dataclass(frozen=True, slots=True)
class KeysInFile:
    """
    What one file says.

    *read* are variables that code names, *set* those that a file of settings gives a value, *defined* those that a
    bundler's configuration writes into the bundle; *allowed* where a vendor's client is told to run in a browser,
    *called* a vendor's address. *given* says that the user types a key in.
    """

    read: tuple[Variable, ...] = ()
    set: tuple[Variable, ...] = ()
    defined: tuple[Variable, ...] = ()
    allowed: tuple[Place, ...] = ()
    called: tuple[Place, ...] = ()
    given: bool = False


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """What all files say, by path."""

    files: Mapping[str, KeysInFile] = field(default_factory=dict)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None."""
    if is_env_file(path):
        return "settings"
    if tier_of(path) is not Tier.CODE or path.endswith(".d.ts"):
        return None
    if _CONFIG.search(path):
        return "config"
    language = language_of(path)
    return "code" if (language and language != "python") or page_of(path) else None


def read(text: str, kind: str) -> KeysInFile | None:
    """Return the keys that *text* speaks of, or None where it speaks of none."""
    text = text.encode("utf-8", "replace").decode()
    if kind == "settings":
        found = tuple(_settings(text))
        return KeysInFile(set=found) if found else None
    defined = tuple(_defined(text)) if kind == "config" else ()
    keys = KeysInFile(tuple(_read(text)), (), defined, tuple(_allowed(text)), tuple(_called(text)))
    if keys == KeysInFile():
        return None
    return KeysInFile(keys.read, (), defined, keys.allowed, keys.called, _GIVEN.search(text) is not None)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _read(text: str) -> Iterator[Variable]:
    seen: set[str] = set()
    for match in _VARIABLE.finditer(text):
        name = match.group()
        flag = _FLAG.match(text, match.end()) is not None
        if name not in seen and not flag and holds(name) is not None and len(seen) < _MOST:
            seen.add(name)
            yield Variable(name, _line(text, match.start()))


def _settings(text: str) -> Iterator[Variable]:
    for count, match in enumerate(_ASSIGNED.finditer(text)):
        name, value = match.group(1), match.group(2)
        if holds(name) is not None and count < _MOST * 5:
            filled = look_of(value) not in {Look.EMPTY, Look.PLACEHOLDER, Look.REFERENCE}
            yield Variable(name, _line(text, match.start(1)), filled, _is_shown(value))


def _is_shown(value: str) -> bool:
    """Whether *value* has the form of a key that is made to be seen."""
    roles = [claims.get("role") for _, _, claims in jwts_in(value)]
    return _PUBLIC_VALUE.match(value) is not None or (value.startswith("ey") and roles == ["anon"])


def _defined(text: str) -> Iterator[Variable]:
    seen: set[str] = set()
    for match in _DEFINED.finditer(text):
        name = match.group(1) or match.group(2)
        if name not in seen and holds(name) is not None and len(seen) < _MOST:
            seen.add(name)
            yield Variable(name, _line(text, match.start()))


def _allowed(text: str) -> Iterator[Place]:
    for count, match in enumerate(_ALLOWED.finditer(text)):
        if count >= _MOST:
            return
        near = text[max(0, match.start() - 500) : match.end() + 500]
        yield Place(_line(text, match.start()), _origin(near, text))


def _origin(near: str, text: str) -> str:
    """Return where the key of the client in *near* comes from: env, literal or given by whoever calls."""
    for key in _KEY.finditer(near):
        value = key[1] or ""
        if re.search(r"\benv\b|_KEY\b", value):
            return "env"
        if re.match(r"[\"'`][\w-]{12,}", value):
            return "literal"
    name = re.search(
        r"\bconst[ \t]{1,8}\w{0,40}(?:key|KEY|Key)\w{0,40}[ \t]{0,8}=\s{0,8}(?:import\.meta|process)\.env", text
    )
    return "env" if name is not None and not _GIVEN.search(text) else "given"


def _called(text: str) -> Iterator[Place]:
    for count, match in enumerate(_HOSTS.finditer(text)):
        if count >= _MOST:
            return
        yield Place(_line(text, match.start()), match.group(1))


def join(parts: Mapping[str, KeysInFile], _listing: Listing) -> ClientKeys:
    """Return what all files say."""
    return ClientKeys(parts)


source = Collector(
    fact=ClientKeys,
    part=KeysInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=("google-re2", "detect-secrets"),
)
