"""The parts of README.md that are made from the code: what can be typed in Slack and on the command line."""

from __future__ import annotations

import re
from pathlib import Path

from bot.__main__ import COMMANDS
from commands.command import all_commands

_README = Path(__file__).resolve().parent.parent / "README.md"


def readme_page() -> str:
    """Return README.md with its made parts replaced; raises ValueError where a part's marks are missing."""
    text = _README.read_text(encoding="utf-8")
    slash = [one for one in all_commands().values() if one.slash]
    text = _replaced(text, "slash commands", [(one.usage, one.summary) for one in slash])
    return _replaced(text, "command line", [(f"groundcrew {name}", what) for name, what in COMMANDS.items()])


def _replaced(text: str, part: str, rows: list[tuple[str, str]]) -> str:
    table = "\n".join(f"| `{usage.replace('|', chr(92) + '|')}` | {summary} |" for usage, summary in rows)
    marks = rf"(<!-- {part}: made by `make docs` -->\n).*?(<!-- end of {part} -->)"
    made, count = re.subn(
        marks,
        lambda match: f"{match[1]}\n| type | and it will |\n|---|---|\n{table}\n\n{match[2]}",
        text,
        flags=re.DOTALL,
    )
    if count != 1:
        raise ValueError(f"README.md has no place for its {part}")
    return made
