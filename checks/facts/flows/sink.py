"""What acts on a value when it is called: a pattern of the callee, the arguments that count, and how to write both."""

from __future__ import annotations

import re
from dataclasses import dataclass

OBJECT = -1  # the object that a method is called on
_STATEMENT = re.compile(
    r"^[\s(]*(?:select|insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update\s|delete\s+from|drop\s|create\s|alter\s"
    r"|pragma\s|truncate\s|with\s+\w+\s+as|call\s|exec\s|grant\s|merge\s|copy\s|attach\s|show\s|use\s)"
    r"|\s(?:from|where|order\s+by|group\s+by|limit|values|having|join)[\s(]",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:[a-z!/]|\0)", re.IGNORECASE)
#: What databases, their connections and cursors are called.
DATABASE = (
    r"(?i:cur(?:sor)?|conn(?:ection)?|c|db|database|session|engine|tx|client|pool|sql\w*|\w*db|\w*conn(?:ection)?"
    r"|\w*cur(?:sor)?|\w*session)"
)


@dataclass(frozen=True, slots=True)
class Sink:
    """
    *callee* acts on its *places* (numbers or keywords) as *kind*.

    *needs* must stand in the call's text, *never* must not; *origin* must be where the callee was imported from, where
    it is a plain name, and *library* something that the file imports. *text* says what the value must look like: a
    statement of SQL, or markup.
    """

    kind: str
    callee: re.Pattern[str]
    places: tuple[int | str, ...] = (0,)
    needs: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    origin: re.Pattern[str] | None = None
    library: re.Pattern[str] | None = None
    text: str = ""

    def fits(self, text: str) -> bool:
        """Whether *text*, with its holes, looks like what this acts on."""
        if self.text == "sql":
            # A statement that is only explained does not run.
            return _STATEMENT.search(text) is not None and text.lstrip()[:7].lower() != "explain"
        return not self.text or (_TAG.search(text) is not None and not text.lstrip().startswith("<?xml"))


def exactly(words: str) -> re.Pattern[str]:
    """Return a pattern of the callees *words*, in full."""
    return re.compile(rf"^(?:{_any(words)})$")


def ending(words: str) -> re.Pattern[str]:
    """Return a pattern of the functions and methods *words*, whatever they hang on."""
    return re.compile(rf"(?:^|\.)(?:{_any(words)})$")


def method(words: str) -> re.Pattern[str]:
    """Return a pattern of the methods *words* of any object."""
    return re.compile(rf"\.(?:{_any(words)})$")


def of(objects: str, words: str) -> re.Pattern[str]:
    """Return a pattern of the methods *words* of *objects*, a pattern itself."""
    return re.compile(rf"^(?:{objects})\.(?:{_any(words)})$")


def _any(words: str) -> str:
    return "|".join(re.escape(word) for word in words.split())
