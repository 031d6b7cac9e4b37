"""A git with known holes is not used."""

import pytest

from checks.gather.git_version import version_problem


@pytest.mark.parametrize(
    ("printed", "package", "good"),
    [
        ("git version 2.39.2", "", False),
        ("git version 2.39.5", "1:2.39.5-0+deb12u2", False),
        ("git version 2.39.5", "1:2.39.5-0+deb12u3", True),
        ("git version 2.43.0", "", False),
        ("git version 2.43.0", "1:2.43.0-1ubuntu7.2", False),
        ("git version 2.43.0", "1:2.43.0-1ubuntu7.3", True),
        ("git version 2.43.0", "1:2.43.0-1ubuntu7.10~beta", True),
        ("git version 2.34.1", "1:2.43.0-1ubuntu7.3", False),
        ("git version 2.43.0", "1:2.43.0-1ubuntu7.", False),
        ("git version 2.43.7", "", True),
        ("git version 2.47.3", "", True),
        ("git version 2.50.0", "", False),
        ("git version 2.50.1 (Apple Git-155)", "", True),
        ("git version 2.51.0", "", True),
        ("git version 3.0", "", True),
        ("something else", "", False),
    ],
)
def test_a_git_with_known_holes_is_named(printed: str, package: str, good: bool) -> None:
    """An old git is told with the version that is needed; a package that was patched passes."""
    problem = version_problem(printed, package)
    assert (problem is None) is good
    assert good or "2.43.7" in str(problem)
