"""Which index this machine uses is pip's and npm's own word, read where no repository's configuration lies."""

from pathlib import Path

import pytest

from checks.fact import Missing
from checks.gather import index_address


async def test_the_machines_own_pip_and_npm_say_which_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is pip's and npm's own word, read in a clean folder; nothing is asked without https."""
    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\nindex-url = https://user:pass@pip.example.org/simple\n")
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(
        '#!/bin/sh\n[ "$*" = "config get registry" ] && [ "$PWD" = / ] && [ -z "$SECRET" ] && '
        'echo "$npm_config_registry"\n'
    )
    npm.chmod(0o755)
    for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.setenv("npm_config_registry", "https://npm.example.org/")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".npmrc").write_text("registry=https://evil.example.org\n")
    assert await index_address.of_pip() == "https://user:pass@pip.example.org/simple"
    assert await index_address.of_npm() == "https://npm.example.org/"
    configuration.write_text("[global]\nindex-url = http://pip.example.org/simple\n")
    monkeypatch.setenv("npm_config_registry", "http://localhost:4873/")
    with pytest.raises(Missing, match="not asked over https"):
        await index_address.of_pip()
    with pytest.raises(Missing, match="not asked over https"):
        await index_address.of_npm()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Missing, match="npm is not installed here"):
        await index_address.of_npm()


async def test_pip_itself_knows_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is configured the address is the one that pip carries."""
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert (await index_address.of_pip()).startswith("https://")
