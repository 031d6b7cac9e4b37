"""
The settings: what each is for, its unit, its default, and where a value is to be had.

They are read from the environment once, at the start (bot/settings_load.py). docs/settings.md is written from this
file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, JsonValue, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import setting_kinds as kinds
from checks.engine import ADVISORIES_MAX_AGE, GITHUB_API


def _setting(name: str, default: Any, unit: str, what: str, *, where: str = "", unset: str = "") -> Any:
    """
    Declare the setting *name*, in *unit*: *what* it is for, and *where* its value is to be had.

    *unset* says what holds when it is not given, where the default alone does not.
    """
    about: dict[str, JsonValue] = {"unit": unit, "where": where, "unset": unset}
    return Field(default, validation_alias=name, description=what, json_schema_extra=about)


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, env_ignore_empty=True)

    bot_token: kinds.BotToken = _setting(
        "SLACK_BOT_TOKEN",
        None,
        "text that starts with xoxb-",
        "The token with which the bot speaks in your Slack workspace.",
        where="your Slack app's settings > OAuth & Permissions > Bot User OAuth Token",
        unset="without both tokens the bot starts a local workspace",
    )
    app_token: kinds.AppToken = _setting(
        "SLACK_APP_TOKEN",
        None,
        "text that starts with xapp-",
        "The token that opens the connection to Slack (Socket Mode).",
        where="your Slack app's settings > Basic Information > App-Level Tokens, with the scope connections:write",
        unset="without both tokens the bot starts a local workspace",
    )
    slack_api_url: kinds.ApiUrl = _setting(
        "SLACK_API_URL",
        "https://slack.com/api/",
        "https address",
        "The address of Slack's Web API.",
        where="leave it as it is, except in GovSlack: https://slack-gov.com/api/",
    )
    home: kinds.Folder = _setting(
        "GROUNDCREW_HOME",
        Path(platformdirs.user_data_dir("groundcrew", appauthor=False)),
        "folder",
        "Where the bot keeps everything: registry, mirrors of repositories, advisories, the local workspace.",
    )
    database_url: kinds.DatabaseUrl = _setting(
        "GROUNDCREW_DATABASE_URL",
        None,
        "SQLAlchemy URL",
        "The database of the registry.",
        unset="the SQLite file registry.db in GROUNDCREW_HOME",
    )
    reliability_channel: str | None = _setting(
        "GROUNDCREW_RELIABILITY_CHANNEL",
        None,
        "channel id or #name",
        "The channel for requests to the admins and for apps that have none of their own; the last step of every page.",
        where="click the channel's name in Slack: its id stands at the bottom; then type /invite @Groundcrew in it",
        unset="needed in Slack; the local workspace has #reliability",
    )
    admins: kinds.Members = _setting(
        "GROUNDCREW_ADMINS",
        frozenset(),
        "member ids, separated by commas",
        "The people who, beside the admins of the workspace, may see every finding, let the bot read private code, and "
        "answer for apps whose owner is gone.",
        where="click a person's picture in Slack > ... > Copy member ID",
    )
    code_hosts: kinds.Hosts = _setting(
        "GROUNDCREW_CODE_HOSTS",
        ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org"),
        "host names, separated by commas",
        "The hosts from which code may be fetched.",
    )
    github_token: SecretStr | None = _setting(
        "GROUNDCREW_GITHUB_TOKEN",
        None,
        "text",
        "The token with which private repositories on GitHub are read, and GitHub is asked about reviews and CI; "
        "without it no app can be placed in production. The bot uses it only for what an admin checks, registered or "
        "allowed.",
        where="GitHub > Settings > Developer settings > Fine-grained tokens, with read access to Contents, Actions, "
        "Commit statuses, Pull requests and Administration (that shows the branch's rules; nothing is ever written)",
    )
    github_api: kinds.RestApi = _setting(
        "GROUNDCREW_GITHUB_API",
        GITHUB_API,
        "https address",
        "The REST API of the GitHub that the token belongs to.",
        where="leave it as it is, except with a GitHub Enterprise of your own: https://git.example/api/v3",
    )
    git_allow_cidrs: kinds.Ranges = _setting(
        "GROUNDCREW_GIT_ALLOW_CIDRS",
        (),
        "address ranges, separated by commas",
        "The ranges inside your own network in which a listed code host may be.",
    )
    git_ca_file: kinds.File = _setting(
        "GROUNDCREW_GIT_CA_FILE",
        None,
        "file",
        "The certificates that sign your own code host's certificate.",
    )
    own_domains: kinds.Domains = _setting(
        "GROUNDCREW_OWN_DOMAINS",
        (),
        "domain names, separated by commas",
        "The domains whose live apps are looked at without asking anybody; of any other an admin is asked first, since "
        "anyone can register somebody else's address.",
        where="your company's own domains, such as example.com: every host below them counts",
        unset="an admin is asked about every live address",
    )
    probe_ports: kinds.Ports = _setting(
        "GROUNDCREW_PROBE_PORTS",
        (),
        "port numbers, separated by commas",
        "The ports at which live apps may be asked, besides 80 and 443.",
    )
    allow_probe_cidrs: kinds.Ranges = _setting(
        "GROUNDCREW_ALLOW_PROBE_CIDRS",
        (),
        "address ranges, separated by commas",
        "The ranges inside your own network in which live apps may be asked; this machine and the cloud's own service "
        "never are.",
    )
    fingerprint_key: kinds.Key = _setting(
        "GROUNDCREW_FINGERPRINT_KEY",
        None,
        "text of 32 characters or more",
        "The key that lets the same secret be recognised in two places, without keeping the secret.",
        where="openssl rand -hex 32",
    )
    policy: kinds.File = _setting(
        "GROUNDCREW_POLICY",
        None,
        "file",
        "Your own policy: what each place demands, and what it is here.",
        where="copy checks/policy.toml and change it",
        unset="checks/policy.toml",
    )
    advisories_url: kinds.HttpsUrl = _setting(
        "GROUNDCREW_ADVISORIES_URL",
        None,
        "https address, or off",
        "Where known vulnerabilities are fetched from, once a day: archives as the OSV project's, or one file.",
        unset="the OSV project's public archives; the local workspace fetches nothing",
    )
    advisories_max_age: kinds.Duration = _setting(
        "GROUNDCREW_ADVISORIES_MAX_AGE",
        ADVISORIES_MAX_AGE,
        "duration",
        "How old known vulnerabilities may be; older ones do not let vulnerable-dependency pass.",
    )
    pypi_index: kinds.PackageIndex = _setting(
        "GROUNDCREW_PYPI_INDEX",
        None,
        "https address, or off",
        "The index that is asked about packages of Python: whether there are such, and since when.",
        where="the address that ends in /simple; one with a password belongs into pip's own configuration",
        unset="what pip on this machine is set to",
    )
    npm_registry: kinds.PackageIndex = _setting(
        "GROUNDCREW_NPM_REGISTRY",
        None,
        "https address, or off",
        "The registry that is asked about packages of npm: whether there are such, and since when.",
        where="the address in your .npmrc; one with a password belongs into npm's own configuration",
        unset="what npm on this machine is set to",
    )
    owner_wait: kinds.Duration = _setting(
        "GROUNDCREW_OWNER_WAIT",
        "5m",
        "duration",
        "How long a page waits for the owner before the backup is told.",
    )
    backup_wait: kinds.Duration = _setting(
        "GROUNDCREW_BACKUP_WAIT",
        "5m",
        "duration",
        "How long a page waits for the backup before the app's channel is told.",
    )
    channel_wait: kinds.Duration = _setting(
        "GROUNDCREW_CHANNEL_WAIT",
        "10m",
        "duration",
        "How long a page waits for the app's channel before the reliability channel is told.",
    )
    repeat_every: kinds.Duration = _setting(
        "GROUNDCREW_REPEAT_EVERY",
        "10m",
        "duration",
        "How often the reliability channel is told again, until somebody acknowledges.",
    )
    look_every: kinds.Duration = _setting(
        "GROUNDCREW_LOOK_EVERY",
        "10m",
        "duration",
        "How often each app's repository is asked whether it changed.",
    )
    check_every: kinds.Duration = _setting(
        "GROUNDCREW_CHECK_EVERY",
        "24h",
        "duration",
        "How often an app is checked although nothing changed.",
    )
    checks_at_once: kinds.AFew = _setting(
        "GROUNDCREW_CHECKS_AT_ONCE",
        2,
        "whole number from 1 to 16",
        "How many repositories are checked at the same time; each takes one core.",
    )
    local_folders: kinds.Folders = _setting(
        "GROUNDCREW_LOCAL_FOLDERS",
        (),
        "folders, separated by commas",
        "The folders below which the local workspace may check folders, beside the one that it is started in; in Slack "
        "no folder is ever checked.",
    )
    local_port: kinds.Port = _setting(
        "GROUNDCREW_LOCAL_PORT",
        3000,
        "port number from 1 to 65535",
        "The port of the local workspace, which listens on this machine only.",
    )
    log_level: kinds.Level = _setting(
        "GROUNDCREW_LOG_LEVEL",
        "INFO",
        "DEBUG, INFO, WARNING or ERROR",
        "How much is written to the log.",
    )

    @property
    def in_slack(self) -> bool:
        """Whether the bot runs in a Slack workspace, rather than in the local one."""
        return self.bot_token is not None and self.app_token is not None

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value among the settings, for the redactor."""
        held = (getattr(self, name) for name in type(self).model_fields)
        return tuple(one.get_secret_value() for one in held if isinstance(one, SecretStr))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what bot/settings_load.py gives alone; no .env file is read, since it might be a repository's."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def every_setting() -> Mapping[str, FieldInfo]:
    """Every setting by the name of its environment variable."""
    return {str(field.validation_alias): field for field in Settings.model_fields.values()}


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting's value is never shown; such a setting can also be given as a file by `NAME_FILE`."""
    return "SecretStr" in str(field.annotation) and field.validation_alias != "GROUNDCREW_DATABASE_URL"
