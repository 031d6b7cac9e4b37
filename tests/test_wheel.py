"""What is installed is what is here: the wheel holds every file of the program."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("bot", "checks", "commands", "storage", "workspace")


def test_the_wheel_holds_every_file_of_the_program(tmp_path: Path) -> None:
    """An entry of .gitignore that is too wide would leave files out of every installation, and out of no test."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    known = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *FLOORS]
    listed = subprocess.run(known, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    ours = {name for name in listed if (ROOT / name).is_file()}
    assert packed == ours
    assert "checks/secrets/fallback_secret.py" in packed
