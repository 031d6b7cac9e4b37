"""
The names of all settings, and what is said of a name that is none.

They stand apart from bot/setting_groups, which describe them, so that `groundcrew check` knows them without a settings
library; a test holds the two alike.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

#: Each can also be given as a file, by `NAME_FILE`.
SECRET_NAMES = (
    "GROUNDCREW_DATABASE_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_SIGNING_SECRET_OLD",
    "GROUNDCREW_GITHUB_WEBHOOK_SECRET",
    "GROUNDCREW_GITHUB_TOKEN",
    "GROUNDCREW_FINGERPRINT_KEY",
    "GROUNDCREW_SMTP_URL",
    "GROUNDCREW_PAGE_WEBHOOK_URL",
    "GROUNDCREW_PAGE_WEBHOOK_SECRET",
    "GROUNDCREW_PAGERDUTY_ROUTING_KEY",
    "GROUNDCREW_DEAD_MAN_URL",
)
NAMES = (
    *SECRET_NAMES,
    "SLACK_API_URL",
    "GROUNDCREW_HOME",
    "GROUNDCREW_RELIABILITY_CHANNEL",
    "GROUNDCREW_ADMINS",
    "GROUNDCREW_APPROVERS",
    "GROUNDCREW_CODE_HOSTS",
    "GROUNDCREW_GITHUB_API",
    "GROUNDCREW_GIT_ALLOW_CIDRS",
    "GROUNDCREW_GIT_CA_FILE",
    "GROUNDCREW_OWN_DOMAINS",
    "GROUNDCREW_PROBE_PORTS",
    "GROUNDCREW_ALLOW_PROBE_CIDRS",
    "GROUNDCREW_POLICY",
    "GROUNDCREW_ADVISORIES_URL",
    "GROUNDCREW_ADVISORIES_MAX_AGE",
    "GROUNDCREW_PYPI_INDEX",
    "GROUNDCREW_NPM_REGISTRY",
    "GROUNDCREW_ESCALATION",
    "GROUNDCREW_OWNER_WAIT",
    "GROUNDCREW_BACKUP_WAIT",
    "GROUNDCREW_GROUP_WAIT",
    "GROUNDCREW_CHANNEL_WAIT",
    "GROUNDCREW_REPEAT_EVERY",
    "GROUNDCREW_ACK_STALE",
    "GROUNDCREW_SECOND_ROUTE_AFTER",
    "GROUNDCREW_PAGES_PER_HOUR",
    "GROUNDCREW_SMTP_FROM",
    "GROUNDCREW_PAGERDUTY_URL",
    "GROUNDCREW_LOOK_EVERY",
    "GROUNDCREW_CHECK_EVERY",
    "GROUNDCREW_CHECKS_AT_ONCE",
    "GROUNDCREW_LOCAL_FOLDERS",
    "GROUNDCREW_LOCAL_PORT",
    "GROUNDCREW_LISTEN",
    "GROUNDCREW_LOG_LEVEL",
    "GROUNDCREW_LOG_FORMAT",
    "GROUNDCREW_DEAD_MAN_EVERY",
    "GROUNDCREW_KEEP_MESSAGES",
    "GROUNDCREW_KEEP_REPORTS",
    "GROUNDCREW_KEEP_PAGES",
)
#: Names with our prefix that tests and continuous integration read; no command does.
_NOT_OURS = {"GROUNDCREW_REQUIRE", "GROUNDCREW_SCREENSHOTS"}


def unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each name in *environment* that has our prefix and is no setting, with what was meant."""
    known = {*NAMES, *(f"{name}_FILE" for name in SECRET_NAMES)}
    for name in sorted(environment):
        if name.startswith("GROUNDCREW_") and name not in known | _NOT_OURS:
            # What all of them begin with would make any two alike.
            ends = {one.removeprefix("GROUNDCREW_"): one for one in known}
            close = difflib.get_close_matches(name.removeprefix("GROUNDCREW_"), ends, 1)
            hint = f"Did you mean {ends[close[0]]}?" if close else "docs/settings.md lists them all."
            yield f"{name} is no setting of Groundcrew. {hint}"
