"""A file that is nested without end is answered for within the time for one file: named, not read, no production."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checks.model import Placement
from tests.checking import checked, result_of, unseen
from tests.hostile import APP
from tests.repositories import repository

DEEP = "[" * 100_000 + "]" * 100_000
CODE: Mapping[str, str] = {
    "brackets.py": f"x = {DEEP}",
    "brackets.js": f"x = {DEEP}",
    "brackets.tsx": f"const x = {DEEP}",
    "unclosed.ts": "x = " + "(" * 200_000,
    "members.js": "x = req" + ".body" * 100_000,
    "concatenation.py": "x = request.form" + " + 'select ' + password" * 50_000,
    "elements.tsx": "export default () => " + "<div>" * 100_000 + "</div>" * 100_000,
    "dicts.py": "users = " + '{"password":' * 100_000 + "1" + "}" * 100_000,
}
DATA: Mapping[str, tuple[str, str]] = {
    "package.json": ("vulnerable-dependency", '{"dependencies":' * 100_000 + "1" + "}" * 100_000),
    "pyproject.toml": ("vulnerable-dependency", f"a = {DEEP}"),
    ".github/workflows/ci.yml": ("dangerous-workflow", f"on: push\njobs: {DEEP}"),
}


@pytest.mark.parametrize("path", CODE)
async def test_code_that_is_nested_without_end_is_named_and_not_read(path: str, tmp_path: Path) -> None:
    """No reader dies of it or runs out of time: the checks that want it say what is wrong with it."""
    bare = repository(tmp_path / "app", {"app.py": APP, path: CODE[path]})
    report = await checked(bare, tmp_path / "home")
    assert f"{path} was not read: " in (result_of(report, "injection").reason or "")
    assert "the reader" not in unseen(report)
    assert report.verdict.placement is not Placement.PRODUCTION


@pytest.mark.parametrize("path", DATA)
async def test_data_that_is_nested_without_end_is_named(path: str, tmp_path: Path) -> None:
    """So it goes with JSON, TOML and YAML: the check that wants the file names it, and no reader dies."""
    check, text = DATA[path]
    report = await checked(repository(tmp_path / "app", {"app.py": APP, path: text}), tmp_path / "home")
    assert path in (result_of(report, check).reason or "")
    assert "the reader" not in unseen(report)
    assert report.verdict.placement is not Placement.PRODUCTION
