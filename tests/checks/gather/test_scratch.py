"""Folders for a piece of work are gone afterwards, also those of a process that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from checks.gather.scratch import scratch

HOLDS = """
import sys, time
from pathlib import Path
from checks.gather.scratch import scratch
with scratch(Path(sys.argv[1]), "work-"):
    print("held", flush=True)
    time.sleep(60)
"""


def holding(home: Path) -> subprocess.Popen[bytes]:
    """Start a process that holds a folder of its own below *home*, one that looks an hour old."""
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(home)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    (folder,) = home.iterdir()
    os.utime(folder, (time.time() - 3600, time.time() - 3600))
    return process


def test_it_is_gone_afterwards(tmp_path: Path) -> None:
    """Where the work ends, its folder does."""
    with scratch(tmp_path, "work-") as folder:
        (folder / "a").write_text("1")
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_holds_is_not(tmp_path: Path) -> None:
    """A folder stays while its process lives, however old it looks; the next one to begin removes it after that."""
    with holding(tmp_path) as process:
        with scratch(tmp_path, "work-"):
            assert len(list(tmp_path.iterdir())) == 2
        process.send_signal(signal.SIGKILL)
    assert len(list(tmp_path.iterdir())) == 1
    with scratch(tmp_path, "work-") as folder:
        assert list(tmp_path.iterdir()) == [folder]
