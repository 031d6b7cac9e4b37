"""
What could not be seen, said once, and who can give sight of it.

The engine says in neutral words what is missing. How it is given is another matter at a terminal than in Slack, so each
of them adds its own words to the `Lack` that it finds in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from checks.sentences import names

_MOST = 8  # sentences kept of one check, its files and packages taken together
_NAMED = 3  # of several files or packages of which the same is true
#: A file or a package, and what is said of it: `app.py was not read: ...`, `left-pad: the index did not answer`.
_OF_ONE = re.compile(r"([^\s:]{1,300}(?::\d+)?)( was not read\b|: )(.*)", re.DOTALL)
_LANGUAGE = re.compile(r"(?:\d+ )?(.+?) files? \(")


class Lack(StrEnum):
    """What somebody can give or do, by the words that tell of it in a sentence."""

    ADDRESS = "no live address was given"
    ADVISORIES = "advisory data"
    HOST = "reviews and CI cannot be seen"
    INDEX = "the package index is not asked here"
    HISTORY = "a plain folder has no history"
    LANGUAGE = "in a language that is not read"

    @property
    def step(self) -> str:
        """What to do about it, in the imperative, as the way up begins."""
        return _STEPS[self]


_STEPS = {
    Lack.ADDRESS: "Say where it runs",
    Lack.ADVISORIES: "Bring the list of known vulnerabilities up to date",
    Lack.HOST: "Let Groundcrew ask the code host about reviews and CI",
    Lack.INDEX: "Let Groundcrew ask the package index",
    Lack.HISTORY: "Check the repository in place of a folder, so that its history is read",
    Lack.LANGUAGE: "Have a person look at what Groundcrew cannot read",
}


def lack_of(sentence: str) -> Lack | None:
    """Return what is lacking where *sentence*, a reason or a step, tells of it, else None."""
    return next((lack for lack in Lack if lack in sentence or sentence.startswith(lack.step)), None)


def step_for(sentence: str, checks: Sequence[str]) -> str:
    """Return what to do so that *checks* can look at what *sentence* says they cannot see."""
    lack = lack_of(sentence)
    if lack is None:
        return f"Make it possible to look at {listed(checks)}: {sentence}"
    if lack is Lack.LANGUAGE:
        language = _LANGUAGE.match(sentence)
        return f"{lack.step}, and place the app by what they find: {sentence}" if language else lack.step
    return f"{lack.step}: until then {listed(checks)} cannot look"


def listed(several: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return several[0] if len(several) == 1 else f"{', '.join(several[:-1])} and {several[-1]}"


def merged(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return *sentences*, each once and those that say the same of several files or packages as one, a few of them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for sentence in dict.fromkeys(sentences):
        of_one = _OF_ONE.fullmatch(sentence)
        key, name = ((of_one[2], of_one[3]), of_one[1]) if of_one else (("", sentence), "")
        groups.setdefault(key, []).append(name)
    said = [_said(verb, rest, several) for (verb, rest), several in groups.items()]
    return (*said[:_MOST], *([f"and {len(said) - _MOST} things more"] if len(said) > _MOST else []))


def _said(verb: str, rest: str, several: list[str]) -> str:
    if not verb:
        return rest
    return f"{names(several, _NAMED)}{verb.replace(' was ', ' were ') if len(several) > 1 else verb}{rest}"
