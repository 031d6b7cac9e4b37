"""
`groundcrew policy`: the policy that holds here on one page: what each place is and asks for, what each check allows.

A team's own file is named by GROUNDCREW_POLICY or as an argument; what is wrong with it is said in sentences. Exit 0:
the policy can be used; 2: it cannot.
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from bot.cli.report_text import printable
from checks.check import Check, all_checks
from checks.engine import engine_from
from checks.model import CheckError, Placement
from checks.policy import Exemption, Place, Policy, load
from checks.policyfile import BUT, EVERY, PolicyError

_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew policy` takes to *parser*."""
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a policy file to look at (default: GROUNDCREW_POLICY)"
    )


def main(arguments: argparse.Namespace) -> int:
    """Print the policy and return the exit status."""
    try:
        path = arguments.file or engine_from(os.environ).policy
        policy = load(path)
        checks = all_checks()
    except (PolicyError, CheckError) as error:
        for line in str(error).splitlines():
            print(f"groundcrew policy: {printable(line)}", file=sys.stderr)
        return 2
    print(f"from {printable(str(path))}, over Groundcrew's own" if path else "Groundcrew's own; no file overrides it")
    print("\n".join(_lines(policy, checks)))
    return 0


def _lines(policy: Policy, checks: tuple[Check, ...]) -> Iterator[str]:
    for placement, place in policy.places.items():
        yield from ("", *_place(placement, place))
    yield from ("", "The best place while a check stands as failed, and the same where it could not be looked at:")
    width = max(len(check.id) for check in checks)
    for check in checks:
        unseen = min(check.allows, policy.unseen(check.id), key=lambda place: place.rank)
        also = "" if unseen is check.allows else f", {unseen} while it is not looked at"
        yield f"  {check.id:{width}}  {check.holds}{also}"
    yield from ("", *_exemptions("Milder", "at most", policy.milder))
    yield from _exemptions("Stricter", "at least", policy.stricter)


def _place(placement: Placement, place: Place) -> Iterator[str]:
    yield from _wrapped(f"{placement}: {printable(place.words)}", "")
    if place.looked_at:
        left_out = [word.removeprefix(BUT) for word in place.looked_at if word.startswith(BUT)]
        every = f"every check but {', '.join(left_out)}" if left_out else "every check"
        named = every if EVERY in place.looked_at else ", ".join(sorted(place.looked_at))
        yield from _wrapped(f"must have been looked at: {named}", "  ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")


def _exemptions(title: str, limit: str, exemptions: tuple[Exemption, ...]) -> Iterator[str]:
    if not exemptions:
        yield f"{title} exceptions: none"
    for one in exemptions:
        where = ", ".join(
            f"{name} {limit} {value}"
            for name, value in (("data", one.data), ("audience", one.audience), ("exposure", one.exposure))
            if value
        )
        because = f" ({printable(one.because)})" if one.because else ""
        yield f"{title}: {one.check} allows {one.allows}{f' for {where}' if where else ''}{because}"
