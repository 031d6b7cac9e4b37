"""When a name is doubted, and what nobody answered."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from checks.dependencies.unknown_package import check
from checks.evaluate import answer
from checks.example import facts_of
from checks.facts.packages.index_answer import IndexAnswer, Known, Unanswered
from checks.facts.packages.packages import NPM, PYPI
from checks.model import Outcome, Placement, Result

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def result(files: Mapping[str, str], *known: Known, unanswered: tuple[Unanswered, ...] = ()) -> Result:
    """Return what the check says where the index answers with *known*."""
    return answer(check, facts_of(files, {"package_index": IndexAnswer(NOW, known, unanswered)}))


def aged(name: str, days: int, releases: int = 9, ecosystem: str = PYPI) -> Known:
    """Return a package that is *days* old."""
    return Known(ecosystem, name, exists=True, first=NOW - timedelta(days=days), releases=releases)


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        (aged("flask-oddly", 29), Outcome.FAILED),
        (aged("flask-oddly", 31), Outcome.PASSED),
        (aged("flask-oddly", 31, releases=1), Outcome.PASSED),
        (Known(PYPI, "flask-oddly", exists=True), Outcome.PASSED),
        (Known(PYPI, "flask-oddly", exists=False), Outcome.FAILED),
    ],
)
def test_a_name_is_doubted_for_a_month(known: Known, outcome: Outcome) -> None:
    """What does not exist or is days old is told; what has no date is only known to exist."""
    assert result({"requirements.txt": "flask-oddly==1.0\n"}, known).outcome is outcome


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        (aged("requets", 300), Outcome.FAILED),
        (aged("requets", 400), Outcome.PASSED),
        (aged("requets", 4_000, releases=2), Outcome.FAILED),
    ],
)
def test_an_imitation_is_doubted_for_longer(known: Known, outcome: Outcome) -> None:
    """A name beside a well-known one needs a year and more than a few releases."""
    assert result({"requirements.txt": "requets==1.0\n"}, known).outcome is outcome


def test_what_holds_an_app_back() -> None:
    """What runs does, with the place that is apart from production; tools, guesses and scopes are advice."""
    missing = Known(PYPI, "oddly", exists=False)
    (finding,) = result({"requirements.txt": "oddly==1.0\n"}, missing).findings
    assert (finding.blocking, finding.allows) == (True, Placement.ISOLATED)
    (finding,) = result({"requirements-dev.txt": "oddly==1.0\n"}, missing).findings
    assert not finding.blocking
    (finding,) = result(
        {"package.json": '{"dependencies": {"@odd/x": "1"}}'}, Known(NPM, "@odd/x", exists=False)
    ).findings
    assert (finding.blocking, "or it is private" in finding.message) == (False, True)


def test_a_second_index_may_know_what_the_usual_does_not() -> None:
    """Where the file names another index beside, a name that is missing at the usual one is open."""
    told = result(
        {"requirements.txt": "--extra-index-url https://x.example\noddly==1.0\n"}, Known(PYPI, "oddly", exists=False)
    )
    assert (told.outcome, told.findings) == (Outcome.NOT_CHECKED, ())


def test_what_nobody_answered_is_never_a_pass() -> None:
    """No network, no time and another index leave the answer open, beside what was found."""
    late = Unanswered(PYPI, "late", "it did not answer in time")
    told = result(
        {"requirements.txt": "late==1.0\noddly==1.0\n"}, Known(PYPI, "oddly", exists=False), unanswered=(late,)
    )
    assert (told.outcome, len(told.findings), told.allows) == (Outcome.FAILED, 1, Placement.ISOLATED)
    assert "late: it did not answer in time" in (told.reason or "")
    assert result({"requirements.txt": "late==1.0\n"}, unanswered=(late,)).outcome is Outcome.NOT_CHECKED
    assert result({"requirements.txt": "-i https://x.example/simple\nlate==1.0\n"}).outcome is Outcome.NOT_CHECKED
    assert answer(check, facts_of({"requirements.txt": "late==1.0\n"})).outcome is Outcome.NOT_CHECKED
