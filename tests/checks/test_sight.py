"""Taking sight away never improves an answer: proved on every example of every check, one loss at a time."""

from __future__ import annotations

import pytest

from checks.check import Check, Example, all_checks
from checks.evaluate import ask
from checks.example import facts_of
from checks.fact import needed
from checks.model import Context, Outcome, Placement, Result
from checks.policy import load
from checks.verdict import judge

POLICY = load()
BAD = [
    (check, number, example)
    for check in all_checks()
    for number, example in enumerate(check.examples)
    if example.outcome in {Outcome.FAILED, Outcome.NOT_CHECKED}
]
ALL = [pytest.param(check, example, id=f"{check.id}-{number}") for check, number, example in BAD]
GIVEN = [pytest.param(check, example, id=f"{check.id}-{number}") for check, number, example in BAD if example.given]


def answered(check: Check, example: Example, unread: frozenset[str], given: dict[str, object]) -> Result:
    """What *check* says of *example* where *unread* could not be read and only *given* was gathered."""
    return ask(check, facts_of(example.files, given, needed(check.wants).values(), unread))


def place(result: Result) -> Placement:
    """The best place that *result* alone leaves, everything else being sound."""
    others = [check for check in all_checks() if check.id != result.check]
    sound = [Result(one.id, one.family, Outcome.PASSED, one.severity, one.allows) for one in others]
    return judge([*sound, result], Context(), POLICY).placement


@pytest.mark.parametrize(("check", "example"), ALL)
def test_a_file_that_cannot_be_read_improves_nothing(check: Check, example: Example) -> None:
    """Hide any one file of a bad example and the app is placed no better than with it."""
    given = dict(example.given or {})
    seen = place(answered(check, example, frozenset(), given))
    for path in example.files:
        hidden = answered(check, example, frozenset({path}), given)
        assert place(hidden).rank <= seen.rank, (path, hidden.outcome, hidden.reason)


@pytest.mark.parametrize(("check", "example"), GIVEN)
def test_what_is_not_gathered_improves_nothing(check: Check, example: Example) -> None:
    """Take advisories, history or the code host's word away and the app is placed no better than with them."""
    given = dict(example.given or {})
    seen = place(answered(check, example, frozenset(), given))
    for topic in given:
        less = {name: value for name, value in given.items() if name != topic}
        blind = answered(check, example, frozenset(), less)
        assert place(blind).rank <= seen.rank, (topic, blind.outcome, blind.reason)
