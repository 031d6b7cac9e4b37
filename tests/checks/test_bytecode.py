"""What the children load is compiled beside the first check, since they cannot write what they compile."""

import os
from pathlib import Path

import pytest

from checks.bytecode import compiled
from tests.processes import children


def bytecode(folder: Path) -> list[str]:
    """Return the names of the modules in *folder* that have bytecode."""
    return sorted(file.name.partition(".")[0] for file in folder.rglob("*.pyc"))


def found(folder: Path, name: str) -> Path:
    """Return the bytecode of the module *name* in *folder*."""
    return next(folder.glob(f"__pycache__/{name}.*"))


async def test_what_is_not_compiled_is(tmp_path: Path) -> None:
    """New and changed modules are compiled, at any depth; a faulty one does not matter."""
    (tmp_path / "inner").mkdir()
    for name in ("one", "inner/two"):
        (tmp_path / f"{name}.py").write_text("value = 1\n")
        os.utime(tmp_path / f"{name}.py", (1000, 1000))  # a change is seen by the second
    (tmp_path / "broken.py").write_text("value = (\n")
    async with compiled(tmp_path):
        pass
    assert bytecode(tmp_path) == ["one", "two"]
    old = found(tmp_path, "one")
    (tmp_path / "one.py").write_text("value = 22\n")
    os.utime(old, (1, 1))
    async with compiled(tmp_path):
        pass
    assert old.stat().st_mtime > 1
    assert not children()


async def test_what_is_compiled_stays(tmp_path: Path) -> None:
    """Bytecode that is newer than its module is left as it is."""
    (tmp_path / "one.py").write_text("value = 1\n")
    async with compiled(tmp_path):
        pass
    made = found(tmp_path, "one")
    made.write_bytes(b"as it was")
    async with compiled(tmp_path):
        pass
    assert made.read_bytes() == b"as it was"


async def test_a_check_that_fails_waits_for_nothing(tmp_path: Path) -> None:
    """Where the check raises, the compiler is ended and the exception goes on."""
    (tmp_path / "one.py").write_text("value = 1\n")
    with pytest.raises(LookupError):
        async with compiled(tmp_path):
            raise LookupError
    assert not children()
