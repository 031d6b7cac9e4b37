"""Finds secrets that compose files and shell scripts hold as literals or as fallbacks, by their lines alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.fallback_judgement import Fallback, is_for_another, judge, shape_of
from checks.facts.secrets.names import Sort
from checks.facts.secrets.values import Look, look_of
from checks.same_value import same_value

_KEY = re.compile(r"^( *)([\w.-]+):\s*(?:#.*)?$")
_SETTING = re.compile(r"^\s*(?:-\s*)?[\"']?([A-Za-z_][\w.]*)[\"']?\s*[:=]\s*[\"']?([^\"'\n#]{1,400})")
_DEFAULT = re.compile(r"^\$\{\w+:?[-=]([^}]*)\}$")
_FALLBACK = re.compile(r"\$\{(\w+):?[-=]([^${}]{1,300})\}")
# What a command of a service is started with: redis-server --requirepass value, ["--password", "value"].
_FLAG = re.compile(
    r"--(requirepass|masterauth|(?:[a-z]{1,20}-){0,3}(?:password|passwd|token|secret|api-?key))[\"']?[ =,]{1,3}"
    r"[\"']?([^\s\"',$]{3,200})"
)
_LONGEST = 4096  # characters of a line
# process.env.NAME || "literal", os.getenv("NAME", "literal"): code in a script that writes it into a file.
_WRITTEN = re.compile(
    r"(?:process\.env\.|getenv\([\"']|environ\.get\([\"'])(\w{1,60})[\"']?\s{0,4}(?:\|\||\?\?|,)\s{0,4}"
    r"[\"']([^\"'\n]{1,300})[\"']"
)
_PORT = re.compile(r"^\s*(?:-\s*|ports:.*|published:\s*)[\"']?[\w.${}:\[ -]*\d")
_LOCAL_PORT = re.compile(r"127\.0\.0\.1:|localhost:")
_DATABASE = re.compile(
    r"^\s*image:.*\b(?:postgres|postgis|pgvector|timescale|mysql|mariadb|mongo|redis|valkey|rabbitmq|minio|neo4j|elasticsearch)"
)
# Services that an app leans on and that run beside it: databases, queues, catchers of mail, windows into these.
_BACKING = re.compile(
    r"^\s*image:.*\b(?:postgres|postgis|pgvector|timescale|mysql|mariadb|mongo|redis|valkey|memcached|rabbitmq|minio|neo4j"
    r"|elasticsearch|opensearch|meilisearch|typesense|qdrant|weaviate|chroma|kafka|zookeeper|nats|clickhouse|localstack"
    r"|mailhog|mailpit|mailcatcher|maildev|inbucket|smtp4dev|adminer|pgadmin|phpmyadmin|mongo-express|redisinsight|azurite"
    r"|redis-commander|influxdb|gotenberg|jaeger|prometheus|grafana|keycloak|chrome|browserless)",
)


@dataclass(slots=True)
class _Service:
    """
    What is read of one service: whether a port of it is *published*, whether it is a *database*, its settings.

    *backing* says that an app leans on it, and that it is none.
    *inside* are the literals within a longer line, such as an address or a command: line, name, literal, use.
    """

    published: bool = False
    database: bool = False
    backing: bool = False
    settings: list[tuple[int, str, str]] = field(default_factory=list)
    inside: list[tuple[int, str, str, str]] = field(default_factory=list)


def read(text: str) -> Iterator[Fallback]:
    """
    Yield the secrets of the compose file *text*.

    A weak password of a database blocks only where the database's port is published: otherwise nobody but the other
    services reaches it. A placeholder is advice: the file says itself that it is to be replaced.

    Where a file holds nothing but what an app leans on, a developer runs the app beside it: a weak password is advice.
    """
    services = list(_services(text))
    alone = all(service.backing for service in services[1:]) and len(services) > 1
    for service in services:
        for number, name, value in service.settings:
            default = _DEFAULT.match(value)
            literal, how = (default[1], "fallback") if default else (value, "written")
            found = judge(name, literal)
            if found is not None:
                blocking = _blocks(service, name, literal, found[1]) and not (alone and _is_weak(literal))
                yield Fallback(number, found[0], how, shape_of(name, how), blocking, same_value(literal))
        for number, name, literal, how in service.inside:
            found = judge(name, literal)
            if found is not None:
                blocking = _blocks(service, name, literal, found[1]) and not (alone and _is_weak(literal))
                yield Fallback(number, found[0], how, shape_of(name, how, "inside"), blocking, same_value(literal))


def read_shell(text: str) -> Iterator[Fallback]:
    """Yield the fallbacks of a shell script or a Dockerfile: `${NAME:-literal}`, and those of code that it writes."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        line = line[:_LONGEST]  # noqa: PLW2901 - the rest is never looked at
        for match in (*_FALLBACK.finditer(line), *_WRITTEN.finditer(line)):
            name, literal = match[1], match[2]
            found = judge(name, literal)
            if found is not None:
                signs = found[0] == Sort.SIGNING and match.re is _WRITTEN
                blocking = found[1] is Strength.LIKELY and (signs or look_of(literal) is not Look.PLACEHOLDER)
                shape = shape_of(name, "fallback")
                yield Fallback(number, found[0], "fallback", shape, blocking, same_value(literal))


def _inside(number: int, line: str, value: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield the defaults and flags that are a part of *line*, whose setting, where it is one, has *value*."""
    if not _DEFAULT.match(value):
        yield from ((number, match[1], match[2], "fallback") for match in _FALLBACK.finditer(line))
    for match in _FLAG.finditer(line):
        name = "redis_password" if match[1] in {"requirepass", "masterauth"} else match[1]
        yield number, name, match[2], "written"


def _is_weak(value: str) -> bool:
    return look_of(value) is not Look.STRONG or len(value) < 14  # noqa: PLR2004 - fiefpassword, admin123


def _blocks(service: _Service, name: str, value: str, strength: Strength) -> bool:
    look = look_of(value)
    if look is Look.PLACEHOLDER:
        return False
    if is_for_another(name) and look is not Look.STRONG:
        return service.database and service.published
    return strength is Strength.LIKELY


def _services(text: str) -> Iterator[_Service]:
    """Yield the services of *text*: what stands deeper than a name under `services:`."""
    service, depth, inside, ports = _Service(), 0, False, False
    for number, line in enumerate(text.splitlines(), 1):
        key = _KEY.match(line)
        if key and not key[1]:
            inside, depth = key[2] == "services", 0
        elif key and inside and (not depth or len(key[1]) <= depth):
            yield service
            service, depth, ports = _Service(), len(key[1]), False
        elif not line.lstrip().startswith("#"):
            ports = line.lstrip().startswith("ports:") or (
                ports and not key and ": " not in line.replace("published: ", "")
            )
            service.published |= ports and bool(_PORT.match(line)) and not _LOCAL_PORT.search(line)
            service.database |= bool(_DATABASE.match(line))
            service.backing |= bool(_BACKING.match(line))
            setting = _SETTING.match(line)
            if setting:
                service.settings.append((number, setting[1], setting[2].strip()))
            service.inside += _inside(number, line[:_LONGEST], setting[2].strip() if setting else "")
    yield service
