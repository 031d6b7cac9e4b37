"""Which versions an advisory is about, in the forms that real OSV records take."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.packages.advisories import grouped, match
from checks.facts.packages.advisory import Advisory
from checks.facts.packages.matching import affects, fixes
from checks.facts.packages.osv import Malformed, trimmed
from checks.facts.packages.packages import NPM, PYPI


def record(*ranges: list[dict[str, str]], ecosystem: str = NPM, kind: str = "SEMVER", **more: Any) -> dict[str, Any]:
    """Return an OSV record about the package p; *more* goes to its `affected` entry."""
    return {
        "id": "GHSA-1",
        "modified": "2026-01-01T00:00:00Z",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": "p"},
                "ranges": [{"type": kind, "events": events} for events in ranges],
                **more,
            }
        ],
    }


def verdicts(raw: dict[str, Any], ecosystem: str, versions: str) -> str:
    """Return for each of *versions* y (affected), n or ? (cannot be compared)."""
    letters = {True: "y", False: "n", None: "?"}
    advisory = trimmed(raw)
    return "".join(letters[affects(advisory, ecosystem, "p", version)] for version in versions.split())


@pytest.mark.parametrize(
    ("raw", "versions", "expected"),
    [
        pytest.param(record([{"introduced": "0"}, {"fixed": "1.2.3"}]), "0.0.1 1.2.2 1.2.3 2.0.0", "yynn", id="fixed"),
        pytest.param(record([{"introduced": "1.0.0"}, {"last_affected": "1.2.3"}]), "0.9.9 1.2.3 2.0.0", "nyn", id="l"),
        pytest.param(record([{"introduced": "1.0.0"}]), "0.9.9 1.0.0 99.0.0", "nyy", id="open"),
        pytest.param(
            record([{"introduced": "0"}], database_specific={"last_known_affected_version_range": "<= 8.5.1"}),
            "8.5.1 8.5.2", "yn", id="bound outside the range",
        ),
        pytest.param(
            record([{"introduced": "0"}], database_specific={"last_known_affected_version_range": "< 8.5.1"}),
            "8.5.0 8.5.1", "yn", id="open bound outside the range",
        ),
        pytest.param(
            record([{"introduced": "0"}, {"fixed": "3.0.0-beta.9"}]),
            "3.0.0-beta.8 3.0.0-beta.9 3.0.0-beta.10 3.0.0", "ynnn", id="prerelease",
        ),
        pytest.param(
            record([{"introduced": "4.0.0"}, {"fixed": "4.0.4"}, {"introduced": "2.2.0"}, {"fixed": "2.2.28"}]),
            "2.2.27 2.2.28 3.0.0 4.0.3 4.0.4", "ynnyn", id="not in order",
        ),
        pytest.param(
            record([{"introduced": "1.0.0"}, {"last_affected": "1.0.0"}, {"introduced": "2.0.0"}, {"fixed": "2.0.1"}]),
            "1.0.0 1.0.1 2.0.0", "yny", id="one version alone",
        ),
        pytest.param(record(versions=["1.0.0"]), "1.0.0 1.0.1", "yn", id="versions alone"),
        pytest.param(
            record([{"introduced": "2.0.0"}, {"fixed": "2.1.0"}], versions=["1.0.0"]), "1.0.0 2.0.5 2.1.0", "yyn",
            id="versions beside ranges",
        ),
        pytest.param(record([{"introduced": "0"}, {"fixed": "2"}]), "1.9.9 2.0.0", "yn", id="short bound"),
        pytest.param(record([{"introduced": "0"}, {"fixed": "1.0.0"}], kind="GIT"), "0.1.0", "n", id="commits"),
        pytest.param(record([{"introduced": "0"}, {"fixed": "next"}]), "1.0.0", "?", id="no version"),
    ],
)  # fmt: skip
def test_spans_of_npm_hold_what_they_say(raw: dict[str, Any], versions: str, expected: str) -> None:
    """Every form of bound that real records of npm use is read as the schema means it, whatever the range's type."""
    assert verdicts(raw, NPM, versions) == expected
    if raw["affected"][0]["ranges"] and raw["affected"][0]["ranges"][0]["type"] == "SEMVER":
        raw["affected"][0]["ranges"][0]["type"] = "ECOSYSTEM"
        assert verdicts(raw, NPM, versions) == expected


@pytest.mark.parametrize(
    ("events", "versions", "expected"),
    [
        ([{"introduced": "0"}, {"fixed": "1.10"}], "1.9 1.9.post1 1.10rc1 1.10 1!0.1", "yyynn"),
        ([{"introduced": "1.0rc1"}, {"last_affected": "1.0"}], "1.0b9 1.0rc1 1.0.0 1.0.1", "nyyn"),
        ([{"introduced": "0"}, {"fixed": "1.0"}], "2004-final not.a.version", "??"),
    ],
)
def test_spans_of_pypi_order_as_pep_440_does(events: list[dict[str, str]], versions: str, expected: str) -> None:
    """Pre-releases, post-releases and epochs compare as Python's own versions; what is none cannot be compared."""
    assert verdicts(record(events, ecosystem=PYPI, kind="ECOSYSTEM"), PYPI, versions) == expected


def test_only_the_same_package_of_the_same_ecosystem_counts() -> None:
    """One record may speak of several ecosystems and packages; each keeps its own versions."""
    raw = record([{"introduced": "0"}, {"fixed": "1.0.0"}])
    raw["affected"] += record([{"introduced": "0"}, {"fixed": "2.0.0"}], ecosystem=PYPI, kind="ECOSYSTEM")["affected"]
    raw["affected"] += [{"package": {"ecosystem": "Maven", "name": "p"}, "versions": ["9.0.0"]}]
    advisory = trimmed(raw)
    assert {one.ecosystem for one in advisory.affected} == {NPM, PYPI}
    assert affects(advisory, NPM, "p", "1.5.0") is False
    assert affects(advisory, PYPI, "p", "1.5.0") is True
    assert affects(advisory, NPM, "q", "0.5.0") is False


def test_names_of_pypi_are_one_however_they_are_written() -> None:
    """A record about Zope.Interface is about zope_interface."""
    raw = record([{"introduced": "0"}], ecosystem=PYPI)
    raw["affected"][0]["package"]["name"] = "Zope.Inter_face"
    assert trimmed(raw).affected[0].name == "zope-inter-face"


def test_the_mending_version_is_of_the_own_line() -> None:
    """What mends 3.2.1 is 3.2.13 before 4.0.4; a branch that is older mends nothing."""
    raw = record([{"introduced": "4.0"}, {"fixed": "4.0.4"}, {"introduced": "0"}, {"fixed": "3.2.13"}])
    assert fixes(trimmed(raw), NPM, "p", "3.2.1") == ("3.2.13", "4.0.4")
    assert fixes(trimmed(raw), NPM, "p", "4.0.0") == ("4.0.4",)


@pytest.mark.parametrize(
    "raw",
    [
        None, 7, [], {}, {"id": ""}, {"id": "x", "affected": 5},
        {"id": "x", "affected": [{"package": {"ecosystem": NPM, "name": "p"}, "ranges": [5]}]},
        {"id": "x", "affected": [{"package": {"ecosystem": NPM, "name": "p"}, "ranges": [{"type": "SEMVER"}]}]},
        {"id": "x", "affected": [{"package": {"ecosystem": NPM, "name": "p"},
                                  "ranges": [{"type": "SEMVER", "events": [{"introduced": 1}]}]}]},
    ],
)  # fmt: skip
def test_malformed_records_are_told_from_empty_ones(raw: object) -> None:
    """What is no OSV record raises Malformed; it never becomes an advisory about nothing."""
    with pytest.raises(Malformed):
        trimmed(raw)


def test_one_fault_under_three_names_is_one() -> None:
    """Records of PyPA and GitHub about one CVE are grouped by their aliases, also through a third one."""
    one, two = Advisory("PYSEC-1", ("CVE-1",)), Advisory("GHSA-2", ("CVE-2",))
    both = Advisory("OTHER", ("CVE-1", "GHSA-2"))
    assert len(grouped((one, two))) == 2
    assert len(grouped((one, two, both))) == 1


@pytest.mark.parametrize("ecosystem", [PYPI, NPM])
def test_what_cannot_be_compared_is_named(ecosystem: str) -> None:
    """An advisory whose bound is no version is neither a hit nor a pass."""
    advisory = trimmed(record([{"introduced": "0"}, {"fixed": "trunk"}], ecosystem=ecosystem))
    assert match(ecosystem, "p", "1.0.0", (advisory,)) == ((), ("GHSA-1",))


@given(
    st.text(max_size=30) | st.integers(0, 10**6).map(lambda size: "1" * (size % 6_000)), st.sampled_from([PYPI, NPM])
)
def test_no_version_crashes_the_matching(version: str, ecosystem: str) -> None:
    """Whatever a lock calls a version is compared, or said to be beyond comparison."""
    advisory = trimmed(record([{"introduced": "0"}, {"fixed": "2.0.0"}], ecosystem=ecosystem))
    hits, undecided = match(ecosystem, "p", version, (advisory,))
    assert len(hits) + len(undecided) <= 1
