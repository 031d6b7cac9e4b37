"""What checks are judged by, and how often they are made."""

from __future__ import annotations

from pydantic import BaseModel

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting
from checks.engine import ADVISORIES_MAX_AGE


class ChecksSettings(BaseModel):
    """Checks."""

    policy: kinds.File = setting(
        "GROUNDCREW_POLICY",
        None,
        "file",
        "Your own policy: what each place demands, and what it is here.",
        where="copy checks/policy.toml and change it",
        unset="checks/policy.toml",
    )
    fingerprint_key: kinds.Key = setting(
        "GROUNDCREW_FINGERPRINT_KEY",
        None,
        "text of 32 characters or more",
        "The key that lets the same secret be recognised in two places, without keeping the secret.",
        where="openssl rand -hex 32",
    )
    advisories_url: kinds.HttpsUrl = setting(
        "GROUNDCREW_ADVISORIES_URL",
        None,
        "https address, or off",
        "Where known vulnerabilities are fetched from, once a day: archives as the OSV project's, or one file.",
        unset="the OSV project's public archives; the local workspace fetches nothing",
    )
    advisories_max_age: kinds.Duration = setting(
        "GROUNDCREW_ADVISORIES_MAX_AGE",
        ADVISORIES_MAX_AGE,
        "duration",
        "How old known vulnerabilities may be; older ones do not let vulnerable-dependency pass.",
    )
    pypi_index: kinds.PackageIndex = setting(
        "GROUNDCREW_PYPI_INDEX",
        None,
        "https address, or off",
        "The index that is asked about packages of Python: whether there are such, and since when.",
        where="the address that ends in /simple; one with a password belongs into pip's own configuration",
        unset="what pip on this machine is set to",
    )
    npm_registry: kinds.PackageIndex = setting(
        "GROUNDCREW_NPM_REGISTRY",
        None,
        "https address, or off",
        "The registry that is asked about packages of npm: whether there are such, and since when.",
        where="the address in your .npmrc; one with a password belongs into npm's own configuration",
        unset="what npm on this machine is set to",
    )
    look_every: kinds.Duration = setting(
        "GROUNDCREW_LOOK_EVERY",
        "10m",
        "duration",
        "How often each app's repository is asked whether it changed.",
    )
    check_every: kinds.Duration = setting(
        "GROUNDCREW_CHECK_EVERY",
        "24h",
        "duration",
        "How often an app is checked although nothing changed.",
    )
