"""When a lock is missing, and when one that is there does not fit."""

from collections.abc import Mapping

import pytest

from checks.dependencies.missing_lockfile import check
from checks.evaluate import answer
from checks.example import facts_of
from checks.model import Outcome, Result

NEXT = '{"private": true, "dependencies": {"next": "14.0.0"}}'
LOCK = '{"packages": {"": {"dependencies": {"next": "14.0.0"}}, "node_modules/next": {"version": "14.0.0"}}}'

YARN = '# yarn lockfile v1\nx@^1:\n  version "1.0.0"\n'


def result(files: Mapping[str, str]) -> Result:
    """Return what the check says of *files*."""
    return answer(check, facts_of(files))


def blocking(files: Mapping[str, str]) -> list[bool]:
    """Return of each finding on *files* whether it holds back."""
    return [finding.blocking for finding in result(files).findings]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"package.json": NEXT}, [True]),
        ({"scripts/package.json": NEXT}, [False]),
        ({"examples/package.json": NEXT}, [False]),
        ({"package.json": '{"devDependencies": {"eslint": "8.0.0"}}'}, [False]),
        ({"package.json": '{"dependencies": {"next": "^14"}}', "packages/a/package.json": NEXT, "yarn.lock": ""}, []),
        ({"requirements.txt": "flask>=3\n"}, [True]),
        ({"requirements.txt": "flask==3.0\n"}, [False]),
        ({"requirements.txt": "pyyaml==6.0\n"}, []),
        ({"requirements.txt": "flask==3.0\nwerkzeug==3.0\n"}, []),
        ({"pyproject.toml": '[project]\nname = "a"\ndependencies = ["flask"]\n'}, [True]),
        (
            {
                "pyproject.toml": '[project]\nname = "a"\ndependencies = ["flask"]\n',
                "requirements.txt": "flask==3.0\nwerkzeug==3.0\n",
            },
            [],
        ),
    ],
)
def test_what_runs_needs_a_lock(files: Mapping[str, str], said: list[bool]) -> None:
    """An app's manifest without a lock holds it back; tools, scripts, examples and lists that may be whole do not."""
    assert blocking(files) == said


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"package.json": NEXT, "package-lock.json": LOCK}, []),
        ({"package.json": NEXT.replace("14.0.0", "^14.0.0"), "package-lock.json": LOCK}, []),
        ({"package.json": NEXT.replace("14.0.0", "^15.0.0"), "package-lock.json": LOCK}, [True]),
        ({"package.json": NEXT.replace("next", "nuxt"), "package-lock.json": LOCK}, [True]),
        ({"package.json": NEXT.replace("14.0.0", "latest"), "package-lock.json": LOCK}, []),
        (
            {"package.json": '{"name": "a", "dependencies": {"next": "14.0.0", "a": "*"}}', "package-lock.json": LOCK},
            [],
        ),
        (
            {
                "package.json": '{"dependencies": {"next": "^15.0.0"}, "overrides": {"next": "14.0.0"}}',
                "package-lock.json": LOCK,
            },
            [],
        ),
        (
            {"a/package.json": NEXT.replace("14.0.0", "^15.0.0"), "a/package-lock.json": LOCK, "yarn.lock": YARN},
            [False],
        ),
        ({"requirements.txt": "flask==1.0\n", "uv.lock": '[[package]]\nname = "flask"\nversion = "2.0"\n'}, [False]),
    ],
)
def test_a_lock_that_does_not_fit(files: Mapping[str, str], said: list[bool]) -> None:
    """What a lock lacks, or has at a version that is not allowed, stops a build; what cannot be told does not."""
    assert blocking(files) == said


def test_a_lock_that_cannot_be_read_is_not_blamed() -> None:
    """What is in a damaged lock nobody knows: the answer is open, and nothing is said to be missing."""
    told = result({"package.json": NEXT, "package-lock.json": "{"})
    assert (told.outcome, told.findings) == (Outcome.NOT_CHECKED, ())


@pytest.mark.parametrize(
    ("files", "where"),
    [
        ({".gitignore": "*.log\npackage-lock.json\n"}, ".gitignore:2"),
        ({".gitignore": "**/package-lock.json\n"}, ".gitignore:1"),
        ({".npmrc": "fund=false\npackage-lock = false\n"}, ".npmrc:2"),
        ({".gitignore": "*.lock\n"}, ".gitignore:1 keeps yarn.lock"),
        ({".gitignore": "package-lock.json\n!package-lock.json\n"}, ""),
        ({"other/.gitignore": "package-lock.json\n"}, ""),
    ],
)
def test_what_keeps_a_lock_out_is_named(files: Mapping[str, str], where: str) -> None:
    """The line to delete stands in the finding."""
    (finding,) = result({"package.json": NEXT, **files}).findings
    assert where in finding.message
    assert bool(where) is ("keeps" in finding.message)
