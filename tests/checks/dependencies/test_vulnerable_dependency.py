"""How a known vulnerability is judged and told, and what keeps the check from passing."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from checks.dependencies.vulnerable_dependency import check
from checks.evaluate import answer
from checks.example import facts_of
from checks.facts.packages.advisory import Advisory, Affected, Answer, Span
from checks.facts.packages.packages import NPM, PYPI
from checks.model import Confidence, Outcome, Placement, Result, Severity

REMOTE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
STOPS = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
LOCAL = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def advisory(identifier: str, name: str, fixed: str | None, severity: str = "high", **more: object) -> Advisory:
    """Return an advisory about all versions of the npm and PyPI packages *name* below *fixed*."""
    affected = tuple(Affected(ecosystem, name, (Span("0", fixed),)) for ecosystem in (NPM, PYPI))
    return Advisory(identifier, severity=severity, affected=affected, **more)  # type: ignore[arg-type] # passed on


def result(files: Mapping[str, str], *known: Advisory, ecosystems: tuple[str, ...] = (NPM, PYPI)) -> Result:
    """Return what the check says of *files* when *known* is all that the index holds."""
    given = {"advisories": Answer("a source", datetime(2026, 1, 1, tzinfo=UTC), ecosystems, known)}
    return answer(check, facts_of(files, given))


def lock(*, dev: bool = False) -> dict[str, str]:
    """Return a lock with a package `direct`, which needs `deep`; both for development where *dev*."""
    section = "devDependencies" if dev else "dependencies"
    return {
        "package-lock.json": f'{{"packages": {{"": {{"{section}": {{"direct": "*"}}}},'
        '"node_modules/direct": {"version": "1.0.0", "dependencies": {"deep": "*"}},'
        '"node_modules/deep": {"version": "1.0.0"}}}'
    }


SANDBOX, ISOLATED, ADVICE = Placement.SANDBOX, Placement.ISOLATED, None


@pytest.mark.parametrize(
    ("severity", "vector", "direct", "deep"),
    [
        ("critical", REMOTE, SANDBOX, ISOLATED),
        ("critical", LOCAL, ISOLATED, ADVICE),
        ("high", REMOTE, ISOLATED, ISOLATED),
        ("high", STOPS, ISOLATED, ADVICE),
        ("moderate", REMOTE, ADVICE, ADVICE),
        ("low", REMOTE, ADVICE, ADVICE),
        ("", REMOTE, SANDBOX, ISOLATED),  # the vector speaks where no word is
        ("", "", ISOLATED, ADVICE),  # nobody rated it: high, where the app asks for it
    ],
)
def test_what_holds_back_depends_on_reach(
    severity: str, vector: str, direct: Placement | None, deep: Placement | None
) -> None:
    """Severity, whether the network reaches it, and whether the app asked for the package decide together."""
    for name, expected in (("direct", direct), ("deep", deep)):
        known = advisory("CVE-1", name, "2.0.0", severity, cvss=(vector,) if vector else ())
        (finding,) = result(lock(), known).findings
        assert (finding.blocking, finding.allows) == (expected is not None, expected or Placement.PRODUCTION)
        assert finding.confidence is (Confidence.HIGH if severity or vector else Confidence.MEDIUM)
        (tool,) = result(lock(dev=True), known).findings
        assert not tool.blocking
        assert tool.message.endswith("for development only")


def test_advice_alone_fails_without_holding_back() -> None:
    """A moderate fault is told; nothing about it blocks."""
    told = result(lock(), advisory("CVE-1", "direct", "2.0.0", "moderate"))
    assert told.outcome is Outcome.FAILED
    assert [finding.severity for finding in told.findings] == [Severity.MEDIUM]


def test_a_malicious_package_is_the_worst_wherever_it_stands() -> None:
    """A package made to do harm has run on the developer's machine already: development is no excuse."""
    (finding,) = result(lock(dev=True), advisory("MAL-2026-1", "deep", None, "")).findings
    assert (finding.severity, finding.blocking, finding.allows) == (Severity.CRITICAL, True, SANDBOX)
    assert finding.message.startswith("deep 1.0.0 is malicious; no version is known to mend it all")


def test_one_package_is_one_finding_that_names_the_way_out() -> None:
    """All faults of a version are told together, the worst first, with the lowest version that mends them all."""
    known = (
        advisory("GHSA-a", "direct", "1.5.0", "moderate", aliases=("CVE-2",), summary="mild."),
        advisory("GHSA-b", "direct", "1.4.0", "critical", aliases=("CVE-1",), summary="grave\n words. And more"),
        advisory("PYSEC-b", "direct", "1.4.0", "", aliases=("CVE-1", "GHSA-b"), summary="grave words. And much more"),
        advisory("CVE-3", "direct", "1.6.0", "low"),
        # 1.5.0 mends the first two but has a fault of its own that 1.6.0 does not have
        advisory("CVE-4", "direct", "1.6.0", "low"),
    )
    (finding,) = result(lock(), *known).findings
    assert finding.package is not None
    assert finding.package.advisories == ("CVE-1", "CVE-2", "CVE-3", "CVE-4")
    assert finding.package.fixed == "1.6.0"
    assert finding.message.startswith("direct 1.0.0 has CVE-1, CVE-2, CVE-3 and 1 more: grave")
    assert finding.message.endswith("; fixed in 1.6.0")


def test_a_version_that_brings_another_fault_mends_nothing() -> None:
    """The way out leads past versions that have faults of their own."""
    later = Advisory("CVE-2", severity="high", affected=(Affected(NPM, "direct", (Span("1.5.0", "1.7.0"),)),))
    (finding,) = result(lock(), advisory("CVE-1", "direct", "1.5.0"), later).findings
    assert finding.package is not None
    assert finding.package.fixed is None  # 1.5.0 is affected, and nothing says of 1.7.0 that it ends CVE-1


def fingerprint(version: str, *known: Advisory) -> str:
    """Return the fingerprint of the only finding on flask at *version*."""
    (finding,) = result({"requirements.txt": f"# moved\nflask=={version}\n"}, *known).findings
    return finding.fingerprint


def test_a_fingerprint_follows_the_fault_and_not_the_version() -> None:
    """A bump that stays vulnerable is the same fault; a new advisory is a new one."""
    one, two = advisory("CVE-1", "flask", "2.0"), advisory("CVE-2", "flask", "2.0")
    assert fingerprint("1.0", one) == fingerprint("1.1", one)
    assert fingerprint("1.0", one, two) != fingerprint("1.0", one)


@pytest.mark.parametrize(
    ("files", "why", "allows"),
    [
        ({"requirements.txt": "flask>=1\n"}, "flask>=1 has no exact version", ISOLATED),
        ({"package.json": '{"dependencies": {"a": "1.0.0"}}'}, "no lock file beside it", ISOLATED),
        ({"requirements.txt": "git+https://example.org/x\nflask==3.0\n"}, "an address of its own", ISOLATED),
        ({"app.py": "import flask\n"}, "no file says which packages of PyPI it needs", ISOLATED),
        ({"requirements.txt": "flask==not-a-version\n"}, "not a requirement", SANDBOX),
        ({"requirements.txt": "flask===weird!\n"}, "cannot be compared with CVE-1", SANDBOX),
        ({"pyproject.toml": "[[["}, "could not be parsed", SANDBOX),
        ({"requirements.txt": "flask>=1\n", "pyproject.toml": "[[["}, "could not be parsed", SANDBOX),
    ],
)
def test_what_was_not_seen_is_never_a_pass(files: Mapping[str, str], why: str, allows: Placement) -> None:
    """What nothing pins leaves the answer open, as a missing lock does; what could not be read counts in full."""
    told = result(files, advisory("CVE-1", "flask", "2.0"))
    assert told.outcome is Outcome.NOT_CHECKED
    assert why in (told.reason or "")
    assert told.allows is allows


def test_no_data_counts_in_full() -> None:
    """Without advisory data nothing was looked at, however the packages are pinned."""
    told = answer(check, facts_of({"requirements.txt": "flask>=1\n"}))
    assert (told.outcome, told.allows) == (Outcome.NOT_CHECKED, SANDBOX)


def test_a_library_is_judged_by_its_ranges() -> None:
    """What is made to be published settles no version: it is told where a range allows only vulnerable ones."""
    project = '[build-system]\nrequires=["x"]\n[project]\nname="x"\nurls={a="b"}\ndependencies=["flask>=1,<2.5"]\n'
    told = result({"pyproject.toml": project}, advisory("CVE-1", "flask", "2.0"))
    assert told.outcome is Outcome.NOT_APPLICABLE
    assert "made to be published" in (told.reason or "")
    assert result({"pyproject.toml": project}, advisory("CVE-1", "flask", "2.5")).outcome is Outcome.FAILED


def test_an_open_version_makes_no_fault_milder() -> None:
    """A fault that holds an app in the sandbox does so beside packages that nothing pins."""
    grave = advisory("CVE-1", "flask", "2.0", "critical", cvss=(REMOTE,))
    told = result({"requirements.txt": "flask==1.0\njinja2\n"}, grave)
    assert (told.outcome, told.allows) == (Outcome.FAILED, SANDBOX)


def test_a_finding_stands_beside_what_was_not_seen() -> None:
    """A blocking fault fails the check even when something else could not be looked at, which is still said."""
    told = result({"requirements.txt": "flask==1.0\njinja2\n"}, advisory("CVE-1", "flask", "2.0"))
    assert told.outcome is Outcome.FAILED
    assert "jinja2 has no exact version" in (told.reason or "")


def test_advice_beside_what_was_not_seen_is_kept() -> None:
    """Advice does not turn a loss of sight into an answer, and is not lost either."""
    told = result({"requirements.txt": "flask==1.0\njinja2\n"}, advisory("CVE-1", "flask", "2.0", "low"))
    assert told.outcome is Outcome.NOT_CHECKED
    assert len(told.findings) == 1


def test_data_without_an_ecosystem_leaves_it_open() -> None:
    """An index of PyPI's alone says nothing about npm."""
    told = result(lock(), ecosystems=(PYPI,))
    assert told.outcome is Outcome.NOT_CHECKED
    assert "holds nothing of npm" in (told.reason or "")


def test_a_tools_gap_does_not_hold_the_app_back() -> None:
    """What only developers install may be open: it is not what runs."""
    assert result({"requirements-dev.txt": "pytest\n", "requirements.txt": "pyyaml==6.0\n"}).outcome is Outcome.PASSED
