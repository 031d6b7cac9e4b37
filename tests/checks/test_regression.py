"""What counts as a regression between two reports, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime

from checks.check import Check
from checks.documentation import renamed_checks
from checks.evaluate import identified
from checks.model import Finding, Outcome, Placement, Report, Result, Severity, Verdict
from checks.regression import Baseline, Change, compare
from tests.checks.results import finding, result


def report(*results: Result, partial: tuple[str, ...] = (), placement: Placement = Placement.ISOLATED) -> Report:
    """A report of *results*."""
    verdict = Verdict(placement, Placement.PRODUCTION)
    return Report("r", "a" * 40, datetime(2026, 1, 2, tzinfo=UTC), 1.0, results, verdict, partial=partial)


def failed(*findings: Finding, reason: str | None = None) -> Result:
    """A failed open-route with *findings*."""
    return result("open-route", Outcome.FAILED, *findings, reason=reason)


def told(change: Change) -> dict[str, int]:
    """How many findings each part of *change* holds, empty parts left out."""
    parts = ("new", "gone", "now_seen", "newly_asked", "hidden", "kept", "moved")
    return {part: len(getattr(change, part)) for part in parts if getattr(change, part)}


OPEN = finding("POST /x is open", "api.py", 7, fingerprint="x")
OTHER = finding("POST /y is open", "api.py", 9, fingerprint="y")


def test_a_first_report_is_no_regression() -> None:
    """Without an earlier report everything is newly asked and nothing regressed."""
    change = compare(None, report(failed(OPEN)))
    assert (change.first, change.before, told(change)) == (True, None, {"newly_asked": 1})
    assert change.regressions == ()


def test_a_new_finding_is_a_regression_and_a_missing_one_is_gone() -> None:
    """One finding replaced by another is one regression and one thing mended."""
    change = compare(report(failed(OPEN)), report(failed(OTHER), placement=Placement.SANDBOX))
    assert told(change) == {"new": 1, "gone": 1}
    assert [one.finding for one in change.regressions] == [OTHER]
    assert (change.before, change.after) == (Placement.ISOLATED, Placement.SANDBOX)
    assert change.baseline == {"y": Baseline.NEW}


def test_the_same_twice_says_nothing() -> None:
    """Two equal reports change nothing but keep what there is."""
    same = report(failed(OPEN), result("no-ci"))
    change = compare(same, same)
    assert told(change) == {"kept": 1}
    assert (change.regressions, change.lost_sight, change.regained) == ((), (), ())


def test_a_line_move_is_no_regression() -> None:
    """A finding at another line is the same finding, updated."""
    change = compare(report(failed(OPEN)), report(failed(replace(OPEN, line=70))))
    assert told(change) == {"moved": 1}
    assert change.baseline == {"x": Baseline.UPDATED}


def test_new_advice_is_told_but_is_no_regression() -> None:
    """A new finding that holds nothing back is new, and no regression."""
    change = compare(report(result("open-route")), report(failed(replace(OPEN, blocking=False))))
    assert told(change) == {"new": 1}
    assert change.regressions == ()


def test_losing_sight_is_told_apart() -> None:
    """PASSED to NOT_CHECKED is a loss of sight with its reason, and NOT_CHECKED to PASSED regains it."""
    seen, blind = report(result("open-route")), report(result("open-route", Outcome.NOT_CHECKED, reason="no parser"))
    lost = compare(seen, blind)
    assert [(one.check, one.reason) for one in lost.lost_sight] == [("open-route", "no parser")]
    assert lost.regressions == ()
    assert [one.check for one in compare(blind, seen).regained] == ["open-route"]


def test_what_can_no_longer_be_looked_at_is_not_gone() -> None:
    """A finding whose check cannot look, or no longer answers, is hidden: nobody mended it."""
    blind = report(result("open-route", Outcome.NOT_CHECKED))
    assert told(compare(report(failed(OPEN)), blind)) == {"hidden": 1}
    assert told(compare(report(failed(OPEN)), report())) == {"hidden": 1}


def test_what_comes_into_sight_is_no_regression() -> None:
    """A finding of a check that could not look before is now seen; it may always have been there."""
    change = compare(report(result("open-route", Outcome.NOT_CHECKED)), report(failed(OPEN)))
    assert told(change) == {"now_seen": 1}
    assert [one.check for one in change.regained] == ["open-route"]


def test_one_unread_file_hides_only_itself() -> None:
    """Beside a file that could not be read, a new finding elsewhere is a regression and one in that file is not."""
    partly = report(result("open-route", Outcome.NOT_CHECKED, reason="partial: big.py is larger than 2048 KiB"))
    after = report(failed(OPEN, replace(OTHER, path="big.py")))
    assert told(compare(partly, after)) == {"new": 1, "now_seen": 1}
    beyond = report(failed(finding(fingerprint="z"), reason="also not seen: a.py"), partial=("api.py was not read",))
    assert told(compare(report(failed(OPEN)), beyond))["hidden"] == 1


def test_a_check_new_to_the_product_is_no_regression_of_the_app() -> None:
    """What a check finds that did not exist at the last report is newly asked."""
    change = compare(report(result("no-ci")), report(result("no-ci"), failed(OPEN)))
    assert told(change) == {"newly_asked": 1}
    assert change.regressions == ()


def test_a_renamed_check_keeps_its_findings() -> None:
    """A check found under its former id has the same fingerprints, so its findings are kept."""
    examples = ()
    old = Check("checks.exposure.unguarded_route", severity=Severity.HIGH, allows=Placement.SANDBOX, examples=examples)
    new = Check(
        "checks.exposure.open_route",
        severity=Severity.HIGH,
        allows=Placement.SANDBOX,
        examples=examples,
        formerly=("unguarded-route",),
    )
    was, is_now = (tuple(identified(check, iter([replace(OPEN, identity="x")]))) for check in (old, new))
    before = report(result("unguarded-route", Outcome.FAILED, *was))
    change = compare(before, report(failed(*is_now)), {"unguarded-route": "open-route"})
    assert told(change) == {"kept": 1}


def test_former_ids_are_read_from_the_checks_files() -> None:
    """The former ids of all checks can be had without importing them, and none is also the id of a check."""
    from_files = renamed_checks()
    assert all(isinstance(former, str) for former in from_files)
    assert not from_files.keys() & set(from_files.values())
