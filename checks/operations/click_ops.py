"""
The app runs somewhere, and nothing in the repository says how.

What was set up by clicks in a host's pages (builds, variables, domains, tables) is known to one person and to nobody's
review. When the account, the host or that person is gone the app cannot be put up again, and nobody sees what changed
between the version that worked and this one.

A link to a running app in the README, or a project of an AI builder, shows that it runs; a Dockerfile, a compose file,
the host's own file or a workflow that deploys shows how. The same is asked of a Supabase database: its tables belong
into migrations. It is advice.

## How to fix
Put the host's file into the repository (vercel.json, fly.toml, render.yaml, a Dockerfile, Terraform), list
the variables it needs in `.env.example`, and let a workflow deploy. For Supabase run `supabase db pull` and commit the
migrations.

## Fix prompt
Write down how this app is deployed, as code: add a Dockerfile that builds and starts it as an ordinary user, the
configuration file of the host that it runs on now, and a GitHub Actions workflow that deploys the main branch when the
tests pass. List every environment variable that the code reads, without values, in `.env.example`, and describe in the
README how to put the app up on an empty account. If it uses Supabase, add `supabase/migrations` with the tables,
policies and functions that the code relies on. No secret in any file.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.fact import Listing
from checks.facts.deployment import Deployment, Place
from checks.facts.operations.signs import Sign, Signs
from checks.model import Confidence, Finding, Outcome, Placement, Severity

#: Files and folders that hold a database's tables as code.
_TABLES = ("migrations/", "schema.prisma", ".sql", "drizzle", "alembic", "schema.ts")
_APP = '{"dependencies": {"react": "18"}, "devDependencies": {"vite": "5"}}\n'

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad(
            {
                "package.json": _APP,
                "README.md": "# Welcome to your Lovable project\n\n**URL**: https://lovable.dev/projects/1234\n",
            },
            says="Lovable",
            line=3,
        ),
        Bad({"README.md": "Live demo: https://my-crm.streamlit.app\n"}, says="Streamlit Cloud", line=1),
        Bad(
            {
                "vercel.json": "{}\n",
                "src/db.ts": "import { createClient } from '@supabase/supabase-js';\n",
            },
            says="tables",
        ),
        Good({"README.md": "https://my-app.vercel.app\n", "vercel.json": "{}\n"}),
        Good({"README.md": "https://my-app.fly.dev\n", "Dockerfile": "FROM node:22\nUSER node\n"}),
        Good(
            {
                "vercel.json": "{}\n",
                "src/db.ts": "import { createClient } from '@supabase/supabase-js';\n",
                "supabase/migrations/1.sql": "create table a (id int);\n",
            }
        ),
        Good({"README.md": "# A library\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(deployment: Deployment, signs: Signs, listing: Listing) -> Iterator[Finding]:
    """Yield one advice where the app runs somewhere by clicks, and one where its database's tables do."""
    if deployment.is_library:
        raise NotApplicable("a library or command line that others install")
    links = [(path, place) for path, place in deployment.places if place.link]
    managed = signs.first(Sign.MANAGED)
    supabase = managed if managed is not None and "supabase" in managed[1].word.lower() else None
    if not links and not deployment.configured and supabase is None:
        raise NotApplicable("nothing here says that it runs anywhere")
    if links and not deployment.configured:
        yield _finding(*links[0])
    tables = any(name in path for path in listing.paths for name in _TABLES)
    if supabase is not None and not tables:
        path, shown = supabase
        yield Finding(
            "It uses a Supabase database whose tables and policies stand in no migration: only its pages know them",
            path=path,
            line=shown.line,
            kind="tables",
            confidence=Confidence.MEDIUM,
            blocking=False,
            identity="tables",
        )


def _finding(path: str, place: Place) -> Finding:
    return Finding(
        f"It runs on {place.host}, as this link shows, and no file says how it is built and deployed there",
        path=path,
        line=place.line,
        kind="host",
        confidence=Confidence.MEDIUM,
        blocking=False,
        identity=place.host,
    )
