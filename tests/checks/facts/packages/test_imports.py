"""Which packages code imports, and when nobody wrote down that it needs them."""

import pytest

from checks.example import facts_of
from checks.facts.packages.imports import Imports
from checks.facts.packages.undeclared import Undeclared


def imported(path: str, text: str) -> set[str]:
    """Return the names of the packages that *text* at *path* imports."""
    known: Imports = facts_of({path: text, "own/helpers.py": ""}).get(Imports).value
    return {name for _, name in known.first}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import flask, os.path as p, yaml as y\n", {"flask", "yaml"}),
        ("from google.cloud import storage\n", {"google"}),
        ("from . import x\nfrom .y import z\nfrom own import a\nimport helpers\n", set()),
        ("try:\n    import ujson\nexcept ImportError:\n    import json\n", {"ujson"}),
        ("if True:\n    import a\nelse:\n    from b.c import d\n", {"a", "b"}),
        ('"""import prose"""\n# import comment\ntext = "import string"\n', set()),
        ("from __future__ import annotations\nimport distutils\n", set()),
        ("def f(:\n import", set()),
    ],
)
def test_python_imports_are_told_from_its_own_modules(text: str, names: set[str]) -> None:
    """Neither the standard library, nor modules of the repository, nor prose are packages."""
    assert imported("app.py", text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('import express from "express";\nimport "@scope/kit/sub";\n', {"express", "@scope/kit"}),
        ('const _ = require("lodash/fp"), fs = require("fs");\n', {"lodash"}),
        ('export { x } from "zod";\n', {"zod"}),
        (
            'import a from "./a"; import b from "@/b"; import c from "~/c"; import d from "$lib/d"; import "#e";\n',
            set(),
        ),
        ('import fs from "node:fs"; import p from "path"; import x from "https://example.org/x.ts";\n', set()),
    ],
)
def test_javascript_imports_are_told_from_its_own_files(text: str, names: set[str]) -> None:
    """Neither node's own modules, nor files, aliases and addresses are packages of the registry."""
    assert imported("app.js", text) == names
    assert imported("app.ts", text) == names


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"app.py": "import flask\n"}, ["PyPI"]),
        ({"app.py": "import flask\n", "requirements.txt": "flask\n"}, []),
        ({"app.py": "import flask\n", "setup.py": "setup(install_requires=['flask'])"}, []),
        ({"app.py": "import flask\n", "pyproject.toml": "[tool.ruff]\n"}, ["PyPI"]),
        ({"app.py": "import flask\n", "package.json": '{"dependencies": {"a": "1.0.0"}}'}, ["PyPI"]),
        ({"tests/app.py": "import flask\n"}, []),
        ({"app.js": "import 'x'\n", "app.py": "import flask\nimport jinja2\n"}, ["PyPI", "npm"]),
    ],
)
def test_only_a_language_without_any_manifest_is_undeclared(files: dict[str, str], said: list[str]) -> None:
    """A manifest that names anything of the language is taken at its word; one of another language is not."""
    known = facts_of(files).get(Undeclared)
    assert sorted({use.ecosystem for use in known.value.uses}) == said
    assert len([part for part in known.value.open if "no file says" in part]) == len(said)
