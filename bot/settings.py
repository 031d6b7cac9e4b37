"""
The settings, in groups: bot/setting_groups says what each is for, its unit, its default and where a value is to be had.

They are read from the environment once, at the start (bot/settings_load.py). docs/settings.md is written from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.route_addresses import mail_server
from bot.setting_groups.checks import ChecksSettings
from bot.setting_groups.code import CodeSettings
from bot.setting_groups.listener import LISTEN, ListenerSettings
from bot.setting_groups.pages import PagesSettings
from bot.setting_groups.routes import RoutesSettings
from bot.setting_groups.running import RunningSettings
from bot.setting_groups.slack import SlackSettings
from bot.setting_groups.watching import WatchingSettings


class Settings(
    SlackSettings,
    RunningSettings,
    ListenerSettings,
    CodeSettings,
    ChecksSettings,
    PagesSettings,
    RoutesSettings,
    WatchingSettings,
    BaseSettings,
):
    """Everything that can be set."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, env_ignore_empty=True)

    @property
    def in_slack(self) -> bool:
        """Whether the bot runs in a Slack workspace, rather than in the local one."""
        return self.bot_token is not None and (self.app_token is not None or self.signing_secret is not None)

    @property
    def registry(self) -> str:
        """The address of the registry: the set one, or the file in the home."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.home / 'registry.db'}"

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """What Slack may have signed its requests with, over HTTP; empty in Socket Mode."""
        held = (self.signing_secret, self.signing_secret_old)
        return tuple(one.get_secret_value() for one in held if one is not None)

    @property
    def listens_at(self) -> tuple[str, int] | None:
        """The host and the port of the listener, or None where there is none."""
        address = self.listen or (LISTEN if self.in_slack else "off")
        host, _, port = address.rpartition(":")
        return (host.strip("[]"), int(port)) if host else None

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value among the settings, for the redactor."""
        held = (getattr(self, name) for name in type(self).model_fields)
        values = [one.get_secret_value() for one in held if isinstance(one, SecretStr)]
        # The servers are told their passwords alone, without what an address has to write them as.
        if self.smtp_url:
            values.append(mail_server(self.smtp_url.get_secret_value()).password)
        if password := urlsplit(self.registry).password:
            values.append(unquote(password))
        return tuple(values)

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


#: In the order in which docs/settings.md tells them; the first sentence of each is its heading there.
GROUPS = tuple(base for base in Settings.__bases__ if issubclass(base, BaseModel) and base is not BaseSettings)


def every_setting() -> Mapping[str, FieldInfo]:
    """Every setting by the name of its environment variable."""
    return {str(field.validation_alias): field for group in GROUPS for field in group.model_fields.values()}


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting's value is never shown; such a setting can also be given as a file by `NAME_FILE`."""
    return "SecretStr" in str(field.annotation)
