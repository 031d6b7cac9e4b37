"""What a hole in a database is: one fault that lets the browser do more than it should."""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts.database.schema import Place


@dataclass(frozen=True, slots=True)
class Hole:
    """
    One fault. *kind* is rls-open, rls-user-metadata or rls-escalation; *sure* where it holds an app back.

    *people* says that it is about people's data, which holds an app back from every place; *about* names the fault.
    """

    kind: str
    place: Place
    message: str
    about: str
    sure: bool = True
    people: bool = False
