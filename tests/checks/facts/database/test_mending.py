"""What mends each kind of hole in a database's rules: never that row level security is missing where it is on."""

from __future__ import annotations

import re

import pytest

from checks.example import run_example
from checks.exposure import open_database_rules
from checks.model import Outcome

MENDS = {
    "Row level security": "Switch row level security on",
    'Policy "': r"Replace the policies|Keep roles|user_metadata|Bind storage policies",
    "View ": r"security_invoker",
    "Firestore's rules": r"request\.auth\.uid",
    "the Realtime Database's rules": r"request\.auth\.uid",
}
FOUND = [
    one
    for example in open_database_rules.check.examples
    if example.outcome is Outcome.FAILED
    for one in run_example(open_database_rules.check, example).findings
]


@pytest.mark.parametrize("begins", MENDS)
def test_the_fix_fits_the_fault(begins: str) -> None:
    """Every finding of the examples that tells of this is mended by what it tells of."""
    told = [one for one in FOUND if one.message.startswith(begins)]
    assert told
    assert all(re.search(MENDS[begins], one.fix) for one in told), [(one.message, one.fix) for one in told]


def test_only_a_table_without_it_is_told_to_switch_it_on() -> None:
    """Where row level security is on, nobody is told to switch it on."""
    switched = [one for one in FOUND if one.fix.startswith("Switch row level security on")]
    assert switched
    assert all("ow level security" in one.message for one in switched)
