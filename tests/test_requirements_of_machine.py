"""What the machine lacks is skipped loudly, or fails where it was promised."""

import pytest

from tests.requirements_of_machine import needs

NAMES = ("browser", "postgres", "node", "bubblewrap")


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide every program of this machine."""
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: iter(()))


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_program_skips_with_what_to_install(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Without the program the test is skipped, and the reason names a package."""
    monkeypatch.setenv("GROUNDCREW_REQUIRE", "something,else")
    with pytest.raises(pytest.skip.Exception, match=f"no {name}: install"):
        needs(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_required_program_fails_when_it_is_missing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A name in GROUNDCREW_REQUIRE turns the skip into a failure."""
    monkeypatch.setenv("GROUNDCREW_REQUIRE", ",".join(NAMES))
    with pytest.raises(pytest.fail.Exception, match=f"no {name}: install"):
        needs(name)
