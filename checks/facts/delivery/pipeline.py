"""What one pipeline's file says, whichever system reads it: the part that the fact `Workflows` is joined from."""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts.delivery.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Part:
    """
    One file. *starts* are the events that start it; *calls* the local actions and workflows it runs, as paths.

    *tolerated* are purposes of steps whose failure is let through, *hidden* commands of which it cannot be told what
    they run.
    *fault* says why it could not be read; nothing else of it is known then.
    """

    system: str
    automatic: bool = False
    on_pull_request: bool = False
    starts: tuple[str, ...] = ()
    purposes: frozenset[Purpose] = frozenset()
    calls: tuple[str, ...] = ()
    tolerated: frozenset[Purpose] = frozenset()
    hidden: tuple[str, ...] = ()
    fault: str = ""
