"""When versions count as settled, and what an open one holds back."""

from collections.abc import Mapping

import pytest

from checks.dependencies.unpinned_dependency import check
from checks.evaluate import answer
from checks.example import facts_of
from checks.model import Outcome, Result

NEXT = '{"private": true, "dependencies": {"next": "^14.0.0"}, "devDependencies": {"eslint": "^8.0.0"}}'


def yarn(*names: str) -> str:
    """Return a lock of Yarn 1 that holds *names*."""
    return "# yarn lockfile v1\n" + "".join(f'{name}@^1.0.0:\n  version "1.0.0"\n' for name in names)


def result(files: Mapping[str, str]) -> Result:
    """Return what the check says of *files*."""
    return answer(check, facts_of(files))


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ({"package.json": NEXT}, Outcome.FAILED),
        ({"package.json": NEXT, "yarn.lock": yarn("next", "eslint")}, Outcome.PASSED),
        ({"package.json": NEXT, "yarn.lock": yarn("react")}, Outcome.FAILED),
        ({"package.json": NEXT, "other/yarn.lock": yarn("next", "eslint")}, Outcome.FAILED),
        ({"package.json": '{"dependencies": {}}'}, Outcome.PASSED),
        ({"requirements.txt": "# nothing yet\n"}, Outcome.PASSED),
        ({"requirements.txt": "flask==3.0.0\n"}, Outcome.PASSED),
        ({"requirements.txt": "flask==3.*\n"}, Outcome.FAILED),
        ({"requirements.txt": "-e git+https://example.org/x\n"}, Outcome.NOT_CHECKED),
        ({"pyproject.toml": '[project]\nname = "a"\ndependencies = ["flask==3.0.0"]\n'}, Outcome.PASSED),
        ({"app.py": "import flask"}, Outcome.FAILED),
        ({"app.py": "import json"}, Outcome.NOT_APPLICABLE),
        ({"main.go": "package main"}, Outcome.NOT_APPLICABLE),
        ({"go.mod": "module x"}, Outcome.NOT_CHECKED),
    ],
)  # fmt: skip
def test_only_a_lock_that_knows_the_packages_settles_them(files: Mapping[str, str], outcome: Outcome) -> None:
    """A lock beside the manifest settles what it names; a stale one, another app's, or none does not."""
    assert result(files).outcome is outcome


def test_one_finding_names_a_manifest_and_its_open_packages() -> None:
    """A manifest is one fault however many packages it leaves open, at the first of them."""
    lines = "\n".join(f"p{number}>=1" for number in range(9))
    (finding,) = result({"api/requirements.txt": f"# web\nuvicorn==0.30.0\n{lines}\n"}).findings
    assert (finding.path, finding.line, finding.blocking) == ("api/requirements.txt", 3, True)
    assert finding.message == "9 of 10 packages have no exact version: p0>=1, p1>=1, p2>=1, p3>=1 and 5 more"


def test_open_tools_are_advice() -> None:
    """What only developers install is told, and holds nothing back."""
    told = result({"requirements-dev.txt": "pytest\n"})
    assert told.outcome is Outcome.FAILED
    assert [finding.blocking for finding in told.findings] == [False]


def test_the_same_open_manifest_keeps_its_fingerprint() -> None:
    """One more open package is no new fault, nor is a line that moved."""
    first, second = result({"requirements.txt": "a\n"}), result({"requirements.txt": "# x\nb\na\n"})
    assert first.findings[0].fingerprint == second.findings[0].fingerprint
