"""
What a check is, and how the checks are found.

A check is one file `checks/<family>/<id>.py`: the file name is the id (`no_ci.py` is `no-ci`), the folder is the
family, the module's docstring is the documentation (what; why it matters; `## How to fix`; `## Fix prompt`), the
examples are its tests, and `@check.detect` marks the one function that asks. It names the facts it wants by type:

    check = Check(__name__, severity=Severity.HIGH, allows=Placement.SANDBOX, examples=(Bad({...}), Good({...})))

    @check.detect
    def detect(workflows: Workflows) -> Iterator[Finding]: ...

It does no I/O. It may raise NotApplicable(why). When a fact it wants is missing the check is NOT_CHECKED (a fact wanted
as `Fact | None` is then None); when one is partial, findings stand but a pass becomes NOT_CHECKED.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from checks.model import Finding, Outcome, Placement, Severity
from checks.plugins import FAMILIES, plugin_modules

Detect = Callable[..., Iterator[Finding]]


class NotApplicable(Exception):  # noqa: N818 - it is an outcome, not an error
    """Raised by a check whose question does not arise here; the text says why, for the person who reads the report."""


class NotChecked(Exception):  # noqa: N818 - it is an outcome, not an error
    """
    Raised by a check that cannot know; the text says why and what to connect.

    It counts as failed at the check's full strength, or at *allows* where the repository itself, seen whole, leaves the
    question open (no lock file; no live address given). Never give *allows* where it was sight that was missing: then
    taking access away would improve a verdict. Several reasons are several texts, so that what also hides another check
    is told with it.
    """

    def __init__(self, *why: str, allows: Placement | None = None) -> None:
        super().__init__("; ".join(why))
        self.why = why
        self.allows = allows


@dataclass(frozen=True, slots=True)
class Example:
    """A small repository, {path: text}, and what the check answers on it; *given* are facts the parent would bring."""

    files: Mapping[str, str]
    given: Mapping[str, object] | None = None
    says: str = ""  # a part of the first finding's message, or of the reason
    line: int | None = None  # of the first finding
    outcome: Outcome = Outcome.PASSED


def Bad(  # noqa: N802 - reads as the noun it makes
    files: Mapping[str, str], *, given: Mapping[str, object] | None = None, says: str = "", line: int | None = None
) -> Example:
    """Return an example that the check must fail on."""
    return Example(files, given, says, line, Outcome.FAILED)


def Good(  # noqa: N802 - reads as the noun it makes
    files: Mapping[str, str],
    *,
    given: Mapping[str, object] | None = None,
    says: str = "",
    outcome: Outcome = Outcome.PASSED,
) -> Example:
    """Return an example that the check must not fail on; *outcome* where that is not a pass."""
    return Example(files, given, says, None, outcome)


class Check:
    """
    One question about a repository.

    *allows* is the best placement while a blocking finding of it stands, production where all that it finds is advice.
    *formerly* are the ids it had before, oldest first, as strings written out; stored findings keep their fingerprints.
    """

    def __init__(
        self,
        module: str,
        *,
        severity: Severity,
        allows: Placement,
        examples: tuple[Example, ...],
        formerly: tuple[str, ...] = (),
    ) -> None:
        self.module = module
        self.family, name = module.split(".")[-2:]
        self.id = name.replace("_", "-")
        self.severity = severity
        self.allows = allows
        self.examples = examples
        self.formerly = formerly
        self._detect: Detect | None = None

    def detect(self, function: Detect) -> Detect:
        """Mark *function* as the one that asks (a decorator)."""
        self._detect = function
        return function

    @property
    def function(self) -> Detect:
        """The function marked with `@check.detect`; raises LookupError where there is none."""
        if self._detect is None:
            raise LookupError(f"{self.module} has no function marked @check.detect")
        return self._detect

    @property
    def wants(self) -> tuple[type, ...]:
        """The fact types that the check's function names, in order."""
        return tuple(typing.get_args(hint)[0] if typing.get_args(hint) else hint for hint in self._hints)

    @property
    def optional(self) -> frozenset[type]:
        """Those of the facts it wants that it can do without: named as `Fact | None`, and None where one is missing."""
        return frozenset(typing.get_args(hint)[0] for hint in self._hints if type(None) in typing.get_args(hint))

    @cached_property
    def _hints(self) -> tuple[Any, ...]:
        hints = typing.get_type_hints(self.function)
        return tuple(hints[name] for name in inspect.signature(self.function).parameters)

    @property
    def holds(self) -> str:
        """How far it holds an app back, in a word for tables: a place, or that it only advises."""
        return "advice only" if self.allows is Placement.PRODUCTION else str(self.allows)

    @property
    def documentation(self) -> str:
        """The module's docstring, dedented."""
        return inspect.cleandoc(sys.modules[self.module].__doc__ or "")

    @property
    def title(self) -> str:
        """The first sentence of the documentation, without its full stop."""
        return self.documentation.split("\n\n")[0].replace("\n", " ").rstrip(".")

    def section(self, heading: str) -> str:
        """The text under `## heading` in the documentation, or an empty string."""
        match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.documentation, re.MULTILINE | re.DOTALL)
        return match[1].strip() if match else ""


@cache
def check_modules() -> tuple[str, ...]:
    """The name of every check's module: ours by family and id, found by walking the packages, then those of others."""
    packages = [importlib.import_module(f"checks.{family}") for family in FAMILIES]
    ours = [info.name for one in packages for info in pkgutil.iter_modules(one.__path__, one.__name__ + ".")]
    return (*ours, *plugin_modules())


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of the families, in order; raises whatever the import of a faulty one raises."""
    return tuple(importlib.import_module(name).check for name in check_modules())


def sound_checks() -> tuple[tuple[Check, ...], Mapping[str, Exception]]:
    """Every check that can be loaded, and by module what the others raised: one faulty file must not end the rest."""
    checks, faulty = [], {}
    for name in check_modules():
        try:
            checks.append(importlib.import_module(name).check)
        except Exception as error:  # noqa: BLE001 - whatever a module raises, the others are still asked
            faulty[name] = error
    return tuple(checks), faulty
