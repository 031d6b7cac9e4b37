"""Which files reach the browser."""

from __future__ import annotations

from checks.example import facts_of
from checks.facts.browser.client_code import ClientCode

NEXT = '{"dependencies": {"next": "15", "react": "19"}}'
VITE = '{"dependencies": {"react": "18"}, "devDependencies": {"vite": "5"}}'
FULL = '{"dependencies": {"express": "4", "react": "18", "vite": "5"}}'


def reached(files: dict[str, str]) -> set[str]:
    """The paths of *files* that reach the browser."""
    fact = facts_of(files).get(ClientCode).value
    assert isinstance(fact, ClientCode)
    return set(fact.paths)


def test_next_gives_the_browser_what_is_marked_and_what_that_imports() -> None:
    """A file marked "use client" and its imports reach the browser; server files and routes do not."""
    files = {
        "package.json": NEXT,
        "app/page.tsx": 'import { Chat } from "./chat";\n',
        "app/chat.tsx": '// x\n"use client";\nimport { ask } from "@/lib/ask";\nimport { db } from "@/lib/db";\n',
        "lib/ask.ts": 'import { base } from "./base";\nexport const ask = 1;\n',
        "lib/base.ts": "export const base = 1;\n",
        "lib/db.ts": 'import "server-only";\nexport const db = 1;\n',
        "lib/other.ts": "export const other = 1;\n",
        "app/api/x/route.ts": "export const GET = 1;\n",
    }
    assert reached(files) == {"app/chat.tsx", "lib/ask.ts", "lib/base.ts"}


def test_a_bundler_gives_the_browser_everything_but_servers_and_configuration() -> None:
    """With Vite all of src reaches the browser; functions, configuration and declarations do not."""
    files = {
        "package.json": VITE,
        "src/main.tsx": "export {};\n",
        "src/lib/a.ts": "export {};\n",
        "src/vite-env.d.ts": "interface A {}\n",
        "vite.config.ts": "export default {};\n",
        "supabase/functions/x/index.ts": "Deno.serve(() => 1);\n",
        "scripts/seed.ts": "export {};\n",
    }
    assert reached(files) == {"src/main.tsx", "src/lib/a.ts"}


def test_beside_a_server_only_what_uses_the_browser_reaches_it() -> None:
    """In a repository with a server of its own, a file counts by its folder or by what only a browser has."""
    files = {
        "package.json": FULL,
        "client/src/a.ts": "export {};\n",
        "src/view.tsx": 'import { useState } from "react";\n',
        "src/service.ts": "export {};\n",
        "server/index.ts": 'import express from "express";\n',
    }
    assert reached(files) == {"client/src/a.ts", "src/view.tsx"}


def test_a_manifest_that_is_no_object_says_nothing() -> None:
    """A broken package.json is passed over."""
    assert reached({"package.json": "[" * 5_000, "public/a.js": "document.title = 1;\n"}) == {"public/a.js"}
