"""
Reads the settings, and refuses a start with one sentence for each setting that is missing or wrong.

A sentence names the setting, what it is for and where a value is to be had; the value itself is never printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.setting_names import SECRET_NAMES, unknown
from bot.settings import Settings, every_setting
from checks.engine import secret_in

#: What Slack is heard by over HTTP, in place of SLACK_APP_TOKEN.
_OVER_HTTP = {"SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET_OLD"}
#: What is set for Slack.
SLACK_NAMES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GROUNDCREW_RELIABILITY_CHANNEL", *sorted(_OVER_HTTP))
#: What a second route needs, all of it.
_ROUTE_NAMES = (
    ("GROUNDCREW_SMTP_URL", "GROUNDCREW_SMTP_FROM"),
    ("GROUNDCREW_PAGE_WEBHOOK_URL", "GROUNDCREW_PAGE_WEBHOOK_SECRET"),
)


class WrongSettings(Exception):  # noqa: N818 - it is the answer to a start, printed as it is
    """The start is refused. *faults* are sentences, one a setting, none of them with a value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load(environment: Mapping[str, str]) -> Settings:
    """
    Read the settings from *environment*; `NAME_FILE` names a file that holds the secret NAME.

    Raises WrongSettings with a sentence for each that is missing, wrong or unknown.
    """
    faults = [*unknown(environment)]
    files: dict[str, str] = {}
    for name in SECRET_NAMES:
        path = environment.get(f"{name}_FILE")
        if not path:
            continue
        if environment.get(name):
            faults.append(f"{name} and {name}_FILE are both set: keep one of them.")
            continue
        try:
            files[name] = secret_in(Path(path))
        except (OSError, ValueError):
            faults.append(f"{name}_FILE names a file that cannot be read. {_about(every_setting()[name])}")
    given = {**_ours(environment), **files}
    settings, wrong = _validated(given)
    named = {*given, *(fault.split(" ", 1)[0].removesuffix("_FILE") for fault in faults)}
    faults += [*wrong, *_missing(named), *_at_odds(settings, named)]
    if faults or settings is None:
        raise WrongSettings(faults)
    return settings


def _ours(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in every_setting() if environment.get(name)}


def _validated(given: dict[str, str]) -> tuple[Settings | None, list[str]]:
    try:
        return Settings.model_validate(given), []
    except ValidationError as error:
        return None, [_sentence(fault) for fault in error.errors(include_input=False, include_url=False)]


def _sentence(fault: Any) -> str:
    name = str(fault["loc"][0])
    field = every_setting()[name]
    wrong = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else f"must be a {_extra(field)['unit']}"
    return f"{name} {wrong}. {_about(field)}"


def _missing(given: set[str]) -> Iterator[str]:
    """Say what Slack needs: to speak, to hear, and a channel that hears every page at last; and what a route does."""
    hear = "SLACK_SIGNING_SECRET" if given & _OVER_HTTP else "SLACK_APP_TOKEN"
    in_slack = given & {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", *_OVER_HTTP}
    slack = ("SLACK_BOT_TOKEN", hear, "GROUNDCREW_RELIABILITY_CHANNEL") if in_slack else ()
    for names in (slack, *(names for names in _ROUTE_NAMES if given & {*names})):
        for name in names:
            if name not in given:
                yield f"{name} is missing. {_about(every_setting()[name])}"


def _at_odds(settings: Settings | None, given: set[str]) -> Iterator[str]:
    """Say which settings cannot hold together."""
    if "SLACK_APP_TOKEN" in given and given & _OVER_HTTP:
        yield (
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: keep the first to hear Slack by Socket Mode, or "
            "the second to hear it over HTTP."
        )
    if settings is None:
        return
    if settings.listen == "off" and given & _OVER_HTTP:
        yield "GROUNDCREW_LISTEN is off, so Slack could not reach the bot over HTTP: set an address and a port."
    if settings.listen == "off" and settings.github_webhook_secret is not None:
        yield "GROUNDCREW_LISTEN is off, so GitHub's pushes could not reach the bot: set an address and a port."
    if not settings.in_slack and settings.listens_at is not None and settings.listens_at[1] == settings.local_port:
        yield "GROUNDCREW_LISTEN names the port of the local workspace (GROUNDCREW_LOCAL_PORT): set another port."


def _about(field: FieldInfo) -> str:
    where = _extra(field)["where"]
    return str(field.description) + (f" To set it: {where}." if where else "")


def _extra(field: FieldInfo) -> dict[str, str]:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    return {key: str(value) for key, value in extra.items()}
