"""Words that show what the operation of an app rests on: error tracking, backups, databases and who keeps them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import language_of
from checks.facts.tier import Tier, is_built, is_compose_file, is_env_file, is_for_development, is_pipeline, tier_of


class Sign(StrEnum):
    """What a file shows."""

    ERRORS = "errors"  # faults are sent to somebody
    BACKUP = "backup"
    MANAGED = "managed"  # a database that a service keeps
    OWN = "own"  # a database server that comes with the app


@dataclass(frozen=True, slots=True)
class Shown:
    """One sign: its *line* from 1 and the word that shows it."""

    sign: str
    line: int
    word: str


@dataclass(frozen=True, slots=True)
class SignsInFile:
    """The first of each sign in one file."""

    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """All files' signs as (path, sign), in order of paths."""

    shown: tuple[tuple[str, Shown], ...]

    def first(self, sign: Sign) -> tuple[str, Shown] | None:
        """Return the first file that shows *sign*, with what it shows; None where none does."""
        return next((each for each in self.shown if each[1].sign == sign), None)


def _words(pattern: str) -> re2._Regexp:
    """Compile *pattern* for UTF-8 bytes: many words in whichever case, which re would try one by one."""
    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(pattern, options)


_TOOLS = (
    r"pg_dump|mysqldump|mongodump|litestream|\brestic\b|\bborg(?:backup|matic)?\b|wal-g|pgbackrest|\bvelero\b"
    r"|pg_basebackup|dbbackup"
    r"|\bsqlite3?\b[^\n]{0,60}\.backup|\.backup\([\"'\w]*db|duplicity|dumpdata|(?:def|function"
    r"|const)\s+\w{0,20}backup_?(?:db|database|data)"
)
_PHRASES = (
    r"backup_?(?:database|db|retention|schedule|bucket)"
    r"|(?:database|db|data|postgres|nightly|daily|automated|automatic|regular)[-_ ]{0,3}backups?\b"
    r"|backup[-_]?(?:script|job|cron|service|policy)|point-in-time|\bPITR\b"
    r"|\bback(?:ing)?[ -]up (?:your|the|all|its)?\s?(?:data|database|instance|volume|media|files)"
)
_TRACKERS = (
    r"(?:sentry|rollbar|bugsnag|honeybadger|airbrake|raygun|datadog|ddtrace|dd-trace|new_?relic|elastic-?apm"
    r"|opentelemetry|highlight[.-]run"
    r"|application-?insights|azure[.-]monitor|opencensus|logrocket|trackjs|glitchtip|appsignal|scout[-_]apm"
    r"|google[.-]cloud[./-](?:logging|error[-_]reporting)"
    r"|watchtower|winston-cloudwatch|logtail|betterstack|logfire|axiomhq|next-axiom|sumologic|pino-loki|graylog"
    r"|gelf|loggly|seq-logging|instana"
    r"|dynatrace|signoz|hyperdx|crashlytics|errsole|exceptionless|grafana/faro|vercel/otel)"
)
_DATABASES = (
    r"(?:supabase|neondatabase|planetscale|libsql|vercel/(?:postgres|kv)|upstash|firebase|firestore|dynamodb|convex"
    r"|appwrite|airtable"
    r"|cloudsql|cloud-sql|cosmos|xata|fauna|snowflake|bigquery)"
)
_IMPORTS = r"(?:\bfrom|\bimport|\brequire\()\s*[\"']?(?:[\w@./-]{0,60}[@/._-])?"
_HOSTED = (
    r"supabase\.co|neon\.tech|psdb\.cloud|mongodb\.net|mongodb\+srv"
    r"|rds\.amazonaws|database\.windows\.net|cockroachlabs|aivencloud|turso\.io"
)
#: In code a name counts where it is imported or called: pages and prompts speak of such services too.
_CODE = (
    (
        Sign.ERRORS,
        _words(
            _IMPORTS
            + _TRACKERS
            + r"|\bsentry(?:_sdk)?\.\w+\(|captureException\(|\bmail_admins\b|AdminEmailHandler|SMTPHandler\("
            r"|SENTRY_DSN|appInsights\.|posthog[^\n]{0,80}exception|newrelic\.agent|statsd\.client"
        ),
    ),
    (Sign.BACKUP, _words(_TOOLS)),
    (Sign.MANAGED, _words(_IMPORTS + _DATABASES + "|" + _HOSTED)),
)
#: In settings, manifests and scripts any mention counts.
_SETTINGS = (
    (Sign.ERRORS, _words(r"(?:\b|[_@/-])" + _TRACKERS + r"|cloudwatch|\botel\b")),
    (Sign.BACKUP, _words(_TOOLS + "|" + _PHRASES)),
    (
        Sign.MANAGED,
        _words(
            _DATABASES
            + "|"
            + _HOSTED
            + r"|heroku-postgresql|\brds\b|aws_db_instance|google_sql|fly-postgres|ipAllowList"
        ),
    ),
)
_OWN = _words(
    r"(?m)^[ \t]*image:\s*[\"']?(?:[\w./-]{0,60}/)?(?P<what>postgres|postgis|mysql|mariadb|mongo|timescaledb"
    r"|couchdb|cassandra|influxdb|clickhouse)\b"
)
_MOST = 200  # matches of one word that are looked at
_REMARK = re.compile(rb"^\s*\*|(?:^|\s)(?://|#|<!--|\{?/\*)")
_BY_KIND = {
    "code": _CODE,
    "settings": _SETTINGS,
    "text": ((Sign.BACKUP, _words(_TOOLS + "|" + _PHRASES)),),
    "compose": (*_SETTINGS, (Sign.OWN, _OWN)),
    "backup": (),
}
_CONFIG = re.compile(
    r"(^|/)(package\.json|requirements[^/]*\.txt|pyproject\.toml|Pipfile|setup\.(py|cfg)|app\.json|render\.ya?ml"
    r"|fly\.toml|[\w.-]+\.tf"
    r"|Dockerfile[^/]*|[\w-]+\.(sh|service|timer|cron|crontab|conf|ini|cfg)|crontab|Makefile|justfile|config\.toml"
    r"|\.replit|[\w-]+\.prisma)$"
)
_LOCKS = frozenset({"pnpm-lock.yaml", "pnpm-workspace.yaml"})
_YAML = re.compile(r"(^|/)[^/]+\.ya?ml$")
_SCRIPT = re.compile(
    r"(^|/)(db|database|pg|postgres|sqlite|data|auto|nightly|daily)?[-_]?backups?([-_](db|database|data|job))?\.(sh"
    r"|py|[cm]?[jt]s|ya?ml)$"
)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read: code, compose, text for people, a backup's script; None for anything else."""
    tier, name = tier_of(path), posixpath.basename(path)
    if tier is Tier.DOCS and name.lower().endswith((".md", ".rst", ".mdx", ".txt", ".adoc")):
        return "text"
    if tier in {Tier.VENDORED, Tier.TEST, Tier.DOCS} or is_built(path) or name in _LOCKS:
        return None
    if _SCRIPT.search(path):
        return "backup"
    if is_compose_file(path):
        return "compose"
    if _CONFIG.search(path) or _YAML.search(path) or is_env_file(path):
        return "settings"
    return "code" if language_of(path) and tier is Tier.CODE else None


def read(text: str, kind: str) -> SignsInFile | None:
    """Return the first of each sign in *text*."""
    if kind == "backup":
        return SignsInFile((Shown(Sign.BACKUP.value, 1, "a script that is called backup"),))
    found = []
    body = text.encode("utf-8", "replace")
    for sign, pattern in _BY_KIND[kind]:
        # In text for people a star or a hash begins a point or a heading, no comment.
        said = kind == "text"
        matches = islice(pattern.finditer(body), _MOST)
        shown = (each for each in matches if not _is_interface(body, each.end()))
        match = next((each for each in shown if said or not _is_remark(body, each.start())), None)
        if match is not None:
            word = (match.groupdict().get("what") or match.group()).decode("utf-8", "replace")
            found.append(Shown(sign.value, body.count(b"\n", 0, match.start()) + 1, " ".join(word.split())[:40]))
    return SignsInFile(tuple(found)) if found else None


def _is_interface(body: bytes, end: int) -> bool:
    """Whether what ends at *end* is OpenTelemetry's interface alone, which sends nothing."""
    return body[end : end + 4] in {b"/api", b"-api"} and body[max(end - 13, 0) : end].lower() == b"opentelemetry"


def _is_remark(body: bytes, start: int) -> bool:
    """Whether a comment begins on the line before *start*: "send this to Sentry" is a wish."""
    before = body[max(body.rfind(b"\n", 0, start) + 1, start - 300) : start]
    return _REMARK.search(before) is not None


def join(parts: Mapping[str, SignsInFile], _listing: Listing) -> Signs:
    """Return all files' signs."""
    found = ((path, shown) for path, part in sorted(parts.items()) for shown in part.shown)
    # A database for tests or for one developer's machine keeps nobody's data.
    return Signs(tuple(each for each in found if each[1].sign != Sign.OWN or not _is_passing(each[0])))


def _is_passing(path: str) -> bool:
    return is_for_development(path) or is_pipeline(path)


source = Collector(fact=Signs, part=SignsInFile, kind_of=kind_of, read=read, join=join)
