"""What `groundcrew check --explain CHECK` prints: the check's own documentation, for a person at a terminal."""

from __future__ import annotations

import difflib
import importlib
import re
import textwrap

from checks.check import Check
from checks.documentation import check_ids, docstring, module_of
from checks.model import Placement

_WIDTH = 100
_BOLD, _RESET = "\x1b[1m", "\x1b[0m"


def no_such_check(name: str) -> str:
    """Return the sentence for whoever named a check that does not exist, or an empty string where it does."""
    if name in check_ids():
        return ""
    near = difflib.get_close_matches(name, sorted(check_ids()), 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(sorted(check_ids()))}."
    return f"There is no check {name}. {hint}"


def explained(name: str, *, colours: bool) -> str:
    """Return what the check *name*, which exists, asks, why, and how to mend what it finds."""
    check: Check = importlib.import_module(module_of(name)).check
    paragraphs = [
        _heading(f"{name} ({check.family})", colours=colours),
        f"Severity {check.severity}; {_holds(check)}.",
    ]
    for paragraph in docstring(name).split("\n\n"):
        heading, _, rest = paragraph.partition("\n") if paragraph.startswith("## ") else ("", "", paragraph)
        if heading:
            paragraphs.append(_heading(heading.removeprefix("## "), colours=colours))
        if rest:
            paragraphs.append(_wrapped(rest))
    return "\n\n".join(paragraphs)


def _holds(check: Check) -> str:
    if check.allows is Placement.PRODUCTION:
        return "advice only: it holds no app back"
    return f"while it stands, no better than {check.allows}, but where a finding says that it is milder"


def _heading(text: str, *, colours: bool) -> str:
    return f"{_BOLD}{text}{_RESET}" if colours else text


def _wrapped(text: str) -> str:
    """Return *text* in lines of our width; a list keeps its points."""
    points = re.split(r"\n(?=(?:\d+\.|[-*]) )", text)
    return "\n".join(
        textwrap.fill(" ".join(point.split()), _WIDTH, subsequent_indent="   " if len(points) > 1 else "")
        for point in points
    )
