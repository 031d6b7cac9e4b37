"""Scores of vectors against those that the CVSS documents and the national database give."""

import pytest

from checks.facts.packages.cvss import Rating, _base_score, rate
from checks.model import Severity


@pytest.mark.parametrize(
    ("metrics", "score"),
    [
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N", 8.6),
        ("AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5),
        ("AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.8),
        ("AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", 7.2),
        ("AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
    ],
)
def test_base_scores_are_those_of_the_document(metrics: str, score: float) -> None:
    """Version 3 vectors come out at the published scores."""
    assert _base_score(dict(part.split(":") for part in metrics.split("/"))) == score


@pytest.mark.parametrize(
    ("vector", "rating"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Rating(Severity.CRITICAL, remote=True, stops_only=False)),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", Rating(Severity.HIGH, remote=True, stops_only=True)),
        ("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", Rating(Severity.LOW, remote=False, stops_only=False)),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            Rating(Severity.CRITICAL, remote=True, stops_only=False),
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N",
            Rating(Severity.HIGH, remote=True, stops_only=True),
        ),
        (
            "CVSS:4.0/AV:L/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
            Rating(Severity.LOW, remote=False, stops_only=False),
        ),
        ("CVSS:3.1/AV:N", None),
        ("CVSS:3.1/AV:Z/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", None),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
        ("7.5", None),
        ("", None),
    ],
)
def test_a_vector_says_how_bad_and_how_far(vector: str, rating: Rating | None) -> None:
    """A whole vector gives word, reach and kind; half a one, an older one or a number gives nothing."""
    assert rate(vector) == rating
