"""
Few heaps for many threads: glibc gives nearly each thread one of its own, and what is free in it stays taken.

The bot has some dozen threads and starts more, and grew by one to two MiB a minute under load for that alone: measured
with benchmarks/reliability (soak), while what Python held stayed the same. https://man7.org/linux/man-pages/man3/mallopt.3.html
"""

from __future__ import annotations

import contextlib
import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_HEAPS = 2


def share_heaps() -> None:
    """Have threads that begin from now on share two heaps; where the C library is another it is left as it is."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _HEAPS)
