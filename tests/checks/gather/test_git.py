"""The git of this machine is used only as safety demands."""

from pathlib import Path

import pytest

from checks.gather.git import git, output
from tests.repositories import repository


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
