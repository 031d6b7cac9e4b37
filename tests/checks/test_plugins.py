"""Checks that other packages bring: the documented example is installed into an environment, and asked."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import repository

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "own-check"


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The interpreter of a copy of this environment, of which tests may make what they like."""
    shutil.copytree(sys.prefix, tmp_path / "venv", symlinks=True, copy_function=linked)
    return tmp_path / "venv" / "bin" / "python"


def linked(source: str, target: str) -> None:
    """Make *target* the same file as *source*, or a copy where they are on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def install(python: Path, source: Path, folder: Path) -> None:
    """Install the package at *source* for *python*, with no network."""
    shutil.copytree(source, folder)  # building leaves files behind
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--disable-pip-version-check", str(folder)], check=True, capture_output=True)


def check(python: Path, *arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run `groundcrew check` with *arguments* under *python*."""
    command = [str(python), "-I", "-m", "bot", "check", *map(str, arguments), "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={"PATH": "/usr/bin:/bin"})


def test_an_installed_check_is_asked_beside_ours(python: Path, tmp_path: Path) -> None:
    """It answers in the worker beside ours, can be asked alone, and can be explained."""
    install(python, EXAMPLE, tmp_path / "source")
    app = repository(tmp_path / "app", {"app.py": "value = 1\n"})
    done = check(python, app, "--format", "json", home=tmp_path / "home")
    results = {result["check"]: result for result in json.loads(done.stdout)["results"]}
    assert len(results) > 10
    assert [one["message"] for one in results["no-licence"]["findings"]] == [
        "No file says under which licence the code is"
    ]
    alone = check(python, app, "--only", "no-licence", home=tmp_path / "home")
    assert alone.stdout.startswith("no-licence  advice only")
    assert "Add a file LICENSE" in check(python, "--explain", "no-licence", home=tmp_path / "home").stdout


def test_a_check_that_raises_is_not_checked(python: Path, tmp_path: Path) -> None:
    """A foreign check that cannot be loaded counts against the app and ends nothing else."""
    shutil.copytree(EXAMPLE, tmp_path / "broken")
    (tmp_path / "broken/acme_checks/delivery/no_licence.py").write_text('"""Broken."""\n\nraise ValueError("no")\n')
    install(python, tmp_path / "broken", tmp_path / "source")
    app = repository(tmp_path / "app", {"app.py": "value = 1\n"})
    done = check(python, app, "--format", "json", home=tmp_path / "home")
    results = {result["check"]: result for result in json.loads(done.stdout)["results"]}
    assert results["no-licence"]["outcome"] == "not_checked"
    assert results["no-ci"]["outcome"] == "failed"


def test_a_check_named_wrongly_is_refused(python: Path, tmp_path: Path) -> None:
    """An entry point that names no family is told to whoever installed it, before anything is checked."""
    shutil.copytree(EXAMPLE, tmp_path / "wrong")
    project = tmp_path / "wrong" / "pyproject.toml"
    project.write_text(project.read_text().replace("acme_checks.delivery.no_licence", "acme_checks.no_licence"))
    install(python, tmp_path / "wrong", tmp_path / "source")
    done = check(python, repository(tmp_path / "app", {"app.py": "value = 1\n"}), home=tmp_path / "home")
    assert done.returncode == 2
    assert "it must be named PACKAGE.FAMILY.CHECK" in done.stderr
