"""Findings that say the same of several places, put together, so that a person reads the sentence once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.model import Finding
from checks.sentences import begun


@dataclass(frozen=True, slots=True)
class Alike:
    """*words* that are true of every one of *findings*; *subjects* are the routes that they begin with, or empty."""

    words: str
    findings: tuple[Finding, ...]
    subjects: tuple[str, ...]

    @property
    def fix(self) -> str:
        """What mends all of them, as far as their check says it of this kind."""
        return self.findings[0].fix


def alike(findings: Iterable[Finding]) -> list[Alike]:
    """Return *findings* in their order, those together that differ in nothing but where they are and of which route."""
    groups: dict[tuple[str, str, bool], list[tuple[Finding, str]]] = {}
    for one in findings:
        subject = f"{one.route.method} {one.route.path}" if one.route is not None else ""
        named = bool(subject) and one.message.startswith(f"{subject} ")
        rest = one.message[len(subject) + 1 :] if named else one.message
        groups.setdefault((rest, one.fix, named), []).append((one, subject if named else ""))
    return [_put_together(rest, several) for (rest, _, _), several in groups.items()]


def _put_together(rest: str, several: list[tuple[Finding, str]]) -> Alike:
    findings, subjects = zip(*several, strict=True)
    routes = len(set(subjects))
    if subjects[0]:
        words = f"Each of {routes} routes {rest}" if routes > 1 else f"{subjects[0]} {rest}"
    else:
        words = begun(rest)
    return Alike(words, findings, subjects)
