"""What the engine reads from the environment, and that nothing secret of it is shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from checks.engine import DEFAULT_HOSTS, MACHINE, SettingError, engine_from, prepare_home

SECRET = "github_pat_11AAAAAAA0abcdefghijkl"


def test_without_settings_it_works_with_defaults() -> None:
    """An empty environment gives the well-known hosts, no token, and a home in the user's data folder."""
    engine = engine_from({})
    assert (engine.hosts, engine.token, engine.policy, engine.fingerprint_key) == (DEFAULT_HOSTS, None, None, None)
    assert engine.home.is_absolute()
    assert engine.home.name == "groundcrew"


def test_every_setting_is_read(tmp_path: Path) -> None:
    """Each variable reaches its field; a named home wins over the variable; hosts are made lower case."""
    token = tmp_path / "token"
    token.write_text(f"{SECRET}\n")
    engine = engine_from(
        {
            "GROUNDCREW_HOME": "/elsewhere",
            "GROUNDCREW_GITHUB_TOKEN_FILE": str(token),
            "GROUNDCREW_CODE_HOSTS": "GitHub.com, git.corp.example:8443",
            "GROUNDCREW_POLICY": "policy.toml",
            "GROUNDCREW_FINGERPRINT_KEY": SECRET,
            "GROUNDCREW_GIT_CA_FILE": "ca.pem",
            "GROUNDCREW_GIT_ALLOW_CIDRS": "10.1.0.0/16 fd00::/8",
        },
        tmp_path,
    )
    assert engine.home == tmp_path
    assert (engine.token, engine.fingerprint_key) == (SECRET, SECRET)
    assert engine.hosts == ("github.com", "git.corp.example:8443")
    assert (engine.policy, engine.ca_file) == (Path("policy.toml"), Path("ca.pem"))
    assert engine.allow_cidrs == ("10.1.0.0/16", "fd00::/8")
    assert SECRET not in repr(engine)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GROUNDCREW_GITHUB_TOKEN_FILE", "/no/such/file"),
        ("GROUNDCREW_FINGERPRINT_KEY_FILE", "/dev/zero"),
        ("GROUNDCREW_GIT_ALLOW_CIDRS", "10.0.0.0/8 everything"),
        ("GROUNDCREW_GITHUB_API", "http://api.github.com"),
        ("GROUNDCREW_GITHUB_API", f"https://{SECRET}@git.corp.example"),
        ("GROUNDCREW_GITHUB_API", "https://[git.corp.example"),
        ("GROUNDCREW_PYPI_INDEX", "http://pip.corp.example/simple"),
        ("GROUNDCREW_NPM_REGISTRY", f"https://user:{SECRET}@npm.corp.example"),
        ("GROUNDCREW_ADVISORIES_MAX_AGE", "a fortnight"),
        ("GROUNDCREW_ADVISORIES_MAX_AGE", "0d"),
        ("GROUNDCREW_GITHUB_API", f"https://git.corp.example/api/v3?token={SECRET}"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(name: str, value: str) -> None:
    """A setting that cannot be used ends in a sentence with its name and without its value."""
    with pytest.raises(SettingError) as refused:
        engine_from({name: value})
    assert name in str(refused.value)
    assert value not in str(refused.value)


def test_which_index_is_asked() -> None:
    """Unset is what this machine's pip and npm use, an address is that one, and the word off is nobody."""
    assert (engine_from({}).pypi_index, engine_from({}).npm_registry) == (MACHINE, MACHINE)
    named = engine_from({"GROUNDCREW_PYPI_INDEX": "https://pip.corp.example/simple", "GROUNDCREW_NPM_REGISTRY": "OFF"})
    assert (named.pypi_index, named.npm_registry) == ("https://pip.corp.example/simple", None)


def test_how_old_advisories_may_be() -> None:
    """A week, or as long as it is set to."""
    assert engine_from({}).advisories_max_age == timedelta(days=7)
    assert engine_from({"GROUNDCREW_ADVISORIES_MAX_AGE": "36h"}).advisories_max_age == timedelta(hours=36)


@pytest.mark.parametrize(
    ("api", "host"),
    [
        ("https://api.github.com", "github.com"),
        ("https://api.acme.ghe.com/", "acme.ghe.com"),
        ("https://git.corp.example/api/v3", "git.corp.example"),
        ("https://git.corp.example:8443/api/v3/", "git.corp.example:8443"),
    ],
)
def test_the_token_belongs_to_the_host_of_the_api(api: str, host: str) -> None:
    """The API's address names the one host that the token is sent to, so it never goes to another."""
    engine = engine_from({"GROUNDCREW_GITHUB_API": api})
    assert (engine.github_api, engine.token_host) == (api.rstrip("/"), host)


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where a file is in the way, the sentence names the setting and the cause."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match=r"^GROUNDCREW_HOME cannot be used: "):
        prepare_home(tmp_path / "file" / "home")


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
def test_a_home_that_others_can_write_is_closed_to_them(
    mode: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody else may swap what is kept: our own folder is made ours alone, and that is said."""
    tmp_path.chmod(mode)
    prepare_home(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert "closed to them" in caplog.text


def test_a_home_for_everybody_is_refused(tmp_path: Path) -> None:
    """A folder such as /tmp is left as it is, and nothing is kept in it."""
    tmp_path.chmod(0o1777)
    with pytest.raises(SettingError, match="others can write"):
        prepare_home(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
