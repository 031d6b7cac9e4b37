"""
The kinds of value that a setting takes, each with the sentence that says what is wrong with a wrong one.

No sentence repeats the value: a token pasted into the wrong setting must not reach a log.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from checks.addresses import opens_too_much
from checks.engine import SHORTEST_KEY, SettingError, api_address, index_address, probe_ports

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WRITTEN = re.compile(r"(\d{1,6})\s*([smhd])")
#: https://docs.slack.dev/authentication/tokens
_TOKENS = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe": "a short-lived token",
    "https://hooks.": "a webhook address",
}


def duration(written: object) -> timedelta:
    """Read `5m` as five minutes; raises ValueError for anything else, also for a number without its unit."""
    if isinstance(written, timedelta):
        return written
    match = _WRITTEN.fullmatch(str(written).strip())
    if match is None or not int(match[1]):
        raise ValueError("is not a duration such as 30s, 5m, 24h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def written_duration(length: timedelta) -> str:
    """Write *length* the way `duration` takes it, in the largest unit that is whole; a day is 24h."""
    seconds = int(length.total_seconds())
    for unit, size, least in (("d", 86400, 2 * 86400), ("h", 3600, 3600), ("m", 60, 60)):
        if seconds % size == 0 and seconds >= least:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _token(prefix: str, token: SecretStr | None) -> SecretStr | None:
    if token is None or token.get_secret_value().startswith(prefix):
        return token
    value = token.get_secret_value()
    held = next((what for start, what in _TOKENS.items() if value.startswith(start)), "something else")
    raise ValueError(f"holds {held}; what is needed here starts with {prefix}")


def _bot_token(token: SecretStr | None) -> SecretStr | None:
    return _token("xoxb-", token)


def _app_token(token: SecretStr | None) -> SecretStr | None:
    return _token("xapp-", token)


def _api_url(url: str) -> str:
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError("must start with https://")
    return url if url.endswith("/") else f"{url}/"


def _https(url: str | None) -> str | None:
    if url is not None and url != "off" and not url.startswith("https://"):
        raise ValueError("must start with https://, or be off")
    return url


def _rest_api(url: str) -> str:
    try:
        return api_address(url)
    except SettingError:
        raise ValueError("must be an https:// address such as https://git.example/api/v3") from None


def _package_index(address: str | None) -> str | None:
    try:
        index_address("", address)
    except SettingError:
        raise ValueError("must be an https:// address without a password, or the word off") from None
    return address


def _database(url: SecretStr | None) -> SecretStr | None:
    if url is not None and not url.get_secret_value().startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+psycopg://")
    return url


def _list(written: object) -> object:
    return written.replace(",", " ").split() if isinstance(written, str) else written


def _commas(written: object) -> object:
    """Split at commas alone: the name of a folder or a schedule may hold spaces."""
    return [one.strip() for one in written.split(",") if one.strip()] if isinstance(written, str) else written


def _members(ids: frozenset[str]) -> frozenset[str]:
    if not all(re.fullmatch(r"[UW][A-Z0-9]{2,}", one) for one in ids):
        raise ValueError("must hold member ids such as U012AB3CD, separated by commas")
    return ids


def _hosts(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names or not all(re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+(:\d+)?", one) for one in names):
        raise ValueError("must hold host names such as github.com, separated by commas, without https://")
    return names


def _domains(names: tuple[str, ...]) -> tuple[str, ...]:
    plain = tuple(name.lower().removeprefix("*").removeprefix(".") for name in names)
    if not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", one) for one in plain):
        raise ValueError("must hold domain names such as example.com, separated by commas, without https://")
    return plain


def _ports(numbers: tuple[str, ...]) -> tuple[str, ...]:
    try:
        probe_ports(numbers)
    except SettingError:
        raise ValueError("must hold port numbers such as 8080, 8443") from None
    return numbers


def _ranges(cidrs: tuple[str, ...]) -> tuple[str, ...]:
    for cidr in cidrs:
        try:
            too_much = opens_too_much(cidr)
        except ValueError:
            raise ValueError("must hold address ranges such as 10.1.0.0/16, separated by commas") from None
        if too_much:
            raise ValueError("must not open this machine's own addresses or the cloud's own service (169.254.0.0/16)")
    return cidrs


def _key(key: SecretStr | None) -> SecretStr | None:
    if key is not None and len(key.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"is too short: it needs {SHORTEST_KEY} characters or more")
    return key


def _file(path: Path | None) -> Path | None:
    try:
        if path is None or path.is_file():
            return path
    except OSError:  # a name that is too long
        pass
    raise ValueError("names no file that can be read")


def _folder(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except RuntimeError:
        raise ValueError("begins with ~ and a name that nobody here has") from None


def _folders(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(map(_folder, paths))


def _log_format(form: object) -> object:
    if form not in {None, "json", "text"}:
        raise ValueError("must be json or text")
    return form


def _escalation(words: tuple[str, ...]) -> tuple[str, ...]:
    named = {"owner", "backup", "channel", "reliability"}
    if not words or not all(one in named or re.fullmatch(r"group:@[^\s:]{1,60}|on-call:[^:]+", one) for one in words):
        raise ValueError("must hold owner, backup, channel, group:@HANDLE, on-call:NAME and reliability, with commas")
    if len(set(words)) < len(words):
        raise ValueError("must hold each step once: the reliability channel at the end is told again by itself")
    if "reliability" in words[:-1]:
        raise ValueError("must have reliability last: it is where every page ends")
    return words


def _listen(address: str | None) -> str | None:
    if address in {None, "off"}:
        return address
    host, _, port = str(address).rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) <= 65535:  # noqa: PLR2004 - the last port
        raise ValueError("must be an address and a port such as 127.0.0.1:8090 or [::]:8090, or the word off")
    return address


def _level(level: str) -> str:
    if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return level.upper()


Duration = Annotated[timedelta, BeforeValidator(duration)]
BotToken = Annotated[SecretStr | None, AfterValidator(_bot_token)]
AppToken = Annotated[SecretStr | None, AfterValidator(_app_token)]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
RestApi = Annotated[str, AfterValidator(_rest_api)]
PackageIndex = Annotated[str | None, AfterValidator(_package_index)]
HttpsUrl = Annotated[str | None, AfterValidator(_https)]
DatabaseUrl = Annotated[SecretStr | None, AfterValidator(_database)]
Members = Annotated[frozenset[str], NoDecode, BeforeValidator(_list), AfterValidator(_members)]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list), AfterValidator(_hosts)]
Ranges = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list), AfterValidator(_ranges)]
Domains = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list), AfterValidator(_domains)]
Ports = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list), AfterValidator(_ports)]
Escalation = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_commas), AfterValidator(_escalation)]
AtLeastOne = Annotated[int, Field(ge=1)]
Port = Annotated[int, Field(ge=1, le=65535)]
AFew = Annotated[int, Field(ge=1, le=16)]
Key = Annotated[SecretStr | None, AfterValidator(_key)]
File = Annotated[Path | None, AfterValidator(_file)]
Folder = Annotated[Path, AfterValidator(_folder)]
Folders = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_commas), AfterValidator(_folders)]
Listen = Annotated[str | None, AfterValidator(_listen)]
Level = Annotated[str, AfterValidator(_level)]
LogFormat = Annotated[Literal["json", "text"] | None, BeforeValidator(_log_format)]
