"""What `groundcrew doctor` says of one thing: how it stands, and its mend where one is needed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a thing stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """How *what* stands, in *words* that name the mend where one is needed."""

    state: State
    what: str
    words: str
