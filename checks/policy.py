"""
The team's policy: what each place is here, which checks must have been looked at for it, and exceptions to `allows`.

`checks/policy.toml` is the default and explains the format; a team's own file overrides parts of it. What a policy
cannot do is kept out by its shape: milder exceptions hold *at most* up to a data class and an audience, stricter ones
*at least* from there, so that more sensitive data or a wider audience never improves a verdict.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path

from checks.documentation import check_ids
from checks.model import Audience, Context, DataClass, Exposure, Placement
from checks.policyfile import BUT, EVERY, PolicyError, read

__all__ = ["Exemption", "Place", "Policy", "PolicyError", "load"]


#: What moves a policy, each by its words in order, mildest first.
_AXES: tuple[tuple[str, type[StrEnum]], ...] = (("data", DataClass), ("audience", Audience), ("exposure", Exposure))


@dataclass(frozen=True, slots=True)
class Place:
    """What a placement is *here*; *looked_at* names the checks that must have answered for it."""

    name: str
    what: str
    link: str
    enter: str
    granted_by: str
    looked_at: tuple[str, ...]

    @property
    def words(self) -> str:
        """The place in a few sentences for the person who asked."""
        link = f" {self.link}" if self.link else ""
        enter = f" How to get in: {self.enter}" if self.enter else ""
        granted_by = f" Who grants it: {self.granted_by}" if self.granted_by else ""
        return f"{self.name}{link}: {self.what}{enter}{granted_by}"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where *check* allows another place than its own: for the data class, audience and exposure named (None: any)."""

    check: str
    allows: Placement
    data: DataClass | None
    audience: Audience | None
    because: str
    exposure: Exposure | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy; `load` makes it and guarantees that all four places are there and every name in it exists."""

    places: Mapping[Placement, Place]
    milder: tuple[Exemption, ...]
    stricter: tuple[Exemption, ...]
    checks: frozenset[str]  # every check that exists

    def allows(self, check: str, own: Placement, context: Context) -> Placement:
        """Return the best place while *check*, whose own answer is *own*, stands as failed in *context*."""
        best = own
        for mild in (one for one in self.milder if one.check == check):
            if all(_rank(getattr(context, key), kind) <= _rank(getattr(mild, key), kind) for key, kind in _AXES):
                best = max(best, mild.allows, key=lambda place: place.rank)
        for strict in (one for one in self.stricter if one.check == check):
            if all(_rank(getattr(context, key), kind) >= _rank(getattr(strict, key), kind, 0) for key, kind in _AXES):
                best = min(best, strict.allows, key=lambda place: place.rank)
        return best

    def asks_for(self, place: Placement) -> frozenset[str]:
        """Return the checks that must have been looked at for *place*: its own and those of the places below it."""
        named, left_out = self._named(place)
        return (self.checks - left_out) | named - {EVERY} if EVERY in named else named

    def unseen(self, check: str) -> Placement:
        """Return the best place while *check* was not looked at, as `looked_at` has it."""
        free = (place for place in Placement if not self._is_asked(check, place))
        return max(free, key=lambda place: place.rank, default=Placement.NOWHERE)

    def _is_asked(self, check: str, place: Placement) -> bool:
        named, left_out = self._named(place)
        return check in named or (EVERY in named and check not in left_out)

    def _named(self, place: Placement) -> tuple[frozenset[str], frozenset[str]]:
        """Return what *place* and those below it name, and what they leave out of "every check"."""
        lower = (self.places[one].looked_at for one in Placement if one.rank <= place.rank)
        words = frozenset(word for one in lower for word in one)
        left_out = frozenset(word for word in words if word.startswith(BUT))
        return words - left_out, frozenset(word.removeprefix(BUT) for word in left_out)


def load(path: Path | None = None) -> Policy:
    """
    Return the default policy, overridden by the file at *path* where there is one.

    Raises PolicyError with every fault of the file at once.
    """
    default = tomllib.loads(resources.files("checks").joinpath("policy.toml").read_text(encoding="utf-8"))
    own = read(path) if path is not None else {}
    places = {place: {**default["places"][place], **own.get("places", {}).get(place, {})} for place in Placement}
    return Policy(
        {place: Place(**{**keys, "looked_at": tuple(keys["looked_at"])}) for place, keys in places.items()},
        tuple(map(_exemption, own.get("milder", default["milder"]))),
        tuple(map(_exemption, own.get("stricter", default["stricter"]))),
        check_ids(),
    )


def _rank(value: StrEnum | None, kind: type[StrEnum], missing: int | None = None) -> int:
    """Return the place of *value* among its *kind*, mildest first; None is the last: not asked is the strictest."""
    order = list(kind)
    if value is None:
        return len(order) - 1 if missing is None else missing
    return order.index(value)


def _exemption(keys: Mapping[str, str]) -> Exemption:
    named = {key: kind(keys[key]) for key, kind in _AXES if key in keys}
    return Exemption(
        keys["check"],
        Placement(keys["allows"]),
        **{key: named.get(key) for key, _ in _AXES},  # type: ignore[arg-type]  # each by its own kind
        because=keys.get("because", ""),
    )
