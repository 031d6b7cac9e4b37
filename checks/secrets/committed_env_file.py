"""
A file of settings with secrets in it is committed.

`.env` and its kin hold an app's passwords and keys together. Committed, they are in every clone and in the history for
good, and the next secret that somebody adds to the file is out as well. Each line that holds a secret is one finding,
because each has to be made invalid by itself.

Templates (`.env.example`) and placeholders are no findings. A committed file with publishable values only is advice: it
is one careless line away from the fault.

## How to fix

1. Make every secret in the file invalid where it was issued, and take the file out of the repository.
2. `git rm --cached .env`, add `.env` to `.gitignore`, and keep a `.env.example` with the names alone.
3. Put the new values into the settings of the place where the app runs.

## Fix prompt

A file of settings with real secrets is committed in this repository (file and lines are listed below). Remove it from
the repository with `git rm --cached`, add `.env` and `.env.*` (but not `.env.example`) to `.gitignore` and to
`.dockerignore`, and write `.env.example` with the same names and no values. Make sure that the code reads each name
from the environment and stops with a clear message when one is missing. Do not print or copy any of the values. Then
list for me each secret that I have to make invalid and make anew, and where that is done.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.secrets.assigned_secrets import DEFAULT, Strength
from checks.facts.secrets.candidates import Candidate, SecretCandidates
from checks.facts.tier import Tier, is_env_file, tier_of
from checks.model import Confidence, Finding, Placement, Severity

# Made-up values, in two pieces so that no scanner takes them for real ones.
_OPENAI = "sk-" + "proj-Qm3vT8xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0"
_ANON = "eyJhbGciOiJIUzI1NiJ9." + "eyJyb2xlIjoiYW5vbiIsImlzcyI6InN1cGFiYXNlIn0" + ".c2lnbmF0dXJlLW9mLW5vdGhpbmc"

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad({".env": f"# Environment\nOPENAI_API_KEY={_OPENAI}\nPORT=3000\n"}, says="OpenAI API key", line=2),
        Bad({"backend/.env.production": "DB_HOST=db.acme.io\nDB_PASSWORD=Tr0ub4dor&3\n"}, says="password", line=2),
        Bad({".env.local": "SESSION_SECRET=9f8c1b7a6d5e4f3a2b1c0d9e8f7a6b5c\n"}, says="signing key"),
        Bad(
            {".env": "DATABASE_URL=postgresql://neondb_owner:q8Rk2mVx7@ep-cool-1.aws.neon.tech/neondb\n"},
            says="database",
        ),
        Bad({".env": f"VITE_SUPABASE_PUBLISHABLE_KEY={_ANON}\n"}, says="publishable"),
        Good({".env.example": "OPENAI_API_KEY=sk-your-key-here\nDB_PASSWORD=changeme\nSESSION_SECRET=\n"}),
        Good({".env": "SECRET_KEY=changethis\nPOSTGRES_PASSWORD=changethis\nDOMAIN=localhost\nPORT=8000\n"}),
        Good({".env.development": "REACT_APP_API_URL=http://localhost:5000\nTOKEN_EXPIRES_IN=3600\n"}),
        Good({"src/vite-env.d.ts": "interface ImportMetaEnv { readonly VITE_KEY: string }\n"}),
    ),
)


@check.detect
def detect(secrets: SecretCandidates) -> Iterator[Finding]:
    """Yield each secret in a committed file of settings, or one piece of advice where all is publishable."""
    for path, part in sorted(secrets.files.items()):
        if not is_env_file(path):
            continue
        real = tier_of(path) is Tier.CODE
        weak = {Strength.PUBLIC} if real else {Strength.PUBLIC, Strength.POSSIBLE}
        found = [each for each in part.candidates if each.strength not in weak and (real or each.what != DEFAULT)]
        yield from (_finding(path, each) for each in found)
        if real and not found and part.candidates:
            yield Finding(
                f"{path} is committed; it holds publishable values only so far",
                path=path,
                line=part.candidates[0].line,
                kind="publishable",
                severity=Severity.LOW,
                blocking=False,
                allows=Placement.PRODUCTION,
                identity="publishable",
            )


def _finding(path: str, secret: Candidate) -> Finding:
    certain = secret.strength is Strength.CERTAIN
    blocking = tier_of(path) is Tier.CODE and secret.strength is not Strength.POSSIBLE
    return Finding(
        f"{path} is committed and holds {'an' if secret.what[0] in 'aAO' else 'a'} {secret.what}",
        path=path,
        line=secret.line,
        kind=secret.what,
        severity=Severity.CRITICAL if certain else Severity.HIGH if blocking else Severity.MEDIUM,
        confidence=Confidence.HIGH if certain else Confidence.MEDIUM if blocking else Confidence.LOW,
        blocking=blocking,
        allows=Placement.NOWHERE if certain else Placement.SANDBOX,
        source=secret.shape,
        same_value=secret.same_value,
    )
