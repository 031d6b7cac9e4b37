"""`groundcrew check --live-url`: whoever runs it answers for the address, and the guard holds all the same."""

from pathlib import Path

import pytest

from tests.bot.cli.test_check import run
from tests.repositories import repository

RANGES = "must not open this machine's own addresses or the cloud's own service"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://169.254.169.254/latest/", "never probed"),
        ("http://127.0.0.1:8000/", "Port 8000 is not probed"),
        ("http://127.0.0.1/", "That is this bot"),
        ("http://0x7f.1/", "not a plain host name or address"),
        ("https://x.localhost/", "That is this bot"),
        ("nope", "Only http and https addresses, such as https://"),
        ("https://me:hunter2@app.example/", "Do not put a password in the address"),
    ],
)
def test_what_is_never_asked_is_refused_at_the_start(tmp_path: Path, url: str, says: str) -> None:
    """A slip, or an address inside, is told before anything is read, and no password is repeated."""
    folder = repository(tmp_path / "app", {"app.py": "value = 1\n"})
    done = run(folder, "--live-url", url, "--only", "tls-expiry", home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (["--probe-routes"], {}, "give that, too"),
        (["--live-url", "https://a.example", "--staged"], {}, "leave it out with --since and --staged"),
        ([], {"GROUNDCREW_ALLOW_PROBE_CIDRS": "0.0.0.0/0"}, RANGES),
        ([], {"GROUNDCREW_ALLOW_PROBE_CIDRS": "10.0.0.0/8 169.254.0.0/24"}, RANGES),
        ([], {"GROUNDCREW_ALLOW_PROBE_CIDRS": "fd00::/8"}, RANGES),
        ([], {"GROUNDCREW_ALLOW_PROBE_CIDRS": "10.0.0.0/99"}, "is not a list of address ranges"),
        ([], {"GROUNDCREW_PROBE_PORTS": "99999"}, "is not a list of ports"),
    ],
)
def test_a_wrong_word_or_setting_is_refused_at_the_start(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], says: str
) -> None:
    """Before anything is read, in one sentence."""
    folder = repository(tmp_path / "app", {"app.py": "value = 1\n"})
    done = run(folder, *arguments, home=tmp_path / "home", environment=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
