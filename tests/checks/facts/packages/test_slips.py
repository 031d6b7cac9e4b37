"""Which names imitate a well-known one."""

import pytest

from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.slips import is_popular, meant


@pytest.mark.parametrize(
    ("ecosystem", "name", "known"),
    [
        (PYPI, "requets", "requests"),
        (PYPI, "reqeusts", "requests"),
        (PYPI, "requestss", "requests"),
        (PYPI, "f1ask-cors", "flask-cors"),
        (NPM, "lodahs", "lodash"),
        (NPM, "expres", "express"),
        (NPM, "types-node", "@types/node"),
        (NPM, "@types-node", None),  # no name at all
        (PYPI, "requests", None),
        (PYPI, "my-own-thing", None),
        (NPM, "rect", None),  # short names are near others by chance
        (NPM, "x" * 200, None),
        (PYPI, "", None),
    ],
)
def test_one_slip_leads_to_the_name_that_was_meant(ecosystem: str, name: str, known: str | None) -> None:
    """A letter left out, added, changed or swapped, and a scope that became a dash; nothing farther."""
    assert meant(ecosystem, name) == known


def test_the_lists_hold_names_as_they_are_compared() -> None:
    """Each list is of its own ecosystem: a name of one is not taken for one of the other."""
    assert is_popular(NPM, "@types/node")
    assert is_popular(PYPI, "typing-extensions")
    assert not is_popular(PYPI, "Typing_Extensions")
    assert not is_popular(NPM, "typing-extensions")
