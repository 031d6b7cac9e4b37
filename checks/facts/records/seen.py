"""What is noted of one function while its file is read: its calls, comparisons, members and conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: A constant, `Status.PAID`: what is compared with it is compared with nobody.
CONSTANT = re.compile(r"^\s*(?:\w{1,60}\.){0,3}[A-Z][A-Z0-9_]{2,60}(?:\.value)?\s*$")
#: What `const { role, ...rest } = req.body` takes out before the rest is written.
TAKEN_OUT = re.compile(r"\b(?:role|roles|is_?admin|isAdmin|permissions?|account_?type|userRole|user_role)\b")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: *callee* as written, its *last* name, its *arguments*, and the whole *text*."""

    line: int
    callee: str
    last: str
    arguments: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides that are compared, with the types of their nodes."""

    left: str
    right: str
    right_type: str = ""
    left_type: str = ""


@dataclass(slots=True)
class Seen:
    """What was seen of one function while its file was read."""

    calls: list[Call] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    count: int = 0


_ANSWERS = re.compile(r"test_func$|has_\w{0,20}permission|(?:can|may|is|check|allow)(?:_|[A-Z])")


def is_answer(held_by: str, name: str) -> bool:
    """Whether what the function *name* returns is its answer to who may pass: `return self.request.user.is_staff`."""
    return held_by == "return_statement" and _ANSWERS.match(name) is not None
