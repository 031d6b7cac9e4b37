"""Threads share their heaps, so that a process of many does not grow by what each of them once needed."""

import subprocess
import sys

import pytest

_CODE = """\
import ctypes, sys, threading
from bot.heaps import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
met = threading.Barrier(16)
def work():
    met.wait()
    library.malloc(1000)
    met.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
for one in threads:
    one.start()
for one in threads:
    one.join()
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone has them")
def test_threads_share_two_heaps() -> None:
    """Sixteen that allocate at once have two heaps together; left alone they have more."""
    heaps = {}
    for how in ("shared", "alone"):
        done = subprocess.run([sys.executable, "-c", _CODE, how], check=True, capture_output=True, text=True)
        heaps[how] = done.stdout.count("<heap nr=")
    assert heaps["shared"] <= 2 < heaps["alone"]
