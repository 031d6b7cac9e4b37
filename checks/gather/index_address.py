"""
Which package index this machine itself uses, as its own pip and npm say.

No address of an index is written down here: it stands in a setting, in the machine's configuration, or in pip and npm
themselves. Both are asked as child processes in a clean folder, so that no repository's configuration is read.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import os
import shutil
import sys
from collections.abc import Sequence

from checks.fact import Missing
from checks.process import started

_SECONDS = 20.0  # npm alone takes a second to start on a busy machine
_MOST = 65_536  # bytes of what they print
#: Of the environment only what says where configuration lies: tokens of ours are none of their business.
_PASSED = ("PATH", "HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "PIP_CONFIG_FILE", "PIP_INDEX_URL")
_PASSED_STARTS = ("npm_config_", "NPM_CONFIG_")


async def of_pip() -> str:
    """Return the index of this machine's pip, or the one that pip itself knows; raises Missing where there is none."""
    printed = await _printed((sys.executable, "-I", "-m", "pip", "config", "list"))
    said = dict(line.split("=", 1) for line in printed.splitlines() if "=" in line)
    # The environment wins over a command's own section, that over what holds for all commands.
    for key in (":env:.index-url", "install.index-url", "global.index-url"):
        if key in said:
            return _https(_unquoted(said[key]), "pip")
    try:
        known = importlib.import_module("pip._internal.models.index").PyPI.simple_url
    except (ImportError, AttributeError):
        raise Missing("no index of Python packages is known here: set GROUNDCREW_PYPI_INDEX") from None
    return _https(str(known), "pip")


async def of_npm() -> str:
    """Return the registry of this machine's npm; raises Missing where npm is not there or names none that is usable."""
    program = shutil.which("npm")
    if program is None:
        raise Missing("npm is not installed here, so no registry is known: set GROUNDCREW_NPM_REGISTRY")
    printed = await _printed((program, "config", "get", "registry"))
    return _https(printed.strip(), "npm")


def _unquoted(value: str) -> str:
    """Return *value*, which pip prints as a literal of Python."""
    try:
        return str(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return ""


def _https(address: str, who: str) -> str:
    if not address.startswith("https://"):
        raise Missing(f"the package index that {who} is set to is not asked over https, so it is not asked here")
    return address


async def _printed(command: Sequence[str]) -> str:
    environment = {
        name: value for name, value in os.environ.items() if name in _PASSED or name.startswith(_PASSED_STARTS)
    }
    try:
        async with asyncio.timeout(_SECONDS), started(command, environment=environment) as process:
            assert process.stdout is not None
            printed = b""
            while len(printed) < _MOST and (chunk := await process.stdout.read(_MOST)):
                printed += chunk
    except (OSError, TimeoutError):
        return ""
    return printed.decode("utf-8", "replace")
