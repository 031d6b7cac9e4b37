"""The git of this machine is used only as safety demands."""

from pathlib import Path

import pytest

from checks.gather.git import git, output, version_problem
from tests.repositories import repository


@pytest.mark.parametrize(
    ("printed", "debian", "good"),
    [
        ("git version 2.39.2", "", False),
        ("git version 2.39.5", "1:2.39.5-0+deb12u2", False),
        ("git version 2.39.5", "1:2.39.5-0+deb12u3", True),
        ("git version 2.43.0", "", False),
        ("git version 2.43.7", "", True),
        ("git version 2.47.3", "", True),
        ("git version 2.50.0", "", False),
        ("git version 2.50.1 (Apple Git-155)", "", True),
        ("git version 2.51.0", "", True),
        ("git version 3.0", "", True),
        ("something else", "", False),
    ],
)
def test_a_git_with_known_holes_is_named(printed: str, debian: str, good: bool) -> None:
    """An old git is told with the version that is needed; a patched one of Debian passes."""
    problem = version_problem(printed, debian)
    assert (problem is None) is good
    assert good or "2.43.7" in str(problem)


async def test_git_sees_no_variable_and_no_configuration_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token in our environment, and a configuration in our home, do not reach git."""
    monkeypatch.setenv("GROUNDCREW_GITHUB_TOKEN", "x")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text("[alias]\n\tshow-environment = !env\n")
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    assert await output("show-environment", folder=bare) is None
    async with git("cat-file", "--batch", folder=bare) as running:
        environment = environment_of(running.process.pid)
    assert b"GROUNDCREW" not in environment


@pytest.mark.parametrize("url", ["ext::sh -c touch% x", "file:///etc", "/etc", "ssh://x/y", "git://x/y", "http://x/y"])
async def test_no_transport_works_without_being_opened(url: str, tmp_path: Path) -> None:
    """Git as it is started here talks to nobody, whatever address it is given."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    async with git("fetch", "--", url, folder=bare) as running:
        assert await running.process.wait() != 0
        assert "not allowed" in await running.said() or "remote helper" in await running.said()


def environment_of(pid: int) -> bytes:
    """Return the environment of the process *pid*, as the kernel tells it."""
    return Path(f"/proc/{pid}/environ").read_bytes()
