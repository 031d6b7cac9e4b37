r"""
Masks tokens in words: a name, a path or a route of a repository may be, or hold, somebody's secret.

Telegram's webhooks carry the bot's token in their path, and a package or a file can be named like one. What a check
says goes through here before it leaves the check, so that reports, rows, messages and logs never hold the value. It
knows a token by its form only (facts/secrets/token_forms.py); forms are taken a little wider here than in the search
for secrets: `_` may stand before a token and anything behind it, as in a file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import re2

from checks.facts.secrets.token_forms import FORMS, STOCK, WIDER
from checks.model import Finding

MASK = "***"
_ALL = (*(form for forms in FORMS.values() for form in forms), *STOCK, *WIDER)
_LAST_BOUND = re.compile(r"\\b(?=\Z|\|)")
_KEY_BLOCK = re.compile(
    rb"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
)


def masked(text: str, mask: str = MASK) -> str:
    """Return *text* with *mask* in place of every token; a text without any comes back as it is."""
    body = text.encode("utf-8", "surrogatepass")
    if _tokens().search(body) is None and b"PRIVATE KEY-----" not in body:
        return text
    instead = mask.encode()
    body = _tokens().sub(lambda match: match.group() if _is_words(match.group()) else instead, body)
    return _KEY_BLOCK.sub(lambda _: instead, body).decode("utf-8", "surrogatepass")


def without_tokens(finding: Finding) -> Finding:
    """Return *finding* with tokens masked in everything that it says, its evidence and what identifies it included."""
    route, package = finding.route, finding.package
    return replace(
        finding,
        message=masked(finding.message),
        path=_masked(finding.path),
        kind=masked(finding.kind),
        route=route and replace(route, method=masked(route.method), path=masked(route.path)),
        package=package and replace(package, name=masked(package.name), version=_masked(package.version)),
        identity=_masked(finding.identity),
        source=masked(finding.source),
        fix=masked(finding.fix),
    )


def is_token(name: str) -> bool:
    """Whether *name* holds a token, also where the spelling of package names has put `-` in place of `_`."""
    return any(masked(one) != one for one in (name, name.replace("-", "_")))


def holds_token(packed: bytes) -> bool:
    """Whether any text in *packed*, a msgpack value, holds a token."""
    if _roughly().search(packed) is None and b"PRIVATE KEY-----" not in packed:
        return False
    return any(masked(text) != text for text in _texts(msgspec.msgpack.decode(packed)))


def _masked(text: str | None) -> str | None:
    return None if text is None else masked(text)


def _is_words(match: bytes) -> bool:
    """Whether *match* is a name of small letters: `sk_learn_pipeline_helpers` is none of OpenAI's keys."""
    return match.islower() and not any(48 <= byte <= 57 for byte in match)  # noqa: PLR2004 - the digits in ASCII


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in *value*, of dicts and lists at any depth; with a stack, for it may be deep."""
    open_ = [value]
    while open_:
        one = open_.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            open_ += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            open_ += one


@cache
def _tokens() -> re2._Regexp:
    """Every form, each at its longest; they match within UTF-8 bytes."""
    return _compiled(tuple(_LAST_BOUND.sub("", form).replace(r"\b", r"(?:\b|_)") for form in _ALL))


@cache
def _roughly() -> re2._Regexp:
    """Every form without regard to what is beside it: in msgpack that is the length of the text, or the next value."""
    return _compiled(tuple(form.replace(r"\b", "") for form in _ALL))


def _compiled(forms: tuple[str, ...]) -> re2._Regexp:
    options = re2.Options()
    options.longest_match = True
    options.max_mem = 16 << 20  # bytes; the automaton is made only as far as it is walked
    return re2.compile("|".join(f"(?:{form})" for form in forms), options)
