"""Logins that let anybody in while the app takes itself for a developer's own: `if is_dev: authenticated = True`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from checks.facts.debug_switch import DebugSwitch, Switch

#: A login is about to be said to have gone well, whatever was sent.
_PASSES = re.compile(
    r"^[ \t]*(?:(?:const|let|var|self\.)\s*)?(?:auth_?(?:success|ok|passed|valid)|is_?auth(?:enticated|orized)?"
    r"|authenticated|(?:is_?)?(?:valid_?password|password_?(?:valid|ok|matche?[sd]?|correct))|login_?(?:success\w*|ok)|logged_?in"
    r"|credentials_?(?:valid|ok)|is_?verified|otp_?(?:valid|ok))\s*=\s*[Tt]rue\b",
    re.IGNORECASE,
)
_HINT = re2.compile(r"(?i)(?:auth|passw|login|logged|credential|verified|otp)\w*\s*=\s*true")
#: What says that this is a developer's machine; a variable that has to be set to allow it by name does not.
_DEVELOPMENT = re.compile(
    r"\bis_?dev(?:elopment)?(?:_?mode)?\b|\bdev_?mode\b|[\"']dev(?:elopment)?[\"']|\bimport\.meta\.env\.DEV\b"
    r"|!={1,2}\s*[\"']production[\"']|\.debug\b|[\"']DEBUG[\"']|\bsettings\.DEBUG\b",
    re.IGNORECASE,
)
_IF = re.compile(r"^[ \t]*(?:\}[ \t]*)?(?:if|elif|else if)\b")
_ABOVE = 6  # lines between the condition and what it grants
_LONGEST = 500  # characters of a line that is looked at


def bypasses(text: str) -> Iterator[DebugSwitch]:
    """Yield each condition of *text* under which a login succeeds in development with any password."""
    text = text.encode("utf-8", "replace").decode()  # RE2 takes no lone surrogates
    if _HINT.search(text) is None:
        return
    lines = [line[:_LONGEST] for line in text.split("\n")]
    for number, line in enumerate(lines):
        if _PASSES.match(line) is None:
            continue
        condition = next((at for at in range(number, max(number - _ABOVE, -1), -1) if _IF.match(lines[at])), None)
        if condition is not None and _is_above(lines[condition], line) and _DEVELOPMENT.search(lines[condition]):
            yield DebugSwitch(condition + 1, Switch.BYPASS, "bypass", sure=False)


def _is_above(condition: str, line: str) -> bool:
    """Whether *line* is written farther in than *condition*, or in it."""
    return condition is line or _depth(line) > _depth(condition)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
