"""The judgement of one check: what is not seen is never a pass, and what is found is never lost."""

from collections.abc import Iterator

from checks.check import Bad, Check, NotApplicable, NotChecked
from checks.evaluate import MOST_FINDINGS, Facts, answer
from checks.example import facts_of
from checks.fact import Listing
from checks.model import Finding, Outcome, Placement, Severity

Yields = Iterator[Finding]
FILES = {"app.py": "x = 1\n"}


def a_check() -> Check:
    """Return a check without a function."""
    return Check(__name__, severity=Severity.HIGH, allows=Placement.SANDBOX, examples=(Bad({}),))


def partly() -> Facts:
    """Return facts whose listing stopped at a limit."""
    listing = {"entries": [], "complete": False, "missing": ["stopped at 3 files"]}
    return facts_of(FILES, {"listing": listing})


def test_a_pass_on_a_part_is_no_pass() -> None:
    """A check that finds nothing in what could be read of a repository is not checked, and says what was not read."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield from ()

    assert answer(check, facts_of(FILES)).outcome is Outcome.PASSED
    result = answer(check, partly())
    assert (result.outcome, result.reason) == (Outcome.NOT_CHECKED, "partial: stopped at 3 files")


def test_not_applicable_needs_a_whole_view() -> None:
    """Where files may be missing, nobody can say that the question does not arise."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        raise NotApplicable("it has no server")

    assert answer(check, facts_of(FILES)).outcome is Outcome.NOT_APPLICABLE
    assert answer(check, partly()).outcome is Outcome.NOT_CHECKED


def test_a_finding_stands_though_the_rest_was_not_seen() -> None:
    """What was found before a check could not go on is kept, and the reason is told beside it."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield Finding("a fault", path="app.py", line=1)
        raise NotChecked("the rest is out of sight")

    result = answer(check, facts_of(FILES))
    assert (result.outcome, result.reason, len(result.findings)) == (Outcome.FAILED, "the rest is out of sight", 1)


def test_a_fault_of_ours_is_not_a_pass_and_tells_no_content() -> None:
    """An exception in a check is told by an id that names the place in our code, never what was being read."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield Finding("a fault")
        raise ValueError("hunter2")

    result = answer(check, facts_of(FILES))
    assert result.outcome is Outcome.NOT_CHECKED
    assert result.reason is not None
    assert "ValueError-" in result.reason
    assert "hunter2" not in result.reason
    assert answer(check, facts_of(FILES)).reason == result.reason


def test_a_finding_is_never_stronger_than_its_check() -> None:
    """A finding may be milder than its check, and what it claims beyond that is cut back."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield Finding("loud", severity=Severity.CRITICAL, allows=Placement.NOWHERE, identity="loud")
        yield Finding("mild", severity=Severity.LOW, allows=Placement.ISOLATED, identity="mild")

    loud, mild = answer(check, facts_of(FILES)).findings
    assert (loud.severity, loud.allows) == (Severity.HIGH, Placement.SANDBOX)
    assert (mild.severity, mild.allows) == (Severity.LOW, Placement.ISOLATED)


def test_a_fingerprint_names_the_fault_and_not_its_place() -> None:
    """Moved down its file a fault keeps its fingerprint; the same line twice is two faults; another file is another."""
    check = a_check()
    at = [
        ("app.py", 1, "key = ..."),
        ("app.py", 9, "key  =  ..."),
        ("app.py", 9, "other = ..."),
        ("b.py", 1, "key = ..."),
    ]

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield from (Finding("a fault", path=path, line=line, source=source) for path, line, source in at)

    before = [finding.fingerprint for finding in answer(check, facts_of(FILES)).findings]
    assert len(set(before)) == len(at)
    at = [(path, line + 40, source) for path, line, source in at]
    findings = answer(check, facts_of(FILES)).findings
    assert [finding.fingerprint for finding in findings] == before
    assert {finding.source for finding in findings} == {""}


def test_too_many_findings_are_counted_and_the_blocking_ones_kept() -> None:
    """A report lists so many findings of one check and says how many more there are; advice goes first."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        for number in range(MOST_FINDINGS + 20):
            yield Finding("a fault", identity=str(number), blocking=number >= 100)

    findings = answer(check, facts_of(FILES)).findings
    assert len(findings) == MOST_FINDINGS
    assert sum(finding.blocking for finding in findings) == MOST_FINDINGS - 80
    assert findings[-1].message == "and 21 more findings, which are not listed"


def test_each_reason_stands_by_itself() -> None:
    """What a check says in several reasons is one sentence, and a list in which the same of several files is one."""
    check = a_check()

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield from ()
        raise NotChecked("a.txt: no version", "b.txt: no version", "nobody answers")

    result = answer(check, facts_of(FILES))
    assert result.reason == "a.txt, b.txt: no version; nobody answers"
    assert result.unseen == ("a.txt, b.txt: no version", "nobody answers")


def test_what_is_left_open_holds_no_more_than_it_says_beside_what_was_found() -> None:
    """A grave finding keeps its strength, and what is open beside it keeps its own milder one."""
    check = Check(__name__, severity=Severity.HIGH, allows=Placement.NOWHERE, examples=(Bad({}),))

    @check.detect
    def detect(_listing: Listing) -> Yields:
        yield Finding("a hole", "a.sql", 1)
        raise NotChecked("one table is elsewhere", allows=Placement.SANDBOX)

    result = answer(check, facts_of(FILES))
    assert (result.allows, result.unseen_allows) == (Placement.NOWHERE, Placement.SANDBOX)
