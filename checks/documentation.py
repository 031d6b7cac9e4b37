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

from checks.plugins import FAMILIES, plugin_file, plugin_modules

_HOUSE = Path(__file__).parent


@cache
def check_files() -> dict[str, Path]:
    """Return the file of every check by its id; one of another package whose file is not found is left out."""
    ours = {
        info.name.replace("_", "-"): _HOUSE / family / f"{info.name}.py"
        for family in FAMILIES
        for info in pkgutil.iter_modules([str(_HOUSE / family)])
    }
    others = {_id(module): plugin_file(module) for module in plugin_modules()}
    return {name: path for name, path in others.items() if path is not None} | ours


def module_of(check: str) -> str:
    """Return the name of the module of *check*, one of `check_ids`."""
    path = check_files()[check]
    others = {_id(module): module for module in plugin_modules()}
    return f"checks.{path.parent.name}.{path.stem}" if path.is_relative_to(_HOUSE) else others[check]


def _id(module: str) -> str:
    return module.rpartition(".")[2].replace("_", "-")


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
    return " ".join(re.split(r"(?<=[^.])[.:;](?=\s|$)", paragraph, maxsplit=1)[0].split())


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
