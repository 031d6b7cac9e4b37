"""The ends of version ranges, against the libraries that decide what a range allows."""

import pytest
import semantic_version
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from checks.facts.packages.advisory import Advisory, Affected, Span
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.ranges import Bounds, bounds_of, wholly_affected


@pytest.mark.parametrize(
    ("ecosystem", "specifier", "low", "above"),
    [
        (NPM, "^1.2.3", "1.2.3", "2.0.0"),
        (NPM, "^0.2.3", "0.2.3", "0.3.0"),
        (NPM, "^0.0.3", "0.0.3", "0.0.4"),
        (NPM, "^0.0", "0.0.0", "0.1.0"),
        (NPM, "~1.2.3", "1.2.3", "1.3.0"),
        (NPM, "~1", "1.0.0", "2.0.0"),
        (NPM, "1.2", "1.2.0", "1.3.0"),
        (NPM, "1.x", "1.0.0", "2.0.0"),
        (NPM, ">=1.0 <2.5", "1.0", "2.5"),
        (PYPI, ">=1.0,<2", "1.0", "2"),
        (PYPI, "~=1.4.2", "1.4.2", "1.5"),
        (PYPI, "==1.*", "1", "2"),
        (PYPI, "^0.12", "0.12.0", "0.13.0"),
    ],
)
def test_both_ends_are_read(ecosystem: str, specifier: str, low: str, above: str) -> None:
    """The common forms of ranges give their lowest version and the first above."""
    assert bounds_of(ecosystem, specifier) == Bounds(low, above)


@pytest.mark.parametrize(
    ("ecosystem", "specifier"),
    [(NPM, "*"), (NPM, "latest"), (NPM, ">=1.0.0"), (NPM, "^1 || ^2"), (NPM, ""), (NPM, "1.2.x-y.z/"), (NPM, "^" * 500),
     (PYPI, ">=1"), (PYPI, "<2"), (PYPI, ""), (PYPI, "*"), (PYPI, "!=1.5")],
)  # fmt: skip
def test_a_range_without_an_end_has_no_bounds(ecosystem: str, specifier: str) -> None:
    """What is open above or below, or not read here, says nothing for certain."""
    assert bounds_of(ecosystem, specifier) is None


NUMBER = st.integers(0, 3)
VERSION = st.tuples(NUMBER, NUMBER, NUMBER).map(lambda three: ".".join(map(str, three)))


@given(st.sampled_from(["^", "~", ""]), VERSION, st.integers(1, 3), VERSION)
def test_what_npm_allows_lies_within_the_bounds(sign: str, base: str, parts: int, version: str) -> None:
    """For every short range and version the library that implements npm's ranges and the bounds agree."""
    specifier = sign + ".".join(base.split(".")[:parts])
    bounds = bounds_of(NPM, specifier)
    assert bounds is not None
    here = semantic_version.Version(version)
    inside = semantic_version.Version(bounds.low) <= here < semantic_version.Version(bounds.above)
    assert semantic_version.NpmSpec(specifier).match(here) is inside


@given(st.sampled_from([">={},<{}", "~={}", "=={}.*", ">={},<={},<{}", ">{},<{}"]), VERSION, VERSION, VERSION)
def test_what_python_allows_lies_within_the_bounds(form: str, first: str, second: str, version: str) -> None:
    """No version that a specifier allows lies outside of the bounds that were read from it."""
    specifier = form.format(first, second, second)
    bounds = bounds_of(PYPI, specifier)
    assert bounds is not None
    inside = Version(bounds.low) <= Version(version) < Version(bounds.above)
    assert inside or not SpecifierSet(specifier).contains(version)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span("0", "9.0.0"), True),
        (Span("0", "8.9.9"), False),
        (Span("8.5.1"), True),
        (Span("8.5.2"), False),
        (Span("0", None, "9.0.0"), True),
        (Span("0", None, "8.9.9"), False),
        (Span("0", "trunk"), False),
    ],
)
def test_a_range_is_affected_when_one_span_holds_it_all(span: Span, expected: bool) -> None:
    """Only where no allowed version is sound may the range itself be called vulnerable."""
    advisory = Advisory("A", affected=(Affected(NPM, "p", (span,)), Affected(NPM, "q", (Span("0"),))))
    assert wholly_affected(advisory, NPM, "p", Bounds("8.5.1", "9.0.0")) is expected
