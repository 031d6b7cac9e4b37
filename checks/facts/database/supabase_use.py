"""How code uses Supabase: which tables, buckets and functions it asks for, with whose key, and who may sign up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import re2

from checks.fact import Collector, Listing
from checks.facts.code.components import page_of
from checks.facts.code.syntax import language_of
from checks.facts.tier import Tier, tier_of
from checks.facts.word_set import word_set

_MOST = 200  # names of one file
_HINT = re2.compile(r"(?i)supabase")
_FROM = re2.compile(
    r"([\w$]+|\)|\])[!?]?\s{0,40}\??\.\s{0,4}(from|rpc|table)\s{0,4}(?:<[^<>()\n]{0,80}>)?\(\s{0,40}[\"'`]([\w-]{1,63})[\"'`]"
)
_NO_TABLES = word_set(
    "Array Buffer Object storage Uint8Array Readable Observable Set Map String Number Float32Array Int16Array"
)
_PUBLIC_KEY = re2.compile(
    r"createBrowserClient|createClientComponentClient|createPagesBrowserClient|useSupabaseClient"
    r"|(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|PUBLIC|NUXT_PUBLIC|GATSBY)_(?:\w{0,30}_)?SUPABASE_\w{0,20}(?:ANON|PUBLISHABLE|KEY)"
    r"|SUPABASE_(?:ANON|PUBLISHABLE)|supabaseAnonKey|sb_publishable_"
    r"|[\"'`]eyJ[\w-]{20}|^\s*[\"']use client[\"']"
)
_CLIENT = re2.compile(
    r"[\"'](?:@supabase/|npm:@supabase/|https://esm\.sh/@supabase/)|\bfrom supabase\b|\bimport supabase\b"
    r"|supabase\.(?:from|auth)\b"
)
_SERVER_KEY = re2.compile(r"(?i)service_?role|SUPABASE_SECRET|SERVICE_KEY|supabaseAdmin|adminClient|createAdminClient")
_SIGNS_UP = re2.compile(
    r"\.\s{0,4}auth\s{0,10}\.\s{0,4}(?:signUp|signInWithOAuth|signInWithOtp|signInAnonymously|sign_up)\b"
)
_CLOSED = re.compile(r"^[ \t]{0,20}enable_signup[ \t]{0,20}=[ \t]{0,20}false", re.MULTILINE)
_BUCKET_MADE = re2.compile(
    r"createBucket\(\s{0,40}[\"'`]([\w-]{1,63})[\"'`]\s{0,4},\s{0,40}\{[^{}]{0,200}\bpublic\s{0,4}:\s{0,4}true"
)


@dataclass(frozen=True, slots=True)
class Used:
    """One name that code asks for, on *line*."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class SupabaseFile:
    """
    What one file says of Supabase.

    *client* where it uses or installs its client, *server* where it holds the key that passes every rule.
    """

    tables: tuple[Used, ...] = ()
    functions: tuple[Used, ...] = ()
    buckets: tuple[Used, ...] = ()
    made_public: tuple[Used, ...] = ()
    client: bool = False
    public_key: bool = False
    server: bool = False
    signs_up: bool = False
    sign_up_closed: bool = False


@dataclass(frozen=True, slots=True)
class SupabaseUse:
    """
    What all files say of Supabase.

    *tables* maps each table that is asked for without the server's key to the first
    place; *browser* says that the public key is in use, *open_sign_up* that anybody can get an account.
    """

    used: bool
    browser: bool
    open_sign_up: bool
    tables: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None where it is no code of the app."""
    if path.endswith("supabase/config.toml"):
        return "config"
    if tier_of(path) is not Tier.CODE:
        return None
    if path.endswith(("package.json", "requirements.txt", "pyproject.toml")):
        return "manifest"
    return "code" if language_of(path) or page_of(path) else None


def read(text: str, kind: str) -> SupabaseFile | None:
    """Return what *text* says of Supabase, or None where it does not name it."""
    if kind == "config":
        return SupabaseFile(sign_up_closed=_CLOSED.search(text) is not None)
    text = text.encode("utf-8", "replace").decode()
    if not _HINT.search(text):
        return None
    if kind == "manifest":
        return SupabaseFile(client=True)
    found: dict[str, list[Used]] = {"from": [], "rpc": [], "table": [], "bucket": []}
    for match in _FROM.finditer(text):
        before, verb, name = match.group(1), match.group(2), match.group(3)
        if before in _NO_TABLES and before != "storage":
            continue
        kept = found["bucket" if before == "storage" and verb == "from" else verb]
        if len(kept) < _MOST:
            kept.append(Used(name, text.count("\n", 0, match.end()) + 1))
    made = tuple(Used(match.group(1), text.count("\n", 0, match.start()) + 1) for match in _BUCKET_MADE.finditer(text))
    return SupabaseFile(
        tuple(found["from"] + found["table"]),
        tuple(found["rpc"]),
        tuple(found["bucket"]),
        made[:_MOST],
        _CLIENT.search(text) is not None,
        _PUBLIC_KEY.search(text) is not None,
        _SERVER_KEY.search(text) is not None,
        _SIGNS_UP.search(text) is not None,
    )


def join(parts: Mapping[str, SupabaseFile], _listing: Listing) -> SupabaseUse:
    """Return what all files say together."""
    tables: dict[str, tuple[str, int]] = {}
    for path, part in sorted(parts.items()):
        if not part.server:
            for used in part.tables:
                tables.setdefault(used.name, (path, used.line))
    files = parts.values()
    return SupabaseUse(
        used=any(part.client for part in files),
        browser=any(part.public_key for part in files),
        open_sign_up=any(part.signs_up for part in files) and not any(part.sign_up_closed for part in files),
        tables=tables,
        functions=frozenset(used.name for part in files for used in part.functions),
    )


source = Collector(fact=SupabaseUse, part=SupabaseFile, kind_of=kind_of, read=read, join=join, parsers=("google-re2",))
