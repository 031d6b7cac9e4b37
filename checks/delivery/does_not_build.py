"""
The code as it stands cannot work.

A file that no parser reads, an import of a name that its module no longer has, an import of a file that is not there, a
start command that names nothing: the newest revision cannot be built, or fails as soon as it is started. AI builders
rename and move things and forget who used them, and a bad merge leaves its marks; where nobody built what was committed
nobody noticed. What runs somewhere now is then another revision, and every other answer here is about code that cannot
run.

What the app comes to from its start holds it back; what is left over beside it is advice, as is what shows only once it
is called.

## How to fix

Build and start the app from a fresh clone of this revision, with the commands that its hosting uses, and mend what
fails. Then let a pipeline do the same on every change.

## Fix prompt

The newest revision of this app cannot work: the places below name files that cannot be parsed and imports that lead to
nothing. For each, find out what was meant: restore the missing export or file from the history, correct the path and
its capital letters, or remove the import with what uses it. Finish merges whose conflict marks were committed by
keeping what both sides meant. Do not silence an error by stubbing the import or by switching off type checks. Then
clone the repository into an empty folder, install from the lock file, build, start, and show me that it works.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.linking.broken import Broken
from checks.facts.linking.linker import Break
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_FLASK = "from flask import Flask\n{imports}\napp = Flask(__name__)\n@app.get('/')\ndef index():\n    return ''\n"
_VITE = {
    "index.html": '<div id="root"></div>\n<script type="module" src="/src/main.tsx"></script>\n',
    "src/main.tsx": 'import App from "./App";\nrender(<App />);\n',
    "tsconfig.json": '{\n  // as Lovable writes it\n  "compilerOptions": {"paths": {"@/*": ["./src/*"]}},\n}\n',
}
_APP = 'import {{ {name} }} from "@/components/Button";\nexport default function App() {{\n  return <{name} />;\n}}\n'
_BUTTON = "export function Button() {\n  return <button />;\n}\n"
_CONFLICT = (
    "<<<<<<< HEAD\nimport { Analytics } from './analytics';\n=======\nimport { Tracking } from './tracking';\n"
    ">>>>>>> 3f2c1ab (Add tracking)\nexport default function App() {\n  return null;\n}\n"
)
_NEXT = {
    "next.config.mjs": "export default {};\n",
    "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
    "lib/auth.ts": "export const getUser = async () => null;\n",
}
_ROUTE = (
    'import {{ {name} }} from "@/lib/auth";\n'
    "export async function GET() {{\n  return Response.json(await {name}());\n}}\n"
)


def _flask(imports: str, **files: str) -> dict[str, str]:
    """Return an app whose app.py has *imports*, with *files* (`a__b` is a/b.py)."""
    named = {f"{name.replace('__', '/', 1)}.py": text for name, text in files.items()}
    return {"app.py": _FLASK.format(imports=imports), "requirements.txt": "flask==3.0.0\n", **named}


check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad({**_VITE, "src/App.tsx": _CONFLICT}, says="a merge conflict was committed with its marks", line=1),
        Bad(
            {**_VITE, "src/App.tsx": _APP.format(name="PrimaryButton"), "src/components/Button.tsx": _BUTTON},
            says="imports PrimaryButton from @/components/Button, but src/components/Button.tsx does not export it",
            line=1,
        ),
        Bad(
            {**_VITE, "src/App.tsx": _APP.format(name="Button")},
            says="imports @/components/Button, and there is no such file",
        ),
        Bad(
            {**_VITE, "src/App.tsx": _APP.format(name="Button"), "src/components/button.tsx": _BUTTON},
            says="capital letters count",
        ),
        Bad({**_NEXT, "app/api/me/route.ts": _ROUTE.format(name="requireUser")}, says="imports requireUser"),
        Bad({**_VITE, "src/App.tsx": "export default function App() {\n  return null;\n"}, says="is never closed"),
        Bad(_flask("from models import Invoice", models="class Order:\n    pass\n"), says="has no such name", line=2),
        Bad(_flask("import shop.views", shop____init__="", shop__views="from .models import db\n"), says=".models"),
        Bad(_flask("import views", views="def index():\n    try:\n        go()\n    except Exception:\nx = 1\n")),
        Bad(
            {"Dockerfile": 'FROM python:3.12\nCMD ["python", "main.py"]\n', "app.py": "x = 1\n"}, says="main.py", line=2
        ),
        Bad({"old/page.py": "def broken(:\n"}, says="it is not Python"),  # advice: nothing comes to it
        Good(  # a folder is imported, and a file beside it has a longer name
            {
                "src/main.ts": 'import { start } from "./client";\nstart();\n',
                "src/client/index.ts": "export function start() {}\n",
                "src/client.gen.ts": "export const made = 1;\n",
                "package.json": '{"scripts": {"start": "node src/main.ts"}}\n',
            }
        ),
        Good({**_VITE, "src/App.tsx": _APP.format(name="Button"), "src/components/Button.tsx": _BUTTON}),
        Good(  # types alone: a builder drops them
            {
                **_VITE,
                "src/App.tsx": 'import type { Gone } from "./types";\nimport { type Lost } from "./types";\n'
                "export default function App() {\n  return <p>Salt & Pepper (fresh</p>;\n}\n",
                "src/types.ts": "export interface Order {\n  id: string;\n}\n",
            }
        ),
        Good(  # passed on by `export *`, made by a build, and an alias that nobody declares
            {
                **_NEXT,
                "app/page.tsx": 'import { Card } from "@/ui";\nimport { client } from "@/generated/client";\n'
                'import x from "~/x";\nexport default function Page() {\n  return <Card c={client} x={x} />;\n}\n',
                "ui/index.ts": 'export * from "./card";\nexport * from "some-package";\n',
                "ui/card.tsx": "export const Deck = 1;\n",
            }
        ),
        Good(
            _flask(
                "try:\n    import fast\nexcept ImportError:\n    fast = None\n"
                "from late import anything\nfrom shop import cart",
                late="def __getattr__(name):\n    return name\n",
                shop____init__="from .cart import *\n",
                shop__cart="def add(): ...\n",
            )
        ),
        Good(_flask("from redis import Redis\nfrom alembic import op", alembic__env="x = 1\n")),
        Good(
            {
                "package.json": '{"scripts": {"build": "tsc", "start": "node dist/server.js"}}',
                "src/server.ts": "run();\n",
            }
        ),
        Good({"README.md": "Notes.\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(broken: Broken) -> Iterator[Finding]:
    """Yield what cannot work: first what the app comes to when it is built and started."""
    if not broken.modules:
        raise NotApplicable("there is no Python, JavaScript or TypeScript code")
    beside: dict[tuple[str, str], list[Break]] = {}
    for one in broken.breaks:
        if one.runs:
            yield _finding(one)
        else:
            beside.setdefault((one.kind, one.path.rpartition("/")[0]), []).append(one)
    for several in beside.values():  # a folder of leftovers is one thing to know
        more = len(several) - 1
        also = f", like {more} more {'place' if more == 1 else 'places'} of its folder" if more else ""
        yield _finding(several[0], f", in a file that nothing seems to run{also}")


def _finding(one: Break, beside: str = "") -> Finding:
    holds = one.sure and one.runs
    return Finding(
        f"{one.path.rpartition('/')[2]} {one.said}{beside}",
        path=one.path,
        line=one.line,
        kind=one.kind,
        severity=Severity.HIGH if holds else Severity.LOW,
        confidence=Confidence.HIGH if one.sure else Confidence.MEDIUM,
        blocking=holds,
        identity=f"{one.kind} {one.about}",
    )
