"""What a file offers and wants is read off it, whatever is in it; what leads nowhere is told only where it is sure."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.example import facts_of
from checks.facts.linking import aliases, ignored, starts
from checks.facts.linking.broken import Broken
from checks.facts.linking.module_javascript import read_javascript
from checks.facts.linking.module_python import read_python

WORDS = (
    *(
        "import ",
        "from ",
        ".a ",
        "export ",
        "default ",
        "* ",
        "{ ",
        "} ",
        "[",
        "]",
        "(",
        ")",
        "`${",
        "'",
        '"',
        "x ",
        "y, ",
    ),
    *(
        "=> ",
        "type ",
        "\n",
        "\n    ",
        "def f(): ",
        "class A: ",
        "if ",
        "try:\n",
        "except: ",
        "<<<<<<< a\n",
        "=======\n",
    ),
    *(">>>>>>> b\n", "&", "<p>", "</p>", "//", "/*", "*/", "#", "require('./a')", "import('./b')", "\0", "é", "\u2028"),
)
CODE = st.lists(st.sampled_from(WORDS), max_size=60).map("".join)


@given(CODE, st.sampled_from(["javascript", "typescript", "tsx"]))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_a_reader(text: str, language: str) -> None:
    """Every text is read to its end, in every language."""
    read_javascript(text, language)
    read_python(text)


@pytest.mark.parametrize(
    "text",
    ["(" * 5000, "-" * 900 + "1", "x = " + "[" * 300, "if x:\n" * 99 + " pass", "\0", "a" * 200_000, "f'{" * 3000],
    ids=["brackets", "signs", "lists", "blocks", "nul", "one word", "literals"],
)
def test_deep_python_is_no_more_than_a_fault(text: str) -> None:
    """What Python itself refuses to parse is a fault or unknown, and ends nothing."""
    assert read_python(text).opaque or not read_python(text).names


@pytest.mark.parametrize(
    "text",
    [
        "x = f'{a['b']}'\n",  # Python 3.12
        "try:\n    go()\nexcept A, B:\n    pass\n",  # Python 3.14
        "type Pair[T] = tuple[T, T]\n",
        "def first[T](of: list[T]) -> T: ...\n",
        "{% if cookiecutter.api %}\nimport api\n{% endif %}\n",
        "\ufeffx = 1\n",
        "x = t'{name}'\n",
    ],
)
def test_newer_syntax_and_templates_are_no_fault(text: str) -> None:
    """What a Python newer than ours reads, or a generator fills in first, is not called broken."""
    assert read_python(text).fault is None


@pytest.mark.parametrize(
    "text",
    [
        "export const Page = () => <p>Salt & Pepper</p>;\n",
        "export type * from './types';\n",
        "const rows = await sql<Row[]>`select ${a} from b`;\nexport { rows };\n",
        "export const a = <p>A & B (fresh</p>;\n",
        "export const re = /[{]/;\n",
        "export const t = `a ${b ? `c ${d}` : '{'} e`;\n",
        "// {{{\nexport const s = '[[[';\n",
    ],
)
def test_what_the_grammar_stumbles_over_is_no_fault(text: str) -> None:
    """The grammar's own gaps are not told as faults of the code."""
    assert read_javascript(text, "tsx").fault is None


def test_all_forms_of_exports_are_offered() -> None:
    """Declarations, patterns, lists, types, namespaces and defaults are names that others may import."""
    text = (
        "export const { a, b: c, ...d } = x; export let [e] = y;\nexport function f() {}\nexport class G {}\n"
        "export interface H {}\nexport type I = 1; export enum J { K }\nexport declare const l: 1;\n"
        "export abstract class M {}\nexport namespace N {}\nconst o = 1; export { o, o as p };\n"
        "export * as q from './q'; export { r as default } from './r';\nexport async function* s() {}\n"
    )
    offered = read_javascript(text, "typescript")
    assert not offered.opaque
    assert {"a", "c", "d", "e", "f", "G", "H", "I", "J", "l", "M", "N", "o", "p", "q", "default", "s"} <= offered.names


def breaks_of(files: dict[str, str]) -> list[tuple[str, str, int, bool]]:
    """Return (kind, path, line, whether it is sure) of what cannot work in *files*."""
    broken: Broken = facts_of(files).get(Broken).value
    return [(one.kind, one.path, one.line, one.sure) for one in broken.breaks]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.ts": "import x from './b';\nx();\n", "b.ts": "export const y = 1;\n"}, [("name", "a.ts", 1, True)]),
        ({"a.ts": "import x from './b';\nx();\n", "b.js": "module.exports = 1;\n"}, []),
        (
            {"a.ts": "import { X } from './b';\nlet y: X;\n", "b.ts": "export const z = 1;\n"},
            [("name", "a.ts", 1, False)],
        ),
        ({"a.ts": "import './b.js';\nimport './c?raw';\n", "b.ts": "", "c.sql": ""}, []),
        (
            {"a.ts": "import './routes';\n", "routes.ts": "", "routes/index.ts": "import './gone';\n"},
            [("file", "routes/index.ts", 1, True)],
        ),
        (
            {
                "a.ts": "import { z } from './b';\nz();\n",
                "b.ts": "export * from './c';\n",
                "c.ts": "export * from 'zod';\n",
            },
            [],
        ),
        ({"a.ts": "import g from './generated/x';\ng();\n"}, []),
        ({"a.ts": "import g from './made/x';\ng();\n", ".gitignore": "made/\n"}, []),
        ({"src/a.ts": "import g from './lib/x';\ng();\n", ".gitignore": "lib/\n"}, [("file", "src/a.ts", 1, True)]),
        ({"a.ts": "import x from '@/x';\nx();\n"}, []),
        ({"a.vue": "", "b.ts": "import A from './a.vue';\nA();\n"}, []),
        ({"a.ts": "try {\n  require('./b');\n} catch {}\n"}, []),
        ({"p/__init__.py": "", "p/a.py": "from .b import c\n"}, [("file", "p/a.py", 1, True)]),
        ({"p/__init__.py": "", "p/a.py": "from . import b\n", "p/b.py": ""}, []),
        ({"p/__init__.py": "", "p/a.py": "from . import b\n"}, [("name", "p/a.py", 1, True)]),
        ({"p/__init__.py": "", "p/a.py": "def f():\n    from .b import c\n"}, [("file", "p/a.py", 2, False)]),
        ({"p/__init__.py": "", "p/traits.py": "from traits import Any\n"}, []),
        ({"p/__init__.py": "", "p/a.py": "from ._version import version\n"}, []),
        ({"p/__init__.py": "", "p/a.py": "from .fast import go\n", "p/fast.pyx": ""}, []),
        ({"a.py": "if TYPE_CHECKING:\n    from b import gone\n", "b.py": ""}, []),
        ({"a.py": "from b import late\n", "b.py": "def f():\n    global late\n    late = 1\n"}, []),
    ],
)
def test_an_import_that_leads_nowhere_is_told_where_it_is_sure(
    files: dict[str, str], said: list[tuple[str, str, int, bool]]
) -> None:
    """Each pair is a repository and what is said of it."""
    assert breaks_of(files) == said


def test_aliases_are_read_with_comments_and_from_builders() -> None:
    """TypeScript's comments and commas, vite's alias in both of its forms, and package.json's imports."""
    typescript = (
        '{\n // "x"\n "compilerOptions": {"baseUrl": "src", "paths": {"@/*": ["./*"], /* y */ "~": ["a"],},},\n}'
    )
    assert aliases.read(typescript, "config") == aliases.Config((("@/*", ("./*",)), ("~", ("a",))), "src")
    shared = '"@shared": path.join(import.meta.dirname, "shared")'
    vite = f'resolve: {{ alias: {{ "@": path.resolve(__dirname, "./src"), {shared} }} }},'
    found = aliases.read(vite, "builder")
    assert found is not None
    assert found.paths == (("@/*", ("src/*",)), ("@shared/*", ("shared/*",)))
    assert aliases.read('manualChunks: { "@radix-ui": ["@radix-ui/react-dialog"] }', "builder") is None
    assert aliases.read('{"imports": {"#lib/*": "./lib/*.js"}}', "package") == aliases.Config(
        (("#lib/*", ("./lib/*.js",)),)
    )


def test_ignore_patterns_match_as_git_matches_them() -> None:
    """A bare name at any depth, an anchored path at its own, and nothing outside of the file's folder."""
    patterns = {".gitignore": ("lib/", "/dist", "*.gen.ts"), "web/.gitignore": ("out/x",)}
    found = ignored.Ignored(patterns)
    paths = ["src/lib/a", "dist/a", "src/dist/a", "a.gen.ts", "web/out/x/b", "out/x"]
    assert [found.pattern_for(path) for path in paths] == ["lib/", "/dist", None, "*.gen.ts", "out/x", None]


@pytest.mark.parametrize("piece", ["a/", "node ", "gunicorn ", "<script ", "/*", '"', "@: ", "b.", "-x "])
def test_no_configuration_takes_long(piece: str) -> None:
    """A quarter of a megabyte of any of them is read without a search that begins again and again."""
    text = piece * (100_000 // len(piece))
    for kind in ("docker", "lines", "page", "package"):
        starts.read(text, kind)
    for kind in ("config", "builder", "package"):
        aliases.read(text, kind)
    assert re.compile(re.escape(piece)).match(text)
