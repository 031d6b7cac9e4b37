"""The prompt that mends what holds an app back."""

import re

from checks.documentation import check_ids, section
from checks.model import Finding, Outcome, Placement, Report, Result, Severity, Verdict
from commands.show_fix_prompt import fix_prompt
from tests.world import MONDAY


def test_a_fix_prompt_begins_with_the_worst_and_points_to_what_stands_below_it() -> None:
    """By place, then severity, of checks as of findings; no check's words speak of what stands elsewhere."""

    def failed(check: str, allows: Placement, *places: Placement) -> Result:
        found = tuple(Finding(f"{check} {place}", "a.py", 1, allows=place) for place in places)
        return Result(check, "", Outcome.FAILED, Severity.HIGH, allows, findings=found)

    weak = failed("no-ci", Placement.ISOLATED, Placement.ISOLATED)
    strong = failed("open-route", Placement.SANDBOX, Placement.ISOLATED, Placement.SANDBOX)
    verdict = Verdict(Placement.SANDBOX, Placement.PRODUCTION)
    prompt = fix_prompt("app", Report("a", None, MONDAY, 1, (weak, strong), verdict))
    assert re.findall(r"^(?:## \d\. |- a.py:1: )(.*)", prompt, re.MULTILINE) == [
        *("open-route", "open-route sandbox", "open-route isolated"),
        *("no-ci", "no-ci isolated"),
    ]
    for check in check_ids():
        assert section(check, "Fix prompt")
        assert not re.search(r"\babove\b|\bpaste\b", section(check, "Fix prompt")), check
