"""The page's scripts, as node reads them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import workspace
from tests.requirements_of_machine import needs

SCRIPTS = sorted((Path(workspace.__file__).parent / "static").rglob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses(script: Path) -> None:
    """Node reads each script of the page as a module without a complaint."""
    command = [needs("node"), "--input-type=module", "--check"]
    told = subprocess.run(command, input=script.read_bytes(), capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
