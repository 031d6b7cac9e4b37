"""
What can be said of a check without importing it: its id, its family and the words of its docstring.

Importing all checks imports every parser they use; whoever only needs names and words, such as the command line before
the worker runs, reads them here.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from functools import cache
from pathlib import Path

from checks.check import FAMILIES

_HOUSE = Path(__file__).parent


@cache
def check_files() -> dict[str, Path]:
    """Return the file of every check by its id."""
    folders = [_HOUSE / family for family in FAMILIES]
    return {
        info.name.replace("_", "-"): folder / f"{info.name}.py"
        for folder in folders
        for info in pkgutil.iter_modules([str(folder)])
    }


def check_ids() -> frozenset[str]:
    """Return the ids of every check."""
    return frozenset(check_files())


@cache
def docstring(check: str) -> str:
    """Return the documentation of *check*, or an empty string where there is no such check."""
    path = check_files().get(check)
    tree = ast.parse(path.read_text(encoding="utf-8")) if path else ast.Module([], [])
    return inspect.cleandoc(ast.get_docstring(tree) or "")


def section(check: str, heading: str) -> str:
    """Return the text under `## heading` in the documentation of *check*, or an empty string."""
    match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", docstring(check), re.MULTILINE | re.DOTALL)
    return match[1].strip() if match else ""


def first_step(check: str) -> str:
    """Return the first sentence of *check*'s `## How to fix`, without number and full stop; it is an imperative."""
    paragraph = re.sub(r"^(?:\d+\.|[-*])\s+", "", section(check, "How to fix")).split("\n\n")[0].replace("\n", " ")
    return re.split(r"(?<=[^.])[.:;](?=\s|$)", paragraph, maxsplit=1)[0].strip()


@cache
def renamed_checks() -> dict[str, str]:
    """Return today's id of every check by each of its former ones, as `formerly=(...)` in its file says."""
    return {
        former: check
        for check, path in check_files().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "formerly"
        for former in ast.literal_eval(node.value)
    }
