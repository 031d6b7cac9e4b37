"""The part of docs/operate.md that is made from the code: what each metric tells."""

from __future__ import annotations

import re
from pathlib import Path

from bot.metrics import DECLARED

_PAGE = Path(__file__).resolve().parent / "operate.md"
_MARKS = r"(<!-- metrics: made by `make docs` -->\n).*?(<!-- end of metrics -->)"


def operate_page() -> str:
    """Return docs/operate.md with its table of metrics made anew; raises ValueError where its marks are missing."""
    rows = "\n".join(f"| `{one.name}` | {', '.join(one.labels) or '–'} | {one.what} |" for one in DECLARED)
    table = f"\n| metric | labels | what it tells |\n|---|---|---|\n{rows}\n\n"
    text = _PAGE.read_text(encoding="utf-8")
    made, count = re.subn(_MARKS, lambda match: f"{match[1]}{table}{match[2]}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError("docs/operate.md has no place for its metrics")
    return made
