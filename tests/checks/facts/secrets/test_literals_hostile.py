"""Syntax that nobody writes: deep, long and broken. It is read to its end, or left alone."""

from __future__ import annotations

import pytest

from checks.facts import debug_switches
from checks.facts.secrets import fallback_secrets, literal_logins, log_calls

MANY = 450  # levels: what is deeper is not parsed at all

TEXTS = {
    "calls in calls": ("python", "x = " + "print(" * MANY + "password" + ")" * MANY),
    "a long chain": ("javascript", "secret" + '.default("abc")' * MANY),
    "a long or": ("javascript", "const secret = a" + ' || "abc"' * MANY),
    "a long sum": ("python", 'print("a"' + " + password" * MANY + ")"),
    "objects in objects": ("javascript", "const users = " + "{password:" * 300 + "1" + "}" * 300),
    "parentheses": ("javascript", "const secret = " + "(" * MANY + '"a"' + ")" * MANY),
    "choices in choices": ("javascript", "const secret = " + 'a ? "b" : ' * MANY + '"c"'),
    "a huge literal": ("python", 'SECRET_KEY = "f(' + ")" * 500_000 + '!"'),
    "no end": ("typescript", "secret=(" * MANY),
    "not a program": ("tsx", "\0password === \ud800 ''' <a b={`${"),
    "nothing": ("python", ""),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("module", [fallback_secrets, literal_logins, log_calls, debug_switches])
def test_odd_syntax_is_read_to_its_end(name: str, module: object) -> None:
    """A collector answers on any text with a part of its own, or with nothing."""
    language, text = TEXTS[name]
    source = module.source  # type: ignore[attr-defined]
    part = source.read(text, language)
    assert part is None or isinstance(part, source.part)


def test_a_literal_in_many_parentheses_is_not_followed() -> None:
    """A literal behind more wrappers than a person writes is left alone; behind a few it is found."""
    few, many = (
        fallback_secrets.read(f"const jwtSecret = {'(' * n}'aB3x!dkE'{')' * n};", "javascript") for n in (3, 30)
    )
    assert few is not None
    assert many is None
