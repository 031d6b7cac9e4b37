"""`groundcrew policy`: what holds here, on one page, or what is wrong with a team's file."""

import subprocess
import sys
from pathlib import Path

from checks.check import all_checks

PROGRAM = Path(sys.executable).with_name("groundcrew")


def run(*arguments: str | Path, policy: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `groundcrew policy` with *arguments*, GROUNDCREW_POLICY naming *policy*."""
    environment = {"PATH": "/usr/bin:/bin"} | ({"GROUNDCREW_POLICY": str(policy)} if policy else {})
    command = [str(PROGRAM), "policy", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_every_check_and_place_is_on_the_page() -> None:
    """Without a file the page tells all four places and what each check allows."""
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "Groundcrew's own; no file overrides it" in done.stdout
    for word in ("nowhere:", "sandbox:", "isolated:", "production:", *(check.id for check in all_checks())):
        assert word in done.stdout


def test_a_teams_own_file_shows(tmp_path: Path) -> None:
    """What a team changed is on the page, with its reason."""
    file = tmp_path / "policy.toml"
    file.write_text(
        '[places.sandbox]\nlink = "https://sandbox.example/start"\n'
        '[[milder]]\ncheck = "no-tests"\ndata = "internal"\nallows = "production"\nbecause = "Small tools."\n'
    )
    done = run(policy=file)
    assert done.returncode == 0
    assert "https://sandbox.example/start" in done.stdout
    assert "Milder: no-tests allows production for data at most internal (Small tools.)" in done.stdout


def test_every_fault_of_a_file_is_said(tmp_path: Path) -> None:
    """A wrong file is refused with one sentence a fault."""
    file = tmp_path / "policy.toml"
    file.write_text('[places.moon]\nname = "x"\n[[stricter]]\ncheck = "no-such-check"\nallows = "nowhere"\n')
    done = run(file)
    assert done.returncode == 2
    assert "there is no place 'moon'" in done.stderr
    assert "'no-such-check', which does not exist" in done.stderr
