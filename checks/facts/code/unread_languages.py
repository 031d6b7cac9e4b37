"""
The sentences of other_languages.py for a check that says itself how far they hold an app back.

`OtherLanguages` makes whatever wants it partial, at a check's full strength: right where sight might have been taken
away.
That nobody here reads Go can not be taken away or given. A check whose full strength is "nowhere", for faults that it
has seen, must not say so of an app for a file of Dart; it wants this fact, and raises NotChecked with what it allows.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Derived, Listing
from checks.facts.code import other_languages


@dataclass(frozen=True, slots=True)
class UnreadLanguages:
    """What is in a language that is not read, as *sentences*; none where all of it is read."""

    sentences: tuple[str, ...]


def derive(listing: Listing) -> UnreadLanguages:
    """Return what of *listing* is in a language that is not read."""
    return UnreadLanguages(other_languages.derive(listing).unseen)


source = Derived(fact=UnreadLanguages, needs=(Listing,), derive=derive)
