"""
Writes every page that is made from the code: `make docs`.

`PAGES` gives for each path, relative to the checkout, the function that returns its text; `FOLDERS` for each folder
whose files are all made the function that returns them by name. tests/test_generated_docs.py fails when one is stale or
left over. A page of which only a part is made (the README's command help) is returned whole, with that part replaced.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # `python docs/generate.py` finds the folder of the script alone

from bot.manifest import manifest_yml  # noqa: E402 - needs the path above
from docs.bot_pages import commands_page, settings_page  # noqa: E402 - the same
from docs.checks_pages import check_pages  # noqa: E402 - needs the path above
from docs.operate_page import operate_page  # noqa: E402 - the same
from docs.readme import readme_page  # noqa: E402 - the same

Made = Mapping[str, str]

#: path -> its text
PAGES: dict[str, Callable[[], str]] = {
    "README.md": readme_page,
    "manifest.yml": manifest_yml,
    "docs/settings.md": settings_page,
    "docs/commands.md": commands_page,
    "docs/operate.md": operate_page,
}
#: folder -> the texts of all files in it, by their path in it
FOLDERS: dict[str, Callable[[], Made]] = {"docs/checks": check_pages}


def generated() -> dict[str, str]:
    """Return the text of every page that is made, by its path."""
    pages = {path: page() for path, page in PAGES.items()}
    for folder, made in FOLDERS.items():
        pages |= {f"{folder}/{name}": text for name, text in made().items()}
    return pages


def orphans() -> list[str]:
    """Return the files in made folders that nothing makes any more."""
    made = generated()
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(name for path in files if (name := path.relative_to(ROOT).as_posix()) not in made)


def main() -> None:
    """Write all pages and remove the orphans."""
    for name, text in generated().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in orphans():
        (ROOT / name).unlink()


if __name__ == "__main__":
    main()
