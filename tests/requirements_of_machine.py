"""What some tests need of the machine, beyond Python packages."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest


def _chromium() -> str:
    return shutil.which("chromium") or ""


def _initdb() -> str:
    """Find PostgreSQL's initdb, which Debian keeps off the PATH."""
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return shutil.which("initdb") or (str(beside[-1]) if beside else "")


def _faketime() -> str:
    """Find the library that shifts a process's clock."""
    return next(map(str, Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), "")


_FINDERS: dict[str, Callable[[], str]] = {
    "browser": _chromium,
    "postgres": _initdb,
    "node": lambda: shutil.which("node") or "",
    "npm": lambda: shutil.which("npm") or "",
    "bubblewrap": lambda: shutil.which("bwrap") or "",
    "openssl": lambda: shutil.which("openssl") or "",
    "faketime": _faketime,
    "systemd-analyze": lambda: shutil.which("systemd-analyze") or "",
}
_PACKAGES = {
    "browser": "chromium",
    "postgres": "postgresql",
    "node": "nodejs",
    "npm": "npm",
    "bubblewrap": "bubblewrap",
    "openssl": "openssl",
    "faketime": "libfaketime",
    "systemd-analyze": "systemd",
}


def needs(name: str) -> str:
    """Give the path of the program that *name* stands for, one of those in the table above.

    Without it the test is skipped with a sentence that says what to install, or fails where the environment
    variable ``GROUNDCREW_REQUIRE`` (a comma list) names it, so that a build never skips by accident.
    """
    path = _FINDERS[name]()
    if not path:
        lacking(name, f"this machine has no {name}: install Debian's package {_PACKAGES[name]}")
    return path


def lacking(name: str, why: str) -> NoReturn:
    """Skip the test because of *why*, or fail it where the machine is said to have what *name* stands for."""
    if name in os.environ.get("GROUNDCREW_REQUIRE", "").split(","):
        pytest.fail(why)
    pytest.skip(why)
