"""
Landlock by ctypes: a process gives up the right to open files and TCP connections, where bubblewrap is not to be had.

It needs Linux 5.13 for files and 6.7 for TCP; UDP stays open. See https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, the same on every architecture
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_READ = 1 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_FILES_V1 = (1 << 13) - 1  # every right over files that the first version knows
_TCP = 0b11  # bind and connect
_NO_NEW_PRIVILEGES, _DEATH_SIGNAL = 38, 1  # of prctl
_SIGKILL = 9
_TCP_SINCE = 4  # Landlock's own version


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("fd", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that the kernel offers; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, 0, _VERSION_FLAG)))


def program_folders() -> tuple[Path, ...]:
    """Return the folders that hold this program and what it runs on, and nothing of what the user keeps beside it."""
    own = Path(__file__).parent
    prefixes = [Path(sys.prefix), Path(sys.base_prefix), Path(sysconfig.get_path("stdlib"))]
    system = [Path(name) for name in ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache")]
    return tuple(dict.fromkeys(path for path in (own, *prefixes, *system) if path.exists()))


def confine(besides: Path | None = None) -> None:
    """Leave this process nothing but reading its program, and *besides*. Raises OSError where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DEATH_SIGNAL, _SIGKILL, 0, 0, 0)
    abi = version()
    rules = _Rules(_FILES_V1, _TCP if abi >= _TCP_SINCE else 0)
    size = 16 if abi >= _TCP_SINCE else 8
    ruleset = _checked(libc.syscall(_CREATE, ctypes.byref(rules), size, 0))
    for folder in (*program_folders(), *([besides] if besides else ())):
        fd = os.open(folder, os.O_PATH)
        rights = _READ if folder.is_dir() else _READ & ~(1 << 3)
        beneath = _Beneath(rights, fd)
        _checked(libc.syscall(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0))
        os.close(fd)
    _checked(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)


def _checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "Landlock refused")
    return answer
