"""The way up: what to do next, each thing once, with where, and where it leads."""

from __future__ import annotations

from dataclasses import replace

from checks.model import Audience, Context, DataClass, Exposure, Outcome, Placement
from checks.sight import Lack
from checks.verdict import judge, unseen
from tests.checks.results import finding, policy, result

KNOWN = Context(DataClass.INTERNAL, Audience.TEAM, Placement.PRODUCTION, owner_accepted=True, exposure=Exposure.LOGIN)


def test_what_hides_several_checks_is_one_step() -> None:
    """Where one reason hides several checks, the way up names it once, with all of them."""
    reason = "2 PHP files are not read"
    hidden = [result(name, Outcome.NOT_CHECKED, allows=Placement.SANDBOX, reason=reason) for name in ("a", "b", "c")]
    verdict = judge(hidden, KNOWN, policy("a", "b", "c"))
    assert verdict.way_up == (f"Make it possible to look at a, b and c: {reason}",)


def test_each_kind_of_fix_is_a_step_of_its_own() -> None:
    """Faults of one check that are mended in different ways are told apart, each with its places."""
    rows = [replace(finding("rows", "a.sql", line), fix="Switch it on") for line in (1, 2)]
    rules = replace(finding("a rule", "b.sql", 3), fix="Compare the owner")
    verdict = judge([result("a", Outcome.FAILED, *rows, rules)], KNOWN, policy("a"))
    assert verdict.way_up == ("Switch it on (a.sql:1, a.sql:2)", "Compare the owner (b.sql:3)")


def test_a_step_says_how_many_findings_wait_for_a_later_one() -> None:
    """Where only some findings of a check hold the app at its place, the step says that there are more of them."""
    mild = [finding(line=line, allows=Placement.ISOLATED) for line in (2, 3)]
    verdict = judge([result("a", Outcome.FAILED, finding("bad"), *mild)], KNOWN, policy("a"))
    assert verdict.way_up == ("Mend a: bad (app.py:1; 2 more found by a wait for a later step)",)
    assert verdict.leads_to is Placement.ISOLATED


def test_what_is_lacking_becomes_something_to_do() -> None:
    """A lack that somebody can mend is a step in the imperative, with the checks that wait for it."""
    why = f"{Lack.ADDRESS}, so what really runs was not looked at"
    hidden = [result(name, Outcome.NOT_CHECKED, reason=why) for name in ("a", "b")]
    assert judge(hidden, KNOWN, policy("a", "b")).way_up == ("Say where it runs: until then a and b cannot look",)


def test_things_that_hide_a_check_are_told_one_by_one() -> None:
    """Where two checks share one of their reasons, it is told once, with both."""
    one = replace(result("a", Outcome.NOT_CHECKED, reason="x; y"), unseen=("x", "y"))
    other = replace(result("b", Outcome.NOT_CHECKED, reason="y"), unseen=("y",))
    held = judge([one, other], KNOWN, policy("a", "b")).held_back
    assert {words: [each.check for each in several] for words, several in unseen(held).items()} == {
        "x": ["a"],
        "y": ["a", "b"],
    }
