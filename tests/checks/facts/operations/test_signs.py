"""Which words show error tracking, backups and databases, and which do not."""

from __future__ import annotations

import pytest

from checks.fact import Listing
from checks.facts.operations.instructions import Topic
from checks.facts.operations.instructions import join as join_told
from checks.facts.operations.instructions import kind_of as told_kind
from checks.facts.operations.instructions import read as read_told
from checks.facts.operations.signs import Sign, Signs, join, kind_of, read


def signs(path: str, text: str) -> Signs:
    """The signs of one file."""
    kind = kind_of(path)
    part = read(text, kind) if kind else None
    return join({path: part} if part else {}, Listing(()))


@pytest.mark.parametrize(
    ("path", "text", "sign"),
    [
        ("app.py", "import sentry_sdk\n", Sign.ERRORS),
        ("src/a.ts", "import * as Sentry from '@sentry/react';\n", Sign.ERRORS),
        ("package.json", '{"dependencies": {"@sentry/nextjs": "8"}}', Sign.ERRORS),
        ("app/log.py", "logging.handlers.SMTPHandler(host)\n", Sign.ERRORS),
        ("README.md", "Run the nightly backups with cron.\n", Sign.BACKUP),
        ("ops/backup.sh", "cp a b\n", Sign.BACKUP),
        ("Makefile", "dump:\n\tpg_dump app\n", Sign.BACKUP),
        ("src/db.ts", "import { createClient } from '@supabase/supabase-js'\n", Sign.MANAGED),
        (".env.example", "DATABASE_URL=postgres://x.neon.tech/db\n", Sign.MANAGED),
        ("compose.yaml", "services:\n  db:\n    image: postgres:16\n", Sign.OWN),
    ],
)
def test_what_shows_a_sign(path: str, text: str, sign: Sign) -> None:
    """Imports, packages, settings and words in texts show what the operation rests on."""
    found = signs(path, text).first(sign)
    assert found is not None
    assert found[0] == path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/a.ts", "// TODO: send this to Sentry\nimport scrollbar from 'tailwind-scrollbar';\n"),
        ("src/page.tsx", "const tools = ['Sentry', 'Datadog', 'Supabase'];\n"),
        ("app.py", "# import sentry_sdk\n"),
        ("compose.dev.yaml", "services:\n  db:\n    image: postgres:16\n"),
        ("pnpm-lock.yaml", "'@opentelemetry/api': 1\n"),
        ("dist/a.js", "import '@sentry/browser'\n"),
        ("src/codes.py", "def backup_codes(): ...\n"),
    ],
)
def test_wishes_words_on_pages_and_locks_show_nothing(path: str, text: str) -> None:
    """A remark, a name on a page, a lock's entry and a database for development are no signs."""
    assert signs(path, text).shown == ()


def test_texts_tell_how_to_run_and_whom_to_call() -> None:
    """Topics are found in any text for people, a runbook by its name tells how to go back, owners are contacts."""
    files = {"README.md": "npm run dev\n", "docs/RUNBOOK.md": "x\n", ".claude/skills/a.md": "deploy\n"}
    parts = {
        path: part for path, text in files.items() if (kind := told_kind(path)) and (part := read_told(text, kind))
    }
    told = join_told(parts, Listing(())).told
    assert told == {Topic.RUN.name: "README.md", Topic.RECOVER.name: "docs/RUNBOOK.md"}
