"""
A secret that was taken out of the files is still in the history.

Every clone holds every version of every file. A key that somebody committed and removed in the next commit is one `git
log -p` away from everybody who can read the repository now or got a copy before. Removing it made nothing safe: it
works until it is made invalid where it was issued.

Every version of every file that the checked branch reaches is read, and each secret is told once, with the commit that
added it. Keys and tokens whose form names their vendor, and private keys, hold an app back from every place, since
nobody but the vendor can say that they are invalid by now. Passwords in removed files of settings hold it back to the
sandbox; other weaker forms, and what stood in tests, documentation or examples, are advice. What a file still holds is
told by the other checks. A history that could not be read to its end counts as not checked.

## How to fix

1. Make the secret invalid where it was issued, and put a new one into the settings of the place where the app
   runs. This comes first, and alone makes the finding harmless.
2. Then have the finding waived, with the day of the rotation as the reason. Rewriting the history (git filter-repo) is
   worth it only where the value itself is telling, and takes nothing from those who have a clone.
3. Switch on push protection at the code host, so that the next one does not get in.

## Fix prompt

The history of this repository holds secrets that the files no longer have (paths and commits are listed below). Do not
rewrite the history and do not print any of the values. For each one, tell me which service issued it, from the code
around it at that commit (`git show COMMIT:PATH`, with the value masked), and where I make it invalid and get a new one.
Then make sure that the code at HEAD reads it from an environment variable with no fallback, that `.env` is in
`.gitignore`, and that `.env.example` names it without a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from checks.check import Bad, Check, Good, NotChecked
from checks.facts.secrets.assigned_secrets import DEFAULT
from checks.facts.secrets.history_secrets import TOPIC, HistorySecrets, PastSecret
from checks.facts.tier import Tier, is_built, is_env_file, is_for_development, is_pipeline, tier_of
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_COMMIT = "3f2a9c1b7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a"
_DAY = datetime(2025, 3, 9, 14, 30, tzinfo=UTC)


def _past(path: str, what: str, *, certain: bool = True) -> PastSecret:
    return PastSecret(path, 3, what, certain, "9f8e7d6c5b4a3f2e", _COMMIT, _DAY)


def _history(*secrets: PastSecret, unseen: tuple[str, ...] = (), absent: str = "") -> dict[str, HistorySecrets]:
    return {TOPIC: HistorySecrets(secrets, unseen, absent)}


_FILES = {
    "app.py": 'import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\n',
    ".gitignore": ".env\n",
}

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad(
            _FILES,
            given=_history(_past(".env", "OpenAI API key")),
            says="removed from the files and is still in the history: rotate it",
            line=3,
        ),
        Bad(
            {"src/integrations/supabase/client.ts": "export const supabase = createClient(url, anonKey);\n"},
            given=_history(_past("supabase/functions/admin.ts", "Supabase service_role key")),
            says="added on 9 March 2025",
        ),
        Bad(_FILES, given=_history(_past("backend/.env", "signing key", certain=False)), says="signing key"),
        Bad(_FILES, given=_history(_past("tests/test_api.py", "OpenAI API key")), says="OpenAI"),
        Good(_FILES, given=_history()),
        Good(
            _FILES,
            given=_history(unseen=("still reading the history: 200 of 9,000 versions of files; check again to go on",)),
            says="still reading the history",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good(
            _FILES,
            given=_history(absent="a plain folder has no history"),
            says="plain folder",
            outcome=Outcome.NOT_CHECKED,
        ),
    ),
)


@check.detect
def detect(history: HistorySecrets) -> Iterator[Finding]:
    """Yield each secret that the history alone holds."""
    if history.absent:
        # The folder was seen whole; whether there is a history elsewhere, it cannot say.
        raise NotChecked(f"{history.absent}: check the repository to have it read", allows=Placement.SANDBOX)
    for secret in sorted(history.secrets, key=lambda secret: (not secret.certain, secret.path, secret.line)):
        yield _finding(secret)
    if history.unread:
        # What the history alone lacks, in an app whose files were all seen, keeps it in the sandbox, not out of it.
        raise NotChecked("; ".join(history.unread[:3]), allows=Placement.SANDBOX)


def _finding(secret: PastSecret) -> Finding:
    blocking = _is_real(secret)
    article = "An" if secret.what[0] in "aAOo" else "A"
    by = f" by commit {secret.commit}" if secret.commit else ""
    since = f"; it was added on {_day(secret.added)}{by}" if secret.added else ""
    asked = "; a comment there asked scanners to skip it" if secret.hidden else ""
    return Finding(
        f"{article} {secret.what} was removed from the files and is still in the history: rotate it{since}{asked}",
        path=secret.path,
        line=secret.line,
        kind=secret.what,
        severity=Severity.LOW if not blocking else Severity.CRITICAL if secret.certain else Severity.HIGH,
        confidence=Confidence.HIGH if secret.certain else Confidence.MEDIUM if blocking else Confidence.LOW,
        blocking=blocking,
        allows=Placement.NOWHERE if secret.certain else Placement.SANDBOX,
        commit=secret.commit,
        source=secret.shape,
        same_value=secret.same_value,
    )


def _is_real(secret: PastSecret) -> bool:
    """Whether *secret* opened something: by its form, or because it stood in the settings that the app ran with."""
    tier = tier_of(secret.path)
    if secret.certain:
        return tier is Tier.CODE or (tier is Tier.VENDORED and is_built(secret.path))
    if tier is not Tier.CODE or is_for_development(secret.path) or is_pipeline(secret.path):
        return False
    return secret.what != DEFAULT and (is_env_file(secret.path) or secret.what == "password in a database address")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
