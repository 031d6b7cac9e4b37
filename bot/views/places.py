"""How a place is called and marked, in every view alike."""

from __future__ import annotations

from checks.model import Placement

NAMES = {
    Placement.NOWHERE: "nowhere yet",
    Placement.SANDBOX: "sandbox",
    Placement.ISOLATED: "isolated place",
    Placement.PRODUCTION: "production",
}
MARKS = {
    Placement.NOWHERE: "\N{LARGE RED CIRCLE}",
    Placement.SANDBOX: "\N{LARGE ORANGE CIRCLE}",
    Placement.ISOLATED: "\N{LARGE BLUE CIRCLE}",
    Placement.PRODUCTION: "\N{LARGE GREEN CIRCLE}",
}


def marked(place: Placement) -> str:
    """Name a place with its mark in front."""
    return f"{MARKS[place]} {NAMES[place]}"
