"""Makes docs/checks: one page a check from its docstring and examples, and an index of them all."""

from __future__ import annotations

import re

from checks.check import Check, Example, all_checks
from checks.model import Outcome

_SHOWN = 3  # examples of each kind on a page; the others stand in the check's file
#: Values of the secrets' examples, made up as they are: written out, every scanner would stop at these pages.
_VALUE = re.compile(r"(?<![\w/.+-])(?=[\w.+-]*\d)[\w.+-]{20,}")
_LONGEST = 1200  # characters of an example that a reader still takes in


def check_pages() -> dict[str, str]:
    """Return every page of docs/checks by its path there."""
    pages = {f"{check.family}/{check.id}.md": _page(check) for check in all_checks()}
    return {"README.md": _index(), **pages}


def _index() -> str:
    rows = [
        f"| [{check.id}]({check.family}/{check.id}.md) | {check.family} | {check.severity} | {check.holds} |"
        f" {_cell(check.title)} |"
        for check in all_checks()
    ]
    return "\n".join(
        [
            "# Checks",
            "",
            "*Allows* is the best place an app may have while a finding of the check stands, and *advice only* holds",
            "nothing back; a finding may be milder than its check, and the team's policy may say otherwise for some",
            "data or some audience. A check that could not look counts as if it had failed.",
            "",
            "| id | family | severity | allows | what it finds |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _page(check: Check) -> str:
    facts = [f"Family: {check.family}", f"severity: {check.severity}", f"allows: {check.holds}"]
    if check.formerly:
        facts.append(f"formerly: {', '.join(check.formerly)}")
    parts = [f"# {check.id}", " · ".join(facts), check.documentation]
    for heading, outcomes in (("Found", {Outcome.FAILED}), ("Not found", {Outcome.PASSED})):
        shown = [example for example in check.examples if example.outcome in outcomes and _fits(example)][:_SHOWN]
        if shown:
            parts.append(f"## {heading}")
            if len(shown) == 1:
                parts.append(_masked(_example(shown[0]), check))
            else:  # an example may be of several files: what belongs together is seen by its number
                parts.extend(
                    f"### Example {number}\n\n{_masked(_example(one), check)}" for number, one in enumerate(shown, 1)
                )
    return "\n\n".join(parts) + "\n"


def _fits(example: Example) -> bool:
    return 0 < sum(map(len, example.files.values())) <= _LONGEST and not example.given


def _example(example: Example) -> str:
    blocks = [f"`{path}`\n\n{_fenced(path, text)}" for path, text in example.files.items() if text.strip()]
    says = [f"Says: {example.says}"] if example.says and example.outcome is Outcome.FAILED else []
    return "\n\n".join([*blocks, *says])


def _masked(text: str, check: Check) -> str:
    return _VALUE.sub(lambda match: f"{match[0][:8]}…", text) if check.family == "secrets" else text


def _fenced(path: str, text: str) -> str:
    fence = "````" if "```" in text else "```"
    ending = path.rpartition(".")[2] if "." in path else ""
    return "\n".join([f"{fence}{ending if ending.isalnum() else ''}", *text.splitlines(), fence])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
