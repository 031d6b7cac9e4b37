"""
Checks that other packages bring: each names its module under the entry point `groundcrew.checks`.

    [project.entry-points."groundcrew.checks"]
    no-licence = "acme_checks.delivery.no_licence"

The module is a check like ours (checks/check.py): its last two names are the family and the id. Its facts may be ours,
or its own, where the module that defines the fact's type declares a `source`. It runs in the worker as ours do, so its
package must be installed in Groundcrew's environment as files (an editable install lies outside the sandbox).
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from importlib import metadata
from pathlib import Path

from checks.model import CheckError

GROUP = "groundcrew.checks"
FAMILIES = ("secrets", "exposure", "dependencies", "delivery", "operations", "live")


@cache
def plugin_modules() -> tuple[str, ...]:
    """Return the modules of all checks from other packages, in order; raises CheckError for one named wrongly."""
    found = sorted({entry.value for entry in metadata.entry_points(group=GROUP)})
    form = rf"(?!checks\.)[A-Za-z_][\w.]*\.({'|'.join(FAMILIES)})\.[a-z][a-z0-9_]*"
    for module in found:
        if re.fullmatch(form, module) is None:
            raise CheckError(
                f"An installed package brings a check as {module[:100]!r}; it must be named PACKAGE.FAMILY.CHECK with "
                f"one of the families {', '.join(FAMILIES)}."
            )
    return tuple(found)


def plugin_file(module: str) -> Path | None:
    """Return the source file of *module*, or None where it cannot be found; its packages are imported for that."""
    try:
        spec = importlib.util.find_spec(module)
    except Exception:  # noqa: BLE001 - whatever another's package raises; the worker tells it as a check that fails
        return None
    return Path(spec.origin) if spec is not None and spec.origin else None
