"""
pip-audit's own interface for a source of advisories, answered from records that are already here.

pip-audit ships services that ask the network; this one needs neither network nor file. The interface's module is loaded
by itself: importing it through its package (`pip_audit._service`) imports every service, and with them pip-api, which
starts a `pip --version` at import. No process may start where this runs.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from checks.facts.packages import versions
from checks.facts.packages.advisory import Advisory
from checks.facts.packages.matching import affects, fixes
from checks.facts.packages.packages import PYPI


def _interface() -> ModuleType:
    """Return pip-audit's `_service/interface.py`, loaded under a name of ours."""
    package = importlib.util.find_spec("pip_audit")
    folders = package.submodule_search_locations if package is not None else None
    path = Path(next(iter(folders or ()), "")) / "_service" / "interface.py"
    spec = importlib.util.spec_from_file_location("checks.facts.pip_audit_interface", path)
    if spec is None or spec.loader is None:
        raise ImportError("pip-audit is not installed as it should be")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their own module up by name
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    from pip_audit._service import interface
else:
    interface = _interface()


class RecordService(interface.VulnerabilityService):  # type: ignore[misc] # pip-audit publishes no types
    """A pip-audit service over *advisories*, which are all that is known of the packages to be asked about."""

    def __init__(self, advisories: Iterable[Advisory]) -> None:
        self._by_name: dict[str, dict[str, Advisory]] = {}
        for advisory in advisories:
            for affected in advisory.affected:
                if affected.ecosystem == PYPI:
                    self._by_name.setdefault(affected.name, {})[advisory.id] = advisory

    def query(self, spec: Any) -> tuple[Any, list[Any]]:
        """Return *spec* and a VulnerabilityResult for each advisory that is about its version; pip-audit's promise."""
        if spec.is_skipped():
            return spec, []
        name, version = spec.canonical_name, str(spec.version)
        return spec, [
            interface.VulnerabilityResult.create(
                ids=[advisory.id, *advisory.aliases],
                description=advisory.summary or "N/A",
                fix_versions=[Version(fixed) for fixed in fixes(advisory, PYPI, name, version)],
                published=None,
            )
            for advisory in self._by_name.get(name, {}).values()
            if affects(advisory, PYPI, name, version)
        ]


def dependency(name: str, version: str) -> Any:
    """Return *name* at *version* as pip-audit's type: skipped, with a reason, where that is no version of PyPI's."""
    parsed = versions.parse(PYPI, version)
    if parsed is None:
        return interface.SkippedDependency(name=name, skip_reason="its version cannot be compared")
    return interface.ResolvedDependency(name=name, version=parsed)
